"""The choice of regions by machine."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.awards.regions.at_edge import (
    LotView,
    choice_of,
    lot_views,
    require_lot,
    round_for_regions,
)
from procurement.awards.regions.preferences import PreferenceList, keep_preferences
from procurement.awards.regions.service import assign_region, choose_region, start_choice
from procurement.awards.regions.tables import RegionTurn
from procurement.database import database_moment
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class TurnEntry:
    """One turn.

    Attributes:
        number: From 1, of main and of spare regions each.
        bid: Whose turn it is.
        spare: A spare region is chosen.
        way: waiting, chosen, preference, assigned, rest or passed.
        region: What was chosen, as the evaluation names it.
        due_at: Until when the winner may choose.
    """

    number: int
    bid: str
    spare: bool
    way: str
    region: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LotEntry:
    """The choice of one lot.

    Attributes:
        lot: Its code.
        regions: All regions.
        winners: Bids that choose, in the order of choice.
        free: What can be chosen now.
        turns: Main before spare, in order.
    """

    lot: str
    regions: list[str]
    winners: list[str]
    free: list[str]
    turns: list[TurnEntry]


@dataclass(frozen=True, slots=True)
class RegionsEntry:
    """The choice of regions of a round.

    Attributes:
        minutes_per_turn: How long a turn lasts; null before the choice begins.
        with_spare: Whether spare suppliers are chosen.
        started_at: When it began.
        ended_at: When the last region had its supplier.
        lots: By code.
    """

    minutes_per_turn: int | None
    with_spare: bool | None
    started_at: datetime | None
    ended_at: datetime | None
    lots: list[LotEntry]


@dataclass(frozen=True, slots=True)
class StartBody:
    """What an officer decides.

    Attributes:
        minutes_per_turn: How long a winner has for one region.
    """

    minutes_per_turn: int


@dataclass(frozen=True, slots=True)
class ChoiceBody:
    """What a winner chooses.

    Attributes:
        region: As listed; null passes, where a spare region is asked for.
    """

    region: str | None


@dataclass(frozen=True, slots=True)
class PreferencesBody:
    """What a winner prefers, most preferred first.

    Attributes:
        main: Main regions.
        spare: Spare regions.
    """

    main: list[str]
    spare: list[str]


@dataclass(frozen=True, slots=True)
class AssignmentBody:
    """What an officer assigns to a silent winner.

    Attributes:
        region: As listed.
        reason: Why this one.
    """

    region: str
    reason: str


def _entry(visit: Visit, round_: Round) -> RegionsEntry:
    choice = choice_of(visit, round_)
    return RegionsEntry(
        None if choice is None else choice.minutes_per_turn,
        None if choice is None else choice.with_spare,
        None if choice is None else choice.started_at,
        None if choice is None else choice.ended_at,
        [_lot(view) for view in lot_views(visit, round_)],
    )


def _lot(view: LotView) -> LotEntry:
    return LotEntry(
        view.lot.lot.code,
        list(view.lot.regions),
        list(view.lot.names),
        list(view.free),
        [_turn(view, turn) for turn in view.state.played],
    )


def _turn(view: LotView, turn: RegionTurn) -> TurnEntry:
    bid = view.state.bid_of(turn)
    return TurnEntry(turn.number, bid, turn.spare, turn.way, turn.region, turn.due_at)


@get("/api/v1/rounds/{name:str}/regions")
@reads
def read_choice(visit: Visit, name: FromPath[str]) -> RegionsEntry:
    """Read how far the choice of regions is."""
    return _entry(visit, round_for_regions(visit, name, Action.READ_REGIONS))


@post("/api/v1/rounds/{name:str}/regions/start", status_code=201)
@writes
def start(visit: Visit, name: FromPath[str], data: JSONBody[StartBody]) -> RegionsEntry:
    """Start the choice of regions."""
    round_ = round_for_regions(visit, name, Action.RUN_REGION_CHOICE)
    start_choice(
        visit.session,
        round_=round_,
        minutes_per_turn=data.minutes_per_turn,
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _entry(visit, round_)


@post("/api/v1/rounds/{name:str}/regions/{code:str}/choices", status_code=201)
@writes
def choose(
    visit: Visit, name: FromPath[str], code: FromPath[str], data: JSONBody[ChoiceBody]
) -> LotEntry:
    """Choose a region in the own turn."""
    round_ = round_for_regions(visit, name, Action.CHOOSE_REGION)
    choose_region(
        visit.session, round_=round_, lot_code=code, region=data.region, actor=visit.actor
    )
    return _lot(require_lot(visit, round_, code))


@post("/api/v1/rounds/{name:str}/regions/{code:str}/preferences", status_code=201)
@writes
def prefer(
    visit: Visit, name: FromPath[str], code: FromPath[str], data: JSONBody[PreferencesBody]
) -> PreferencesBody:
    """Hand in the lists that choose for a silent winner."""
    round_ = round_for_regions(visit, name, Action.CHOOSE_REGION)
    view = require_lot(visit, round_, code)
    if view.own is None:
        raise NotFoundForActorError
    for regions, spare in ((data.main, False), (data.spare, True)):
        wanted = PreferenceList(lot=view.lot, winner=view.own.winner, regions=regions, spare=spare)
        keep_preferences(
            visit.session, round_=round_, wanted=wanted, actor=visit.actor, moment=visit.moment
        )
    return data


@post("/api/v1/rounds/{name:str}/regions/{code:str}/assignments", status_code=201)
@writes
def assign(
    visit: Visit, name: FromPath[str], code: FromPath[str], data: JSONBody[AssignmentBody]
) -> LotEntry:
    """Assign a region to a silent winner that handed no list in."""
    round_ = round_for_regions(visit, name, Action.RUN_REGION_CHOICE)
    assign_region(
        visit.session,
        round_=round_,
        lot_code=code,
        region=data.region,
        reason=data.reason,
        actor=visit.actor,
    )
    return _lot(require_lot(visit, round_, code))


ROUTES = (read_choice, start, choose, prefer, assign)
"""Handlers of this stage's interface."""
