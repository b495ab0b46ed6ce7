"""The workbook of a negotiation model, with live formulas that reviewers can re-trace."""

from collections.abc import Sequence
from datetime import datetime

from pricing.managed_entry import ManagedEntry
from pricing.model_file import Evaluated, Model
from pricing.model_file.budget_layout import PRICE
from pricing.negotiation_report import Report, Runs
from procurement.negotiations.outputs.base_tables import base_tables
from procurement.negotiations.outputs.chart_list import charts_of
from procurement.negotiations.outputs.figures import BudgetTable, Dossier
from procurement.negotiations.outputs.register import distributions_of
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import Table
from procurement.negotiations.outputs.workbook.book import Book, Sheet
from procurement.negotiations.outputs.workbook.budget_sheet import BudgetCells, write_budget
from procurement.negotiations.outputs.workbook.ceiling_sheet import Traced, write_ceilings
from procurement.negotiations.outputs.workbook.checks import Checks
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells, write_inputs
from procurement.negotiations.outputs.workbook.outcome_sheets import PairCells, write_outcomes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SUMMARY, INPUTS = Said("摘要", "Summary"), Said("输入", "Inputs")
BUDGET, CEILINGS = Said("预算影响", "Budget impact"), Said("价格上限", "Ceilings")
OTHERS = Said("其他结果", "Other results")


def make_workbook(
    model: Model, report: Report, dossier: Dossier, *, language: str, moment: datetime
) -> bytes:
    """Write a model as a workbook: what it computes stands there as formulas of its inputs.

    Args:
        model: The model.
        report: What `run_model` found.
        dossier: The same as figures.
        language: ``zh`` or ``en``.
        moment: Stands in the file's properties.
    """
    reader = Reader(language, dossier.money)
    runs, checks = Runs(model, 0, report.seed), Checks()
    plain = runs.plain()
    book = Book(title=dossier.title, reader=reader, moment=moment)
    with book:
        summary, sheet = book.sheet(SUMMARY), book.sheet(INPUTS)
        cells = InputCells(model.names, sheet.name)
        write_inputs(sheet, cells, model.inputs, distributions_of(model))
        parts = _Parts(book, cells, checks)
        for name, part in runs.worked().parts:
            parts.write(name, part, _table_of(dossier, name))
        affine = runs.basis().is_affine and plain.managed_entry == ManagedEntry()
        write_ceilings(
            book.sheet(CEILINGS),
            list(zip(plain.constraints, report.base.ceilings, strict=True)),
            report.base.combined,
            Traced(parts.budgets, parts.pairs, affine),
            checks,
        )
        _write_others(book.sheet(OTHERS), dossier, reader)
        _write_summary(summary, dossier, checks)
    return book.content()


def _table_of(dossier: Dossier, name: str) -> BudgetTable | None:
    """What the program computed for an indication, or for the plain scenario."""
    if not name:
        return dossier.budgets[0] if dossier.budgets else None
    return next((one for one in dossier.budgets if one.name.en == name), None)


class _Parts:
    """The sheets of the model, or of each of its indications."""

    def __init__(self, book: Book, cells: InputCells, checks: Checks) -> None:
        self.budgets: list[BudgetCells] = []
        self.pairs: list[PairCells] = []
        self._book, self._cells, self._checks = book, cells, checks

    def write(self, name: str, part: Evaluated, computed: BudgetTable | None) -> None:
        """Write one of them; its price is the one price."""
        cells = self._inputs_of(name, part) if name else self._cells
        budget, outcome = part.model.budget_layout, part.model.outcome_layout
        if budget is not None and computed is not None:
            sheet = self._book.sheet(BUDGET, name)
            self.budgets.append(write_budget(sheet, budget, cells, computed, self._checks))
        if outcome is not None:
            self.pairs += write_outcomes(
                self._book, outcome, part, cells, self._checks, suffix=name
            )

    def _inputs_of(self, name: str, part: Evaluated) -> InputCells:
        sheet = self._book.sheet(INPUTS, name)
        cells = InputCells(part.model.names, sheet.name, {PRICE: self._cells[PRICE]})
        write_inputs(sheet, cells, part.model.inputs, distributions_of(part.model))
        return cells


def _write_summary(sheet: Sheet, dossier: Dossier, checks: Checks) -> None:
    """What the workbook is of, and whether its formulas give what the program computed."""
    sheet.widths(44, 60, 16)
    sheet.text(0, 0, dossier.title, "title")
    top = _write_facts(sheet, dossier) + 1
    heads = (Said("核对：公式与程序", "check: formulas and program"), Said("相对差", "difference"))
    sheet.heads(top, heads)
    for row, check in enumerate(checks.made, start=top + 1):
        sheet.text(row, 0, check.name)
        sheet.formula(row, 1, check.difference, "check")
        sheet.verdict(row, 2, check.difference)


def _write_facts(sheet: Sheet, dossier: Dossier) -> int:
    ceiling = "—" if dossier.ceiling is None else f"{dossier.ceiling:f}"
    binding = dossier.binding
    facts: Sequence[tuple[Said, Said | str]] = (
        (Said("谈判药品", "negotiated drug"), dossier.drug),
        (Said("价格单位", "unit of the price"), Said(f"¤/{dossier.unit}", f"¤ per {dossier.unit}")),
        (Said("讨论价", "price under discussion"), f"{dossier.price:g}"),
        (Said("价格上限", "ceiling"), ceiling),
        (Said("起约束作用", "what binds"), "—" if binding is None else binding.name),
        (Said("合成方法", "policy"), dossier.policy),
        (Said("模型摘要（SHA-256）", "model hash (SHA-256)"), dossier.model_hash),
        (Said("抽样次数", "draws"), str(dossier.draws)),
        (Said("种子", "seed"), str(dossier.seed)),
    )
    for row, (name, value) in enumerate(facts, start=2):
        sheet.text(row, 0, name)
        sheet.text(row, 1, value)
    return len(facts) + 2


def _write_others(sheet: Sheet, dossier: Dossier, reader: Reader) -> None:
    """Scenarios, draws and the tables behind charts, as values."""
    sheet.widths(44, *([18] * 12))
    note = Said(
        "情景、抽样和图后的表：数值，不是公式。",
        "Scenarios, draws, charts: values, no formulas.",
    )
    sheet.text(0, 0, OTHERS, "title")
    sheet.text(1, 0, note, "note")
    tables = [*base_tables(dossier, reader)[1:]]
    tables += [one.table for one in charts_of(dossier, reader=reader) if one.table is not None]
    row = 3
    for table in tables:
        row = _write_table(sheet, table, row)


def _write_table(sheet: Sheet, table: Table, top: int) -> int:
    sheet.text(top, 0, table.title, "title")
    heads = [f"{one.label} ({one.unit})" if one.unit else one.label for one in table.columns]
    sheet.heads(top + 1, heads)
    for row, cells in enumerate(table.rows, start=top + 2):
        for column, cell in enumerate(cells):
            sheet.shown(row, column, cell)
    return top + len(table.rows) + 4
