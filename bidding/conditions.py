"""The conditions of selection in one lot, read once from the rules of the round."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from bidding.bid_sheet import Lot
from bidding.dosage_form import dosage_form_of
from bidding.errors import UnknownRuleError
from bidding.rules import RoundRules

RATIO_TO_LOWEST = "selection.ratio_to_lowest"
RATIO_TO_ANCHOR = "selection.ratio_to_anchor"
CUT = "selection.cut_from_ceiling"
ABSOLUTE_LOW = "selection.absolute_low"
REFERENCE = "selection.reference_price"
HIGHEST_OUT = "selection.highest_out_after"
SHARE_OF_MEAN = "anchor.share_of_mean"
SDS_BELOW_MEAN = "anchor.sds_below_mean"
EXTREME_BELOW = "anchor.extreme_below"
ZERO_VOLUME = "band.zero_volume_below_sds"
OUT_ABOVE = "band.out_above_sds"
BAND_PRICES = "band.prices"
CLASS_LINES = "classes.lines"
COST_STATEMENT = "cost_statement.below_anchor"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a shortlisted bid must pass; None where the document has no such condition.

    Attributes:
        ratio_to_lowest: Highest multiple of the lowest comparable price.
        ratio_to_anchor: Highest multiple of the anchor price.
        share_of_mean: Anchor as a share of the mean shortlisted price.
        sds_below_mean: Anchor as the mean less so many standard deviations.
        extreme_below: The anchor applies where the lowest is under this share of the mean.
        cut: Cut from the bid's own ceiling that suffices.
        low: Comparable price that suffices, for the lot's dosage form.
        reference: Declared price that suffices.
        highest_out_after: Beyond this rank the highest price is out.
        zero_volume_sds: Below the mean less so many deviations a bid wins without volume.
        out_above_sds: Above the mean plus so many deviations a bid is out.
        band_of_all: Whether all valid prices make the band, and not only the shortlisted.
        class_a: Price line of class A.
        class_b: Price line of class B: a price at or under it suffices.
        cost_statement: Whether a bid under the anchor owes a statement of its costs.
        unknown: Conditions that would suffice and that nobody knows, as refusals; one is raised
            by the first bid that passes none of the known ones.
    """

    ratio_to_lowest: Decimal | None
    ratio_to_anchor: Decimal | None
    share_of_mean: Decimal | None
    sds_below_mean: Decimal | None
    extreme_below: Decimal | None
    cut: Decimal | None
    low: Decimal | None
    reference: Decimal | None
    highest_out_after: int | None
    zero_volume_sds: Decimal | None
    out_above_sds: Decimal | None
    band_of_all: bool
    class_a: Decimal | None
    class_b: Decimal | None
    cost_statement: bool
    unknown: tuple[UnknownRuleError, ...] = ()

    @property
    def has_anchor(self) -> bool:
        """Whether the document draws its line from an anchor price."""
        return self.share_of_mean is not None or self.sds_below_mean is not None

    @property
    def needs_spread(self) -> bool:
        """Whether a line depends on the standard deviation of the prices."""
        spread = (self.sds_below_mean, self.zero_volume_sds, self.out_above_sds)
        return any(value is not None for value in spread)

    @property
    def is_bounded(self) -> bool:
        """Whether every condition is an upper bound that the bid's own price does not move.

        The share of the mean is moved by the bid itself, and still has a closed solution.
        """
        moved = (
            self.sds_below_mean,
            self.extreme_below,
            self.zero_volume_sds,
            self.out_above_sds,
            self.highest_out_after,
        )
        return all(value is None for value in moved)


def conditions_of(lot: Lot, rules: RoundRules) -> Conditions:
    """Read the conditions that apply to a lot.

    Raises:
        UnknownRuleError: The document has a condition that nobody knows.
    """
    known, unknown = _sufficient(lot, rules)
    band = rules.decimal(ZERO_VOLUME), rules.decimal(OUT_ABOVE)
    has_band = band != (None, None)
    return Conditions(
        ratio_to_lowest=rules.decimal(RATIO_TO_LOWEST),
        ratio_to_anchor=rules.decimal(RATIO_TO_ANCHOR),
        share_of_mean=rules.decimal(SHARE_OF_MEAN),
        sds_below_mean=rules.decimal(SDS_BELOW_MEAN),
        extreme_below=rules.decimal(EXTREME_BELOW),
        cut=known.get(CUT),
        low=known.get(ABSOLUTE_LOW),
        reference=known.get(REFERENCE),
        highest_out_after=rules.count(HIGHEST_OUT),
        zero_volume_sds=band[0],
        out_above_sds=band[1],
        band_of_all=has_band and rules.word(BAND_PRICES) == "valid",
        class_a=_class_line(lot, rules, "a") if rules.knows(CLASS_LINES) else None,
        class_b=known.get(CLASS_LINES),
        cost_statement=rules.flag(COST_STATEMENT),
        unknown=unknown,
    )


def _sufficient(
    lot: Lot, rules: RoundRules
) -> tuple[dict[str, Decimal | None], tuple[UnknownRuleError, ...]]:
    """The conditions beside the price gap that suffice, and those of them that nobody knows."""
    read: dict[str, Callable[[], Decimal | None]] = {
        CUT: lambda: rules.decimal(CUT),
        ABSOLUTE_LOW: lambda: _absolute_low(lot, rules),
        REFERENCE: lambda: rules.decimal(REFERENCE),
        CLASS_LINES: lambda: _class_line(lot, rules, "b"),
    }
    known: dict[str, Decimal | None] = {}
    unknown: list[UnknownRuleError] = []
    for key, value in read.items():
        try:
            known[key] = value()
        except UnknownRuleError as refusal:
            unknown.append(refusal)
    return known, tuple(unknown)


def _class_line(lot: Lot, rules: RoundRules, name: str) -> Decimal | None:
    """The price line of class A or B (``a``, ``b``) of a lot."""
    table = rules.table(CLASS_LINES)
    lines = None if table is None else cast("Mapping[str, Decimal] | None", table.get(lot.lot))
    return None if lines is None else lines[name]


def _absolute_low(lot: Lot, rules: RoundRules) -> Decimal | None:
    """The comparable price that suffices by itself; None if the dosage form is not known."""
    table = rules.table(ABSOLUTE_LOW)
    if table is None:
        return None
    form = "any" if "any" in table else dosage_form_of(lot)
    return None if form is None else cast("Decimal | None", table.get(form))
