"""Products that are treated apart: changed demand, shortage, emergency, seasonal drugs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.changing import text_fault
from procurement.orders.fulfilment.errors import NotApartError
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.rules.region_rules import contains
from procurement.orders.fulfilment.states import ExemptReason
from procurement.orders.fulfilment.tables import DOCUMENT_MAX, FulfilmentExemption
from procurement.permissions import Actor
from procurement.rounds.tables import Lot

APART = "apart.circumstances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """What an officer exempts.

    Attributes:
        lot_id: The product.
        region: Division code: hospitals within it.
        hospital_id: Only this hospital; None for all.
        reason: Why it is treated apart.
        text: What happened, in the officer's words.
        document: The paper that proves it.
        starts_on: First day.
        ends_on: Last day.
    """

    lot_id: int
    region: str
    hospital_id: int | None = None
    reason: ExemptReason
    text: str
    document: str
    starts_on: date
    ends_on: date


def grant_exemption(
    session: Session, *, exempted: Exempted, actor: Actor, moment: datetime
) -> FulfilmentExemption:
    """Treat a product apart for a while; the caller has asked whether the actor may.

    While it holds, progress, shares and entry of the product are measured and shown, but what
    crosses a threshold is no finding.

    Raises:
        NotApartError: No rule of the region treats such circumstances apart.
        InvalidInputError: With every fault.
    """
    faults = _faults(session, exempted)
    if faults:
        raise InvalidInputError(faults)
    rules = rules_of(session, region=exempted.region, day=exempted.starts_on)
    if exempted.reason not in rules.words(APART):
        raise NotApartError(exempted.reason)
    row = FulfilmentExemption(
        lot_id=exempted.lot_id,
        region=exempted.region,
        hospital_id=exempted.hospital_id,
        reason=exempted.reason,
        text=exempted.text.strip(),
        document=exempted.document.strip(),
        starts_on=exempted.starts_on,
        ends_on=exempted.ends_on,
        granted_by=actor.person_id,
        granted_at=moment,
    )
    session.add(row)
    session.flush()
    _record(session, row, actor, "grant-fulfilment-exemption", moment)
    return row


def revoke_exemption(
    session: Session, *, exemption: FulfilmentExemption, actor: Actor, moment: datetime
) -> FulfilmentExemption:
    """End an exemption at once; revoking it again changes nothing."""
    session.refresh(exemption, with_for_update=True)
    if exemption.revoked_at is None:
        exemption.revoked_by, exemption.revoked_at = actor.person_id, moment
        session.flush()
        _record(session, exemption, actor, "revoke-fulfilment-exemption", moment)
    return exemption


def exemptions_of(
    session: Session, *, region: str, round_id: int | None = None
) -> Sequence[FulfilmentExemption]:
    """Return exemptions that concern a division, the newest first; also those revoked."""
    wanted = select(FulfilmentExemption).order_by(FulfilmentExemption.id.desc())
    if round_id is not None:
        lots = select(Lot.id).where(Lot.round_id == round_id)
        wanted = wanted.where(FulfilmentExemption.lot_id.in_(lots))
    return [
        row
        for row in session.scalars(wanted)
        if contains(row.region, region) or contains(region, row.region)
    ]


class Apart:
    """The exemptions that hold in some days, asked for hospital and product."""

    def __init__(
        self, session: Session, *, lot_ids: Collection[int], since: date, until: date
    ) -> None:
        """Read those that hold on any of the days, revoked ones left out."""
        self._rows = session.scalars(
            select(FulfilmentExemption)
            .where(FulfilmentExemption.lot_id.in_(lot_ids))
            .where(FulfilmentExemption.revoked_at.is_(None))
            .where(FulfilmentExemption.starts_on <= until, FulfilmentExemption.ends_on >= since)
            .order_by(FulfilmentExemption.id)
        ).all()

    def of(self, *, lot_id: int, hospital_id: int, region: str) -> FulfilmentExemption | None:
        """The exemption that treats a hospital's product apart, or None."""
        for row in self._rows:
            is_of_hospital = row.hospital_id in (None, hospital_id)
            if row.lot_id == lot_id and is_of_hospital and contains(row.region, region):
                return row
        return None


def _faults(session: Session, exempted: Exempted) -> list[FieldFault]:
    faults = [
        text_fault("text", exempted.text),
        text_fault("document", exempted.document, limit=DOCUMENT_MAX),
    ]
    if session.get(Lot, exempted.lot_id) is None:
        faults.append(FieldFault("lot_id", "没有该品种。", "There is no such product."))
    if not is_division(exempted.region):
        faults.append(FieldFault("region", "应为行政区划代码。", "Expected a division code."))
    if exempted.ends_on < exempted.starts_on:
        faults.append(FieldFault("ends_on", "早于首日。", "Lies before the first day."))
    if not _is_of_region(session, exempted):
        zh, en = "没有登记该地区的这一医疗机构。", "No such hospital of the region is registered."
        faults.append(FieldFault("hospital_id", zh, en))
    return [fault for fault in faults if fault is not None]


def _is_of_region(session: Session, exempted: Exempted) -> bool:
    if exempted.hospital_id is None:
        return True
    hospital = session.get(Organisation, exempted.hospital_id)
    if hospital is None or hospital.kind != OrganisationKind.HOSPITAL:
        return False
    return contains(exempted.region, hospital.region)


def _record(
    session: Session, row: FulfilmentExemption, actor: Actor, action: str, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"fulfilment-exemption/{row.id}",
        facts={
            "lot": str(row.lot_id),
            "region": row.region,
            "hospital": str(row.hospital_id or ""),
            "reason": row.reason,
            "days": f"{row.starts_on}..{row.ends_on}",
        },
        moment=moment,
    )
