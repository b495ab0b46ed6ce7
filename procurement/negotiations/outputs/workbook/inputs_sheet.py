"""The inputs of a model with where they come from; everything else refers to them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pricing.model_file.inputs import CYCLE, PARAMETER, Input
from pricing.model_file.values import Names
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Sheet
from procurement.negotiations.outputs.workbook.expressions import formula_of
from procurement.negotiations.outputs.workbook.live import CellName, Live, added

TOP = 3
VALUE = 1
HEADS = (
    Said("输入", "input"),
    Said("数值", "value"),
    Said("单位", "unit"),
    Said("来源", "source"),
    Said("日期", "date"),
    Said("已核对", "verified"),
    Said("分布", "distribution"),
    Said("备注", "note"),
)


class InputCells:
    """The cells of a model's inputs, by path."""

    def __init__(
        self, names: Names, sheet: str, given: Mapping[str, Live] = MappingProxyType({})
    ) -> None:
        """Give every input its row; parameters come first, what is `given` stands elsewhere."""
        inputs = names.inputs
        self.order = sorted(inputs, key=lambda path: not path.startswith(f"{PARAMETER}."))
        self._names = names
        self._inputs = inputs
        self._sheet = sheet
        self._rows = {path: TOP + 1 + number for number, path in enumerate(self.order)}
        self.given = given
        self._known: dict[str, Live] = dict(given)

    def row(self, path: str) -> int:
        """The row of an input."""
        return self._rows[path]

    def __getitem__(self, path: str) -> Live:
        """The cell of an input, with its value."""
        known = self._known.get(path)
        if known is None:
            cell = CellName(self._sheet, self._rows[path], VALUE, fixed=True)
            known = self._known[path] = Live(self.worked_out(path).value, (cell,))
        return known

    def worked_out(self, path: str) -> Live:
        """What stands in the cell of an input: its expression."""
        return formula_of(self._inputs[path].expression.node, self._named)

    def at_cycle(self, path: str, cycle: Live) -> Live:
        """An input in a cycle: its cell, or its expression with the number of the cycle in it."""
        if not self.by_cycle(path):
            return self[path]
        return formula_of(
            self._inputs[path].expression.node,
            lambda name: cycle if name == CYCLE else self._named(name),
        )

    def by_cycle(self, path: str) -> bool:
        """Whether an input changes with the number of the cycle; a parameter of that name wins."""
        return self._inputs[path].by_cycle and f"{PARAMETER}.{CYCLE}" not in self._inputs

    def yearly(self, paths: Sequence[str], years: int) -> list[Live]:
        """One input for all years, or one for each."""
        return [self[paths[0] if len(paths) == 1 else paths[year]] for year in range(years)]

    def _named(self, name: str) -> Live:
        """What a name in an expression means: an input, or the part of a count in its row."""
        path = self._names.input_of(name)
        if path is not None:
            return self[path]
        count, row = self._names.proportions[name]
        return self[count] / added([self[one] for one in row])


def write_inputs(
    sheet: Sheet, cells: InputCells, inputs: Mapping[str, Input], spread: Mapping[str, str]
) -> None:
    """Write the register of inputs.

    Args:
        sheet: Where.
        cells: Which row each has.
        inputs: By path.
        spread: Their distributions in words, by path.
    """
    sheet.widths(44, 18, 16, 46, 12, 10, 34, 30)
    sheet.text(0, 0, Said("输入和依据", "Inputs and their sources"), "title")
    note = Said(
        "黄底为可改的输入；其余各表均由公式引用本表。",
        "Yellow cells are inputs; all other sheets refer here.",
    )
    sheet.text(1, 0, note, "note")
    sheet.heads(TOP, HEADS)
    for path in cells.order:
        one, row = inputs[path], cells.row(path)
        sheet.text(row, 0, path)
        _write_value(sheet, cells, one, row)
        for column, text in enumerate((one.unit, one.source, one.date), start=VALUE + 1):
            sheet.text(row, column, text)
        sheet.text(row, VALUE + 4, verified_words(one.verified))
        sheet.text(row, VALUE + 5, spread.get(path, ""))
        sheet.text(row, VALUE + 6, one.note)
    sheet.freeze(TOP + 1, VALUE + 1)


def _write_value(sheet: Sheet, cells: InputCells, one: Input, row: int) -> None:
    if one.path in cells.given:
        sheet.formula(row, VALUE, cells[one.path])
    elif cells.by_cycle(one.path):
        # It has a value in each cycle only; the sheets of the strategies write it out.
        sheet.text(row, VALUE, one.expression.text)
    elif one.expression.constant is not None:
        sheet.number(row, VALUE, one.expression.constant, "input")
    else:
        sheet.formula(row, VALUE, cells.worked_out(one.path))


def verified_words(verified: bool | None) -> Said:
    """Whether an input was checked against its source, in words.

    Examples:
        >>> verified_words(True).en, verified_words(None).en
        ('yes', 'not stated')
    """
    if verified is None:
        return Said("未注明", "not stated")
    return Said("是", "yes") if verified else Said("否", "no")
