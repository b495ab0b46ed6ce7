"""Who chooses regions in which lot, and in which order: as the evaluation's report says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import division_name, is_division
from procurement.awards.evaluation import report_numbered
from procurement.awards.fixing import award_of, awarded_bids
from procurement.awards.tables import Award, AwardedBid, EvaluationReport
from procurement.errors import RefusedError
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Lot, Round


class NotAwardedError(RefusedError):
    """The selection of the round is not final."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="本批次的中选结果尚未确定。", en="The round is not awarded yet.")


@dataclass(frozen=True, slots=True)
class ChoosingLot:
    """A lot whose winners choose regions.

    Attributes:
        lot: The lot.
        regions: All its regions, as the evaluation names them.
        winners: The bids that choose, in the order of choice.
    """

    lot: Lot
    regions: tuple[str, ...]
    winners: tuple[AwardedBid, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Identifiers of the winners' bids, in the order of choice."""
        return tuple(winner.bid for winner in self.winners)

    def winner(self, bid: str) -> AwardedBid:
        """The winner of an identifier."""
        return next(one for one in self.winners if one.bid == bid)

    def winner_by_id(self, awarded_bid_id: int) -> AwardedBid:
        """The winner of an id."""
        return next(one for one in self.winners if one.id == awarded_bid_id)


def require_award(session: Session, *, round_id: int) -> Award:
    """Return the award of a round.

    Raises:
        NotAwardedError: It is not fixed yet.
    """
    award = award_of(session, round_id=round_id)
    if award is None:
        raise NotAwardedError
    return award


def choosing_lots(session: Session, *, round_: Round) -> tuple[ChoosingLot, ...]:
    """Return the lots of an awarded round whose winners choose regions, by code.

    Lots in which volumes go by rank or stay with the brand are not among them, and neither is a
    lot whose report names no winner with a number of regions.

    Raises:
        NotAwardedError: The round is not awarded yet.
    """
    award = require_award(session, round_id=round_.id)
    found: dict[str, list[tuple[AwardedBid, Lot]]] = {}
    for bid, lot in awarded_bids(session, round_id=round_.id):
        found.setdefault(lot.code, []).append((bid, lot))
    orders = _orders(session, award.report_id)
    return tuple(
        _choosing_lot(order, found[code]) for code, order in orders.items() if code in found
    )


def choosing_lot(session: Session, *, round_: Round, code: str) -> ChoosingLot:
    """Return one of those lots, without reading the others.

    Raises:
        NotAwardedError: The round is not awarded yet.
        NotFoundForActorError: In no such lot of the round winners choose.
    """
    award = require_award(session, round_id=round_.id)
    order = _orders(session, award.report_id).get(code)
    found = awarded_bids(session, round_id=round_.id, code=code)
    if order is None or not found:
        raise NotFoundForActorError
    return _choosing_lot(order, found)


@dataclass(frozen=True, slots=True)
class _Order:
    """What a report says of a lot: its regions, and the bids that choose, in their order."""

    regions: tuple[str, ...]
    bids: tuple[str, ...]


_KEPT: dict[str, Mapping[str, _Order]] = {}
"""By digest of the report, which never changes: each turn would read all of it again."""

_KEPT_MAX = 32


def _orders(session: Session, report_id: int) -> Mapping[str, _Order]:
    digest = session.scalars(
        select(EvaluationReport.report_digest).where(EvaluationReport.id == report_id)
    ).one()
    known = _KEPT.get(digest)
    if known is None:
        report = report_numbered(session, report_id=report_id)
        orders = {reported["lot"]: _order(reported) for reported in report.lots}
        known = {code: order for code, order in orders.items() if order is not None}
        if len(_KEPT) >= _KEPT_MAX:
            _KEPT.clear()
        _KEPT[digest] = known
    return known


def _order(reported: Mapping[str, Any]) -> _Order | None:
    numbers = {one["bid"]: one["regions"] for one in reported["outcomes"]}
    choosing = tuple(bid for bid in reported["winners"] if numbers[bid] is not None)
    regions = tuple(dict.fromkeys(one["region"] for one in reported["allocations"]))
    return _Order(regions, choosing) if choosing and regions else None


def _choosing_lot(order: _Order, found: Sequence[tuple[AwardedBid, Lot]]) -> ChoosingLot:
    own = {bid.bid: bid for bid, _ in found}
    return ChoosingLot(found[0][1], order.regions, tuple(own[bid] for bid in order.bids))


def region_name(code: str) -> tuple[str, str]:
    """Return a region in Chinese and English; one that is no division code is its own name.

    Examples:
        >>> region_name("340000"), region_name("江城")
        (('安徽', 'Anhui'), ('江城', '江城'))
    """
    return division_name(code) if is_division(code) else (code, code)
