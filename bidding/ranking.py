"""Ranking: a total order of valid bids by comparable price (or score), then the tie-breaks."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from bidding.bid_sheet import Bid
from bidding.contender import Contender, Field
from bidding.rules import RoundRules

_LAST = Decimal("Infinity")


def _more_first(number: int | Decimal | None) -> Decimal:
    return _LAST if number is None else -Decimal(number)


TIE_BREAKS: dict[str, Callable[[Bid], Decimal]] = {
    "regions-covered": lambda bid: _more_first(bid.regions_covered),
    "prior-supply": lambda bid: _more_first(bid.prior_supply),
    "passed-on": lambda bid: Decimal(bid.passed_on.toordinal()) if bid.passed_on else _LAST,
    "quality-score": lambda bid: _more_first(bid.quality_score),
    "originator": lambda bid: Decimal(not bid.is_originator),
}
"""By name in the vocabulary: a number for each bid, the smaller the better, unknown last."""

_KEY = "ranking.tie_breaks"


def rank(field: Field, rules: RoundRules) -> None:
    """Rank the valid contenders of a field, best first.

    Bids that the document's tie-breaks leave equal keep equal keys: where that decides something
    it becomes a question to a person. Their order in lists is that of their names.

    Args:
        field: Its ``ranked`` list is sorted and numbered.
        rules: The rules of the round; tie-breaks that nobody knows break no tie.
    """
    names = cast("tuple[str, ...]", rules.value(_KEY) or ()) if rules.knows(_KEY) else ()
    if names:
        breaks = [TIE_BREAKS[name] for name in names]
        for contender in field.contenders:
            contender.tie_key = tuple(measure(contender.bid) for measure in breaks)
    field.ranked.sort(key=lambda contender: (*contender.rank_key, contender.name))
    for position, contender in enumerate(field.ranked, start=1):
        contender.rank = position


def tied_with(ranked: list[Contender], position: int) -> list[Contender]:
    """The contenders whose rank key equals that of the one at ``position`` (from 0)."""
    key = ranked[position].rank_key
    first = last = position
    while first > 0 and ranked[first - 1].rank_key == key:
        first -= 1
    while last + 1 < len(ranked) and ranked[last + 1].rank_key == key:
        last += 1
    return ranked[first : last + 1]
