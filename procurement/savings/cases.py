"""Answers to case files about retained savings, by the form of their inputs."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from pricing.faults import Fault, ModelFaultsError
from procurement.savings.case_lines import Fields, number, rulebook_of, settle_case_lines
from procurement.savings.rules import Completion, assess, split_funds
from procurement.savings.rules.exact import cents, shown, times, total
from procurement.savings.rules.published_table import TableRules, check_percentage, check_table
from procurement.savings.rules.scheme_rules import SchemeRules
from rulebooks import load_rulebook

Answer = dict[str, object]

_BATCH_YEAR = re.compile(r"b\d+y\d+")
_LISTS = ("products", "lines", "items")
_MEMBERS = ("members", "hospitals")


def answer_savings_case(
    inputs: Fields | Sequence[Fields], *, title: str = ""
) -> Answer | list[Answer]:
    """Answer a case by the form of its inputs.

    Args:
        inputs: The factors of a line (``base_qty`` …), several of them (``products``), a medical
            group (``members``), an amount to split (``retained``, ``share_employee``), scores of
            institutions (a list), amounts by batch and year (``b2y3`` …), by fund
            (``employee_wan`` …), volumes (``agreed_…``, ``actual_…``), or a printed table
            (``rows``).
        title: Of the case; it tells whose rules apply.

    Returns:
        Its answers by name, decimals as strings; for a list one for each entry.

    Raises:
        ModelFaultsError: The inputs have none of these forms.

    Examples:
        >>> amount = {"retained": "251100.00", "share_employee": "2.89/16.09"}
        >>> answer_savings_case(amount)["employee"]
        '45101.24'
        >>> scores = [{"institution": "甲", "score": 65}]
        >>> answer_savings_case(scores, title="Yibin")[0]["ratio_pct"]
        '40'
    """
    if not isinstance(inputs, Mapping):
        return [_scored(one, title) for one in inputs]
    for fits, answer in _FORMS:
        if fits(inputs):
            return answer(inputs, title)
    en = f"{', '.join(inputs)}: expected base_qty, products, members, retained, or amounts"
    raise ModelFaultsError([Fault("inputs", "无法识别的题目", en)])


def _line(inputs: Fields, title: str) -> Answer:
    line = settle_case_lines([inputs], title).lines[0]
    found: Answer = {"savings_base": _yuan(line.bases.savings_base)}
    if line.bases.budget is not None and line.bases.spend is not None:
        found |= {"budget": _yuan(line.bases.budget), "spend": _yuan(line.bases.spend)}
    return found | {
        "retained": _yuan(cents(line.retained)),
        "retained_exact": _yuan(line.retained),
        "retained_unrounded": _yuan(line.retained),
        "completed": line.completed,
    }


def _several(inputs: Fields, title: str) -> Answer:
    """Several lines of one hospital: with and without setting negative bases off."""
    shared = {key: value for key, value in inputs.items() if key not in _LISTS}
    entries = next(cast("Sequence[Fields]", inputs[key]) for key in _LISTS if key in inputs)
    lines = [{**shared, **one} for one in entries]
    floored = settle_case_lines(lines, title)
    netted = settle_case_lines(lines, title, negative_base="net_batch")
    found: Answer = {
        "savings_bases": [_yuan(line.bases.savings_base) for line in floored.lines],
        "savings_base": _yuan(floored.hospitals[0].savings_base),
        "floor_each": _yuan(floored.total),
        "net_batch": _yuan(netted.total),
        "retained_floor_each": _yuan(floored.total),
        "retained_net_batch": _yuan(netted.total),
    }
    chosen = inputs.get("negative_base")
    if chosen in ("floor_each", "net_batch"):
        found["retained"] = found[str(chosen)]
    return found


def _bases(inputs: Fields, title: str) -> Answer:
    """Bases already computed, to be kept each by itself or netted."""
    bases = [number(one) for one in cast("Sequence[object]", inputs["bases"])]
    ratio = number(inputs.get("retention_ratio", 1))
    each = times(total([max(base, Decimal(0)) for base in bases]), ratio)
    netted = times(max(total(bases), Decimal(0)), ratio)
    return {"floor_each": _yuan(cents(each)), "net_batch": _yuan(cents(netted))}


def _group(inputs: Fields, title: str) -> Answer:
    entries = next(inputs[key] for key in _MEMBERS if key in inputs)
    if isinstance(entries, Mapping):
        entries = [{"name": name, **fields} for name, fields in entries.items()]
    members = [_completion(one) for one in cast("Sequence[Fields]", entries)]
    group = Completion(
        sum(one.winning_volume for one in members), sum(one.agreed_volume for one in members)
    )
    share = _share(group)
    return {
        "completion": share,
        "group_completion": share,
        "group_completion_pct": _percent(group),
        "completion_pct": _percent(group),
        "completed": group.done,
        "group_completed": group.done,
        "members": [{"completion": _share(one), "completed": one.done} for one in members],
        "member_completion": [_share(one) for one in members],
    }


def _completion(member: Fields) -> Completion:
    def volume(*names: str) -> int:
        return int(number(next(member[name] for name in names if name in member)))

    return Completion(
        volume("actual", "actual_qty", "winning_qty", "winning_volume", "purchased", "used"),
        volume("agreed", "agreed_qty", "agreed_volume"),
    )


def _split(inputs: Fields, title: str) -> Answer:
    amount = number(inputs["retained"])
    part, _, whole = str(inputs["share_employee"]).partition("/")
    share = Fraction(part) / Fraction(whole or "1")
    employee, resident = split_funds(amount, Fraction(amount) * share)
    return {
        "employee": _yuan(employee),
        "resident": _yuan(resident),
        "sum": _yuan(total([employee, resident])),
    }


def _scored(entry: Fields, title: str) -> Answer:
    rules = SchemeRules(load_rulebook(rulebook_of(entry, title)), {})
    assessed = assess(number(entry["score"]), rules.bands)
    names = {"institution": entry["institution"]} if "institution" in entry else {}
    return {
        **names,
        "grade": assessed.grade,
        "ratio": shown(assessed.ratio),
        "ratio_pct": shown(times(assessed.ratio, 100)),
    }


def _batch_years(inputs: Fields, title: str) -> Answer:
    return {"total": shown(total([number(one) for one in inputs.values()])), "unit": "yuan"}


def _funds(inputs: Fields, title: str) -> Answer:
    unit = "_wan" if "employee_wan" in inputs else ""
    parts = [number(inputs[f"{fund}{unit}"]) for fund in ("employee", "resident")]
    return {f"total{unit}": shown(total(parts))}


def _volumes(inputs: Fields, title: str) -> Answer:
    names = ("agreed_wan_units", "actual_wan_units")
    if names[0] not in inputs:
        names = ("agreed_qty", "actual_qty")
    agreed, actual = (number(inputs[name]) for name in names)
    # Ten thousands of units may have decimals.
    completion = Completion(int(actual * 10**8), int(agreed * 10**8))
    return {"completion_pct": _percent(completion), "completion": _share(completion)}


def _table(inputs: Fields, title: str) -> Answer:
    """A printed table whose rows have a count and its percentage."""
    rows = [dict(row) for row in cast("Sequence[Fields]", inputs["rows"])]
    count = _named(rows[0], "count", "number", "n", "numerator")
    percent = _named(rows[0], "share_pct", "pct", "percentage", "published_pct", "share", "percent")
    cells = [
        {"row": str(place), "count": str(row[count]), "percent": str(row[percent])}
        for place, row in enumerate(rows, 1)
    ]
    rules = TableRules("row", percentages={"percent": ("count", "count")})
    misprints = check_table(cells, rules)
    return {
        "misprints": [
            {
                "row": int(one.where.partition(",")[0]),
                "printed": shown(one.printed),
                "computed": f"{one.computed:f}",
            }
            for one in misprints
        ],
        "errors": len(misprints),
        "consistent": not misprints,
    }


def _printed_share(inputs: Fields, title: str) -> Answer:
    part = str(next(inputs[name] for name in ("numerator", "part", "count") if name in inputs))
    whole = str(next(inputs[name] for name in ("denominator", "whole", "of") if name in inputs))
    printed = str(inputs.get("published_pct", inputs.get("printed_pct", "0.00")))
    found = check_percentage("pct", part, whole, printed)
    right = f"{found[0].computed:f}" if found else printed
    return {"pct": right, "computed_pct": right, "correct_pct": right, "consistent": not found}


def _named(row: Mapping[str, object], *names: str) -> str:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise KeyError(names[0])
    return found


def _share(completion: Completion) -> str | None:
    return None if completion.share is None else shown(completion.share)


def _percent(completion: Completion) -> str | None:
    """In whole percent, half up, as bulletins print it."""
    if completion.share is None:
        return None
    return str(int(times(completion.share, 100) + Decimal("0.5")))


def _yuan(amount: Decimal) -> str:
    return shown(amount, least_decimals=2)


_Form = tuple[Callable[[Fields], bool], Callable[[Fields, str], Answer]]

_FORMS: Sequence[_Form] = (
    (lambda inputs: any(key in inputs for key in _LISTS), _several),
    (lambda inputs: any(key in inputs for key in _MEMBERS), _group),
    (lambda inputs: "base_qty" in inputs, _line),
    (lambda inputs: "bases" in inputs, _bases),
    (lambda inputs: "share_employee" in inputs, _split),
    (lambda inputs: "score" in inputs, _scored),
    (lambda inputs: "rows" in inputs, _table),
    (lambda inputs: "numerator" in inputs or "denominator" in inputs, _printed_share),
    (lambda inputs: "employee_wan" in inputs or "employee" in inputs, _funds),
    (lambda inputs: "agreed_wan_units" in inputs or "agreed_qty" in inputs, _volumes),
    (lambda inputs: bool(inputs) and all(map(_BATCH_YEAR.fullmatch, inputs)), _batch_years),
)
"""Forms of a case, the first that fits."""
