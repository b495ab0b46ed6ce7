"""What a follow-on round takes over from the round before; pure.

No source states how benchmark prices are set, nor how much a hospital reports the next time. What
is computed here is a suggestion that people change.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pricing.money import share_of_units

PRICE_STEPS = 10_000
"""A price of one unit is kept to 0.0001 yuan."""


class NamedStrength(NamedTuple):
    """A strength of a lot, with all that says which medicine it is.

    Attributes:
        id: Of the lot's strength.
        lot: Code of the lot.
        product: Generic name and form, as printed.
        generic_product_id: In the catalogue, where it is known.
        strength: Label.
    """

    id: int
    lot: str
    product: str
    generic_product_id: int | None
    strength: str


class Need(NamedTuple):
    """What a hospital may need, by generic name and for one brand.

    Attributes:
        generic: Minimal units a year, whatever the brand.
        by_brand: Minimal units a year of the brand.
    """

    generic: int
    by_brand: int


def highest_unit_price(packs: Iterable[tuple[Decimal, int]]) -> Decimal | None:
    """Return the highest price of one unit, rounded up to the step in which prices are kept.

    Rounded up, so that none of these packs lies above it.

    Args:
        packs: Pack price and minimal units of each.

    Examples:
        >>> highest_unit_price([(Decimal("6.97"), 7), (Decimal("9.5"), 10)])
        Decimal('0.9958')
        >>> highest_unit_price([]) is None
        True
    """
    prices = [Fraction(price) / units for price, units in packs]
    if not prices:
        return None
    highest = max(prices)
    steps = -(-highest.numerator * PRICE_STEPS // highest.denominator)
    return Decimal(steps) / PRICE_STEPS


def need_of(*, base_volume: int, volume: int, by_brand: int) -> Need:
    """Return the need that an agreed volume rests on, in the brand's part and the rest.

    What is agreed is only a share of what was reported, so that reporting it again would make the
    need smaller from round to round. A volume that another hospital transferred has no report.

    Args:
        base_volume: What was reported and this supplier got.
        volume: What is agreed.
        by_brand: The part of it that was reported for the supplier's brand.

    Examples:
        >>> need_of(base_volume=1000, volume=700, by_brand=350)
        Need(generic=500, by_brand=500)
        >>> need_of(base_volume=0, volume=70, by_brand=0)
        Need(generic=70, by_brand=0)
    """
    need = max(base_volume, volume)
    own = share_of_units(Fraction(by_brand, volume), need) if volume else 0
    return Need(need - own, own)


def predecessors(
    new: Sequence[NamedStrength], old: Sequence[NamedStrength]
) -> Mapping[int, NamedStrength]:
    """Find for each strength of a round the same medicine in the round before.

    Args:
        new: Strengths of the follow-on round.
        old: Strengths of the round that it follows on.

    Returns:
        By id of the new strength; where several lots had it, the one of the same code, and where
        none of them has that code, nothing.

    Examples:
        >>> old = [NamedStrength(1, "L01", "缬沙坦胶囊", None, "80mg")]
        >>> new = [NamedStrength(7, "F03", "缬沙坦胶囊", None, "80mg")]
        >>> predecessors(new, old)[7].id
        1
    """
    found: dict[int, NamedStrength] = {}
    for one in new:
        same = [other for other in old if _is_same(one, other)]
        of_code = [other for other in same if other.lot == one.lot]
        candidates = of_code or same
        if len(candidates) == 1:
            found[one.id] = candidates[0]
    return found


def _is_same(one: NamedStrength, other: NamedStrength) -> bool:
    if one.strength != other.strength:
        return False
    known = one.generic_product_id is not None and other.generic_product_id is not None
    if known:
        return one.generic_product_id == other.generic_product_id
    return one.product == other.product
