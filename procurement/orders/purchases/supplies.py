"""What winners supply to a region, by generic product: lots that other purchases count against."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.awards.tables import AwardedBid
from procurement.orders.purchases.lot_rules import Supply
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus
from procurement.volumes.window import region_in_round


def supplies_in(
    session: Session, *, division: str, generics: Mapping[int, str]
) -> dict[int, list[Supply]]:
    """Return what winners supply to a region under agreements that are made.

    Args:
        session: Any session.
        division: Code of the hospital's division.
        generics: Names of generic products, by id.

    Returns:
        By generic product; every one that was asked for is there.
    """
    by_name: dict[str, list[int]] = {}
    for generic_id, name in generics.items():
        by_name.setdefault(name, []).append(generic_id)
    regions: dict[int, str | None] = {}
    found: dict[int, list[Supply]] = {generic_id: [] for generic_id in generics}
    last_terms = _last_terms(session)
    for row in session.execute(_supplied(generics)):
        supply, term, round_, lot, strength, awarded_until = row
        if round_.id not in regions:
            regions[round_.id] = region_in_round(session, round_id=round_.id, division=division)
        if supply.region != regions[round_.id]:
            continue
        ends_on = term.ends_on
        is_last = last_terms.get(round_.id) == term.number
        if is_last and round_.status == RoundStatus.RUNNING and awarded_until is not None:
            # Until the agreements of the next year are made, the cycle goes on by the award.
            ends_on = max(ends_on, awarded_until)
        # A lot that names no product of the catalogue is known by its generic name.
        linked = lot.generic_product_id
        for generic_id in by_name.get(lot.product, []) if linked is None else [linked]:
            found[generic_id].append(
                Supply(
                    supply.id,
                    round_.id,
                    term.id,
                    lot.id,
                    strength.id,
                    generic_id,
                    strength.strength,
                    supply.organisation_id,
                    term.starts_on,
                    ends_on,
                )
            )
    return found


def _last_terms(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(AgreementTerm.round_id, func.max(AgreementTerm.number))
        .where(AgreementTerm.status == TermStatus.DONE)
        .group_by(AgreementTerm.round_id)
    )
    return {round_id: number for round_id, number in rows}


def _supplied(generics: Mapping[int, str]) -> Select[*tuple[Any, ...]]:
    meant: ColumnElement[bool] = or_(
        Lot.generic_product_id.in_(list(generics)),
        Lot.generic_product_id.is_(None) & Lot.product.in_(list(generics.values())),
    )
    return (
        select(AgreedSupply, AgreementTerm, Round, Lot, LotStrength, AwardedBid.ends_on)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .join(Round, Round.id == AgreementTerm.round_id)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(AwardedBid, AwardedBid.id == AgreedSupply.awarded_bid_id)
        .where(AgreementTerm.status == TermStatus.DONE, meant)
        .order_by(AgreedSupply.id)
    )
