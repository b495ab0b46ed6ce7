"""Reads a table of plain values key by key and collects everything that is wrong with it."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from pricing.faults import FaultList, quoted, shown

NUMBER_MAX = 1e15
"""Amounts, prices and volumes are not beyond it: a thousand times a country's yearly product."""

Table = Mapping[str, object]
"""What TOML holds, with expressions already worked out."""


class PlainTable:
    """One table that is being read; the faults' paths start inside it.

    Examples:
        >>> table = PlainTable({"cap": -1.0, "kap": 2})
        >>> table.number("cap", at_least=0)
        0.0
        >>> table.finish()
        Traceback (most recent call last):
        pricing.faults.ModelFaultsError: cap: is -1: expected at least 0
        kap: unknown key: expected cap
    """

    def __init__(self, table: Table, *, path: str = "", faults: FaultList | None = None) -> None:
        """Start to read a table.

        Args:
            table: Its values.
            path: Of the table itself, before its keys.
            faults: Where faults go; a list of its own unless given.
        """
        self._table = table
        self._path = path
        self._asked: dict[str, None] = {}
        self.faults = FaultList() if faults is None else faults

    def has(self, key: str) -> bool:
        """Whether a key is given; asking makes it a known one."""
        self._asked[key] = None
        return key in self._table

    def fault(self, key: str, zh: str, en: str) -> None:
        """Note a fault of a key."""
        self.faults.add(self._where(key), zh, en)

    def number(
        self,
        key: str,
        *,
        default: float | None = None,
        at_least: float = -math.inf,
        at_most: float = math.inf,
        above: float = -math.inf,
    ) -> float:
        """A number within its range; 0 after noting a fault."""
        if not self.has(key) and default is not None:
            return default
        value = self._table.get(key)
        number = _number(value)
        if number is None:
            self._expected(key, value, "一个数", "a number")
        elif not (at_least <= number <= at_most and number > above):
            zh, en = _range(at_least, at_most, above)
            self.fault(key, f"为 {shown(number)}；应为{zh}", f"is {shown(number)}: expected {en}")
        else:
            return number
        return 0.0

    def optional_number(self, key: str, *, at_least: float = -math.inf) -> float | None:
        """A number, or nothing where the key is missing."""
        return self.number(key, at_least=at_least) if self.has(key) else None

    def optional_whole(self, key: str, *, at_least: int) -> int | None:
        """A whole number, or nothing where the key is missing."""
        if not self.has(key):
            return None
        number = self.number(key, at_least=at_least)
        if not number.is_integer():
            self.fault(
                key, f"为 {shown(number)}；应为整数", f"is {shown(number)}: expected a whole number"
            )
        return int(number)

    def numbers(self, key: str, *, length: int) -> tuple[float, ...]:
        """One number, repeated, or a list of one for each of ``length`` years."""
        self.has(key)
        value = self._table.get(key)
        values = list(value) if _is_list(value) else [value] * length
        numbers = [number for number in map(_number, values) if number is not None]
        if len(numbers) < len(values):
            self._expected(
                key, value, "一个数，或逐年的数", "a number, or a list of one for each year"
            )
        elif len(numbers) != length:
            self.fault(
                key,
                f"给出 {len(numbers)} 年；应为 {length} 年",
                f"has {len(numbers)} years: expected {length}",
            )
        else:
            return tuple(numbers)
        return (0.0,) * length

    def word(self, key: str, choices: Sequence[str] = (), *, default: str | None = None) -> str:
        """A text, one of the choices where there are some."""
        if not self.has(key) and default is not None:
            return default
        value = self._table.get(key)
        if isinstance(value, str) and (not choices or value in choices):
            return value
        expected = " | ".join(choices)
        self._expected(key, value, expected or "文字", expected or "a text")
        return default or (choices[0] if choices else "")

    def table(self, key: str) -> "PlainTable":
        """A table inside it, empty after noting a fault."""
        self.has(key)
        value = self._table.get(key)
        if not isinstance(value, Mapping):
            self._expected(key, value, "一张表", "a table")
            value = {}
        return PlainTable(value, path=self._where(key), faults=self.faults)

    def tables(self, key: str) -> "list[PlainTable]":
        """A list of tables inside it; the path of each ends with its number, from 1."""
        self.has(key)
        value = self._table.get(key)
        entries = list(value) if _is_list(value) else []
        inside = [one for one in entries if isinstance(one, Mapping)]
        if not inside or len(inside) < len(entries):
            self._expected(key, value, "若干张表", "a list of tables")
        return [
            PlainTable(one, path=f"{self._where(key)}.{number}", faults=self.faults)
            for number, one in enumerate(inside, 1)
        ]

    def named_numbers(self, key: str, *, above: float = -math.inf) -> dict[str, float]:
        """A table of names and numbers, at least one."""
        inside = self.table(key)
        numbers = {name: inside.number(name, above=above) for name in inside.names()}
        if not numbers:
            self.fault(key, "为空；至少应有一项", "is empty: expected at least one entry")
        return numbers

    def names(self) -> list[str]:
        """The keys of the table, as they stand."""
        return list(self._table)

    def value(self, key: str) -> object:
        """The value of a key as it stands; nothing where it is missing."""
        self._asked[key] = None
        return self._table.get(key)

    def is_table(self, key: str) -> bool:
        """Whether the value of a key is itself a table."""
        return isinstance(self.value(key), Mapping)

    def check_keys(self) -> None:
        """Note the keys that nobody asked for."""
        known = ", ".join(self._asked)
        for key in self._table:
            if key not in self._asked:
                self.fault(key, f"未知的键；可用：{known}", f"unknown key: expected {known}")

    def finish(self) -> None:
        """Note unknown keys and raise what was found.

        Raises:
            ModelFaultsError: The table has faults.
        """
        self.check_keys()
        self.faults.raise_if_any()

    def _where(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path and key else self._path or key

    def _expected(self, key: str, value: object, zh: str, en: str) -> None:
        if value is None:
            self.fault(key, f"缺少；应为{zh}", f"is missing: expected {en}")
        elif isinstance(value, int | float) and abs(value) > NUMBER_MAX:
            limit = shown(NUMBER_MAX)
            self.fault(
                key,
                f"为 {value:g}；绝对值应不大于 {limit}",
                f"is {value:g}: expected at most {limit}",
            )
        else:
            self.fault(key, f"为 {quoted(value)}；应为{zh}", f"is {quoted(value)}: expected {en}")


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= NUMBER_MAX else None


def _range(at_least: float, at_most: float, above: float) -> tuple[str, str]:
    zh, en = [], []
    if above > -math.inf:
        zh.append(f"大于 {shown(above)}")
        en.append(f"above {shown(above)}")
    if at_least > -math.inf:
        zh.append(f"不小于 {shown(at_least)}")
        en.append(f"at least {shown(at_least)}")
    if at_most < math.inf:
        zh.append(f"不大于 {shown(at_most)}")
        en.append(f"at most {shown(at_most)}")
    return "且".join(zh), " and ".join(en)
