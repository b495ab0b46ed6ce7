"""Which drugs moved a price index, and by how much; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from procurement.monitoring.rules.index import Bought

Drug = TypeVar("Drug")


@dataclass(frozen=True, slots=True)
class Mover(Generic[Drug]):
    """The movement of one drug between two periods.

    Attributes:
        drug: Which.
        before: Unit value of the earlier period, 1/10,000 yuan.
        after: Of the later one.
        change: By which part it changed.
        contribution: What it adds to Laspeyres's index; those of all drugs add up to L - 1.
    """

    drug: Drug
    before: Fraction
    after: Fraction
    change: Fraction
    contribution: Fraction


def movers(earlier: Mapping[Drug, Bought], later: Mapping[Drug, Bought]) -> list[Mover[Drug]]:
    """Return the drugs of both periods whose price changed, the strongest contribution first.

    Examples:
        >>> found = movers({"x": Bought(10, 100), "y": Bought(10, 300)},
        ...                {"x": Bought(1, 20), "y": Bought(1, 27)})
        >>> [(one.drug, one.change, one.contribution) for one in found]
        [('x', Fraction(1, 1), Fraction(1, 4)), ('y', Fraction(-1, 10), Fraction(-3, 40))]
    """
    both = {
        drug: (earlier[drug], after)
        for drug, after in later.items()
        if drug in earlier and after.is_priced and earlier[drug].is_priced
    }
    spent = sum(before.amount for before, _ in both.values())
    found = []
    for drug, (before, after) in both.items():
        change = after.price / before.price - 1
        if change:
            share = Fraction(before.amount, spent)
            found.append(Mover(drug, before.price, after.price, change, share * change))
    return sorted(found, key=lambda one: (-abs(one.contribution), str(one.drug)))
