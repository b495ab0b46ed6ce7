"""Numbers that carry the formula they come from, so that a workbook stays alive.

A `Live` number is worked out here and written as a formula there: the stored value of a cell is
what these few operations give, independently of the models, and a spreadsheet must find the same.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell


@dataclass(frozen=True, slots=True)
class CellName:
    """A cell, or a rectangle of cells, by its sheet and its place.

    Attributes:
        sheet: Name of the sheet.
        row: From 0.
        column: From 0.
        to: Row and column of the last cell of a rectangle; none for one cell.
        fixed: Written with $, as inputs are.
    """

    sheet: str
    row: int
    column: int
    to: tuple[int, int] | None = None
    fixed: bool = False

    def seen_from(self, sheet: str) -> str:
        """How a formula on a sheet names it.

        Examples:
            >>> CellName("Inputs", 4, 1, fixed=True).seen_from("Budget")
            "'Inputs'!$B$5"
            >>> CellName("Budget", 0, 0, (0, 2)).seen_from("Budget")
            'A1:C1'
        """
        name = xl_rowcol_to_cell(self.row, self.column, self.fixed, self.fixed)
        if self.to is not None:
            name = f"{name}:{xl_rowcol_to_cell(*self.to, self.fixed, self.fixed)}"
        if sheet == self.sheet:
            return str(name)
        quoted = self.sheet.replace("'", "''")
        return f"'{quoted}'!{name}"


LEAST = 1e-300

_SUM, _PRODUCT, _ATOM = 0, 1, 2

Part = str | CellName


@dataclass(frozen=True, slots=True)
class Live:
    """A number with the formula that gives it.

    Attributes:
        value: Worked out.
        parts: The formula: texts and cells.
        level: How tightly its outermost operation binds.

    Examples:
        >>> price = Live(3.0, (CellName("Inputs", 0, 1, fixed=True),))
        >>> cost = (price + 1) * -2
        >>> cost.value, cost.formula("Budget")
        (-8.0, "=('Inputs'!$B$1+1)*(-2)")
    """

    value: float
    parts: tuple[Part, ...]
    level: int = _ATOM

    def formula(self, sheet: str) -> str:
        """The formula as it stands in a cell of a sheet."""
        return "=" + "".join(
            part if isinstance(part, str) else part.seen_from(sheet) for part in self.parts
        )

    def __add__(self, other: "Live | float") -> "Live":
        right = live(other)
        return Live(self.value + right.value, (*self.parts, "+", *right.parts), _SUM)

    def __sub__(self, other: "Live | float") -> "Live":
        right = live(other)
        return Live(self.value - right.value, (*self.parts, "-", *right.within(_PRODUCT)), _SUM)

    def __rsub__(self, other: float) -> "Live":
        return live(other) - self

    def __radd__(self, other: float) -> "Live":
        return live(other) + self

    def __mul__(self, other: "Live | float") -> "Live":
        right = live(other)
        parts = (*self.within(_PRODUCT), "*", *right.within(_PRODUCT))
        return Live(self.value * right.value, parts, _PRODUCT)

    def __truediv__(self, other: "Live | float") -> "Live":
        right = live(other)
        value = self.value / right.value if right.value else math.nan
        return Live(value, (*self.within(_PRODUCT), "/", *right.within(_ATOM)), _PRODUCT)

    def __rtruediv__(self, other: float) -> "Live":
        return live(other) / self

    def __neg__(self) -> "Live":
        return Live(-self.value, ("-", *self.within(_ATOM)), _SUM)

    def __pow__(self, other: "Live") -> "Live":
        parts = (*self.within(_ATOM), "^", *other.within(_ATOM))
        # Not an atom: a^b^c would be read from the left.
        return Live(self.value**other.value, parts, _PRODUCT)

    def within(self, level: int) -> tuple[Part, ...]:
        """Its parts, in brackets where they bind less tightly."""
        return self.parts if self.level >= level else ("(", *self.parts, ")")


def live(value: "Live | float") -> Live:
    """A plain number as one that stands in a formula."""
    if isinstance(value, Live):
        return value
    number = float(value)
    text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return Live(number, (text,), _ATOM if number >= 0 else _SUM)


def called(name: str, value: float, arguments: Iterable[Live]) -> Live:
    """A function of a spreadsheet with what it gives."""
    parts: list[Part] = []
    for number, argument in enumerate(arguments):
        parts += [",", *argument.parts] if number else argument.parts
    return Live(value, (f"{name}(", *parts, ")"))


def exp(argument: Live) -> Live:
    """E to the power of a number."""
    return called("EXP", math.exp(argument.value), [argument])


def log(argument: Live) -> Live:
    """The natural logarithm.

    A spreadsheet has no logarithm of 0, where the models have minus infinity, as in a hazard from
    time 0 on: there the least number that it knows stands instead.

    Examples:
        >>> log(live(0)).formula("any")
        '=LN(MAX(0,1E-300))'
    """
    if argument.value == 0:
        argument = called("MAX", LEAST, [argument, Live(LEAST, ("1E-300",))])
    value = math.log(argument.value) if argument.value > 0 else math.nan
    return called("LN", value, [argument])


def minimum(numbers: Sequence[Live]) -> Live:
    """The least of some numbers.

    Examples:
        >>> minimum([live(3), live(2)]).formula("any")
        '=MIN(3,2)'
    """
    return called("MIN", min(number.value for number in numbers), numbers)


def maximum(numbers: Sequence[Live]) -> Live:
    """The greatest of some numbers."""
    return called("MAX", max(number.value for number in numbers), numbers)


def mean(numbers: Sequence[Live]) -> Live:
    """The mean of some numbers."""
    return called("AVERAGE", sum(number.value for number in numbers) / len(numbers), numbers)


def smallest(numbers: Sequence[Live], rank: int) -> Live:
    """The k-th lowest of cells that stand beside each other."""
    value = sorted(number.value for number in numbers)[rank - 1]
    return called("SMALL", value, [_block(numbers), live(rank)])


def size(number: Live) -> Live:
    """Its amount without its sign."""
    return called("ABS", abs(number.value), [number])


def at_least(number: Live, limit: Live) -> Live:
    """1 where a number is not below a limit, else 0."""
    parts = ("IF(", *number.parts, ">=", *limit.parts, ",1,0)")
    return Live(float(number.value >= limit.value), parts)


def total(cells: Sequence[Live]) -> Live:
    """The sum of cells that stand beside each other."""
    return called("SUM", math.fsum(cell.value for cell in cells), [_block(cells)])


def products(left: Sequence[Live], right: Sequence[Live]) -> Live:
    """The sum of the products of two equally long rows of cells."""
    value = math.fsum(one.value * other.value for one, other in zip(left, right, strict=True))
    return called("SUMPRODUCT", value, [_block(left), _block(right)])


def added(numbers: Sequence[Live]) -> Live:
    """The sum of numbers wherever they stand; 0 for none."""
    if not numbers:
        return live(0.0)
    whole = numbers[0]
    for number in numbers[1:]:
        whole = whole + number
    return whole


def down_to_the_cent(number: Live) -> Live:
    """A price rounded down to the cent; a billionth is forgiven, as binary fractions need it."""
    value = math.floor((number.value + 1e-9) * 100) / 100
    parts = ("ROUNDDOWN(", *number.parts, "+0.000000001,2)")
    return Live(value, parts)


def half_even(number: Live) -> Live:
    """A whole number, halves to the even one; a half may be off by a ten-millionth.

    Examples:
        >>> [half_even(live(patients)).value for patients in (2551.5, 2552.5, 0.4)]
        [2552.0, 2552.0, 0.0]
    """
    value = number.value
    is_half = abs(value - math.floor(value) - 0.5) < 1e-7
    whole = 2.0 * math.floor(value / 2 + 0.5) if is_half else math.floor(value + 0.5)
    own = number.within(_ATOM)
    parts: tuple[Part, ...] = (
        *("IF(ABS(", *own, "-INT(", *own, ")-0.5)<0.0000001,2*ROUND(", *own, "/2,0),ROUND("),
        *own,
        ",0))",
    )
    return Live(float(whole), parts)


def _block(cells: Sequence[Live]) -> Live:
    """Cells beside or below each other as one rectangle."""
    names = [cell.parts[0] for cell in cells]
    first, last = names[0], names[-1]
    if not isinstance(first, CellName) or not isinstance(last, CellName):
        raise TypeError("only cells can stand beside each other")
    block = CellName(first.sheet, first.row, first.column, (last.row, last.column), first.fixed)
    return Live(math.nan, (block,))
