"""Works out the formulas of a statement's workbook again, for the tests only."""

import ast
import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.procurement.negotiations.outputs.formulas import (
    MAIN,
    Cell,
    Cells,
    corner,
    letters,
    parsed,
    sheet_paths,
)

PLACE = re.compile(
    r"(?:'(?P<sheet>[^']+)'!)?(?P<first>[A-Z]{1,3}\d+)(?::(?P<last>[A-Z]{1,3}\d+))?(?![\w(])"
)


def read_cells(content: bytes) -> Cells:
    """All cells by sheet and place; texts stand in the cells themselves."""
    found: Cells = {}
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name, path in sheet_paths(file):
            for cell in parsed(file, path).iter(f"{MAIN}c"):
                text, value = "".join(cell.itertext()), cell.findtext(f"{MAIN}v")
                kind, formula = cell.attrib.get("t", "n"), cell.findtext(f"{MAIN}f")
                if value is not None and kind == "n":
                    found[name, cell.attrib["r"]] = Cell(formula, float(value))
                elif value is not None or kind == "inlineStr":
                    found[name, cell.attrib["r"]] = Cell(formula, text if value is None else value)
    return found


class Area(list[Any]):
    """Cells of an area; what is done with it is done with each."""

    def each(self, other, work):
        others = other if isinstance(other, Area) else [other] * len(self)
        return Area(work(a, b) for a, b in zip(self, others, strict=True))

    def __mul__(self, other):
        return self.each(other, lambda a, b: a * b)

    def __gt__(self, other):
        return self.each(other, lambda a, b: float(a > b))

    def __ge__(self, other):
        return self.each(other, lambda a, b: float(a >= b))


def rounded(value, digits):
    if isinstance(value, Area):
        return Area(rounded(one, digits) for one in value)
    # A spreadsheet rounds the 15 digits that it shows.
    shown = Decimal(f"{value:.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def summed(*values):
    flat = [one for value in values for one in (value if isinstance(value, Area) else [value])]
    return sum(one for one in flat if isinstance(one, int | float))


FUNCTIONS = {
    "SUM": summed,
    "SUMPRODUCT": summed,
    "ROUND": rounded,
    "MAX": max,
    "ABS": abs,
    "ROWS": len,
    "AND": lambda *conditions: all(conditions),
    "IF": lambda condition, yes, no: yes if condition else no,
}


class Recomputed:
    """A workbook whose stored values of formulas are never looked at."""

    def __init__(self, cells: Cells):
        self.cells = cells
        self.known: dict[tuple[str, str], Any] = {}

    def value(self, sheet: str, place: str) -> Any:
        key = (sheet, place)
        if key not in self.known:
            cell = self.cells.get(key)
            if cell is None or cell.formula is None:
                self.known[key] = "" if cell is None or cell.value is None else cell.value
            else:
                self.known[key] = self._worked_out(sheet, cell.formula)
        return self.known[key]

    def _worked_out(self, sheet: str, formula: str) -> Any:
        places: list[Any] = []

        def named(match: re.Match[str]) -> str:
            places.append(self._area(match["sheet"] or sheet, match["first"], match["last"]))
            return f"places[{len(places) - 1}]"

        text = re.sub(r"(?<![<>=])=(?!=)", "==", PLACE.sub(named, formula))
        # IF works out both ways here: what it gives for nothing comes first.
        text = re.sub(r'^IF\(([^,]*?)==(0|""),("—"),(.*)\)$', r"(\3 if \1==\2 else \4)", text)
        tree = ast.parse(text, mode="eval")
        return eval(compile(tree, "cell", "eval"), {**FUNCTIONS, "places": places})  # noqa: S307 - our own formulas

    def _area(self, sheet: str, first: str, last: str | None) -> Any:
        if last is None:
            return self.value(sheet, first)
        (left, top), (right, bottom) = corner(first), corner(last)
        return Area(
            self.value(sheet, f"{letters(column)}{row}")
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        )
