"""Bringing a round through its drafting: volume reporting, comments, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.permissions import Action, Actor
from procurement.rounds.progress import lock_round, record_change, set_status
from procurement.rounds.readiness import Check, CheckRound, refuse_unmet, reporting_checks
from procurement.rounds.rules import TRANSITIONS, InvalidTransitionError, check_transition
from procurement.rounds.tables import Round, RoundStatus

BY_OFFICER = (RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS, RoundStatus.DRAFT)
"""Statuses that one officer brings a round to."""

SENTENCES: Mapping[RoundStatus, tuple[str, str]] = {
    RoundStatus.VOLUME_REPORTING: (
        "品种和规格向参加地区的医疗机构公布，医疗机构在报量时间内填报；期间品种和规格不能更改。",
        "Lots and strengths are shown to the hospitals of the regions, which report within the "
        "dates; lots and strengths stand meanwhile.",
    ),
    RoundStatus.COMMENTS: (
        "采购文件（征求意见稿）公开，各方可以提出意见，意见和答复均留存；报量尚未截止的，继续到截止。",
        "The draft document is public and open for comments; comments and answers are kept. "
        "Volume reporting that is not over goes on until its closing.",
    ),
    RoundStatus.DRAFT: (
        "批次退回起草，品种和规格可以修改；已填报的需求量保留。",
        "The round goes back to the draft, so that lots and strengths can change; reported "
        "volumes are kept.",
    ),
}
"""What will happen, whole, in Chinese and in English."""


def advance_round(
    session: Session,
    *,
    round_: Round,
    status: RoundStatus,
    version: int,
    actor: Actor,
    moment: datetime,
    comment_checks: Sequence[CheckRound] = (),
) -> Round:
    """Start volume reporting or the comments, or take the round back to the draft.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        status: One of `BY_OFFICER`.
        version: The version that the page showed.
        actor: The officer.
        moment: When.
        comment_checks: What other stages look at before the comments, such as the document.

    Raises:
        StaleError: Somebody else changed the round since.
        InvalidTransitionError: The round cannot go there, or one officer cannot bring it there.
        NotReadyError: A point that is needed is not met.
    """
    lock_round(session, round_=round_, version=version)
    present = RoundStatus(round_.status)
    if status not in BY_OFFICER:
        raise InvalidTransitionError(present, status)
    check_transition(present, status)
    refuse_unmet(advance_checks(session, round_, status, moment, comment_checks))
    set_status(session, round_=round_, status=status, moment=moment, person_id=actor.person_id)
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts={"from": present, "to": status},
        moment=moment,
    )
    return round_


def advance_checks(
    session: Session,
    round_: Round,
    status: RoundStatus,
    moment: datetime,
    comment_checks: Sequence[CheckRound] = (),
) -> Iterable[Check]:
    """Look at what a status needs before an officer brings a round to it."""
    if status == RoundStatus.VOLUME_REPORTING:
        yield from reporting_checks(session, round_, moment)
    if status == RoundStatus.COMMENTS:
        closes = round_.comments_close_at
        yield Check(
            key="comments-date",
            zh="征求意见截止时间已定，且在将来" if closes else "征求意见截止时间未定",
            en="comments have a closing date ahead" if closes else "comments have no closing date",
            is_met=closes is not None and closes > moment,
            link=f"/rounds/{round_.name}/timetable",
        )
        for check in comment_checks:
            yield from check(session, round_, moment)


def next_by_officer(status: RoundStatus) -> tuple[RoundStatus, ...]:
    """Return the statuses that one officer may bring a round to, from where it stands.

    Examples:
        >>> [status.value for status in next_by_officer(RoundStatus.COMMENTS)]
        ['volume-reporting', 'draft']
    """
    return tuple(wanted for wanted in TRANSITIONS[status] if wanted in BY_OFFICER)
