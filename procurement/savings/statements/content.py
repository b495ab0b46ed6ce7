"""Statements as they are shown, read from the tables."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.permissions import NotFoundForActorError
from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import quotient, total
from procurement.savings.settlements.parameters import parameter_views, rules_of
from procurement.savings.settlements.terms import TermView, terms_of
from procurement.savings.statements.objections import objections_to
from procurement.savings.statements.shapes import (
    REASONS,
    BatchPart,
    GroupStatement,
    Statement,
    StatementLine,
    StatementRow,
)
from procurement.savings.states import SettlementStatus, StatementStatus
from procurement.savings.tables import HospitalStatement, SavingsLine, SavingsSettlement

_Found = Select[tuple[HospitalStatement, str]]


def find_statement(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int,
    number: int | None = None,
    with_unsent: bool = True,
) -> HospitalStatement:
    """Return a version of a hospital's statement; the one that counts unless another is named.

    Args:
        session: Any session.
        settlement: The settlement.
        hospital_id: The hospital.
        number: Of the version.
        with_unsent: Whether one counts that the hospital does not see yet.

    Raises:
        NotFoundForActorError: There is none.
    """
    wanted = select(HospitalStatement).where(
        HospitalStatement.settlement_id == settlement.id,
        HospitalStatement.hospital_id == hospital_id,
    )
    if number is not None:
        wanted = wanted.where(HospitalStatement.number == number)
    if not with_unsent:
        wanted = wanted.where(HospitalStatement.opened_at.is_not(None))
    newest = wanted.order_by(HospitalStatement.number.desc()).limit(1)
    found = session.scalars(newest).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def statement_of(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int,
    number: int | None = None,
    with_unsent: bool = True,
) -> Statement:
    """Return a hospital's statement with every factor of every line; see `find_statement`.

    Raises:
        NotFoundForActorError: There is none.
    """
    row = find_statement(
        session,
        settlement=settlement,
        hospital_id=hospital_id,
        number=number,
        with_unsent=with_unsent,
    )
    return _statement(session, settlement, row)


def statements_of(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_ids: Sequence[int] | None = None,
) -> list[StatementRow]:
    """Return the statements that count, by the hospitals' names."""
    wanted = (
        select(HospitalStatement, Organisation.name)
        .join(Organisation, Organisation.id == HospitalStatement.hospital_id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .where(HospitalStatement.status != StatementStatus.REPLACED)
        .order_by(Organisation.name, Organisation.id)
    )
    if hospital_ids is not None:
        wanted = wanted.where(HospitalStatement.hospital_id.in_(hospital_ids))
    return [_row(one, name) for one, name in session.execute(wanted)]


def group_of(
    session: Session, *, settlement: SavingsSettlement, lead_id: int
) -> GroupStatement | None:
    """Return the statements of a medical group, for its lead hospital; None where it leads none."""
    rows = session.execute(
        select(HospitalStatement, Organisation.name)
        .join(Organisation, Organisation.id == HospitalStatement.hospital_id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .where(HospitalStatement.status != StatementStatus.REPLACED)
        .where(HospitalStatement.group_lead_id == lead_id)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    if not rows:
        return None
    winning = sum(one.winning_volume for one, _ in rows)
    agreed = sum(one.agreed_volume for one, _ in rows)
    return GroupStatement(
        lead_id=lead_id,
        lead=session.get_one(Organisation, lead_id).name,
        members=tuple(_row(one, name) for one, name in rows),
        winning_volume=winning,
        agreed_volume=agreed,
        completion=Completion(winning, agreed).share,
        payable=total([one.payable for one, _ in rows]),
    )


def _row(statement: HospitalStatement, name: str) -> StatementRow:
    return StatementRow(
        statement_id=statement.id,
        number=statement.number,
        hospital_id=statement.hospital_id,
        hospital=name,
        group_lead_id=statement.group_lead_id,
        status=StatementStatus(statement.status),
        score=statement.score,
        grade=statement.grade,
        ratio=statement.ratio,
        completion=Completion(statement.winning_volume, statement.agreed_volume).share,
        savings_base=statement.savings_base,
        payable=statement.payable,
        employee=statement.employee,
        resident=statement.resident,
    )


def _statement(
    session: Session, settlement: SavingsSettlement, row: HospitalStatement
) -> Statement:
    rules = rules_of(settlement)
    people = _people(session, settlement, row)
    lines = _lines(session, row, rules.warning)
    return Statement(
        settlement=settlement.name,
        title=settlement.title,
        bureau=people[settlement.bureau_id].name,
        region=settlement.region,
        settlement_status=SettlementStatus(settlement.status),
        answer_by=settlement.answer_by,
        statement_id=row.id,
        number=row.number,
        is_latest=row.status != StatementStatus.REPLACED,
        status=StatementStatus(row.status),
        hospital_id=row.hospital_id,
        hospital=people[row.hospital_id].name,
        hospital_code=_code(people[row.hospital_id]),
        group_lead=None if row.group_lead_id is None else people[row.group_lead_id].name,
        rulebook=rules.scheme.rulebook.id,
        rulebook_title_zh=rules.scheme.rulebook.title.zh,
        rulebook_title_en=rules.scheme.rulebook.title.en,
        rulebook_digest=rules.scheme.rulebook.digest,
        parameters=parameter_views(settlement),
        unverified=rules.scheme.unverified,
        insured_share=rules.scheme.formula.insured_share,
        layout=rules.scheme.formula.layout,
        score=row.score,
        grade=row.grade,
        ratio=row.ratio,
        passed=row.passed,
        winning_volume=row.winning_volume,
        agreed_volume=row.agreed_volume,
        completion=Completion(row.winning_volume, row.agreed_volume).share,
        savings_base=row.savings_base,
        retained_exact=row.retained_exact,
        retained=row.retained,
        payable=row.payable,
        employee=row.employee,
        resident=row.resident,
        lines=lines,
        batches=_batches(terms_of(session, settlement=settlement), lines),
        digest=row.digest,
        computed_at=row.computed_at,
        confirmed_at=row.confirmed_at,
        confirmed_by=_name_of(session, row.confirmed_by),
        objections=objections_to(session, statement_id=row.id),
    )


def _code(hospital: Organisation) -> str:
    return hospital.credit_code or hospital.institution_code or ""


def _people(
    session: Session, settlement: SavingsSettlement, row: HospitalStatement
) -> Mapping[int, Organisation]:
    """The organisations that a statement names."""
    lead_id = row.group_lead_id or row.hospital_id
    return _organisations(session, {settlement.bureau_id, row.hospital_id, lead_id})


def _name_of(session: Session, person_id: int | None) -> str | None:
    person = None if person_id is None else session.get(Person, person_id)
    return None if person is None else person.name


def _lines(
    session: Session, statement: HospitalStatement, warning: Decimal | None
) -> tuple[StatementLine, ...]:
    rows = session.execute(
        select(SavingsLine, Organisation.name)
        .join(Organisation, Organisation.id == SavingsLine.organisation_id)
        .where(SavingsLine.statement_id == statement.id)
        .order_by(SavingsLine.number)
    )
    return tuple(_line(row, winner, warning) for row, winner in rows)


def _line(row: SavingsLine, winner: str, warning: Decimal | None) -> StatementLine:
    completion = Completion(row.winning_volume, row.agreed_volume)
    used = row.winning_volume + row.non_winning_volume
    base_to_use = quotient(row.base_volume, used) if used > 0 else None
    reasons = row.nothing_because.split()
    # Nothing was used at all: no factor, however high, says less.
    is_far = base_to_use is None and row.base_volume > 0
    is_above = base_to_use is not None and warning is not None and base_to_use >= warning
    return StatementLine(
        row=row,
        winner=winner,
        completion=completion.share,
        missing=completion.missing,
        base_to_use=base_to_use,
        warned=warning is not None and (is_far or is_above),
        reasons_zh=tuple(REASONS[reason][0] for reason in reasons),
        reasons_en=tuple(REASONS[reason][1] for reason in reasons),
    )


def _batches(terms: Iterable[TermView], lines: Sequence[StatementLine]) -> tuple[BatchPart, ...]:
    parts = []
    for term in terms:
        own = [line.row for line in lines if line.row.term_id == term.term_id]
        if own:
            parts.append(
                BatchPart(
                    batch=term.batch,
                    starts_on=term.starts_on,
                    ends_on=term.ends_on,
                    follow_on=own[0].follow_on,
                    lines=len(own),
                    savings_base=total([row.savings_base for row in own]),
                    retained=total([row.retained for row in own]),
                    paid_part=total([row.paid_part for row in own]),
                )
            )
    return tuple(parts)


def _organisations(session: Session, ids: set[int]) -> dict[int, Organisation]:
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one for one in rows}
