"""The ceilings as formulas, beside those that the program computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.ceilings import (
    BudgetCumulative,
    BudgetEveryYear,
    Ceiling,
    CombinedCeiling,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
)
from procurement.negotiations.outputs.limits import limit_of, name_of
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Sheet
from procurement.negotiations.outputs.workbook.budget_sheet import BudgetCells
from procurement.negotiations.outputs.workbook.checks import Checks
from procurement.negotiations.outputs.workbook.live import (
    Live,
    added,
    down_to_the_cent,
    live,
    mean,
    minimum,
    smallest,
)
from procurement.negotiations.outputs.workbook.outcome_sheets import PairCells

TOP = 4
LIMITS = 9
"""Column from which what a constraint demands stands, as numbers."""

HEADS = (
    Said("约束", "constraint"),
    Said("要求", "what it demands"),
    Said("价格上限（未舍入）", "ceiling, not rounded"),
    Said("价格上限（舍到分）", "ceiling, down to the cent"),
    Said("程序：价格上限", "program: ceiling"),
    Said("相对差", "difference"),
    Said("说明", "remarks"),
)


@dataclass(frozen=True, slots=True)
class Traced:
    """What ceilings are traced back to.

    Attributes:
        budgets: Cells of the budget impact, of each indication that has one.
        pairs: The drug beside each other strategy.
        is_affine: Whether all is affine in the price, so that a division gives the ceiling.
    """

    budgets: Sequence[BudgetCells]
    pairs: Sequence[PairCells]
    is_affine: bool

    @property
    def at_zero(self) -> list[Live]:
        """The impact at a price of 0, by year."""
        return _by_year([one.at_zero for one in self.budgets])

    @property
    def units(self) -> list[Live]:
        """Units that the fund pays, by year."""
        return _by_year([one.units for one in self.budgets])


def _by_year(rows: Sequence[Sequence[Live]]) -> list[Live]:
    return [added(year) for year in zip(*rows, strict=True)]


def write_ceilings(
    sheet: Sheet,
    found: Sequence[tuple[Constraint, Ceiling]],
    combined: CombinedCeiling,
    traced: Traced,
    checks: Checks,
) -> None:
    """Write a row for each constraint, and the price that the policy makes of them."""
    sheet.text(0, 0, Said("价格上限", "Ceilings"), "title")
    note = Said(
        "预算：（上限－零价影响）÷付费用量；阈值：（阈值×增量效果－增量费用）÷增量用量。黄底为约束的数值，可改。",
        "Budget: (cap - impact at zero) / units; threshold: (threshold x effect - cost) / units. "
        "Yellow cells are the constraints' own numbers.",
    )
    sheet.text(1, 0, note, "note")
    sheet.widths(34, 46, 20, 20, 18, 12, 46, 2, 2, *([16] * 12))
    sheet.heads(TOP - 1, HEADS)
    sheet.heads(TOP - 1, [Said("约束的数值", "numbers of the constraint")], LIMITS)
    rounded = []
    for number, (constraint, ceiling) in enumerate(found):
        row = TOP + number
        sheet.text(row, 0, name_of(constraint))
        sheet.text(row, 1, limit_of(constraint))
        rounded.append(_write_row(sheet, row, constraint, ceiling, traced, checks))
    _write_combined(sheet, TOP + len(found) + 1, rounded, combined, checks)


def _write_row(
    sheet: Sheet,
    row: int,
    constraint: Constraint,
    ceiling: Ceiling,
    traced: Traced,
    checks: Checks,
) -> Live | None:
    """The cell with the ceiling, rounded down; none where there is none."""
    if ceiling.why is not None:
        sheet.text(row, 6, Said(ceiling.why.zh, ceiling.why.en))
        return None
    exact = _formula(sheet, row, constraint, traced)
    price = float(ceiling.price or 0)
    if exact is None or exact.value != exact.value:
        sheet.text(row, 6, _untraced(constraint))
        return sheet.number(row, 3, price, "given")
    exact = sheet.formula(row, 2, exact)
    cell = sheet.formula(row, 3, down_to_the_cent(exact), "result")
    checks.compare(sheet, row, 4, name_of(constraint), [cell], [price])
    return cell


def _formula(sheet: Sheet, row: int, constraint: Constraint, traced: Traced) -> Live | None:
    if isinstance(constraint, ReferencePrice):
        if constraint.basis != "list":
            return None
        price = sheet.number(row, LIMITS, float(constraint.price), "input")
        return price * (1 + sheet.number(row, LIMITS + 1, constraint.premium, "input"))
    if isinstance(constraint, InternationalPrice):
        return _international(sheet, row, constraint)
    if not traced.is_affine:
        return None
    if isinstance(constraint, Icer):
        return _threshold(sheet, row, constraint, traced.pairs)
    if isinstance(constraint, CostNeutral):
        return _neutral(constraint, traced)
    return _budget(sheet, row, constraint, traced) if traced.budgets else None


def _budget(sheet: Sheet, row: int, constraint: Constraint, traced: Traced) -> Live | None:
    if isinstance(constraint, BudgetEveryYear):
        caps = [
            sheet.number(row, LIMITS + year, cap, "input")
            for year, cap in enumerate(constraint.cap)
        ]
        return _every_year(caps, traced)
    if isinstance(constraint, BudgetCumulative):
        return _in_all(sheet.number(row, LIMITS, constraint.cap, "input"), traced)
    return None


def _every_year(caps: Sequence[Live], traced: Traced) -> Live | None:
    years = zip(caps, traced.at_zero, traced.units, strict=True)
    prices = [(cap - zero) / units for cap, zero, units in years if units.value > 0]
    return minimum(prices) if prices else None


def _in_all(cap: Live, traced: Traced) -> Live:
    return (cap - added(traced.at_zero)) / added(traced.units)


def _neutral(constraint: CostNeutral, traced: Traced) -> Live | None:
    if constraint.over == "outcome":
        own = [pair for pair in traced.pairs if pair.is_reference and pair.units.value > 0]
        return minimum([-pair.cost / pair.units for pair in own]) if own else None
    if not traced.budgets:
        return None
    if constraint.over == "cumulative":
        return _in_all(live(0), traced)
    return _every_year([live(0)] * len(traced.at_zero), traced)


def _threshold(sheet: Sheet, row: int, constraint: Icer, pairs: Sequence[PairCells]) -> Live | None:
    if constraint.at is not None or constraint.indications == "blend":
        return None
    threshold = sheet.number(row, LIMITS, constraint.threshold, "input")
    prices = [
        (threshold * pair.effect - pair.cost) / pair.units for pair in pairs if pair.units.value > 0
    ]
    return minimum(prices) if prices else None


def _international(sheet: Sheet, row: int, constraint: InternationalPrice) -> Live | None:
    if constraint.basis != "list" or constraint.rule == "gdp-adjusted-mean":
        return None
    prices = [
        sheet.number(row, LIMITS + place, price, "input")
        for place, (_, price) in enumerate(constraint.prices)
    ]
    if constraint.rule == "mean":
        return mean(prices)
    if constraint.rule == "min":
        return minimum(prices)
    return smallest(prices, int(constraint.rule.removeprefix("rank-")))


def _untraced(constraint: Constraint) -> Said:
    if getattr(constraint, "at", None) is not None:
        return Said(
            "由抽样得出（见摘要的次数和种子），不能用公式追溯",
            "from the draws (their number and seed are in the summary), not by a formula",
        )
    return Said(
        "价格与结果不成直线关系，由程序逐步逼近",
        "not affine in the price: bracketed by the program",
    )


def _write_combined(
    sheet: Sheet,
    row: int,
    rounded: Sequence[Live | None],
    combined: CombinedCeiling,
    checks: Checks,
) -> None:
    sheet.text(row, 0, Said("合成", "combined"), "head")
    sheet.text(row, 1, combined.policy)
    known = [cell for cell in rounded if cell is not None]
    if combined.price is None or not known:
        why = combined.why or ("没有价格上限", "there is no ceiling")
        sheet.text(row, 6, Said(*why))
        return
    price = float(combined.price)
    if combined.policy != "strict-min":
        sheet.number(row, 3, price, "given")
        return
    lowest = sheet.formula(row, 3, minimum(known), "result")
    checks.compare(sheet, row, 4, Said("合成的价格上限", "combined ceiling"), [lowest], [price])
