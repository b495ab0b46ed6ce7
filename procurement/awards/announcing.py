"""The notice of the provisional selection (拟中选公示), open to objections until its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.awards.errors import ReportOutdatedError
from procurement.awards.evaluation import is_up_to_date, require_report
from procurement.awards.report_view import ReportView
from procurement.awards.tables import AwardNotice
from procurement.bids.subjects import signed_in
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify_all
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import Round, RoundStatus


class QuestionsOpenError(RefusedError):
    """Questions of the report have no answer yet."""

    def __init__(self, pending: Sequence[Mapping[str, object]]) -> None:
        """Name the lots."""
        lots = sorted({str(one["lot"]) for one in pending})
        super().__init__(
            zh=f"还有待答事项：{'、'.join(lots)}。答复并重新评审后才能公示。",
            en=f"Questions are open in {', '.join(lots)}: answer them and evaluate again before "
            "the notice.",
        )
        self.lots = tuple(lots)


def announce(
    session: Session, *, round_: Round, closes_at: datetime, actor: Actor, moment: datetime
) -> AwardNotice:
    """Put the provisional selection on notice, and tell every bidder what became of its bids.

    How long a notice lasts no source at hand states: the officer sets its end.

    Args:
        session: Session of the caller's transaction.
        round_: An evaluated round without open questions.
        closes_at: Objections are received before this moment, aware.
        actor: The officer.
        moment: When.

    Raises:
        InvalidTransitionError: The round is not at its evaluation.
        QuestionsOpenError: The report asks questions that nobody answered.
        ReportOutdatedError: The report is not of what is known by now.
        InvalidInputError: The end does not lie in the future.
    """
    _, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    present = RoundStatus(round_.status)
    if present != RoundStatus.EVALUATED:
        raise InvalidTransitionError(present, RoundStatus.ANNOUNCED)
    report = require_report(session, round_id=round_.id)
    if report.pending:
        raise QuestionsOpenError(report.pending)
    if not is_up_to_date(session, round_=round_, report=report):
        raise ReportOutdatedError
    _check_end(closes_at, max(moment, database_moment(session)))
    notice = AwardNotice(
        round_id=round_.id,
        number=1 + (_newest_number(session, round_.id) or 0),
        report_id=report.row.id,
        announced_at=moment,
        closes_at=closes_at,
        announced_by=person_id,
    )
    session.add(notice)
    session.flush()
    set_status(
        session, round_=round_, status=RoundStatus.ANNOUNCED, moment=moment, person_id=person_id
    )
    _record(session, round_, notice, report, actor, moment)
    _tell_bidders(session, round_, notice, report, moment)
    return notice


def _check_end(closes_at: datetime, now: datetime) -> None:
    if closes_at.tzinfo is None:
        zh, en = "请注明时区。", "Expected a moment with its time zone."
    elif closes_at <= now:
        zh, en = "公示截止时间须晚于现在。", "The notice must end later than now."
    else:
        return
    raise InvalidInputError([FieldFault("closes_at", zh, en)])


def notices_of(session: Session, *, round_id: int) -> Sequence[AwardNotice]:
    """Return the notices of a round, the oldest first."""
    of_round = select(AwardNotice).where(AwardNotice.round_id == round_id)
    return session.scalars(of_round.order_by(AwardNotice.number)).all()


def current_notice(session: Session, *, round_id: int) -> AwardNotice | None:
    """Return the newest notice of a round, or None before the first."""
    newest = select(AwardNotice).where(AwardNotice.round_id == round_id)
    return session.scalars(newest.order_by(AwardNotice.number.desc()).limit(1)).one_or_none()


def notice_numbered(session: Session, *, round_id: int, number: int) -> AwardNotice:
    """Return a notice of a round.

    Raises:
        NotFoundForActorError: The round has no such notice.
    """
    wanted = select(AwardNotice).where(
        AwardNotice.round_id == round_id, AwardNotice.number == number
    )
    notice = session.scalars(wanted).one_or_none()
    if notice is None:
        raise NotFoundForActorError
    return notice


def _newest_number(session: Session, round_id: int) -> int | None:
    return session.scalar(
        select(func.max(AwardNotice.number)).where(AwardNotice.round_id == round_id)
    )


def _record(
    session: Session,
    round_: Round,
    notice: AwardNotice,
    report: ReportView,
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action="announce-award",
        subject=f"round/{round_.name}",
        facts={
            "notice": str(notice.number),
            "report": report.row.report_digest,
            "closes-at": notice.closes_at.isoformat(),
        },
        moment=moment,
    )


def _tell_bidders(
    session: Session, round_: Round, notice: AwardNotice, report: ReportView, moment: datetime
) -> None:
    """Tell winners, and tell losers that their letter is there."""
    selected = _selected(report)
    bidders = set(report.owners.values())
    for ids, said in (
        (
            selected,
            (
                f"“{round_.title}”：贵单位有产品拟中选，现予公示。",
                f"“{round_.title}”: bids of yours are provisionally selected, and on notice.",
            ),
        ),
        (
            bidders - selected,
            (
                f"“{round_.title}”：贵单位未中选，告知书已生成，可核对换算、名次和差额。",
                f"“{round_.title}”: your bids are not selected. Your letter tells rank, clause and "
                "the price that would have been selected.",
            ),
        ),
    ):
        notify_all(
            session,
            organisation_ids=sorted(ids),
            zh=said[0],
            en=said[1],
            link=f"/rounds/{round_.name}/result",
            moment=moment,
            key=f"announced {notice.id}",
        )


def _selected(report: ReportView) -> set[int]:
    """The organisations of which a bid is selected."""
    return {
        report.owners[lot["lot"], one["bid"]]
        for lot in report.lots
        for one in lot["outcomes"]
        if one["selected"] and (lot["lot"], one["bid"]) in report.owners
    }
