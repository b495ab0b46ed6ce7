"""What the funds owe many hospitals, as a CSV file: all of it is recorded, or nothing."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Fund
from procurement.payments.fund_payables import PayableFacts, record_fund_payable
from procurement.permissions import Actor
from procurement.permissions.decide import covers

FILE_BYTES_MAX = 5_000_000
LINES_MAX = 5_000
COLUMNS = {
    "hospital": ("医疗机构", "hospital"),
    "fund": ("基金", "fund"),
    "amount": ("金额", "amount"),
    "document": ("依据", "document"),
}
FUNDS = {
    "职工": Fund.EMPLOYEE,
    "职工医保基金": Fund.EMPLOYEE,
    "employee": Fund.EMPLOYEE,
    "居民": Fund.RESIDENT,
    "居民医保基金": Fund.RESIDENT,
    "resident": Fund.RESIDENT,
}
_KEYS = {name: key for key, names in COLUMNS.items() for name in names}
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: dict[str, str]


def record_fund_payables(
    session: Session,
    *,
    agency_id: int,
    month: date,
    content: bytes,
    actor: Actor,
    moment: datetime,
) -> int:
    """Record a file of what the funds owe hospitals for a month.

    Args:
        session: Session of the caller's transaction.
        agency_id: Whose funds; hospitals must lie in the agency's region.
        month: Of treatment.
        content: CSV with the columns `COLUMNS`.
        actor: Of the agency.
        moment: Now, aware.

    Returns:
        How many lines it has.

    Raises:
        InvalidInputError: With every fault, by row and column; nothing is recorded.
    """
    agency = session.get_one(Organisation, agency_id)
    lines = _lines(content)
    hospitals = _hospitals(session, [line.cells.get("hospital", "") for line in lines])
    faults: list[FieldFault] = []
    facts: list[PayableFacts] = []
    seen: dict[tuple[int, Fund], int] = {}
    for line in lines:
        found = _facts(line, hospitals, agency, month, faults)
        if found is None:
            continue
        before = seen.setdefault((found.hospital_id, found.fund), line.number)
        if before != line.number:
            faults.append(
                _fault(line.number, "hospital", f"与第 {before} 行重复。", f"repeats row {before}.")
            )
        facts.append(found)
    if not lines:
        faults.append(FieldFault("file", "文件没有内容。", "The file holds no lines."))
    if faults:
        raise InvalidInputError(faults)
    for one in facts:
        record_fund_payable(session, facts=one, actor=actor, moment=moment)
    return len(facts)


def _lines(content: bytes) -> list[_Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True)
        ]
    except csv.Error as error:
        raise _whole("不是 CSV 文件。", "Expected a CSV file.") from error
    heading = [_KEYS.get(cell.lower(), "") for cell in rows[0]] if rows else []
    lacking = "、".join(names[0] for key, names in COLUMNS.items() if key not in heading)
    if lacking:
        raise _whole(
            f"第 1 行须为列名，缺少：{lacking}。",
            f"Row 1 must name the columns; missing: {lacking}.",
        )
    if len(content) > FILE_BYTES_MAX or len(rows) > LINES_MAX + 1:
        raise _whole(f"最多 {LINES_MAX:,} 行。", f"At most {LINES_MAX:,} lines.")
    return [
        _Line(number, dict(zip(heading, row, strict=False)))
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]


def _hospitals(session: Session, given: list[str]) -> dict[str, Organisation | None]:
    """Find hospitals by code or full name; a name that several bear is nobody's."""
    wanted = sorted({text for text in given if text} | {text.upper() for text in given if text})
    rows = session.scalars(
        select(Organisation).where(
            Organisation.kind == OrganisationKind.HOSPITAL,
            or_(
                Organisation.institution_code.in_(wanted),
                Organisation.credit_code.in_(wanted),
                Organisation.name.in_(wanted),
            ),
        )
    )
    found: dict[str, Organisation | None] = {}
    for row in rows:
        found[row.name] = None if row.name in found else row
        for code in (row.institution_code, row.credit_code):
            if code:
                found[code] = row
    return found


def _facts(
    line: _Line,
    hospitals: dict[str, Organisation | None],
    agency: Organisation,
    month: date,
    faults: list[FieldFault],
) -> PayableFacts | None:
    cells = line.cells
    named = cells.get("hospital", "")
    hospital = hospitals.get(named.upper()) or hospitals.get(named)
    fund, amount = FUNDS.get(cells.get("fund", "").lower()), _amount(cells.get("amount", ""))
    own = list(_faults(line, hospital, agency, fund, amount))
    faults += own
    if own or hospital is None or fund is None or amount is None:
        return None
    return PayableFacts(
        agency_id=agency.id,
        hospital_id=hospital.id,
        month=month,
        fund=fund,
        amount=amount,
        document=cells["document"],
    )


def _faults(
    line: _Line,
    hospital: Organisation | None,
    agency: Organisation,
    fund: Fund | None,
    amount: Decimal | None,
) -> Iterator[FieldFault]:
    if hospital is None or not covers(agency.region, hospital.region):
        yield _fault(
            line.number,
            "hospital",
            "须为本地区医疗机构的机构代码、统一社会信用代码或全称（无重名）。",
            "expected the code or the full name of one hospital of this region.",
        )
    if fund is None:
        yield _fault(line.number, "fund", "须为职工或居民。", "expected employee or resident.")
    if amount is None:
        yield _fault(
            line.number,
            "amount",
            "须为大于 0、到分的金额，例如 1234.50。",
            "expected an amount above 0 in whole cents, such as 1234.50.",
        )
    if not 0 < len(line.cells.get("document", "")) <= 300:
        yield _fault(line.number, "document", "须写明依据。", "expected what it rests on.")


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    try:
        value = Decimal(plain) if plain.isascii() and len(plain) <= 18 else None
    except InvalidOperation:
        return None
    if value is None or not value.is_finite() or value <= 0 or value % _CENT:
        return None
    return value


def _fault(number: int, key: str, zh: str, en: str) -> FieldFault:
    column_zh, column_en = COLUMNS[key]
    return FieldFault(
        "file", f"第 {number} 行 {column_zh}：{zh}", f"row {number}, {column_en}: {en}"
    )


def _whole(zh: str, en: str) -> InvalidInputError:
    return InvalidInputError([FieldFault("file", zh, en)])
