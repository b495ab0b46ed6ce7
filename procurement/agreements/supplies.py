"""How the strengths that are supplied are called."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.agreements.tables import AgreedSupply
from procurement.rounds.tables import Lot, LotStrength


def strengths_of(
    session: Session, *, supplies: Sequence[AgreedSupply]
) -> dict[int, tuple[str, str, str]]:
    """Return lot, product and strength of supplies, by supply."""
    ids = {one.lot_strength_id for one in supplies}
    rows = session.execute(
        select(LotStrength.id, Lot.code, Lot.product, LotStrength.strength)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(LotStrength.id.in_(ids))
    )
    named = {one: (code, product, strength) for one, code, product, strength in rows}
    return {one.id: named[one.lot_strength_id] for one in supplies}
