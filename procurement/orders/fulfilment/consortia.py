"""Winners that bid together share one agreed volume (联合体): purchases from any member count."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.audit import record
from procurement.awards.tables import AwardedBid
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.changing import text_fault
from procurement.orders.fulfilment.errors import MemberExistsError
from procurement.orders.fulfilment.tables import DOCUMENT_MAX, ConsortiumMember
from procurement.permissions import Actor
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price
from procurement.rounds.tables import LotStrength


def record_member(
    session: Session,
    *,
    awarded_bid_id: int,
    organisation_id: int,
    document: str,
    actor: Actor,
    moment: datetime,
) -> ConsortiumMember:
    """Record that a firm shares a winner's volume; it supplies at the same prices.

    The winner's prices in the lot, as the chain has them, are recorded for the member too.

    Args:
        session: Session of the caller's transaction.
        awarded_bid_id: The bid that stands for the joint bid.
        organisation_id: The member.
        document: The document that names it.
        actor: The officer of the bureau that leads the round.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault.
        MemberExistsError: It is recorded already.
    """
    standing = session.get(AwardedBid, awarded_bid_id)
    faults = _faults(session, standing, organisation_id, document)
    if faults or standing is None:
        raise InvalidInputError(faults)
    if organisation_id in members_of(session, awarded_bid_ids=[standing.id]).get(standing.id, ()):
        raise MemberExistsError
    member = ConsortiumMember(
        awarded_bid_id=standing.id,
        organisation_id=organisation_id,
        document=document.strip(),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(member)
    session.flush()
    _share_prices(session, standing, organisation_id, document.strip(), moment)
    record(
        session,
        actor=actor,
        action="record-consortium-member",
        subject=f"awarded-bid/{standing.id}",
        facts={"member": str(organisation_id), "document": member.document},
        moment=moment,
    )
    return member


def members_of(
    session: Session, *, awarded_bid_ids: Collection[int]
) -> Mapping[int, tuple[int, ...]]:
    """Return the other members of joint bids, by the bid that stands; who bid alone is left out."""
    rows = session.scalars(
        select(ConsortiumMember)
        .where(ConsortiumMember.awarded_bid_id.in_(awarded_bid_ids))
        .order_by(ConsortiumMember.id)
    )
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        found[row.awarded_bid_id] = (*found.get(row.awarded_bid_id, ()), row.organisation_id)
    return found


def _share_prices(
    session: Session,
    standing: AwardedBid,
    organisation_id: int,
    document: str,
    moment: datetime,
) -> None:
    own = session.scalars(
        select(Price)
        .join(LotStrength, LotStrength.id == Price.lot_strength_id)
        .where(Price.kind == PriceKind.WINNING, Price.hospital_id.is_(None))
        .where(Price.organisation_id == standing.organisation_id)
        .where(LotStrength.lot_id == standing.lot_id)
        .order_by(Price.series, Price.version)
    ).all()
    for price in own:
        record_price(
            session,
            organisation_id=organisation_id,
            generic_product_id=price.generic_product_id,
            lot_strength_id=price.lot_strength_id,
            strength=price.strength,
            pack_units=price.pack_units,
            pack_price=price.pack_price,
            starts_on=price.starts_on,
            ends_on=price.ends_on,
            source=document[:300],
            moment=moment,
            details=PriceDetails(
                region=price.region, bureau_id=price.bureau_id, is_public=price.is_public
            ),
        )


def _faults(
    session: Session, standing: AwardedBid | None, organisation_id: int, document: str
) -> list[FieldFault]:
    faults = [text_fault("document", document, limit=DOCUMENT_MAX)]
    if standing is None:
        zh, en = "没有该中选申报。", "There is no such selected bid."
        faults.append(FieldFault("awarded_bid_id", zh, en))
    member = session.get(Organisation, organisation_id)
    is_other = standing is None or standing.organisation_id != organisation_id
    if member is None or member.kind != OrganisationKind.MANUFACTURER or not is_other:
        zh, en = "应为另一家已登记的生产企业。", "Expected another registered manufacturer."
        faults.append(FieldFault("organisation_id", zh, en))
    return [fault for fault in faults if fault is not None]
