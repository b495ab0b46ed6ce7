"""``jicai case FILE``: published cases computed anew, beside what was published."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bidding.report_json import dumps
from procurement.cli.aligned import table
from procurement.cli.arguments import add_command
from procurement.cli.cases import (
    KNOWN,
    MISMATCH,
    NOT_DERIVABLE,
    WITHIN,
    Comparison,
    compare,
    read_cases,
)
from procurement.cli.cases.expectation import Value, exact

UNKNOWN_MISMATCH = 1
"""Exit status where a result differs and nobody knew."""

_HEAD = {
    "zh": ("结果", "发布值", "计算值", "差", "容差", "判定"),
    "en": ("result", "expected", "computed", "difference", "tolerance", "status"),
}

_STATUS = {
    WITHIN: {"zh": "相符", "en": "within"},
    KNOWN: {"zh": "已知不符", "en": "known mismatch"},
    MISMATCH: {"zh": "不符", "en": "MISMATCH"},
    NOT_DERIVABLE: {"zh": "无从计算", "en": "does not follow"},
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "case",
        run,
        example="jicai case examples/cases/lamivudine.json --lang en",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a case file (JSON)")


def run(arguments: argparse.Namespace) -> int:
    """Compute the cases of the file and print them; 1 where one differs and nobody knew."""
    cases = read_cases(arguments.file)
    comparisons = compare(cases)
    if arguments.json:
        sys.stdout.write(dumps(case_document(comparisons)))
    else:
        titles = [case.title or case.id for case in cases]
        sys.stdout.write(describe_cases(titles, comparisons, language=arguments.lang))
    is_new = any(one.status == MISMATCH for one in comparisons)
    return UNKNOWN_MISMATCH if is_new else 0


def case_document(comparisons: Sequence[Comparison]) -> dict[str, object]:
    """The comparisons as plain values."""
    return {
        "cases": [_plain(one) for one in comparisons],
        "within": _number(comparisons, WITHIN),
        "known_mismatches": _number(comparisons, KNOWN),
        "mismatches": _number(comparisons, MISMATCH),
        "not_derivable": _number(comparisons, NOT_DERIVABLE),
    }


def describe_cases(
    titles: Sequence[str], comparisons: Sequence[Comparison], *, language: str
) -> str:
    """The comparisons as a table for people.

    Args:
        titles: Of the cases.
        comparisons: In the order of the file.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed.
    """
    several = len(titles) > 1
    rows = [_HEAD[language], *(_row(one, language, several=several) for one in comparisons)]
    counts = {
        "zh": "相符 {}，已知不符 {}，不符 {}，无从计算 {}",
        "en": "{} within tolerance, {} known mismatches, {} mismatches, {} do not follow from the "
        "inputs",
    }[language].format(*(_number(comparisons, one) for one in _STATUS))
    colon = {"zh": "：", "en": ": "}[language]
    reasons = [
        f"{one.expectation.name}{colon}{one.why[language == 'en']}"
        for one in comparisons
        if one.why is not None
    ]
    lines = [*titles, "", *table(rows, right=range(1, 5)), "", *reasons, counts]
    return "\n".join(lines) + "\n"


def _number(comparisons: Sequence[Comparison], status: str) -> int:
    return sum(one.status == status for one in comparisons)


def _plain(one: Comparison) -> dict[str, object]:
    expectation = one.expectation
    return {
        "case": one.case,
        "name": expectation.name,
        "expected": expectation.value,
        "computed": one.computed,
        "tolerance": expectation.tolerance,
        "tolerance_kind": expectation.tolerance_kind,
        "within": one.status == WITHIN,
        "known_mismatch": expectation.known_mismatch,
        "status": one.status,
        "provenance": expectation.provenance or None,
        "why": None if one.why is None else one.why[1],
    }


def _row(one: Comparison, language: str, *, several: bool) -> tuple[str, ...]:
    expectation = one.expectation
    expected, computed = exact(expectation.value), exact(one.computed)
    difference = None if expected is None or computed is None else computed - expected
    unit = " %" if expectation.tolerance_kind == "rel" else ""
    tolerance = expectation.tolerance * (100 if unit else 1)
    return (
        f"{one.case} {expectation.name}" if several else expectation.name,
        _shown(expectation.value),
        _shown(one.computed),
        "-" if difference is None else f"{difference:.3g}",
        f"{tolerance:.6g}{unit}",
        _STATUS[one.status][language],
    )


def _shown(value: Value) -> str:
    if value is None:
        return "-"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
