"""The inputs of a case, in which a number may be written as a calculation: ``1/476``."""

import re
from collections.abc import Mapping
from math import isfinite

import numpy as np

from pricing.faults import FaultList
from pricing.model_file.expressions import ExpressionError, parse_expression
from pricing.plain_table import PlainTable
from procurement.cli.cases.case_file import Case
from procurement.cli.errors import BadCaseError

_ROOT = re.compile(r"sqrt\(([^()]*)\)")


class Given:
    """The inputs of a case, read key by key; faults are collected and raised together."""

    def __init__(self, case: Case, inputs: Mapping[str, object] | None = None) -> None:
        """Take the case's inputs, or others in their place.

        Raises:
            BadCaseError: The inputs are no table.
        """
        self.case = case
        self._faults = FaultList()
        raw = case.inputs if inputs is None else inputs
        if not isinstance(raw, Mapping):
            raise BadCaseError(case.path, [f"{case.id}.inputs: expected a table"])
        # An input that is null is one that is not given.
        worked_out = {
            str(key): calculated(value) for key, value in raw.items() if value is not None
        }
        self.table = PlainTable(worked_out, path="inputs", faults=self._faults)

    def check(self) -> None:
        """Raise what was found so far.

        Raises:
            BadCaseError: With every fault.
        """
        if self._faults.faults:
            raise BadCaseError(self.case.path, [str(fault) for fault in self._faults.faults])

    def row(self, table: PlainTable, key: str, *, length: int | None = None) -> list[float]:
        """A list of numbers; empty after noting a fault."""
        value = table.value(key)
        if not isinstance(value, list) or not all(map(_is_number, value)):
            table.fault(key, "应为一列数", "expected a list of numbers")
            return [0.0] * (length or 0)
        if length is not None and len(value) != length:
            table.fault(
                key,
                f"有 {len(value)} 个数；应为 {length} 个",
                f"has {len(value)} numbers: expected {length}",
            )
            return [0.0] * length
        return [float(one) for one in value]

    def name_of(self, *names: str) -> str:
        """The first of some names that is given; the first of all where none is."""
        return next((name for name in names if self.table.has(name)), names[0])

    def rows(self, key: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """A table of rows by name, all of one length."""
        inside = self.table.table(key)
        names = inside.names()
        rows = [self.row(inside, name) for name in names]
        lengths = {len(row) for row in rows}
        if len(lengths) != 1:
            self.table.fault(key, "各行长度应相同", "expected rows of one length")
        self.check()
        return np.array(rows)


def calculated(value: object) -> object:
    """A value with the calculations in it carried out; other texts stay as they are.

    Examples:
        >>> calculated({"p": "1/4", "ae": "0.5*4+1=3", "start": "A"})
        {'p': 0.25, 'ae': 3.0, 'start': 'A'}
        >>> round(calculated("sqrt(9)"), 12)
        3.0
    """
    if isinstance(value, Mapping):
        return {key: calculated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [calculated(one) for one in value]
    if not isinstance(value, str):
        return value
    number = calculation(value)
    return value if number is None else number


def calculation(text: str) -> float | None:
    """The number that a calculation gives, nothing where the text is none.

    A result written behind it (``= 24``) is not believed but computed.
    """
    sum_, _, _ = text.partition("=")
    try:
        expression = parse_expression(_ROOT.sub(r"exp(0.5*log(\1))", sum_))
    except ExpressionError:
        return None
    if expression.names:
        return None
    number = float(expression.value(_no_name)[0])
    return number if np.isfinite(number) else None


def _no_name(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    raise KeyError(name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
