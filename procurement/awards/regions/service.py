"""The choice of regions: starting it, choosing in turn, and what follows when one is silent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Choice
from bidding.rules import RoundRules
from procurement.audit import record
from procurement.awards.evaluation import store_evaluation
from procurement.awards.fixing import awarded_bids
from procurement.awards.regions.choosers import (
    ChoosingLot,
    choosing_lot,
    choosing_lots,
    require_award,
)
from procurement.awards.regions.errors import (
    AlreadyStartedError,
    NotOverdueError,
    NotStartedError,
    OutOfTurnError,
    RegionTakenError,
    TurnOverError,
)
from procurement.awards.regions.preferences import preferences
from procurement.awards.regions.tables import (
    REASON_LENGTH_MAX,
    RegionChoice,
    RegionTurn,
)
from procurement.awards.regions.turns import LotTurns, go_on, turns_of, wait_for
from procurement.awards.regions.ways import TurnWay
from procurement.awards.tables import AwardedBid
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import Lot, Round, RoundStatus

SPARE = "regions.spare"
MINUTES_MAX = 7 * 24 * 60
NOBODY = Actor()


def find_choice(session: Session, *, round_id: int) -> RegionChoice | None:
    """Return the choice of regions of a round, or None before it begins."""
    return session.scalars(
        select(RegionChoice).where(RegionChoice.round_id == round_id)
    ).one_or_none()


def start_choice(
    session: Session, *, round_: Round, minutes_per_turn: int, actor: Actor, moment: datetime
) -> RegionChoice:
    """Begin the choice of regions: in every lot the first winner's clock starts.

    Where no winner has to choose (one winner in every lot, or volumes that go by rank), the round
    goes on at once.

    Args:
        session: Session of the caller's transaction.
        round_: An awarded round.
        minutes_per_turn: How long a winner has for one region.
        actor: The officer.
        moment: By the database's clock.

    Raises:
        AlreadyStartedError: It began before.
        InvalidTransitionError: The round is not awarded.
        InvalidInputError: The minutes are not from 1 to a week.
    """
    lock_round(session, round_=round_)
    if find_choice(session, round_id=round_.id) is not None:
        raise AlreadyStartedError
    if round_.status != RoundStatus.AWARDED:
        raise InvalidTransitionError(RoundStatus(round_.status), RoundStatus.REGIONS_CHOSEN)
    _check_minutes(minutes_per_turn)
    in_force = rules_in_force(session, round_=round_)
    rules = RoundRules(in_force.rulebook, in_force.options)
    choice = RegionChoice(
        round_id=round_.id,
        minutes_per_turn=minutes_per_turn,
        with_spare=rules.knows(SPARE) and rules.flag(SPARE),
        started_by=actor.person_id,
        started_at=moment,
    )
    session.add(choice)
    session.flush()
    _record(session, round_, actor, "start-region-choice", moment, minutes=str(minutes_per_turn))
    _tell_winners(
        session,
        round_,
        moment,
        zh=f"{round_.title}：选区开始，每轮 {minutes_per_turn} 分钟。",
        en=f"{round_.title}: the choice of regions begins, {minutes_per_turn} minutes a turn.",
        key=f"regions started {round_.id}",
    )
    _advance(session, round_, choice, choosing_lots(session, round_=round_), moment)
    return choice


def _check_minutes(minutes: int) -> None:
    if not 1 <= minutes <= MINUTES_MAX:
        fault = FieldFault(
            "minutes_per_turn",
            f"须为 1 至 {MINUTES_MAX} 的整数。",
            f"Expected a whole number from 1 to {MINUTES_MAX}.",
        )
        raise InvalidInputError([fault])


def choose_region(
    session: Session, *, round_: Round, lot_code: str, region: str | None, actor: Actor
) -> RegionTurn:
    """Choose a region in one's own turn, or pass where a spare region is asked for.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        lot_code: The lot.
        region: As the list of free regions names it; None passes.
        actor: Of the winner whose turn it is.

    Returns:
        The turn, decided.

    Raises:
        NotStartedError: The choice has not begun.
        OutOfTurnError: It is not the actor's turn.
        TurnOverError: Its clock ran out.
        RegionTakenError: The region is not free.
    """
    choice, state = _locked(session, round_, lot_code)
    turn = state.waiting
    if turn is None or _owner(state, turn) != actor.organisation_id:
        raise OutOfTurnError
    moment = database_moment(session)
    if moment >= turn.due_at:
        raise TurnOverError
    if region is None:
        if not turn.spare:
            raise RegionTakenError("")
        _decide(session, turn, TurnWay.PASSED, None, moment, person_id=actor.person_id)
    else:
        _check_free(state, turn, region)
        _decide(session, turn, TurnWay.CHOSEN, region, moment, person_id=actor.person_id)
    _note_turn(session, round_, actor, state, turn, moment)
    _advance(session, round_, choice, (state.lot,), moment)
    return turn


def assign_region(
    session: Session,
    *,
    round_: Round,
    lot_code: str,
    region: str,
    reason: str,
    actor: Actor,
) -> RegionTurn:
    """Assign a region to a winner that is silent and whose list of preferences names none.

    No source says who is to choose then, so that an officer does, and says why.

    Raises:
        NotOverdueError: The winner's time is not over.
        RegionTakenError: The region is not free.
        InvalidInputError: There is no reason.
    """
    choice, state = _locked(session, round_, lot_code)
    turn, moment = state.waiting, database_moment(session)
    if turn is None or moment < turn.due_at:
        raise NotOverdueError
    reason = _reason(reason)
    _check_free(state, turn, region)
    _decide(session, turn, TurnWay.ASSIGNED, region, moment, person_id=actor.person_id)
    turn.reason = reason
    _note_turn(session, round_, actor, state, turn, moment)
    _advance(session, round_, choice, (state.lot,), moment)
    return turn


def prolong_turn(
    session: Session, *, round_: Round, lot_code: str, minutes: int, actor: Actor
) -> RegionTurn:
    """Give a silent winner more time, from now on.

    Raises:
        NotOverdueError: Its time is not over.
        InvalidInputError: The minutes are not from 1 to a week.
    """
    _, state = _locked(session, round_, lot_code)
    turn, moment = state.waiting, database_moment(session)
    if turn is None or moment < turn.due_at:
        raise NotOverdueError
    _check_minutes(minutes)
    turn.due_at = moment + timedelta(minutes=minutes)
    session.flush()
    wait_for(session, turn=turn, moment=moment)
    _note_turn(session, round_, actor, state, turn, moment)
    return turn


def lapse(session: Session, *, round_: Round, lot_code: str) -> bool:
    """Let the list of preferences choose for a winner whose clock ran out.

    A main region without a usable list waits for an officer; a spare one is passed.

    Returns:
        Whether anything was decided.
    """
    choice, state = _locked(session, round_, lot_code)
    turn, moment = state.waiting, database_moment(session)
    if turn is None or moment < turn.due_at:
        return False
    wished = preferences(session, awarded_bid_id=turn.awarded_bid_id, spare=turn.spare)
    free = state.free(turn)
    region = next((one for one in wished if one in free), None)
    if region is not None:
        _decide(session, turn, TurnWay.PREFERENCE, region, moment)
    elif turn.spare:
        _decide(session, turn, TurnWay.PASSED, None, moment)
    else:
        return False
    _note_turn(session, round_, NOBODY, state, turn, moment)
    _advance(session, round_, choice, (state.lot,), moment)
    return True


def chosen(session: Session, *, round_id: int) -> tuple[Choice, ...]:
    """Return what was chosen so far, as `bidding.evaluate` takes it.

    The order is that in which a winner chose: with it the evaluation names the same regions.
    """
    rows = session.execute(
        select(Lot.code, AwardedBid.bid, RegionTurn.spare, RegionTurn.region)
        .join(RegionChoice, RegionChoice.id == RegionTurn.choice_id)
        .join(Lot, Lot.id == RegionTurn.lot_id)
        .join(AwardedBid, AwardedBid.id == RegionTurn.awarded_bid_id)
        .where(RegionChoice.round_id == round_id, RegionTurn.region.is_not(None))
        .order_by(Lot.code, AwardedBid.bid, RegionTurn.spare, RegionTurn.number)
    )
    order: dict[tuple[str, str, bool], int] = {}
    choices = []
    for lot, bid, spare, region in rows:
        place = (lot, bid, spare)
        order[place] = order.get(place, 0) + 1
        choices.append(Choice(lot, bid, order[place], str(region), spare))
    return tuple(choices)


def _locked(session: Session, round_: Round, lot_code: str) -> tuple[RegionChoice, LotTurns]:
    lock_round(session, round_=round_)
    choice = find_choice(session, round_id=round_.id)
    if choice is None:
        raise NotStartedError
    lot = choosing_lot(session, round_=round_, code=lot_code)
    return choice, turns_of(session, lot=lot)


def _owner(state: LotTurns, turn: RegionTurn) -> int:
    return state.lot.winner_by_id(turn.awarded_bid_id).organisation_id


def _check_free(state: LotTurns, turn: RegionTurn, region: str) -> None:
    if region not in state.free(turn):
        raise RegionTakenError(region)


def _decide(
    session: Session,
    turn: RegionTurn,
    way: TurnWay,
    region: str | None,
    moment: datetime,
    *,
    person_id: int | None = None,
) -> None:
    turn.way, turn.region = way, region
    turn.person_id, turn.decided_at = person_id, moment
    session.flush()


def _advance(
    session: Session,
    round_: Round,
    choice: RegionChoice,
    lots: Sequence[ChoosingLot],
    moment: datetime,
) -> None:
    link = f"/rounds/{round_.name}/regions"
    for lot in lots:
        go_on(session, choice=choice, lot=lot, link=link, moment=moment)
    if not all(_is_finished(session, choice, lot) for lot in lots):
        return
    everything = choosing_lots(session, round_=round_)
    if all(_is_finished(session, choice, lot) for lot in everything):
        _finish(session, round_, choice, moment)


def _is_finished(session: Session, choice: RegionChoice, lot: ChoosingLot) -> bool:
    state = turns_of(session, lot=lot)
    if state.waiting is not None or sum(map(len, state.regions(spare=False).values())) < len(
        lot.regions
    ):
        return False
    return not choice.with_spare or state.next_spare is None


def _finish(session: Session, round_: Round, choice: RegionChoice, moment: datetime) -> None:
    choice.ended_at = moment
    session.flush()
    report = store_evaluation(
        session, round_=round_, moment=moment, choices=chosen(session, round_id=round_.id)
    )
    set_status(session, round_=round_, status=RoundStatus.REGIONS_CHOSEN, moment=moment)
    _record(session, round_, NOBODY, "regions-chosen", moment, report=report.report_digest)
    _tell_winners(
        session,
        round_,
        moment,
        zh=f"{round_.title}：选区完成，请提名各地区的配送企业。",
        en=f"{round_.title}: the regions are chosen. Nominate distributors for them.",
        key=f"regions chosen {round_.id}",
    )


def _tell_winners(
    session: Session, round_: Round, moment: datetime, *, zh: str, en: str, key: str
) -> None:
    require_award(session, round_id=round_.id)
    winners = {bid.organisation_id for bid, _ in awarded_bids(session, round_id=round_.id)}
    notify_all(
        session,
        organisation_ids=sorted(winners),
        zh=zh,
        en=en,
        link=f"/rounds/{round_.name}/regions",
        moment=moment,
        key=key,
    )


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > REASON_LENGTH_MAX:
        fault = FieldFault(
            "reason",
            f"请填写理由，最多 {REASON_LENGTH_MAX} 字。",
            f"Give a reason of at most {REASON_LENGTH_MAX} characters.",
        )
        raise InvalidInputError([fault])
    return text


def _note_turn(
    session: Session,
    round_: Round,
    actor: Actor,
    state: LotTurns,
    turn: RegionTurn,
    moment: datetime,
) -> None:
    facts: Mapping[str, str] = {
        "lot": state.lot.lot.code,
        "bid": state.bid_of(turn),
        "turn": str(turn.number),
        "spare": str(turn.spare).lower(),
        "way": turn.way,
        "region": turn.region or "",
    }
    _record(session, round_, actor, "region-turn", moment, **facts)


def _record(
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
