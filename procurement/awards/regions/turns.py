"""The turns that were played in a lot, and opening the next as `bidding` says whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.allocation.in_turn import MainChoice, Turn, main_choice, spare_turn
from procurement.awards.regions.choosers import ChoosingLot
from procurement.awards.regions.tables import RegionChoice, RegionTurn
from procurement.awards.regions.ways import TurnWay
from procurement.jobs import enqueue
from procurement.notices import notify

LAPSE_JOB = "lapse-region-turn"
"""Comes when a turn's clock runs out."""


@dataclass(frozen=True, slots=True)
class LotTurns:
    """How far the choice of one lot is.

    Attributes:
        lot: The lot, its regions and winners.
        played: All turns, main before spare, in order; the last may be waiting.
    """

    lot: ChoosingLot
    played: Sequence[RegionTurn]

    @property
    def waiting(self) -> RegionTurn | None:
        """The turn that somebody is to play now."""
        return next((turn for turn in self.played if turn.way == TurnWay.WAITING), None)

    @property
    def main(self) -> MainChoice:
        """How far main regions are, without what fell to the last winner by itself."""
        picked = [
            (self.bid_of(turn), turn.region)
            for turn in self.played
            if not turn.spare and turn.region is not None and turn.way != TurnWay.REST
        ]
        return main_choice(self.lot.regions, self.lot.names, picked)

    @property
    def next_spare(self) -> Turn | None:
        """Whose turn it is to choose a spare region, once main regions are chosen."""
        played = [
            (self.bid_of(turn), turn.region)
            for turn in self.played
            if turn.spare and turn.way != TurnWay.WAITING
        ]
        return spare_turn(self.lot.regions, self.lot.names, self.regions(spare=False), played)

    def bid_of(self, turn: RegionTurn) -> str:
        """Identifier of the bid whose turn it is."""
        return self.lot.winner_by_id(turn.awarded_bid_id).bid

    def regions(self, *, spare: bool) -> dict[str, tuple[str, ...]]:
        """Regions of each winner, in the order chosen."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.lot.names, ())
        for turn in self.played:
            if turn.spare == spare and turn.region is not None:
                found[self.bid_of(turn)] += (turn.region,)
        return found

    def free(self, turn: RegionTurn) -> tuple[str, ...]:
        """Regions that may be chosen in the turn that is waiting."""
        following = self.next_spare if turn.spare else self.main.turn
        return () if following is None else following.free


def turns_of(session: Session, *, lot: ChoosingLot) -> LotTurns:
    """Return the turns of a lot."""
    played = session.scalars(
        select(RegionTurn)
        .where(RegionTurn.lot_id == lot.lot.id)
        .order_by(RegionTurn.spare, RegionTurn.number)
    ).all()
    return LotTurns(lot, played)


def go_on(
    session: Session, *, choice: RegionChoice, lot: ChoosingLot, link: str, moment: datetime
) -> bool:
    """Open the next turn of a lot, if there is one.

    Args:
        session: Session of the caller's transaction, which has locked the choice.
        choice: The round's choice.
        lot: The lot.
        link: The page of the choice.
        moment: By the database's clock.

    Returns:
        Whether the lot is finished.
    """
    state = turns_of(session, lot=lot)
    if state.waiting is not None:
        return False
    main = state.main
    if main.turn is not None:
        _open(session, choice, lot, main.turn, link, moment, spare=False)
        return False
    _keep_rest(session, choice, state, main, moment)
    state = turns_of(session, lot=lot)
    following = state.next_spare if choice.with_spare else None
    if following is None:
        return True
    _open(session, choice, lot, following, link, moment, spare=True)
    return False


def _keep_rest(
    session: Session, choice: RegionChoice, state: LotTurns, main: MainChoice, moment: datetime
) -> None:
    """Write down what fell to one winner by itself, once."""
    number = sum(not turn.spare for turn in state.played)
    known = state.regions(spare=False)
    for bid, regions in zip(state.lot.names, main.choice.names, strict=True):
        for region in regions[len(known[bid]) :]:
            number += 1
            session.add(
                RegionTurn(
                    choice_id=choice.id,
                    lot_id=state.lot.lot.id,
                    awarded_bid_id=state.lot.winner(bid).id,
                    spare=False,
                    number=number,
                    opened_at=moment,
                    due_at=moment,
                    way=TurnWay.REST,
                    region=region,
                    decided_at=moment,
                )
            )
    session.flush()


def _open(
    session: Session,
    choice: RegionChoice,
    lot: ChoosingLot,
    turn: Turn,
    link: str,
    moment: datetime,
    *,
    spare: bool,
) -> None:
    winner = lot.winner(turn.winner)
    opened = RegionTurn(
        choice_id=choice.id,
        lot_id=lot.lot.id,
        awarded_bid_id=winner.id,
        spare=spare,
        number=turn.number,
        opened_at=moment,
        due_at=moment + timedelta(minutes=choice.minutes_per_turn),
        way=TurnWay.WAITING,
    )
    session.add(opened)
    session.flush()
    wait_for(session, turn=opened, moment=moment)
    notify(
        session,
        organisation_id=winner.organisation_id,
        zh=f"{lot.lot.code} {lot.lot.product}：轮到贵单位选择{'备供' if spare else '主供'}地区。",
        en=f"{lot.lot.code} {lot.lot.product}: it is your turn to choose a "
        f"{'spare' if spare else 'main'} region.",
        link=link,
        moment=moment,
        key=f"region turn {opened.id}",
    )


def wait_for(session: Session, *, turn: RegionTurn, moment: datetime, again: bool = False) -> None:
    """Have somebody look when a turn's clock runs out; once, unless asked to look again."""
    enqueue(
        session,
        kind=LAPSE_JOB,
        payload={"turn_id": turn.id},
        moment=moment,
        run_at=turn.due_at,
        key=None if again else f"{LAPSE_JOB} {turn.id} {turn.due_at.isoformat()}",
    )
