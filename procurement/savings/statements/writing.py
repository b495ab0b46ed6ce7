"""Writing statements: versions of what hospitals keep, with every factor of every line."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procurement.savings.rules import SettledLine, cent_parts
from procurement.savings.rules.exact import cents, less, shown
from procurement.savings.settlements.lines import Supply
from procurement.savings.statements.settling import Grounds, Settled
from procurement.savings.states import StatementStatus, Verdict, check_statement
from procurement.savings.tables import (
    HospitalStatement,
    SavingsLine,
    SavingsRun,
    StatementObjection,
)

Cells = dict[str, object]


def latest_statements(
    session: Session, *, settlement_id: int, hospital_ids: Collection[int] | None = None
) -> dict[int, HospitalStatement]:
    """Return the version that counts of every hospital, by hospital."""
    wanted = select(HospitalStatement).where(
        HospitalStatement.settlement_id == settlement_id,
        HospitalStatement.status != StatementStatus.REPLACED,
    )
    if hospital_ids is not None:
        wanted = wanted.where(HospitalStatement.hospital_id.in_(hospital_ids))
    rows = session.scalars(wanted.order_by(HospitalStatement.number))
    return {one.hospital_id: one for one in rows}


def write_statements(
    session: Session,
    *,
    run: SavingsRun,
    settled: Sequence[Settled],
    grounds: Grounds,
    status: StatementStatus,
    moment: datetime,
) -> list[HospitalStatement]:
    """Write the statements of some hospitals.

    Where hospitals have their statements already, one that comes out the same stays as it is, also
    confirmed; only an objection that was upheld leads to a new version all the same.

    Returns:
        The new versions.
    """
    ids = [one.hospital_id for one in settled]
    known = latest_statements(session, settlement_id=run.settlement_id, hospital_ids=ids)
    upheld = _upheld(session, known.values())
    written = []
    for one in settled:
        before = known.get(one.hospital_id)
        statement = _statement(run, one, status, moment)
        lines = _lines(one, statement.payable, grounds, run)
        statement.digest = _digest(statement, lines)
        if before is not None and _stays(before, statement, upheld):
            continue
        if before is not None:
            check_statement(StatementStatus(before.status), StatementStatus.REPLACED)
            before.status, statement.number = StatementStatus.REPLACED, before.number + 1
        session.add(statement)
        session.flush()
        session.execute(
            insert(SavingsLine), [{"statement_id": statement.id, **cells} for cells in lines]
        )
        written.append(statement)
    return written


def _stays(before: HospitalStatement, new: HospitalStatement, upheld: Collection[int]) -> bool:
    """Whether a hospital keeps the version that it has."""
    is_sent = new.status == StatementStatus.OPEN and before.status != StatementStatus.COMPUTED
    return is_sent and before.id not in upheld and before.digest == new.digest


def _upheld(session: Session, statements: Iterable[HospitalStatement]) -> set[int]:
    """Those of the statements to which an objection was upheld."""
    ids = [one.id for one in statements if one.status == StatementStatus.OBJECTED]
    return set(
        session.scalars(
            select(StatementObjection.statement_id)
            .where(StatementObjection.statement_id.in_(ids))
            .where(StatementObjection.verdict == Verdict.UPHELD)
        )
    )


def _statement(
    run: SavingsRun, settled: Settled, status: StatementStatus, moment: datetime
) -> HospitalStatement:
    kept = settled.hospital
    payable = cents(kept.retained)
    employee = kept.employee or Decimal("0.00")
    result = kept.assessed
    return HospitalStatement(
        settlement_id=run.settlement_id,
        hospital_id=settled.hospital_id,
        group_lead_id=settled.group_lead_id,
        number=1,
        run_id=run.id,
        status=status,
        score=result.score if result else None,
        grade=result.grade if result else None,
        ratio=result.ratio if result else None,
        passed=result.passed if result else None,
        winning_volume=sum(line.completion.winning_volume for _, line in settled.lines),
        agreed_volume=sum(line.completion.agreed_volume for _, line in settled.lines),
        savings_base=kept.savings_base,
        retained_exact=kept.retained_exact,
        retained=kept.retained,
        payable=payable,
        employee=employee,
        resident=less(payable, employee),
        computed_at=moment,
        opened_at=moment if status is StatementStatus.OPEN else None,
    )


def _lines(settled: Settled, payable: Decimal, grounds: Grounds, run: SavingsRun) -> list[Cells]:
    lines = [line for _, line in settled.lines]
    amounts = [line.retained for line in lines]
    if grounds.choices.rounding == "half_up_cent_line":
        amounts = [cents(amount) for amount in amounts]
    parts = cent_parts(amounts, payable)
    return [
        {
            "number": number,
            **_supply_cells(supply, grounds),
            **_cells(line),
            "fund_share_employee": share,
            "paid_part": part,
        }
        for number, ((supply, line), share, part) in enumerate(
            zip(settled.lines, settled.fund_shares, parts, strict=True), start=1
        )
    ]


def _supply_cells(supply: Supply, grounds: Grounds) -> Cells:
    return {
        "term_id": supply.term_id,
        "supply_id": supply.supply_id,
        "strength_id": supply.strength_id,
        "organisation_id": supply.organisation_id,
        "batch": grounds.terms[supply.term_id].batch,
        "lot": supply.lot,
        "product": supply.product,
        "strength": supply.strength,
        "unit": supply.unit,
        "pack_units": supply.pack_units,
        "pack_price": supply.pack_price,
    }


def _cells(line: SettledLine) -> Cells:
    terms, use, found = line.terms, line.use, line.bases
    return {
        "winning_price": terms.winning_price,
        "base_volume": terms.base_volume,
        "agreed_volume": terms.agreed_volume,
        "price_before": terms.price_before,
        "payment_ratio": terms.payment_ratio,
        "payment_ratio_spend": terms.payment_ratio_spend,
        "insured_share": terms.insured_share,
        "follow_on": terms.follow_on,
        "winning_volume": use.winning_volume,
        "non_winning_volume": use.non_winning_volume,
        "non_winning_amount": use.non_winning_amount,
        "budget": found.budget,
        "spend": found.spend,
        "savings_base": found.savings_base,
        "score": line.assessed.score,
        "grade": line.assessed.grade,
        "ratio": line.assessed.ratio,
        "passed": line.assessed.passed,
        "completed": line.completed,
        "nothing_because": " ".join(line.nothing_because),
        "retained": line.retained,
    }


def _digest(statement: HospitalStatement, lines: Sequence[Cells]) -> str:
    """SHA-256 of what a hospital confirms: amounts, and every factor of every line."""
    head = {
        "hospital": statement.hospital_id,
        "score": statement.score,
        "grade": statement.grade,
        "ratio": statement.ratio,
        "retained": statement.retained,
        "payable": statement.payable,
        "employee": statement.employee,
        "resident": statement.resident,
    }
    content = json.dumps([head, *lines], ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: object) -> str:
    # 0.50 and 0.5 are the same factor.
    return shown(value) if isinstance(value, Decimal) else str(value)
