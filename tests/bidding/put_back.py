"""Put a price back into a round, and the prices that are worth trying."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from bidding.bid_sheet import Bid, Lot, Quote, Round
from bidding.report import LotReport, Outcome
from pricing.money import UnitPrice
from tests.bidding.random_lots import Pick

FACTORS = ("0.25", "0.5", "0.6", "0.9", "1", "1.3", "1.5", "1.65", "1.8", "2", "2.5", "3", "6")


def find(round_: Round, lot: str, bid: str) -> Bid:
    return next(one for one in round_.bids if (one.lot, one.bid) == (lot, bid))


def standing_price(bid: Bid, outcome: Outcome) -> UnitPrice:
    """The price of the quote that stands; a price not known is declared by unit."""
    quote = next(quote for quote in bid.quotes if quote.strength == outcome.strength)
    return quote.declared_price or UnitPrice(Decimal(1))


def put_back(round_: Round, bid: Bid, strength: str, price: UnitPrice) -> Round:
    """The round with another price for one strength of a bid."""
    quotes = tuple(
        Quote(strength, price) if quote.strength == strength else quote for quote in bid.quotes
    )
    changed = replace(bid, quotes=quotes)
    return replace(
        round_,
        bids=tuple(changed if one is bid else one for one in round_.bids if one.lot == bid.lot),
        lots=tuple(lot for lot in round_.lots if lot.lot == bid.lot),
    )


def grid_prices(
    lot: Lot, report: LotReport, outcome: Outcome, pack: UnitPrice, pick: Pick | None
) -> Iterator[Decimal]:
    """Pack prices on the bid's grid: at and around what rivals' prices make, the ceiling, and more.

    With ``pick`` forty more are drawn anywhere up to the highest of them.
    """
    step, limit = pack.step, lot.strengths[outcome.strength].price_ceiling
    top = None if limit is None else floor(limit * pack.pack_units, step)
    ratio = Decimal(1)
    if outcome.comparable_price and outcome.declared_price:
        ratio = outcome.declared_price / outcome.comparable_price
    known = {one.comparable_price for one in report.outcomes if one.comparable_price is not None}
    found = set() if top is None else {top}
    for price in known:
        for factor in FACTORS:
            middle = floor(price * ratio * Decimal(factor) * pack.pack_units, step)
            found |= {middle - step, middle, middle + step, middle + 2 * step}
    if pick is not None and found:
        many = int(max(found) / step)
        found |= {step * pick(1, max(1, many)) for _ in range(40)}
    return iter(sorted(price for price in found if price > 0 and (top is None or price <= top)))


def every_price(lot: Lot, outcome: Outcome, pack: UnitPrice) -> Sequence[Decimal]:
    """All prices of a coarse grid up to the ceiling; none of a price that is not known."""
    if outcome.declared_price is None:
        return []
    limit = lot.strengths[outcome.strength].price_ceiling
    assert limit is not None
    count = int(floor(limit * pack.pack_units, pack.step) / pack.step)
    return [pack.step * number for number in range(1, count + 1)]


def floor(price: Decimal, step: Decimal) -> Decimal:
    return price.quantize(step, ROUND_FLOOR)
