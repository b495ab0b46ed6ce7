"""What hospitals of a follow-on round needed in the round before: their reports begin with it."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.agreements.follow_on.rules import NamedStrength, need_of, predecessors
from procurement.agreements.follow_on.supplied import last_year
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.rounds.tables import Lot, LotStrength, Round
from procurement.volumes.known_needs import Needs


def needs_before(session: Session, *, round_: Round, hospital_ids: Collection[int]) -> Needs:
    """Return what hospitals needed by the agreements of the round that a round follows on.

    It is the need that their agreed volumes of the last year rest on, with approved transfers.

    Args:
        session: Any session.
        round_: The follow-on round; of another one nothing is known.
        hospital_ids: One hospital, or a group.

    Returns:
        Minimal units a year by strength of ``round_`` and brand; None = whatever the brand.
    """
    term = None
    if round_.follows_id is not None:
        term = last_year(session, round_id=round_.follows_id)
    if term is None or round_.follows_id is None:
        return {}
    old = {
        found.id: new_id
        for new_id, found in predecessors(
            _strengths(session, round_.id), _strengths(session, round_.follows_id)
        ).items()
    }
    needs: dict[tuple[int, int | None], int] = {}
    for strength_id, brand_id, base, volume, by_brand in _agreed(session, term, hospital_ids):
        if strength_id not in old:
            continue
        need = need_of(base_volume=base, volume=volume, by_brand=by_brand)
        for brand, units in ((None, need.generic), (brand_id, need.by_brand)):
            place = (old[strength_id], brand)
            if units:
                needs[place] = needs.get(place, 0) + units
    return needs


def _strengths(session: Session, round_id: int) -> Sequence[NamedStrength]:
    rows = session.execute(
        select(LotStrength.id, Lot.code, Lot.product, Lot.generic_product_id, LotStrength.strength)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_id, Lot.failed_reason.is_(None))
        .order_by(LotStrength.id)
    )
    return [NamedStrength(*row) for row in rows]


def _agreed(
    session: Session, term: AgreementTerm, hospital_ids: Collection[int]
) -> Sequence[tuple[int, int, int, int, int]]:
    """Strength, winner, base volume, agreed volume and the brand's part, summed over hospitals."""
    rows = session.execute(
        select(
            AgreedSupply.lot_strength_id,
            AgreedSupply.organisation_id,
            func.sum(AgreedVolume.base_volume),
            func.sum(AgreedVolume.volume),
            func.sum(AgreedVolume.by_brand),
        )
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .where(AgreedSupply.term_id == term.id)
        .where(AgreedVolume.hospital_id.in_(sorted(hospital_ids)))
        .group_by(AgreedSupply.lot_strength_id, AgreedSupply.organisation_id)
        .order_by(AgreedSupply.lot_strength_id, AgreedSupply.organisation_id)
    )
    return [(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]
