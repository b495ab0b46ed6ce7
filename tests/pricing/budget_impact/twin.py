"""The budget impact of one draw by a plain loop, written from the formulas in exact fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Drug:
    name: str
    price: Fraction
    units: Fraction
    other: Fraction
    offset: Fraction
    without: Fraction
    with_: Fraction


@dataclass(frozen=True)
class Twin:
    eligible: Sequence[Fraction]
    curve: Sequence[Fraction]
    ratio: Fraction
    drugs: Sequence[Drug]
    rounded: bool


def half_even(number: Fraction) -> Fraction:
    # Python rounds fractions exactly, halves to the even one.
    return Fraction(round(number))


def impact(twin: Twin, year: int) -> dict[str, Fraction]:
    eligible = twin.eligible[year]
    if twin.rounded:
        eligible = half_even(eligible)
    total = {"without": Fraction(0), "with": Fraction(0), "offsets": Fraction(0)}
    for drug in twin.drugs:
        before = eligible * drug.without
        after = eligible * (drug.without + (drug.with_ - drug.without) * twin.curve[year])
        if twin.rounded:
            before, after = half_even(before), half_even(after)
        cost = drug.price * drug.units + drug.other - drug.offset
        total["without"] += before * cost
        total["with"] += after * cost
        total["offsets"] -= (after - before) * drug.offset
    more = total["with"] - total["without"]
    return {
        "without": total["without"] * twin.ratio,
        "with": total["with"] * twin.ratio,
        "offsets": total["offsets"] * twin.ratio,
        "impact": more * twin.ratio,
        "patient_view": more * (1 - twin.ratio),
    }
