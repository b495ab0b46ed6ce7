"""Evaluating an opened round: the one call of `bidding.evaluate`, and its report."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Answer, Choice
from bidding.errors import BiddingError
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from procurement.audit import record
from procurement.awards.answers import answers_of
from procurement.awards.report_view import ReportView
from procurement.awards.service import latest_report, store_report
from procurement.awards.sheet import AwardSheet, read_sheet
from procurement.awards.tables import EvaluatedSheet, EvaluationReport
from procurement.bids.opening.service import EVALUATE_ROUND, find_opening
from procurement.bids.sittings import sittings_of
from procurement.database import text_digest
from procurement.errors import RefusedError
from procurement.jobs import enqueue
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.folder.facts import write_facts
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import Round, RoundStatus

EVALUATE_ROUND_JOB = EVALUATE_ROUND
"""Queued where bids, or second answers, are opened, and where the bureau answered."""

EVALUATED_IN = (RoundStatus.OPENED, RoundStatus.SECOND_ANSWERS, RoundStatus.EVALUATED)

NOBODY = Actor()


class NotEvaluableError(RefusedError):
    """The rules cannot be applied to what the round has: a rule, fact or answer is wrong."""

    def __init__(self, cause: BiddingError) -> None:
        """Keep what the engine said."""
        super().__init__(
            zh=f"按现有规则和事实不能完成评审：{cause}。",
            en=f"The round cannot be evaluated as it stands: {cause}.",
        )
        self.cause = cause


class AnswersOpenError(RefusedError):
    """Bidders are being asked, or their answers are not opened yet."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="二次答复尚未截止并开启，不能重新评审。",
            en="Second answers are not closed and opened yet: the round is evaluated after that.",
        )


