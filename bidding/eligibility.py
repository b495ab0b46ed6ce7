"""Eligibility: who holds a place, whose price is valid, and how many bidders count."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.comparable_price import Scale, scale_of
from bidding.contender import Contender, Field
from bidding.report import Status
from bidding.rules import RoundRules
from pricing.money import EXACT

_CEILING = "ceiling.default"
_UNIT = "bidders.unit"
_COUNT = "bidders.above_ceiling_count"


def enter(field: Field, bids: Iterable[Bid], rules: RoundRules) -> None:
    """Enter the bids of a lot: compare their prices, check the ceilings, unite related firms.

    Args:
        field: The competition to fill.
        bids: Its bids.
        rules: The rules of the round.

    Raises:
        MissingFactError: A rule needs a fact that a bid does not give.
    """
    by_product = rules.word(_UNIT) == "product"
    for bid in bids:
        contender = _standing(field.lot, bid, rules, by_product=by_product)
        field.contenders.append(contender)
        _record_conversion(field, contender, rules)
        if not contender.valid:
            _record_invalid(field, contender, rules)
    _unite(field, rules)
    _count(field, rules)


def _standing(lot: Lot, bid: Bid, rules: RoundRules, *, by_product: bool) -> Contender:
    """The contender of a bid: of several strengths its lowest valid comparable price stands."""
    default = rules.decimal(_CEILING)
    best: tuple[tuple[bool, Decimal], Quote, Scale, Decimal | None, Decimal | None] | None = None
    for quote in bid.quotes:
        scale = scale_of(lot, bid, quote, rules)
        ceiling = lot.strengths[quote.strength].price_ceiling or default
        price = quote.declared_price
        comparable = scale.comparable(price.pack_price) if price else None
        valid = comparable is not None and _within(quote, ceiling)
        order = (not valid, Decimal("Infinity") if comparable is None else comparable)
        if best is None or order < best[0]:
            best = (order, quote, scale, ceiling, comparable)
    if best is None:
        raise ValueError(f"lot {lot.lot}, bid {bid.bid}: has no quote")
    (invalid, _), quote, scale, ceiling, comparable = best
    product = f"{bid.manufacturer}\n{bid.bid}"
    own = product if by_product else bid.control_group or bid.manufacturer
    place = f"joint\n{bid.joint_bid}" if bid.joint_bid else own
    return Contender(bid, quote, ceiling, scale, comparable, not invalid, place)


def _within(quote: Quote, ceiling: Decimal | None) -> bool:
    """Whether the declared unit price is not above the ceiling, compared exactly."""
    price = quote.declared_price
    if price is None or ceiling is None:
        return price is not None
    return price.pack_price <= EXACT.multiply(ceiling, Decimal(price.pack_units))


def _record_conversion(field: Field, contender: Contender, rules: RoundRules) -> None:
    declared = contender.declared
    if declared is None or contender.comparable is None or contender.scale.factor == 1:
        return
    field.record(
        "converted",
        rules.cite("conversion.strength_base"),
        contender.name,
        strength=contender.quote.strength,
        declared=declared.shown,
        factor=contender.scale.factor,
        comparable=contender.comparable,
    )


def _record_invalid(field: Field, contender: Contender, rules: RoundRules) -> None:
    declared, ceiling = contender.declared, contender.ceiling
    if declared is None or ceiling is None:
        step = field.record("price-unknown", rules.cite(_COUNT), contender.name)
    else:
        step = field.record(
            "above-ceiling",
            rules.cite(_CEILING),
            contender.name,
            declared=declared.shown,
            ceiling=ceiling,
        )
    contender.decide(Status.INVALID, step)


def _unite(field: Field, rules: RoundRules) -> None:
    """Let the lowest bid of firms that hold one place stand; joint bids stand together."""
    standing: dict[str, Contender] = {}
    for contender in field.contenders:
        rival = standing.get(contender.place)
        if rival is None or _stands_before(contender, rival):
            standing[contender.place] = contender
    for contender in field.contenders:
        chosen = standing[contender.place]
        if chosen is contender:
            continue
        contender.united_with = chosen.name
        joint = contender.bid.joint_bid is not None
        step = field.record(
            "joint-member" if joint else "united",
            rules.cite(_UNIT),
            contender.name,
            group=contender.bid.joint_bid or contender.place,
            standing=chosen.name,
        )
        contender.decide(Status.REJECTED, step)


def _stands_before(contender: Contender, rival: Contender) -> bool:
    """Whether a bid stands for the place of both: lower; at equal prices the group's own name."""
    return _standing_order(contender) < _standing_order(rival)


def _standing_order(contender: Contender) -> tuple[bool, Decimal, bool, str]:
    price = Decimal("Infinity") if contender.comparable is None else contender.comparable
    named_otherwise = contender.bid.manufacturer != contender.place
    return (not contender.valid, price, named_otherwise, contender.name)


def _count(field: Field, rules: RoundRules) -> None:
    competing = [contender for contender in field.contenders if contender.united_with is None]
    above = sum(not contender.valid for contender in competing)
    everyone = rules.flag(_COUNT)
    field.bidders = len(competing) if everyone else len(competing) - above
    field.record(
        "bidders-counted" if everyone else "bidders-counted-valid",
        rules.cite(_COUNT),
        None,
        bidders=field.bidders,
        above=above,
        bids=len(field.contenders),
    )
    field.ranked = [contender for contender in competing if contender.valid]
