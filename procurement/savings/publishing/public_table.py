"""The table that goes on the web site, and the check of its own arithmetic."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError
from procurement.savings.rules import Band
from procurement.savings.rules.exact import quotient, shown, times, total
from procurement.savings.rules.published_table import Misprint, TableRules, check_table
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.statements.content import statements_of
from procurement.savings.statements.shapes import StatementRow
from procurement.savings.tables import SavingsSettlement

HOSPITAL, SCORE, GRADE, RATIO = "医疗机构", "考核得分", "等级", "留用比例%"
BASE, PAYABLE, EMPLOYEE, RESIDENT = "结余测算基数", "留用金额", "职工医保", "居民医保"
COLUMNS = (HOSPITAL, SCORE, GRADE, RATIO, BASE, PAYABLE, EMPLOYEE, RESIDENT)
COLUMN_NAMES_EN: Mapping[str, str] = {
    HOSPITAL: "hospital",
    SCORE: "score",
    GRADE: "grade",
    RATIO: "share kept, %",
    BASE: "savings base",
    PAYABLE: "retained",
    EMPLOYEE: "employee fund",
    RESIDENT: "resident fund",
}
TOTAL = "合计"
BAND, COUNT, SHARE = "档次", "家数", "占比%"
BAND_COLUMNS = (BAND, COUNT, SHARE)

MONEY_RULES = TableRules(
    HOSPITAL,
    total_row=TOTAL,
    summed=(BASE, PAYABLE, EMPLOYEE, RESIDENT),
    parts={PAYABLE: (EMPLOYEE, RESIDENT)},
)
BAND_RULES = TableRules(BAND, total_row=TOTAL, summed=(COUNT,), percentages={SHARE: (COUNT, COUNT)})

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublicTable:
    """What is published.

    Attributes:
        rows: A row for each hospital, by name, and the row of totals.
        bands: How many hospitals are in each band of scores, and the row of totals.
        misprints: Numbers that do not follow from the others; none, or it is not published.
    """

    rows: tuple[Row, ...]
    bands: tuple[Row, ...]
    misprints: tuple[Misprint, ...]


def public_table(session: Session, *, settlement: SavingsSettlement) -> PublicTable:
    """Make the table of a settlement's statements, and check it."""
    statements = statements_of(session, settlement=settlement)
    bands = rules_of(settlement).scheme.bands
    return checked(_rows(statements), _bands(statements, bands))


def checked(rows: Sequence[Row], bands: Sequence[Row]) -> PublicTable:
    """Check the arithmetic of a table.

    Examples:
        >>> row = dict.fromkeys(COLUMNS, "") | {HOSPITAL: "县医院", PAYABLE: "3.00",
        ...     EMPLOYEE: "1.00", RESIDENT: "1.99"}
        >>> [str(one.computed) for one in checked([row], []).misprints]
        ['2.99']
    """
    misprints = (*check_table(rows, MONEY_RULES), *check_table(bands, BAND_RULES))
    return PublicTable(tuple(rows), tuple(bands), misprints)


def check_uploaded(
    session: Session, *, settlement: SavingsSettlement, content: bytes
) -> tuple[tuple[Misprint, ...], tuple[str, ...]]:
    """Check a table that somebody typed, as it is to go on a web site.

    Args:
        session: Any session.
        settlement: What it is about.
        content: CSV in UTF-8 with the columns of the published table.

    Returns:
        Numbers that do not follow from the others, and cells that differ from the statements.

    Raises:
        InvalidInputError: It is no such table.
    """
    rows = _read(content)
    right = {row[HOSPITAL]: row for row in public_table(session, settlement=settlement).rows}
    differences = []
    for row in rows:
        own = right.pop(row[HOSPITAL], None)
        if own is None:
            differences.append(f"{row[HOSPITAL]}: ?")
            continue
        for column in (PAYABLE, EMPLOYEE, RESIDENT):
            if Decimal(row[column] or 0) != Decimal(own[column] or 0):
                differences.append(f"{row[HOSPITAL]}, {column}: {row[column]} ≠ {own[column]}")
    differences += [f"{name}: -" for name in right]
    return check_table(rows, MONEY_RULES), tuple(differences)


def misprint_texts(misprints: Sequence[Misprint]) -> list[dict[str, str]]:
    """Misprints as plain values."""
    return [{name: str(value) for name, value in asdict(one).items()} for one in misprints]


def _rows(statements: Sequence[StatementRow]) -> list[Row]:
    rows = [
        {
            HOSPITAL: one.hospital,
            SCORE: "" if one.score is None else shown(one.score),
            GRADE: one.grade or "",
            RATIO: "" if one.ratio is None else shown(times(one.ratio, 100)),
            BASE: _money(one.savings_base),
            PAYABLE: _money(one.payable),
            EMPLOYEE: _money(one.employee),
            RESIDENT: _money(one.resident),
        }
        for one in statements
    ]
    sums = {
        BASE: _money(total([one.savings_base for one in statements])),
        PAYABLE: _money(total([one.payable for one in statements])),
        EMPLOYEE: _money(total([one.employee for one in statements])),
        RESIDENT: _money(total([one.resident for one in statements])),
    }
    return [*rows, {**dict.fromkeys(COLUMNS, ""), HOSPITAL: TOTAL, **sums}]


def _bands(statements: Sequence[StatementRow], bands: Sequence[Band]) -> list[Row]:
    """How many hospitals are in each band; none where products are scored one by one."""
    scores = [one.score for one in statements if one.score is not None]
    if not scores:
        return []
    rows = []
    left = list(scores)
    for band in bands:
        inside = [score for score in left if band.holds(score)]
        left = [score for score in left if not band.holds(score)]
        label = f"{'>' if band.above else '≥'} {shown(band.edge)}"
        name = f"{label} {band.grade}" if band.grade else label
        rows.append(
            {BAND: name, COUNT: str(len(inside)), SHARE: _percent(len(inside), len(scores))}
        )
    return [*rows, {BAND: TOTAL, COUNT: str(len(scores)), SHARE: ""}]


def _percent(part: int, whole: int) -> str:
    percent = times(quotient(part, whole), 100)
    return str(percent.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _money(amount: Decimal) -> str:
    return shown(amount, least_decimals=2) if amount else "0.00"


def _read(content: bytes) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
        header = set(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error):
        rows, header = [], set()
    missing = [name for name in (HOSPITAL, PAYABLE, EMPLOYEE, RESIDENT) if name not in header]
    if missing:
        expected = ", ".join(COLUMNS)
        zh, en = f"须为 UTF-8 的 CSV，列为 {expected}。", f"Expected CSV in UTF-8 with {expected}."
        raise InvalidInputError([FieldFault("file", zh, en)])
    faults = [
        FieldFault(f"line {line}, {column}", "不是数字。", "It is no number.")
        for line, row in enumerate(rows, start=2)
        for column in (BASE, PAYABLE, EMPLOYEE, RESIDENT)
        if row[column] and not _is_number(row[column])
    ]
    if faults:
        raise InvalidInputError(faults)
    return rows


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and len(text) <= 40
    except InvalidOperation:
        return False
