"""The end of a round: its cycle is over, or the cycle of the round that follows on begins."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.agreements.errors import CycleNotOverError
from procurement.agreements.tables import AgreementTerm
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import Round, RoundStatus


def end_predecessor(session: Session, *, round_: Round, actor: Actor, moment: datetime) -> None:
    """Bring the round before to “followed on”, now that the follow-on's cycle begins.

    Only a round that runs, and that the same bureau leads: a province that follows on a national
    round by itself does not end it for the others.

    Args:
        session: Session of the caller's transaction.
        round_: The round whose cycle begins.
        actor: Who began it.
        moment: When.
    """
    before = None if round_.follows_id is None else session.get(Round, round_.follows_id)
    if before is None or before.bureau_id != round_.bureau_id:
        return
    if before.status != RoundStatus.RUNNING:
        return
    set_status(
        session,
        round_=before,
        status=RoundStatus.FOLLOWED_ON,
        moment=moment,
        reason=f"由“{round_.title}”（{round_.name}）接续"[:500],
        person_id=actor.person_id,
    )


def is_over(term: AgreementTerm, day: date) -> bool:
    """Tell whether a term's last day is past."""
    return term.ends_on < day


def end_cycle(
    session: Session, *, round_: Round, last: AgreementTerm | None, actor: Actor, moment: datetime
) -> None:
    """End a round whose last term is over, and that no other round has followed on.

    Args:
        session: Session of the caller's transaction.
        round_: A round whose cycle runs.
        last: Its last term.
        actor: The officer.
        moment: When.

    Raises:
        CycleNotOverError: Its last term is not over, or its cycle does not run.
    """
    lock_round(session, round_=round_)
    if round_.status != RoundStatus.RUNNING or last is None:
        raise CycleNotOverError
    if not is_over(last, day_in_china(moment)):
        raise CycleNotOverError
    set_status(
        session,
        round_=round_,
        status=RoundStatus.ENDED,
        moment=moment,
        person_id=actor.person_id,
    )
    record(
        session,
        actor=actor,
        action="end-cycle",
        subject=f"round/{round_.name}",
        facts={"term": str(last.number), "ended-on": last.ends_on.isoformat()},
        moment=moment,
    )
