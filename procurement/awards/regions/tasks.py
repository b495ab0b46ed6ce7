"""What waits for winners and officers in the choice of regions."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.awards.regions.tables import RegionChoice, RegionTurn
from procurement.awards.regions.ways import TurnWay
from procurement.awards.tables import AwardedBid
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Lot, Round, RoundStatus


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if Role.MANUFACTURER in actor.roles:
        tasks += _of_winner(session, actor, moment)
    if Role.OFFICER in actor.roles:
        tasks += _of_officer(session, actor, moment)
    return tasks


def _waiting(session: Session) -> list[tuple[Round, Lot, RegionTurn, int]]:
    rows = session.execute(
        select(Round, Lot, RegionTurn, AwardedBid.organisation_id)
        .join(RegionChoice, RegionChoice.round_id == Round.id)
        .join(RegionTurn, RegionTurn.choice_id == RegionChoice.id)
        .join(Lot, Lot.id == RegionTurn.lot_id)
        .join(AwardedBid, AwardedBid.id == RegionTurn.awarded_bid_id)
        .where(Round.status == RoundStatus.AWARDED, RegionTurn.way == TurnWay.WAITING)
        .order_by(RegionTurn.due_at, RegionTurn.id)
    )
    return [(round_, lot, turn, owner) for round_, lot, turn, owner in rows]


def _of_winner(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    for round_, lot, turn, owner in _waiting(session):
        if owner == actor.organisation_id and turn.due_at > moment:
            kind = ("备供", "spare") if turn.spare else ("主供", "main")
            yield Task(
                zh=f"轮到贵单位：为 {lot.code} {lot.product} 选择{kind[0]}地区",
                en=f"Your turn: choose a {kind[1]} region for {lot.code} {lot.product}",
                link=f"/rounds/{round_.name}/regions",
                due_at=turn.due_at,
                urgent=True,
            )


def _of_officer(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    overdue: dict[int, tuple[Round, int]] = {}
    for round_, _, turn, _ in _waiting(session):
        if round_.bureau_id == actor.organisation_id and turn.due_at <= moment:
            _, number = overdue.get(round_.id, (round_, 0))
            overdue[round_.id] = (round_, number + 1)
    for round_, number in overdue.values():
        yield Task(
            zh=f"“{round_.title}”选区：{number} 个轮次逾时且无可用志愿，请处理",
            en=f"Regions of “{round_.title}”: {number} silent winners without a usable list",
            link=f"/rounds/{round_.name}/regions",
            urgent=True,
        )
    started = select(RegionChoice.round_id)
    led = select(Round).where(
        Round.bureau_id == actor.organisation_id,
        Round.status == RoundStatus.AWARDED,
        Round.id.not_in(started),
    )
    for round_ in session.scalars(led.order_by(Round.id)):
        yield Task(
            zh=f"开始“{round_.title}”的选区",
            en=f"Start the choice of regions of “{round_.title}”",
            link=f"/rounds/{round_.name}/regions",
            urgent=True,
        )
