"""Eligibility: who holds a place, whose price is valid, and how many bidders count."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.comparable_price import STRENGTH_BASE, Scale, Scales
from bidding.contender import Contender, Field
from bidding.report import Status
from bidding.rules import RoundRules
from pricing.money import EXACT

CEILING = "ceiling.above_is_invalid"
DEFAULT_CEILING = "ceiling.default"
UNIT = "bidders.unit"
COUNT = "bidders.above_ceiling_count"

_NEVER = Decimal("Infinity")


def enter(field: Field, bids: Iterable[Bid], rules: RoundRules) -> None:
    """Enter the bids of a lot: compare their prices, check the ceilings, unite related firms.

    Args:
        field: The competition to fill.
        bids: Its bids.
        rules: The rules of the round.

    Raises:
        MissingFactError: A rule needs a fact that a bid does not give.
    """
    entered = list(bids)
    # Whether firms or products compete matters only where two bids could share a place.
    by_product = _share_places(entered) and rules.word(UNIT) == "product"
    default = rules.decimal(DEFAULT_CEILING)
    scales = Scales(field.lot, rules)
    for bid in entered:
        contender = _standing_quote(field.lot, bid, scales, default, by_product=by_product)
        field.contenders.append(contender)
        _record_conversion(field, contender, rules)
    field.counts_invalid = rules.flag(COUNT)
    unite(field)
    for contender in field.contenders:
        _record_entry(field, contender, rules)
    code = "bidders-counted" if field.counts_invalid else "bidders-counted-valid"
    competing = [contender for contender in field.contenders if contender.stands_instead is None]
    field.record(
        code,
        rules.cite(COUNT if field.counts_invalid else UNIT),
        None,
        bidders=field.bidders,
        above=sum(not contender.valid for contender in competing),
        bids=len(field.contenders),
    )


def _share_places(bids: list[Bid]) -> bool:
    """Whether two bids come from one manufacturer, or from firms under one control."""
    return len({bid.control_group or bid.manufacturer for bid in bids}) < len(bids)


def unite(field: Field) -> None:
    """Let the lowest bid of each place stand, and count the bidders.

    Valid bids stand before others; at equal comparable prices the firm stands that is named like
    its group. ``field.ranked`` then holds the valid contenders, not yet in order.
    """
    standing: dict[str, Contender] = {}
    for contender in field.contenders:
        contender.stands_instead = None
        rival = standing.get(contender.place)
        if rival is None or _standing_order(contender) < _standing_order(rival):
            standing[contender.place] = contender
    for contender in field.contenders:
        chosen = standing[contender.place]
        contender.stands_instead = None if chosen is contender else chosen
    competing = list(standing.values())
    field.ranked = [contender for contender in competing if contender.valid]
    field.bidders = sum(counts(contender, field) for contender in competing)


def counts(contender: Contender, field: Field) -> bool:
    """Whether a contender counts as a bidder: one above its ceiling where the document says so."""
    above_ceiling = contender.comparable is not None and not contender.valid
    return field.counts_invalid or not above_ceiling


def _standing_order(contender: Contender) -> tuple[bool, Decimal, tuple[bool, str]]:
    price = _NEVER if contender.comparable is None else contender.comparable
    return (not contender.valid, price, contender.own_order)


def _standing_quote(
    lot: Lot, bid: Bid, scales: Scales, default: Decimal | None, *, by_product: bool
) -> Contender:
    """The contender of a bid: of several strengths its lowest valid comparable price stands."""
    best: tuple[tuple[bool, Decimal], Quote, Scale, Decimal | None, Decimal | None] | None = None
    for quote in bid.quotes:
        scale = scales.of(bid, quote)
        ceiling = lot.strengths[quote.strength].price_ceiling or default
        price = quote.declared_price
        comparable = scale.comparable(price.pack_price) if price else None
        order = (not _is_valid(quote, ceiling), _NEVER if comparable is None else comparable)
        if best is None or order < best[0]:
            best = (order, quote, scale, ceiling, comparable)
    if best is None:
        raise ValueError(f"lot {lot.lot}, bid {bid.bid}: has no quote")
    (invalid, _), quote, scale, ceiling, comparable = best
    place = _place(bid, by_product=by_product)
    return Contender(bid, quote, ceiling, scale, comparable, not invalid, place)


def _place(bid: Bid, *, by_product: bool) -> str:
    """Who holds the place of a bid: a joint bid, a product, or a firm with those it controls."""
    if bid.joint_bid:
        return f"joint bid {bid.joint_bid}"
    return f"product {bid.bid}" if by_product else bid.control_group or bid.manufacturer


def _is_valid(quote: Quote, ceiling: Decimal | None) -> bool:
    """Whether the declared unit price is known and not above the ceiling, compared exactly."""
    price = quote.declared_price
    if price is None or ceiling is None:
        return price is not None
    return price.pack_price <= EXACT.multiply(ceiling, Decimal(price.pack_units))


def _record_conversion(field: Field, contender: Contender, rules: RoundRules) -> None:
    declared = contender.declared
    if declared is None or contender.comparable is None:
        return
    if contender.scale.factor == 1:
        ratio = field.lot.strengths[contender.quote.strength].ratio
        if ratio != 1 and contender.scale.key == STRENGTH_BASE:
            clause, strength = rules.cite(UNIT), contender.quote.strength
            field.record("not-converted", clause, contender.name, strength=strength, ratio=ratio)
        return
    field.record(
        "converted",
        rules.cite(contender.scale.key),
        contender.name,
        strength=contender.quote.strength,
        declared=declared.shown,
        factor=contender.scale.factor,
        comparable=contender.comparable,
    )


def _record_entry(field: Field, contender: Contender, rules: RoundRules) -> None:
    """Record that a bid is invalid, or that another one stands for its place."""
    declared, ceiling, name = contender.declared, contender.ceiling, contender.name
    if not contender.valid and (declared is None or ceiling is None):
        step = field.record("price-unknown", rules.cite(UNIT), name)
        contender.decide(Status.INVALID, step)
    elif not contender.valid and declared is not None and ceiling is not None:
        clause = rules.cite(CEILING)
        step = field.record("above-ceiling", clause, name, declared=declared.shown, ceiling=ceiling)
        contender.decide(Status.INVALID, step)
    elif contender.stands_instead is not None:
        joint = contender.bid.joint_bid
        step = field.record(
            "joint-member" if joint else "united",
            rules.cite(UNIT),
            name,
            group=joint or contender.place,
            standing=contender.stands_instead.name,
        )
        contender.decide(Status.REJECTED, step)
