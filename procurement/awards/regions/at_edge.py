"""What pages and interface of the choice of regions share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.awards.fixing import award_of
from procurement.awards.regions.choosers import ChoosingLot, choosing_lots, region_name
from procurement.awards.regions.preferences import preferences
from procurement.awards.regions.service import find_choice
from procurement.awards.regions.subjects import regions_subject
from procurement.awards.regions.tables import RegionChoice, RegionTurn
from procurement.awards.regions.turns import LotTurns, turns_of
from procurement.awards.regions.ways import TurnWay
from procurement.awards.tables import AwardedBid
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.reading import round_named
from procurement.rounds.tables import Round
from procurement.web import Visit

_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """What a winner sees of its own in a lot.

    Attributes:
        winner: Its bid.
        main: Regions that it prefers.
        spare: Spare regions that it prefers.
    """

    winner: AwardedBid
    main: tuple[str, ...]
    spare: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as a visitor sees it.

    Attributes:
        lot: Lot, regions and winners.
        state: The turns.
        turn: The one that is waiting, if any.
        own: The visitor's own place, for its winners.
        is_own_turn: Whether the visitor may choose now.
        is_overdue: Whether the clock of the turn ran out.
        free: Regions that can be chosen now.
    """

    lot: ChoosingLot
    state: LotTurns
    turn: RegionTurn | None
    own: OwnPlace | None
    is_own_turn: bool
    is_overdue: bool
    free: tuple[str, ...]

    def turn_bid(self) -> str:
        """Whose turn it is."""
        return "" if self.turn is None else self.state.bid_of(self.turn)


def round_for_regions(visit: Visit, name: str, action: Action) -> Round:
    """Return a round whose choice of regions the visitor may see or work on.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    round_ = round_named(visit.session, name=name)
    visit.require(action, regions_subject(visit.session, round_=round_, actor=visit.actor))
    if award_of(visit.session, round_id=round_.id) is None:
        raise NotFoundForActorError
    return round_


def lot_views(visit: Visit, round_: Round, *, code: str | None = None) -> list[LotView]:
    """Return the lots of a round as the visitor sees them; one of them, or all."""
    moment = database_moment(visit.session)
    return [
        _view(visit, lot, moment)
        for lot in choosing_lots(visit.session, round_=round_)
        if code in (None, lot.lot.code)
    ]


def _view(visit: Visit, lot: ChoosingLot, moment: datetime) -> LotView:
    state = turns_of(visit.session, lot=lot)
    turn, own = state.waiting, _own_place(visit, lot)
    is_own = (
        turn is not None
        and lot.winner_by_id(turn.awarded_bid_id).organisation_id == visit.actor.organisation_id
    )
    is_overdue = turn is not None and moment >= turn.due_at
    return LotView(
        lot=lot,
        state=state,
        turn=turn,
        own=own,
        is_own_turn=is_own and not is_overdue,
        is_overdue=is_overdue,
        free=() if turn is None else state.free(turn),
    )


def _own_place(visit: Visit, lot: ChoosingLot) -> OwnPlace | None:
    own = [one for one in lot.winners if one.organisation_id == visit.actor.organisation_id]
    if not own:
        return None
    # Of several products of one firm the best ranked is shown; each has its own turns.
    winner = own[0]
    main, spare = (
        preferences(visit.session, awarded_bid_id=winner.id, spare=spare) for spare in (False, True)
    )
    return OwnPlace(winner, main, spare)


def require_lot(visit: Visit, round_: Round, code: str) -> LotView:
    """Return one lot.

    Raises:
        NotFoundForActorError: The round has no such lot that chooses.
    """
    for view in lot_views(visit, round_, code=code):
        return view
    raise NotFoundForActorError


def read_regions(visit: Visit, text: str, lot: ChoosingLot, field: str) -> tuple[str, ...]:
    """Read a list of regions that somebody typed: names or codes, in order.

    Raises:
        InvalidInputError: One of them is none of the lot's.
    """
    known = {name: region for region in lot.regions for name in (region, *region_name(region))}
    words = [word for word in _BETWEEN.split(text.strip()) if word]
    if strange := [word for word in words if word not in known]:
        fault = FieldFault(
            field,
            f"不是本品种的地区：{'、'.join(strange)}。",
            f"Not a region of this lot: {', '.join(strange)}.",
        )
        raise InvalidInputError([fault])
    return tuple(known[word] for word in words)


def progress_of(views: Sequence[LotView]) -> tuple[int, int]:
    """Return how many main regions are chosen, and of how many."""
    chosen = [
        turn
        for view in views
        for turn in view.state.played
        if not turn.spare and turn.way != TurnWay.WAITING
    ]
    return len(chosen), sum(len(view.lot.regions) for view in views)


def version_of(views: Sequence[LotView]) -> str:
    """Return what changes with every turn, so that a page knows when to load itself again."""
    return "-".join(
        f"{len(view.state.played)}.{sum(turn.way != TurnWay.WAITING for turn in view.state.played)}"
        for view in views
    )


def choice_of(visit: Visit, round_: Round) -> RegionChoice | None:
    """Return the choice of a round, if it has begun."""
    return find_choice(visit.session, round_id=round_.id)
