"""The table of cuts at a renewal, asked cell by cell."""

import re
from collections.abc import Callable
from math import isfinite

from pricing.renewal import answer_renewal_case
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given

_TABLE = "table_pct_rows_ratio_cols_spend"


def answers(case: Case) -> Answers:
    """Cuts in percent, and whether a ratio lies beyond the table.

    Raises:
        BadCaseError: A part of the table is missing or does not fit.
    """
    inputs = _checked(case)

    def work_out(name: re.Match[str]) -> Result:
        found = answer_renewal_case(inputs, [name[0]]).get(name[0])
        return None if found is None else float(found)

    number = r"\d+(?:\.\d+)?"
    work: Callable[[re.Match[str]], Result] = work_out
    return Answers(
        {},
        {
            rf"(A|B){number}_spend{number}": work,
            rf"comb_a{number}_b{number}(_half_(after|each))?": work,
            rf"renegotiate_(A|B){number}": work,
        },
    )


def _checked(case: Case) -> dict[str, object]:
    given = Given(case)
    table = given.table
    tiers = given.row(table, "spend_tiers_yi")
    edges = [given.row(table, name) for name in ("ratio_A_edges", "ratio_B_edges")]
    given.check()
    inputs = dict(case.inputs) if isinstance(case.inputs, dict) else {}
    if _TABLE not in inputs:
        # Published also as a cut for each row and an addition for each column.
        cuts = given.row(table, "base_cut_pct", length=len(edges[0]))
        adders = given.row(table, "spend_adders_pct", length=len(tiers) + 1)
        given.check()
        inputs[_TABLE] = [[cut + more if cut else 0.0 for more in adders] for cut in cuts]
    rows = inputs[_TABLE]
    whole = isinstance(rows, list) and all(_is_row(row, len(tiers) + 1) for row in rows)
    if not whole or not isinstance(rows, list) or len(rows) != len(edges[0]):
        table.fault(
            _TABLE,
            f"应为 {len(edges[0])} 行、每行 {len(tiers) + 1} 个数",
            f"expected {len(edges[0])} rows of {len(tiers) + 1} numbers",
        )
    given.check()
    return inputs


def _is_row(row: object, length: int) -> bool:
    numbers = isinstance(row, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) and isfinite(one) for one in row
    )
    return numbers and isinstance(row, list) and len(row) == length
