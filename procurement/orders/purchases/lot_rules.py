"""To which lot a purchase belongs that was not made under an agreement; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Supply:
    """What a winner supplies to the hospital's region in a term.

    Attributes:
        supply_id: The agreed supply.
        round_id: Of its term.
        term_id: Its term.
        lot_id: The lot.
        lot_strength_id: Strength of the lot.
        generic_product_id: What the lot is for.
        strength: Label.
        organisation_id: The winner.
        starts_on: First day of the term.
        ends_on: Last day of the term.
    """

    supply_id: int
    round_id: int
    term_id: int
    lot_id: int
    lot_strength_id: int
    generic_product_id: int
    strength: str
    organisation_id: int
    starts_on: date
    ends_on: date


def fitting_supplies(
    supplies: Sequence[Supply],
    *,
    generic_product_id: int,
    strength: str,
    makers: Collection[int | None],
    day: date,
) -> list[Supply]:
    """Return the supplies that say to which lot a product belongs on a day.

    The maker's own supply comes first, of the product's strength before another.

    Args:
        supplies: Of the hospital's region.
        generic_product_id: Of the product.
        strength: Its label.
        makers: Who holds its licence, and who makes it.
        day: In China.

    Returns:
        By id; none where no lot is in force. Of several lots where it is not clear which is meant.
    """
    running = [
        one
        for one in supplies
        if one.generic_product_id == generic_product_id and one.starts_on <= day <= one.ends_on
    ]
    best = [one for one in running if one.organisation_id in makers] or running
    best = [one for one in best if one.strength == strength] or best
    return sorted(best, key=lambda one: one.supply_id)