class NotEvaluatedError(RefusedError):
    """The round has no report yet."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="本批次尚未评审。", en="The round is not evaluated yet.")


def evaluate_round(
    session: Session, *, round_: Round, moment: datetime, actor: Actor = NOBODY
) -> EvaluationReport:
    """Evaluate an opened round, keep the report, and bring the round to “evaluated”.

    The same facts and answers again give the report that is stored already.

    Args:
        session: Session of the caller's transaction.
        round_: A round that is opened, evaluated, or whose second answers are opened.
        moment: When.
        actor: Who asked for it; nobody where a job does it.

    Returns:
        The newest report of the round.

    Raises:
        InvalidTransitionError: The round stands elsewhere.
        AnswersOpenError: A sitting of second answers is not opened yet.
        NotEvaluableError: A rule is unknown, a fact is missing or an answer is not allowed.
    """
    lock_round(session, round_=round_)
    present = RoundStatus(round_.status)
    if present not in EVALUATED_IN:
        raise InvalidTransitionError(present, RoundStatus.EVALUATED)
    if not answers_are_opened(session, round_id=round_.id):
        raise AnswersOpenError
    report = store_evaluation(session, round_=round_, moment=moment, actor=actor)
    if present != RoundStatus.EVALUATED:
        set_status(
            session,
            round_=round_,
            status=RoundStatus.EVALUATED,
            moment=moment,
            person_id=actor.person_id,
        )
    return report


def ask_for_evaluation(session: Session, *, round_: Round, actor: Actor, moment: datetime) -> int:
    """Queue another evaluation, as after a missing fact was mended.

    Returns:
        Id of the job.

    Raises:
        InvalidTransitionError: The round stands elsewhere.
        AnswersOpenError: A sitting of second answers is not opened yet.
    """
    lock_round(session, round_=round_)
    present = RoundStatus(round_.status)
    if present not in EVALUATED_IN:
        raise InvalidTransitionError(present, RoundStatus.EVALUATED)
    if not answers_are_opened(session, round_id=round_.id):
        raise AnswersOpenError
    record(
        session,
        actor=actor,
        action="ask-for-evaluation",
        subject=f"round/{round_.name}",
        facts={},
        moment=moment,
    )
    return enqueue(session, kind=EVALUATE_ROUND_JOB, payload={"round_id": round_.id}, moment=moment)


def answers_are_opened(session: Session, *, round_id: int) -> bool:
    """Tell whether all sittings of second answers that were called are opened."""
    return all(
        find_opening(session, round_id=round_id, sitting=one.number) is not None
        for one in sittings_of(session, round_id=round_id)
    )


def store_evaluation(
    session: Session,
    *,
    round_: Round,
    moment: datetime,
    actor: Actor = NOBODY,
    choices: Iterable[Choice] = (),
) -> EvaluationReport:
    """Apply the rules to what is known now and keep the report; the status stays as it is.

    Args:
        session: Session of the caller's transaction.
        round_: A round whose bids are open.
        moment: When.
        actor: Who asked for it.
        choices: The winners' preferences for regions, once they are known.

    Returns:
        The stored report, or the newest one where it was made of the same facts.

    Raises:
        NotEvaluableError: As `evaluate_round`.
    """
    read = read_sheet(session, round_=round_, choices=choices)
    answers = answers_of(session, round_id=round_.id)
    rulebook = rules_in_force(session, round_=round_).rulebook
    facts = write_facts(read.sheet, answers)
    known = current_report(session, round_id=round_.id)
    if known is not None and _is_made_of(known, facts, rulebook.digest):
        return known.row
    try:
        report = evaluate(read.sheet, rulebook, answers)
    except BiddingError as refusal:
        raise NotEvaluableError(refusal) from refusal
    stored = store_report(
        session,
        round_id=round_.id,
        report=dumps(report_document(report)),
        rulebook_digest=rulebook.digest,
        code_version=version("jicai"),
        moment=moment,
    )
    _keep(session, stored, read, facts)
    _tell(session, round_, stored, read, answers, actor, moment)
    return stored


def current_report(session: Session, *, round_id: int) -> ReportView | None:
    """Return the newest report of a round, or None before the first evaluation."""
    row = latest_report(session, round_id=round_id)
    return None if row is None else _view(session, row)


def require_report(session: Session, *, round_id: int) -> ReportView:
    """Return the newest report of a round.

    Raises:
        NotEvaluatedError: There is none.
    """
    report = current_report(session, round_id=round_id)
    if report is None:
        raise NotEvaluatedError
    return report


def report_numbered(session: Session, *, report_id: int) -> ReportView:
    """Return a report by its id, as a notice or an award names it."""
    return _view(session, session.get_one(EvaluationReport, report_id))


def report_with_digest(session: Session, *, round_id: int, digest: str) -> ReportView:
    """Return a report of a round by its digest; of several that say the same, the first.

    Raises:
        NotFoundForActorError: The round has none of this digest.
    """
    wanted = (
        select(EvaluationReport)
        .where(EvaluationReport.round_id == round_id, EvaluationReport.report_digest == digest)
        .order_by(EvaluationReport.id)
        .limit(1)
    )
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFoundForActorError
    return _view(session, row)


def is_up_to_date(session: Session, *, round_: Round, report: ReportView) -> bool:
    """Tell whether a report is of the facts, answers and rules that are known now."""
    sheet = read_sheet(session, round_=round_).sheet
    facts = write_facts(sheet, answers_of(session, round_id=round_.id))
    return _is_made_of(report, facts, rules_in_force(session, round_=round_).rulebook.digest)


def _view(session: Session, row: EvaluationReport) -> ReportView:
    made_of = select(EvaluatedSheet).where(EvaluatedSheet.report_id == row.id)
    return ReportView(row, session.scalars(made_of).one_or_none())


def _is_made_of(known: ReportView, facts: str, rulebook_digest: str) -> bool:
    evaluated = known.evaluated
    return (
        evaluated is not None
        and evaluated.facts_digest == text_digest(facts)
        and known.row.rulebook_digest == rulebook_digest
        and known.row.code_version == version("jicai")
    )


def _keep(session: Session, stored: EvaluationReport, read: AwardSheet, facts: str) -> None:
    owners = [[lot, bid, owner] for (lot, bid), owner in sorted(read.owners.items())]
    left_out = [
        {
            "lot": one.lot,
            "bid": one.bid,
            "organisation_id": one.organisation_id,
            **asdict(one.reason),
        }
        for one in read.left_out
    ]
    session.add(
        EvaluatedSheet(
            report_id=stored.id,
            facts=facts,
            facts_digest=text_digest(facts),
            owners=json.dumps(owners, ensure_ascii=False),
            left_out=json.dumps(left_out, ensure_ascii=False),
        )
    )
    session.flush()


def _tell(
    session: Session,
    round_: Round,
    stored: EvaluationReport,
    read: AwardSheet,
    answers: tuple[Answer, ...],
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action="evaluate-round",
        subject=f"round/{round_.name}",
        facts={
            "report": stored.report_digest,
            "rulebook": stored.rulebook_digest,
            "bids": str(len(read.sheet.bids)),
            "left-out": str(len(read.left_out)),
            "answers": str(len(answers)),
        },
        moment=moment,
    )
    if round_.bureau_id is not None:
        notify(
            session,
            organisation_id=round_.bureau_id,
            zh=f"“{round_.title}”：评审完成，请核对评审报告和待答事项。",
            en=f"“{round_.title}”: evaluated. Check the report and the open questions.",
            link=f"/rounds/{round_.name}/evaluation",
            moment=moment,
            key=f"evaluated {stored.id}",
        )
