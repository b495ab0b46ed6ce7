"""The terms of a round's agreements: the first year, later years, extensions."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.agreements.errors import (
    NotAllSignedError,
    RegionsNotChosenError,
    TermUnfinishedError,
)
from procurement.agreements.states import AgreementStatus, TermKind, TermStatus
from procurement.agreements.succession import end_predecessor
from procurement.agreements.tables import REASON_LENGTH_MAX, Agreement, AgreementTerm
from procurement.audit import record
from procurement.awards.evaluation import require_report
from procurement.awards.regions.choosers import require_award
from procurement.errors import FieldFault, InvalidInputError
from procurement.jobs import enqueue
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import Round, RoundStatus

MAKE_AGREEMENTS_JOB = "make-agreements"

AGREED_IN = (RoundStatus.REGIONS_CHOSEN, RoundStatus.AGREEMENTS, RoundStatus.RUNNING)
"""Statuses in which distributors are nominated, and agreements made and signed."""

MONTHS = 12
MONTHS_MAX = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFacts:
    """What an officer decides about a term.

    Attributes:
        kind: Of term.
        starts_on: First day.
        ends_on: Last day.
        ratio: Part of the term before that is agreed; 1 in the first year.
        basis: The document that says so; needed after the first year.
    """

    kind: TermKind
    starts_on: date
    ends_on: date
    ratio: Fraction = Fraction(1)
    basis: str = ""


def year_from(first: date) -> date:
    """Return the last day of a year that begins on a day.

    Examples:
        >>> year_from(date(2027, 1, 1)).isoformat(), year_from(date(2028, 2, 29)).isoformat()
        ('2027-12-31', '2029-02-27')
    """
    return months_from(first, MONTHS)


def months_from(first: date, months: int) -> date:
    """Return the last day of some months that begin on a day.

    Examples:
        >>> months_from(date(2027, 1, 31), 1).isoformat()
        '2027-02-27'
    """
    month = first.month - 1 + months
    year, month = first.year + month // MONTHS, month % MONTHS + 1
    day = min(first.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def extension(last: AgreementTerm, *, months: int, basis: str) -> TermFacts:
    """Say what an extension by some months is: volumes pro rata by month of the last year.

    An extension of an extension is a part of the year before it, so that both give volumes of the
    same year.

    Raises:
        InvalidInputError: The months are not from 1 to `MONTHS_MAX`.
    """
    if not 1 <= months <= MONTHS_MAX:
        text = f"须为 1 至 {MONTHS_MAX} 的整数。"
        fault = FieldFault("months", text, f"Expected a whole number from 1 to {MONTHS_MAX}.")
        raise InvalidInputError([fault])
    ratio = Fraction(months, MONTHS)
    if last.kind == TermKind.EXTENSION:
        ratio /= Fraction(last.numerator, last.denominator)
    first = last.ends_on + timedelta(days=1)
    return TermFacts(
        kind=TermKind.EXTENSION,
        starts_on=first,
        ends_on=months_from(first, months),
        ratio=ratio,
        basis=basis,
    )


def terms_of(session: Session, *, round_id: int) -> Sequence[AgreementTerm]:
    """Return the terms of a round, the first one first."""
    return session.scalars(
        select(AgreementTerm)
        .where(AgreementTerm.round_id == round_id)
        .order_by(AgreementTerm.number)
    ).all()


def latest_term(session: Session, *, round_id: int) -> AgreementTerm | None:
    """Return the term of a round that was begun last."""
    terms = terms_of(session, round_id=round_id)
    return terms[-1] if terms else None


def find_term(session: Session, *, round_id: int, number: int) -> AgreementTerm:
    """Return a term by its number.

    Raises:
        NotFoundForActorError: The round has none of this number.
    """
    for term in terms_of(session, round_id=round_id):
        if term.number == number:
            return term
    raise NotFoundForActorError


def start_term(
    session: Session, *, round_: Round, facts: TermFacts, actor: Actor, moment: datetime
) -> AgreementTerm:
    """Begin a term: a job makes its agreements, with progress.

    Args:
        session: Session of the caller's transaction.
        round_: A round whose regions are chosen; for a later term, one with agreements.
        facts: What the officer decided.
        actor: The officer.
        moment: When.

    Raises:
        RegionsNotChosenError: The round is not that far.
        TermUnfinishedError: Agreements of the term before are still being made, or it is the
            first year's turn and there are some.
        InvalidInputError: Days, ratio or basis are wrong.
    """
    lock_round(session, round_=round_)
    if round_.status not in AGREED_IN:
        raise RegionsNotChosenError
    last = latest_term(session, round_id=round_.id)
    _check(facts, last)
    report_id = None
    if last is None:
        require_award(session, round_id=round_.id)
        report_id = require_report(session, round_id=round_.id).row.id
    term = AgreementTerm(
        round_id=round_.id,
        number=1 if last is None else last.number + 1,
        kind=facts.kind,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        numerator=facts.ratio.numerator,
        denominator=facts.ratio.denominator,
        basis=facts.basis.strip(),
        report_id=report_id,
        status=TermStatus.WAITING,
        asked_by=actor.person_id,
        asked_at=moment,
    )
    session.add(term)
    session.flush()
    _make_later(session, term, moment)
    _note(session, round_, actor, "start-agreements", moment, term=str(term.number))
    return term


def repeat_term(
    session: Session, *, round_: Round, term: AgreementTerm, actor: Actor, moment: datetime
) -> None:
    """Try again to make the agreements of a term that could not be made.

    Raises:
        TermUnfinishedError: It did not fail.
    """
    lock_round(session, round_=round_)
    if term.status != TermStatus.FAILED:
        raise TermUnfinishedError
    term.status, term.fault_zh, term.fault_en = TermStatus.WAITING, None, None
    _make_later(session, term, moment)
    _note(session, round_, actor, "repeat-agreements", moment, term=str(term.number))


def _make_later(session: Session, term: AgreementTerm, moment: datetime) -> None:
    term.job_id = enqueue(
        session, kind=MAKE_AGREEMENTS_JOB, payload={"term_id": term.id}, moment=moment
    )
    session.flush()


def _check(facts: TermFacts, last: AgreementTerm | None) -> None:
    if last is not None and last.status != TermStatus.DONE:
        raise TermUnfinishedError
    if (facts.kind == TermKind.FIRST) != (last is None):
        raise TermUnfinishedError
    faults = []
    if facts.ends_on < facts.starts_on:
        faults.append(
            FieldFault("ends_on", "不能早于开始日期。", "The last day cannot lie before the first.")
        )
    if last is not None and facts.starts_on <= last.ends_on:
        faults.append(
            FieldFault(
                "starts_on",
                f"须晚于上一期的结束日期 {last.ends_on}。",
                f"Must be after {last.ends_on}, the last day of the term before.",
            )
        )
    if last is not None and not 0 < len(facts.basis.strip()) <= REASON_LENGTH_MAX:
        faults.append(FieldFault("basis", "请写明依据的文件。", "Name the document that says so."))
    if not 0 < facts.ratio <= 10:
        faults.append(FieldFault("ratio", "须大于 0。", "Must be above 0, and at most 10."))
    if faults:
        raise InvalidInputError(faults)


def unsigned(session: Session, *, term_id: int) -> int:
    """Count the agreements of a term that still lack a signature."""
    open_ = select(func.count()).where(
        Agreement.term_id == term_id,
        Agreement.status.not_in((AgreementStatus.SIGNED, AgreementStatus.VOID)),
    )
    return session.scalar(open_) or 0


def start_running(
    session: Session, *, round_: Round, reason: str, actor: Actor, moment: datetime
) -> None:
    """Begin the procurement cycle: all agreements are signed, or an officer says why not.

    The round that it follows on is followed on from then.

    Raises:
        RegionsNotChosenError: There are no agreements yet.
        NotAllSignedError: Signatures are missing, and no reason is given.
    """
    lock_round(session, round_=round_)
    term = latest_term(session, round_id=round_.id)
    if round_.status != RoundStatus.AGREEMENTS or term is None:
        raise RegionsNotChosenError
    missing = unsigned(session, term_id=term.id)
    if missing and not reason.strip():
        raise NotAllSignedError(missing)
    set_status(
        session,
        round_=round_,
        status=RoundStatus.RUNNING,
        moment=moment,
        reason=reason.strip() or None,
        person_id=actor.person_id,
    )
    end_predecessor(session, round_=round_, actor=actor, moment=moment)
    _note(session, round_, actor, "start-running", moment, unsigned=str(missing))


def _note(
    session: Session, round_: Round, actor: Actor, action: str, moment: datetime, **facts: str
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}",
        facts=facts,
        moment=moment,
    )
