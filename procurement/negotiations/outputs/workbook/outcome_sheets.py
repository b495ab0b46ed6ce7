"""The strategies of an outcome model on sheets of their own, and beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.cost_effectiveness import Outcome
from pricing.model_file import Evaluated
from pricing.model_file.outcome_layout import OutcomeLayout, StrategyLayout
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Book, Sheet
from procurement.negotiations.outputs.workbook.checks import Checks
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells
from procurement.negotiations.outputs.workbook.live import Live
from procurement.negotiations.outputs.workbook.strategy_sheet import (
    OutcomeCells,
    write_matrices,
    write_trace,
)
from procurement.negotiations.outputs.workbook.tree_sheet import write_tree

TOP = 4
CHECK = 7
"""Column of what the program computed."""


@dataclass(frozen=True, slots=True)
class PairCells:
    """The drug beside another strategy: cells.

    Attributes:
        other: The other strategy.
        is_reference: It is the one that increments are over.
        cost: Extra cost without the drug's price.
        units: Extra units.
        effect: Extra effect.
    """

    other: str
    is_reference: bool
    cost: Live
    units: Live
    effect: Live


def write_outcomes(
    book: Book,
    layout: OutcomeLayout,
    evaluated: Evaluated,
    cells: InputCells,
    checks: Checks,
    *,
    suffix: str = "",
) -> list[PairCells]:
    """Write every strategy, then all of them beside each other.

    Args:
        book: Where.
        layout: The outcome model.
        evaluated: Its plain values.
        cells: Its inputs.
        checks: Where comparisons with the program are kept.
        suffix: Of the names of the sheets: the indication.
    """
    found = [
        _write_strategy(book, layout, strategy, cells, f"{strategy.name} {suffix}".strip())
        for strategy in layout.strategies
    ]
    sheet = book.sheet(Said("方案比较", "Strategies"), suffix)
    return _write_comparison(sheet, layout, found, evaluated, cells, checks)


def _write_strategy(
    book: Book, layout: OutcomeLayout, strategy: StrategyLayout, cells: InputCells, name: str
) -> OutcomeCells:
    if layout.kind == "tree":
        return write_tree(book.sheet(Said("决策树", "Tree"), name), strategy, cells)
    if layout.kind == "cohort":
        sheet = book.sheet(Said("概率", "Matrix"), name)
        matrices = write_matrices(sheet, layout, strategy, cells)
        trace = book.sheet(Said("轨迹", "Trace"), name)
        return write_trace(trace, layout, strategy, cells, matrices)
    return write_trace(book.sheet(Said("轨迹", "Trace"), name), layout, strategy, cells, None)


def _write_comparison(
    sheet: Sheet,
    layout: OutcomeLayout,
    found: Sequence[OutcomeCells],
    evaluated: Evaluated,
    cells: InputCells,
    checks: Checks,
) -> list[PairCells]:
    sheet.text(0, 0, Said("方案比较", "Strategies beside each other"), "title")
    sheet.widths(34, *([18] * 12))
    price = cells["negotiated.price"]
    _heads(sheet)
    for number, one in enumerate(found):
        row = TOP + number
        sheet.text(row, 0, one.name)
        own = [
            sheet.formula(row, 1 + place, cell)
            for place, cell in enumerate((one.cost, one.units, one.effect))
        ]
        sheet.formula(row, 4, own[0] + price * own[1], "money")
        known = _known(evaluated, one.name)
        checks.compare(sheet, row, CHECK, Said(one.name, one.name), own, known)
    return _write_pairs(sheet, layout, found, price, TOP + len(found) + 2)


def _heads(sheet: Sheet) -> None:
    sheet.heads(
        TOP - 1,
        [
            Said("方案", "strategy"),
            Said("费用（不含本药）", "cost without the drug"),
            Said("本药用量", "units of the drug"),
            Said("效果", "effect"),
            Said("按讨论价的费用", "cost at the price"),
        ],
    )
    program = (Said("程序：费用", "program: cost"), Said("程序：用量", "program: units"))
    sheet.heads(
        TOP - 1,
        [*program, Said("程序：效果", "program: effect"), Said("相对差", "difference")],
        CHECK,
    )


def _known(evaluated: Evaluated, name: str) -> list[float]:
    outcome: Outcome = evaluated.strategy(name)
    return [float(one[0]) for one in (outcome.cost, outcome.units, outcome.effect)]


def _write_pairs(
    sheet: Sheet, layout: OutcomeLayout, found: Sequence[OutcomeCells], price: Live, top: int
) -> list[PairCells]:
    """The drug less every other strategy, with the ratio at the price under discussion."""
    sheet.heads(
        top,
        [
            Said("本药与下列方案比", "the drug less"),
            Said("增量费用（不含本药）", "extra cost without the drug"),
            Said("增量用量", "extra units"),
            Said("增量效果", "extra effect"),
            Said("增量费用（按讨论价）", "extra cost at the price"),
            Said("增量成本效果比", "ratio"),
        ],
    )
    new = next(one for one in found if one.name == layout.negotiated)
    pairs = []
    for number, other in enumerate(one for one in found if one.name != layout.negotiated):
        row = top + 1 + number
        sheet.text(row, 0, other.name)
        cost = sheet.formula(row, 1, new.cost - other.cost)
        units = sheet.formula(row, 2, new.units - other.units)
        effect = sheet.formula(row, 3, new.effect - other.effect)
        extra = sheet.formula(row, 4, cost + price * units, "money")
        if effect.value:
            sheet.formula(row, 5, extra / effect, "result")
        pairs.append(PairCells(other.name, other.name == layout.reference, cost, units, effect))
    return pairs
