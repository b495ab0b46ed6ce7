"""Which share of a generic's use the winning products have (中选产品使用占比)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

WINNING = "winning"
LIMITED_WINNING = "limited-winning"
OTHER = "other"

UNITS = "units"
AMOUNT = "amount"
MEASURES = (UNITS, AMOUNT)

PRICED_AT_MOST_WINNER = "priced-at-most-winner"


@dataclass(frozen=True, slots=True)
class Used:
    """What was bought of one product of a generic.

    Attributes:
        kind: ``winning``, ``limited-winning`` (selected at a capped price), or ``other``.
        units: In units of the main strength, less returns.
        amount: Yuan, less returns.
        unit_price: Yuan for a unit of the main strength, where it is known.
        winner_price: The winning price of the same, where it is known.
    """

    kind: str
    units: Fraction
    amount: Decimal
    unit_price: Fraction | None = None
    winner_price: Fraction | None = None

    @property
    def is_priced_at_most_winner(self) -> bool:
        """Whether it costs no more than the winner; unknown prices do not."""
        known = self.unit_price is not None and self.winner_price is not None
        return known and self.unit_price <= self.winner_price  # type: ignore[operator]


def winning_share(
    used: Iterable[Used],
    *,
    measure: str,
    counts: Collection[str] = (WINNING,),
    exempt: Collection[str] = (),
) -> Fraction | None:
    """The share of winning products in the use of a generic.

    Args:
        used: By product.
        measure: ``units`` or ``amount``.
        counts: Kinds that count as winning.
        exempt: Other products that are left out of the use: ``priced-at-most-winner``.

    Returns:
        From 0 to 1 where nothing was returned beyond what was bought; None without use.

    Examples:
        >>> other = Used("other", Fraction(40), Decimal(40))
        >>> used = [Used("winning", Fraction(60), Decimal(6)), other]
        >>> winning_share(used, measure="units"), winning_share(used, measure="amount")
        (Fraction(3, 5), Fraction(3, 23))
    """
    winning = whole = Fraction(0)
    for one in used:
        size = one.units if measure == UNITS else Fraction(one.amount)
        if one.kind in counts:
            winning += size
        elif PRICED_AT_MOST_WINNER in exempt and one.is_priced_at_most_winner:
            continue
        whole += size
    return winning / whole if whole > 0 else None


def is_below(winning: Fraction | None, share_min: Decimal) -> bool:
    """Whether winning products are used too little; the limit itself is enough.

    Examples:
        >>> is_below(Fraction(1, 2), Decimal("0.5")), is_below(Fraction(49, 100), Decimal("0.5"))
        (False, True)
    """
    return winning is not None and winning < Fraction(share_min)


def is_above(winning: Fraction | None, other_share_max: Decimal) -> bool:
    """Whether products that did not win are used too much; the limit itself is allowed.

    Examples:
        >>> is_above(Fraction(7, 10), Decimal("0.3")), is_above(Fraction(6, 10), Decimal("0.3"))
        (False, True)
    """
    return winning is not None and 1 - winning > Fraction(other_share_max)
