"""At which prices a winner supplies: the price that stands, and what it says of other strengths."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.comparable_price import BASIS, Scale, Scales
from bidding.rules import RoundRules
from pricing.money import EXACT, UnitPrice, round_half_up
from procurement.awards.figures import trimmed
from procurement.awards.report_view import Fields
from procurement.awards.states import PriceSource

_DECIMALS_OF_A_PRICE = 12
"""No declared or accepted pack price has more: the exact one is found from 28 digits."""

_STORED_DECIMALS = 4
_CENTS, _OF_A_UNIT = 2, 4
"""Decimals of a converted price of a pack, and of one unit. No source at hand says how it is
rounded: half up is this platform's."""


@dataclass(frozen=True, slots=True)
class WinningPrice:
    """The price of a winner for one strength.

    Attributes:
        strength: Label of the strength.
        price: The pack and its price.
        source: Declared, accepted after the opening, or converted.
    """

    strength: str
    price: UnitPrice
    source: PriceSource


def standing_price(outcome: Fields, bid: Bid) -> WinningPrice:
    """Return the price at which a selected bid was selected, for the strength that stands.

    Args:
        outcome: Of the report: an accepted offer goes before the declared price.
        bid: As it was opened.

    Examples:
        >>> bid = Bid("L01", "甲", "甲", (Quote("1mg", UnitPrice(Decimal("56.00"), 14)),))
        >>> outcome = {"strength": "1mg", "offer_price": "3.571428571428571428571428571"}
        >>> standing_price(outcome, bid).price
        UnitPrice(pack_price=Decimal('50'), pack_units=14)
        >>> standing_price({"strength": "1mg", "offer_price": None}, bid).price.pack_price
        Decimal('56.00')
    """
    quote = _quote(bid, outcome["strength"])
    declared = quote.declared_price
    if declared is None:
        raise ValueError(f"{bid.lot}, {bid.bid}: selected without a price")
    if outcome["offer_price"] is None:
        return WinningPrice(quote.strength, declared, PriceSource.DECLARED)
    # The report has 28 digits of the quotient; the pack price has at most 12 decimals.
    pack = EXACT.multiply(Decimal(outcome["offer_price"]), Decimal(declared.pack_units))
    accepted = declared.with_pack_price(trimmed(round_half_up(pack, _DECIMALS_OF_A_PRICE)))
    is_lower = accepted.pack_price != declared.pack_price
    source = PriceSource.ACCEPTED if is_lower else PriceSource.DECLARED
    return WinningPrice(quote.strength, accepted, source)


def winning_prices(outcome: Fields, bid: Bid, lot: Lot, rules: RoundRules) -> list[WinningPrice]:
    """Return the prices of a winner for all strengths that it supplies, the standing one first.

    The price that stands says what the others cost, by the price ratios with which the rulebook
    compared them. Where it has none, a strength keeps the price that was declared for it, and one
    without a declared price has none.

    Args:
        outcome: Of the report.
        bid: As it was opened.
        lot: The lot.
        rules: The rules in force.
    """
    standing = standing_price(outcome, bid)
    return [standing, *_others(standing, bid, lot, rules)]


def _others(
    standing: WinningPrice, bid: Bid, lot: Lot, rules: RoundRules
) -> Iterator[WinningPrice]:
    scales = Scales(lot, rules)
    own = scales.of(bid, Quote(standing.strength, standing.price))
    declared = {quote.strength: quote.declared_price for quote in bid.quotes}
    for label in lot.strengths:
        known = declared.get(label)
        supplied = bid.supplies is None or label in bid.supplies or known is not None
        if label == standing.strength or not supplied:
            continue
        units = standing.price.pack_units if known is None else known.pack_units
        scale = scales.of(bid, Quote(label, UnitPrice(Decimal(1), units)))
        if _is_converted(lot, standing.strength, label, own, scale):
            price = _converted(standing.price, own, scale, units)
            yield WinningPrice(label, price, PriceSource.CONVERTED)
        elif known is not None:
            yield WinningPrice(label, known, PriceSource.DECLARED)


def _is_converted(lot: Lot, main: str, other: str, own: Scale, scale: Scale) -> bool:
    """Whether the rules tell the price of one strength from that of the other."""
    same = lot.strengths[main].ratio == lot.strengths[other].ratio
    return same or own.factor != scale.factor or BASIS in (own.key, scale.key)


def _converted(price: UnitPrice, own: Scale, scale: Scale, units: int) -> UnitPrice:
    """The price of another pack that compares like a price, before it is rounded."""
    above = EXACT.multiply(EXACT.multiply(price.pack_price, own.multiplier), scale.divisor)
    below = EXACT.multiply(own.divisor, scale.multiplier)
    exact = EXACT.divide(above, below)
    decimals = _OF_A_UNIT if units == 1 else _CENTS
    return UnitPrice(round_half_up(exact, decimals), units)


def stored_pack(price: UnitPrice) -> UnitPrice:
    """Return a price as the database keeps it exactly: with at most four decimals.

    A unit price that is finer is kept as the price of ten, a hundred or more units.

    Examples:
        >>> stored_pack(UnitPrice(Decimal("0.323748")))
        UnitPrice(pack_price=Decimal('32.3748'), pack_units=100)
        >>> stored_pack(UnitPrice(Decimal("6.970000"), 7))
        UnitPrice(pack_price=Decimal('6.97'), pack_units=7)
    """
    exact = trimmed(price.pack_price)
    exponent = exact.as_tuple().exponent
    finer = max(0, -exponent - _STORED_DECIMALS) if isinstance(exponent, int) else 0
    return UnitPrice(exact.scaleb(finer), price.pack_units * 10**finer)


def exact_text(price: UnitPrice) -> str:
    """Return a unit price exactly: a decimal where it ends, else a fraction.

    Examples:
        >>> exact_text(UnitPrice(Decimal("6.97"), 7)), exact_text(UnitPrice(Decimal("28.00"), 14))
        ('697/700', '2')
    """
    exact = price.exact
    rest = exact.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1:
        return f"{exact.numerator}/{exact.denominator}"
    quotient = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return f"{trimmed(quotient):f}"


def _quote(bid: Bid, strength: str) -> Quote:
    return next(quote for quote in bid.quotes if quote.strength == strength)
