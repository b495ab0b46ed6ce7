"""Answers to case files of the kind ``nrdl_renewal_rule``: a table of cuts asked cell by cell."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from pricing.faults import Fault, ModelFaultsError
from pricing.renewal.cut_table import CutTable, combine, halve
from pricing.trailing_zeros import without_trailing_zeros

YI = Decimal(100_000_000)
PERCENT = Decimal(100)

_CELL = re.compile(r"(A|B)(\d+(?:\.\d+)?)_spend(\d+(?:\.\d+)?)")
_COMBINED = re.compile(r"comb_a(\d+(?:\.\d+)?)_b(\d+(?:\.\d+)?)(?:_half_(after|each))?")
_RENEGOTIATE = re.compile(r"renegotiate_(A|B)(\d+(?:\.\d+)?)")

_METHODS = {"after": "combined", "each": "each"}


def answer_renewal_case(inputs: Mapping[str, object], names: Iterable[str]) -> dict[str, Decimal]:
    """Answer the questions that a case file asks of its own table.

    Args:
        inputs: ``spend_tiers_yi``, ``ratio_A_edges``, ``ratio_B_edges`` and
            ``table_pct_rows_ratio_cols_spend``, as the file holds them.
        names: ``A140_spend10`` asks the cut in percent at a ratio of 140 % and 1,000 million yuan a
            year, ``comb_a07_b05_half_each`` two cuts combined (``_half_after``: halved after
            combining), ``renegotiate_A201`` whether the ratio lies beyond the table (1 or 0).

    Returns:
        By name, in percent; a name of another form is left out.

    Raises:
        ModelFaultsError: A cell is asked for that lies beyond the table.

    Examples:
        >>> inputs = {
        ...     "spend_tiers_yi": [2],
        ...     "ratio_A_edges": [1.1, 1.4],
        ...     "ratio_B_edges": [0.1, 0.4],
        ...     "table_pct_rows_ratio_cols_spend": [[0, 0], [5, 7]],
        ... }
        >>> answers = answer_renewal_case(inputs, ["A140_spend3", "renegotiate_A141"])
        >>> answers["A140_spend3"], answers["renegotiate_A141"]
        (Decimal('7'), Decimal('1'))
    """
    table = _table(inputs)
    answers: dict[str, Decimal] = {}
    for name in names:
        for form, answer in _FORMS:
            match = form.fullmatch(name)
            if match:
                answers[name] = without_trailing_zeros(answer(table, match))
    return answers


def _table(inputs: Mapping[str, object]) -> CutTable:
    rows = cast("Sequence[Sequence[object]]", inputs["table_pct_rows_ratio_cols_spend"])
    return CutTable(
        columns=tuple(edge * YI for edge in _exact(inputs["spend_tiers_yi"])),
        ratio_a=_exact(inputs["ratio_A_edges"]),
        ratio_b=_exact(inputs["ratio_B_edges"]),
        cuts=tuple(tuple(cut / PERCENT for cut in _exact(row)) for row in rows),
    )


def _exact(numbers: object) -> tuple[Decimal, ...]:
    # A JSON number such as 1.1 means its digits, not the float next to them.
    return tuple(Decimal(str(number)) for number in cast("Sequence[object]", numbers))


def _cell(table: CutTable, match: re.Match[str]) -> Decimal:
    ask = table.cell_a if match[1] == "A" else table.cell_b
    cell = ask(Decimal(match[2]) / PERCENT, Decimal(match[3]) * YI)
    if cell is None:
        en = "the ratio lies beyond the last row of the table"
        raise ModelFaultsError([Fault(match[0], "比值超出表的末行", en)])
    return cell.cut * PERCENT


def _combined(table: CutTable, match: re.Match[str]) -> Decimal:
    cut_a, cut_b = Decimal(match[1]) / PERCENT, Decimal(match[2]) / PERCENT
    if match[3] is None:
        return combine(cut_a, cut_b) * PERCENT
    return halve(cut_a, cut_b, _METHODS[match[3]]) * PERCENT


def _renegotiated(table: CutTable, match: re.Match[str]) -> Decimal:
    ask = table.cell_a if match[1] == "A" else table.cell_b
    return Decimal(ask(Decimal(match[2]) / PERCENT, Decimal(0)) is None)


_FORMS: Sequence[tuple[re.Pattern[str], Callable[[CutTable, re.Match[str]], Decimal]]] = (
    (_CELL, _cell),
    (_COMBINED, _combined),
    (_RENEGOTIATE, _renegotiated),
)
