"""Groups of strategies with known costs and effects: who stands on the frontier, and its ratios.

A group is a table of ``name: [cost, effect]``, or two lists ``X_cost`` and ``X_qalm`` (effects in
months; ``X_qaly`` in years). Results are named after strategies, with the group before them where
several groups have the name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pricing.cost_effectiveness import FrontierRow, frontier
from pricing.plain_table import PlainTable
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.statuses import status_number

EFFECTS_A_YEAR = {"qalm": 12.0, "qaly": 1.0, "lm": 12.0, "ly": 1.0, "effect": 1.0}
"""How many units of effect make a year, by the ending of a list's name."""

SCREENING = ("none", "one_time", "5yr", "3yr", "1yr")
"""Strategies of the list on HIV screening (Paltiel 2006), which the file does not name."""

Groups = Mapping[str, Mapping[str, FrontierRow]]


def answers(case: Case) -> Answers:
    """Ratios and statuses: 0 on the frontier, 1 dominated, 2 extendedly dominated.

    Raises:
        BadCaseError: A group is no table of costs and effects.
    """
    given = Given(case)
    groups = {
        **{name: rows for name, rows in _tables(given) if rows},
        **{name: rows for name, rows in _lists(given) if rows},
    }
    given.check()
    named: dict[str, Result] = {}
    # The first group that has a strategy gives it its plain name.
    for group, rows in reversed(list(groups.items())):
        for strategy, row in rows.items():
            named |= _named(strategy, row)
            named |= _named(strategy, row, group=group)
    return Answers(named)


def _named(strategy: str, row: FrontierRow, *, group: str = "") -> dict[str, Result]:
    before = f"{group}_" if group else ""
    return {
        f"{before}{strategy}": row.icer,
        f"{before}icer_{strategy}": row.icer,
        f"{before}status_{strategy}": float(status_number(row)),
        f"status_{before}{strategy}": float(status_number(row)),
    }


def _tables(given: Given) -> Iterator[tuple[str, dict[str, FrontierRow]]]:
    for group in given.table.names():
        if given.table.is_table(group):
            inside = given.table.table(group)
            pairs = [_pair(given, inside, name) for name in inside.names()]
            costs, effects = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            yield group, _by_name(costs, effects, inside.names())


def _pair(given: Given, table: PlainTable, name: str) -> list[float]:
    """Cost and effect, in this order or by name."""
    if not table.is_table(name):
        return given.row(table, name, length=2)
    inside = table.table(name)
    effect = next((one for one in EFFECTS_A_YEAR if inside.has(one)), "effect")
    return [inside.number("cost"), inside.number(effect) / EFFECTS_A_YEAR[effect]]


def _lists(given: Given) -> Iterator[tuple[str, dict[str, FrontierRow]]]:
    table = given.table
    for name in table.names():
        group, _, ending = name.rpartition("_")
        if ending != "cost" or not isinstance(table.value(name), list):
            continue
        costs = given.row(table, name)
        unit = next((one for one in EFFECTS_A_YEAR if table.has(f"{group}_{one}")), "qaly")
        effects = given.row(table, f"{group}_{unit}", length=len(costs))
        years = [effect / EFFECTS_A_YEAR[unit] for effect in effects]
        # Results are called after what is screened for, without the word.
        short = re.sub(r"_screen(ing)?$", "", group)
        yield short, _by_name(costs, years, _names(given, group, len(costs)))


def _names(given: Given, group: str, length: int) -> list[str]:
    stated = given.table.value(f"{group}_names")
    if isinstance(stated, list) and len(stated) == length:
        return [str(one) for one in stated]
    if length == len(SCREENING):
        return list(SCREENING)
    return [str(number) for number in range(1, length + 1)]


def _by_name(
    costs: Sequence[float], effects: Sequence[float], names: Sequence[str]
) -> dict[str, FrontierRow]:
    return {row.strategy: row for row in frontier(costs, effects, names)}
