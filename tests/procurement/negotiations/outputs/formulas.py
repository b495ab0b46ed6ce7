"""A small spreadsheet: reads a workbook's formulas and works them out again, for the tests only."""

import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import fromstring

from scipy.special import gammainc, ndtr

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)"
    r"|(?P<cell>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
    r"|(?P<name>[A-Z]+(?=\())|(?P<mark><=|>=|<>|[-+*/^(),<>=]))"
)


@dataclass(frozen=True)
class Cell:
    """What a cell holds: a formula or none, and the value that is stored."""

    formula: str | None
    value: float | str | None


Cells = dict[tuple[str, str], Cell]


def read_workbook(content: bytes) -> Cells:
    """All cells by sheet and place."""
    found: Cells = {}
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        texts = shared_texts(file)
        for name, path in sheet_paths(file):
            for cell in parsed(file, path).iter(f"{MAIN}c"):
                formula = cell.findtext(f"{MAIN}f")
                found[name, cell.attrib["r"]] = Cell(formula, value_of(cell, texts))
    return found


def parsed(file, path):
    return fromstring(file.read(path))  # noqa: S314 - a file that the test itself has made


def shared_texts(file):
    if "xl/sharedStrings.xml" not in file.namelist():
        return []
    root = parsed(file, "xl/sharedStrings.xml")
    return ["".join(part.itertext()) for part in root.iter(f"{MAIN}si")]


def sheet_paths(file):
    links = parsed(file, "xl/_rels/workbook.xml.rels")
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    book = parsed(file, "xl/workbook.xml")
    for sheet in book.iter(f"{MAIN}sheet"):
        yield sheet.attrib["name"], f"xl/{targets[sheet.attrib[LINKED]].removeprefix('/xl/')}"


def value_of(cell, texts):
    text = cell.findtext(f"{MAIN}v")
    if text is None:
        return None
    kind = cell.attrib.get("t", "n")
    if kind == "s":
        return texts[int(text)]
    return float(text) if kind == "n" else text


def without_values(content: bytes) -> bytes:
    """The workbook with no stored value in any cell that has a formula."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            target.writestr(name, data)
    return made.getvalue()


class Spreadsheet:
    """Works out formulas; stored values of cells with a formula are never looked at."""

    def __init__(self, cells: Cells, changed: Mapping[tuple[str, str], float] | None = None):
        self.cells = cells
        self.known: dict[tuple[str, str], float] = dict(changed or {})

    def value(self, sheet: str, place: str) -> float:
        key = (sheet, place.replace("$", ""))
        if key not in self.known:
            cell = self.cells.get(key)
            if cell is None or cell.value is None:
                self.known[key] = 0.0
            elif cell.formula is None:
                assert isinstance(cell.value, float), key
                self.known[key] = cell.value
            else:
                self.known[key] = Formula(self, sheet, cell.formula).result()
        return self.known[key]

    def block(self, sheet: str, area: str) -> list[float]:
        first, _, last = area.replace("$", "").partition(":")
        (left, top), (right, bottom) = corner(first), corner(last or first)
        return [
            self.value(sheet, f"{letters(column)}{row}")
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def corner(place: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", place)
    assert match, place
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return number, int(match[2])


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Formula:
    """One formula being worked out, from left to right as spreadsheets do."""

    def __init__(self, book: Spreadsheet, sheet: str, text: str):
        self.book, self.sheet = book, sheet
        self.tokens = []
        at = 0
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match and match.lastgroup, text[at:]
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.next = 0

    def result(self) -> float:
        found = self.compared()
        assert self.next == len(self.tokens), self.tokens[self.next :]
        return one(found)

    def take(self, *marks):
        if self.next < len(self.tokens):
            kind, text = self.tokens[self.next]
            if kind == "mark" and text in marks:
                self.next += 1
                return text
        return None

    def compared(self):
        left = self.added()
        mark = self.take("<=", ">=", "<", ">", "=", "<>")
        if mark is None:
            return left
        a, b = one(left), one(self.added())
        return float(
            {"<=": a <= b, ">=": a >= b, "<": a < b, ">": a > b, "=": a == b, "<>": a != b}[mark]
        )

    def added(self):
        left = self.multiplied()
        while mark := self.take("+", "-"):
            right = one(self.multiplied())
            left = one(left) + (right if mark == "+" else -right)
        return left

    def multiplied(self):
        left = self.raised()
        while mark := self.take("*", "/"):
            right = one(self.raised())
            left = one(left) * right if mark == "*" else one(left) / right
        return left

    def raised(self):
        left = self.signed()
        while self.take("^"):
            left = one(left) ** one(self.signed())
        return left

    def signed(self):
        # In a spreadsheet a sign binds more tightly than a power.
        return -one(self.signed()) if self.take("-") else self.atom()

    def atom(self):
        kind, text = self.tokens[self.next]
        self.next += 1
        if kind == "number":
            return float(text)
        if kind == "cell":
            sheet, _, area = text.rpartition("!")
            name = sheet[1:-1].replace("''", "'") if sheet else self.sheet
            return self.book.block(name, area) if ":" in area else self.book.value(name, area)
        if kind == "name":
            return FUNCTIONS[text](*self.arguments())
        assert text == "(", text
        inner = self.compared()
        assert self.take(")")
        return inner

    def arguments(self):
        assert self.take("(")
        found = [self.compared()]
        while self.take(","):
            found.append(self.compared())
        assert self.take(")")
        return found


def one(value: Any) -> float:
    if isinstance(value, list):
        assert len(value) == 1, "a rectangle where a number belongs"
        return float(value[0])
    return float(value)


def flat(arguments):
    return [number for one in arguments for number in (one if isinstance(one, list) else [one])]


def rounded(value, digits):
    # Halves away from 0, as spreadsheets round.
    return math.copysign(math.floor(abs(value) * 10**digits + 0.5) / 10**digits, value)


def cut(value, digits):
    # Spreadsheets forgive the last bits of a binary fraction.
    return math.copysign(math.floor(abs(value) * 10**digits * (1 + 4e-16)) / 10**digits, value)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "SUM": lambda *all_: math.fsum(flat(all_)),
    "MIN": lambda *all_: min(flat(all_)),
    "MAX": lambda *all_: max(flat(all_)),
    "AVERAGE": lambda *all_: math.fsum(flat(all_)) / len(flat(all_)),
    "SMALL": lambda block, rank: sorted(flat([block]))[int(rank) - 1],
    "SUMPRODUCT": lambda left, right: math.fsum(
        a * b for a, b in zip(flat([left]), flat([right]), strict=True)
    ),
    "ABS": lambda value: abs(one(value)),
    "EXP": lambda value: math.exp(one(value)),
    "LN": lambda value: math.log(one(value)),
    "INT": lambda value: float(math.floor(one(value))),
    "IF": lambda test, then, other: then if one(test) else other,
    "ROUND": lambda value, digits: rounded(one(value), int(digits)),
    "ROUNDDOWN": lambda value, digits: cut(one(value), int(digits)),
    "NORMSDIST": lambda value: float(ndtr(one(value))),
    "GAMMADIST": lambda value, shape, scale, _: float(gammainc(shape, one(value) / scale)),
}
