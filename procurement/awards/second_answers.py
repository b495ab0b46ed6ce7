"""Calling for second answers: what the report asks of bidders becomes a sitting under seal."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bidding.bid_sheet import QuestionKind
from procurement.awards.errors import ReportOutdatedError
from procurement.awards.evaluation import is_up_to_date, require_report
from procurement.awards.report_view import ReportView
from procurement.bids.sittings import Asked, call_for_answers
from procurement.bids.tables import Sitting
from procurement.errors import RefusedError
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import Round, RoundStatus

ASKED_OF_BIDDERS = (QuestionKind.REVIVE, QuestionKind.CUT)


class NothingToAskError(RefusedError):
    """The report asks nothing of bidders."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="评审报告中没有须由企业答复的事项。",
            en="The report asks no bidder anything.",
        )


def call_second_answers(
    session: Session,
    *,
    round_: Round,
    due_in: timedelta,
    actor: Actor,
    moment: datetime,
    secret_key: bytes,
) -> Sitting:
    """Ask all bidders at once what the report asks of them, to be answered before one deadline.

    Args:
        session: Session of the caller's transaction.
        round_: An evaluated round.
        due_in: How long they have, from now on.
        actor: The officer.
        moment: When.
        secret_key: `Settings.secret_key`.

    Returns:
        The sitting; the round is at its second answers.

    Raises:
        InvalidTransitionError: The round is not at its evaluation.
        ReportOutdatedError: The report is not of what is known by now.
        NothingToAskError: No question waits for a bidder.
        InvalidInputError: The time is too short or too long.
    """
    lock_round(session, round_=round_)
    present = RoundStatus(round_.status)
    if present != RoundStatus.EVALUATED:
        raise InvalidTransitionError(present, RoundStatus.SECOND_ANSWERS)
    report = require_report(session, round_id=round_.id)
    if not is_up_to_date(session, round_=round_, report=report):
        raise ReportOutdatedError
    questions = questions_to_ask(report)
    if not questions:
        raise NothingToAskError
    return call_for_answers(
        session,
        round_=round_,
        questions=questions,
        due_in=due_in,
        actor=actor,
        moment=moment,
        secret_key=secret_key,
    )


def questions_to_ask(report: ReportView) -> tuple[Asked, ...]:
    """Return what a report asks of bidders, with whose bid each question is about."""
    return tuple(
        Asked(
            lot=one["lot"],
            bid=one["bid"],
            question=QuestionKind(one["question"]),
            organisation_id=report.owners[one["lot"], one["bid"]],
            price=None if one["price"] is None else Decimal(one["price"]),
        )
        for one in report.pending
        if one["by"] == "bidder" and one["question"] in ASKED_OF_BIDDERS
    )
