"""Named inputs: every number of a model by its path, with unit, source, date and distribution."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pricing.distributions import Distribution
from pricing.faults import Fault, FaultList, ModelFaultsError, quoted, shown
from pricing.model_file.document import Section
from pricing.model_file.expressions import Expression, ExpressionError, constant, parse_expression
from pricing.model_file.places import Place
from pricing.model_file.quantities import Quantity
from pricing.model_file.tables import Row
from pricing.units import Dimension, parse_unit

PARAMETER = "parameter"
CYCLE = "cycle"
"""Name of the number of the cycle, in tables by cycle."""

INPUTS_MAX = 500_000

DOCUMENTED = ("value", "unit", "source", "date", "verified", "note", "distribution")
"""Keys of a number that says more than its value."""


@dataclass(frozen=True, slots=True)
class Input:
    """One number of a model.

    Attributes:
        path: Such as ``population.size`` or ``parameter.rr``.
        expression: Its value, a number or an expression of parameters.
        quantity: What it is for, and which values it may have.
        place: Where it stands.
        unit: As given, or an empty text.
        source: Where it comes from, or an empty text.
        date: Of the source, if given.
        verified: Whether it was checked against its source; none where nothing is said.
        note: More about it.
        is_default: Whether the model does not give it, so that a stated default holds.
    """

    path: str
    expression: Expression
    quantity: Quantity
    place: Place
    unit: str = ""
    source: str = ""
    date: str = ""
    verified: bool | None = None
    note: str = ""
    is_default: bool = False

    @property
    def by_cycle(self) -> bool:
        """Whether it uses the number of the cycle."""
        return CYCLE in self.expression.names

    @property
    def dimension(self) -> Dimension | None:
        """What its unit says; none where it has no unit."""
        return parse_unit(self.unit) if self.unit else None


@dataclass(slots=True)
class Register:
    """The inputs of a model while it is being read.

    Attributes:
        faults: Where faults are noted.
        inputs: By path.
        distributions: Raw distributions with their places, by path of what they make uncertain.
    """

    faults: FaultList
    inputs: dict[str, Input] = field(default_factory=dict)
    distributions: dict[str, tuple[Section, str]] = field(default_factory=dict)

    def number(
        self, section: Section, key: str, quantity: Quantity, default: float | None = None
    ) -> str:
        """Read the number of a key; returns the path of the input."""
        path = section.input_path(key)
        raw = section.raw.get(key)
        if raw is None and default is not None:
            self.add(Input(path, constant(default), quantity, section.place(key), is_default=True))
        elif raw is None:
            section.fault(key, "缺少；应为一个数", "is missing: expected a number")
        else:
            self.value(section, key, path, raw, quantity)
        return path

    def yearly(
        self,
        section: Section,
        key: str,
        quantity: Quantity,
        *,
        years: int,
        default: float | None = None,
    ) -> tuple[str, ...]:
        """Read a number, or a list with one number for each year; returns the paths."""
        raw = section.raw.get(key)
        if not isinstance(raw, list):
            return (self.number(section, key, quantity, default),)
        if len(raw) != years:
            self._missing_years(section, key, len(raw), years)
        paths = []
        for number, entry in enumerate(raw[:years]):
            path = f"{section.input_path(key)}.{number + 1}"
            place = section.place(key, str(number))
            self.plain(entry, path, quantity, place, text_offset=1)
            paths.append(path)
        return tuple(paths)

    def _missing_years(self, section: Section, key: str, found: int, years: int) -> None:
        missing = (
            f"，缺第 {found + 1} 年" if found < years else "",
            f", year {found + 1} is missing" if found < years else "",
        )
        section.fault(
            key,
            f"有 {found} 个值{missing[0]}；应为 {years} 个，每年一个",
            f"has {found} values{missing[1]}: expected {years}, one for each year",
        )

    def value(self, section: Section, key: str, path: str, raw: object, quantity: Quantity) -> None:
        """Read a number, an expression, or a table with a value and its documentation."""
        if not isinstance(raw, Mapping):
            self.plain(raw, path, quantity, section.place(key), text_offset=1)
            return
        inner = Section(section.document, (*section.path, key), raw, name=path)
        self.documented(inner, quantity)

    def documented(self, section: Section, quantity: Quantity) -> None:
        """Read a table with a value, its unit, source, date, mark and distribution."""
        section.check_keys(*DOCUMENTED)
        path = section.input_path("").removesuffix(".")
        if "distribution" in section.raw:
            self.distributions[path] = (section, "distribution")
        raw = section.raw.get("value")
        if raw is None:
            section.fault("value", "缺少；应为一个数", "is missing: expected a number")
            return
        expression = self.expression(raw, section.place("value"), text_offset=1)
        if expression is None:
            return
        self.add(
            Input(
                path=path,
                expression=expression,
                quantity=quantity,
                place=section.place("value"),
                unit=section.text("unit", ""),
                source=section.text("source", ""),
                date=_date(section),
                verified=_flag(section, "verified"),
                note=section.text("note", ""),
            )
        )

    def plain(
        self, raw: object, path: str, quantity: Quantity, place: Place, *, text_offset: int = 0
    ) -> None:
        """Read a bare number or expression."""
        expression = self.expression(raw, place, text_offset=text_offset)
        if expression is not None:
            self.add(Input(path, expression, quantity, place))

    def cell(self, row: Row, column: str, path: str, quantity: Quantity) -> None:
        """Read a cell of a table; its source and note stand in the same row."""
        place = row.place(column)
        expression = self.expression(row[column], place)
        if expression is not None:
            self.add(
                Input(path, expression, quantity, place, source=row["source"], note=row["note"])
            )

    def expression(self, raw: object, place: Place, *, text_offset: int = 0) -> Expression | None:
        """The expression of a raw value; none, with a fault, where it is none."""
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            self.faults.add(
                place,
                f"{quoted(raw)}；应为数或算式",
                f"{quoted(raw)}: expected a number or an expression",
            )
            return None
        if not isinstance(raw, str):
            if math.isfinite(raw):
                return constant(float(raw))
            self.faults.add(
                place, f"{quoted(raw)}；应为有限的数", f"{quoted(raw)}: expected a finite number"
            )
            return None
        try:
            return parse_expression(raw)
        except ExpressionError as error:
            where = place
            if isinstance(place.column, int):
                where = Place(
                    place.file, place.line, place.column + text_offset + error.at, place.key
                )
            self.faults.add(where, f"{quoted(raw)} {error.zh}", f"{quoted(raw)} {error.en}")
            return None

    def add(self, found: Input) -> None:
        """Keep an input; two of one path are a fault.

        Raises:
            ModelFaultsError: There are too many; reading on would only take memory.
        """
        if len(self.inputs) >= INPUTS_MAX:
            limit = f"{INPUTS_MAX:,}"
            zh, en = f"输入过多；最多 {limit} 个", f"too many inputs: expected at most {limit}"
            raise ModelFaultsError([*self.faults.faults, Fault(str(found.place), zh, en)])
        if found.path in self.inputs:
            self.faults.add(found.place, f"{found.path} 重复", f"{found.path} is given twice")
            return
        self.inputs[found.path] = found


def _date(section: Section) -> str:
    raw = section.raw.get("date", "")
    return raw.isoformat() if isinstance(raw, date) else section.text("date", "")


def _flag(section: Section, key: str) -> bool | None:
    raw = section.raw.get(key)
    if raw is None or isinstance(raw, bool):
        return raw
    section.fault(
        key, f"{quoted(raw)}；应为 true 或 false", f"{quoted(raw)}: expected true or false"
    )
    return None


def admits_words(quantity: Quantity, lowest: float, highest: float) -> tuple[str, str]:
    """What is wrong with values that a quantity does not admit, in Chinese and English.

    Examples:
        >>> from pricing.model_file.quantities import PROBABILITY
        >>> admits_words(PROBABILITY, 0.5, 1.2)[1]
        'a probability of 1.2: expected a number from 0 to 1'
    """
    bad = lowest if not quantity.admits(lowest, lowest) else highest
    zh, en = quantity.expected()
    value = shown(bad) if math.isfinite(bad) else "no number"
    return f"{quantity.zh}为 {value}；应为{zh}", f"{quantity.en} of {value}: expected {en}"


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One uncertain input.

    Attributes:
        path: Of the input.
        distribution: What it is drawn from.
        place: Where the distribution stands.
    """

    path: str
    distribution: Distribution
    place: Place
