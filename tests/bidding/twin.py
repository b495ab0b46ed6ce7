"""A slow twin of the engine's decisions: the rules once more, in exact fractions, by enumeration.

It shares the value objects and the price ratio K with the engine and nothing else. Instead of
sorting and cutting lists it counts, for each bid, how many others are better; instead of computing
a line it asks of each price whether it passes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from itertools import combinations

from bidding.bid_sheet import Answer, Bid, Lot, QuestionKind, Quote, Round
from bidding.comparable_price import dose_price_ratio
from rulebooks import Rulebook
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY

Passes = Callable[[Fraction], bool]


class TooManyPreferredError(Exception):
    """More tied bids were preferred than places are open."""


class PriceTooHighError(Exception):
    """Somebody accepted an offer at a price above it."""


class MissingRuleError(Exception):
    """Nobody knows a rule without which nothing can be decided."""


class Terms:
    """The values of a round's rules; a rule that nobody knows reads as missing."""

    def __init__(self, rulebook: Rulebook, options: Mapping[str, object]) -> None:
        self._values = {key: rule.value for key, rule in rulebook.rules.items()}
        for key, raw in options.items():
            self._values[key] = read_value("options", key, raw, VOCABULARY["round"])

    def get(self, key: str):
        return self._values.get(key)

    def number(self, key: str) -> Fraction | None:
        value = self._values.get(key)
        return None if value is None else Fraction(str(value))

    def at(self, table, number: int):
        """The entry of a table by number; the last one stands for all above."""
        entries = dict(enumerate(table.entries, start=1))
        while number not in entries:
            number -= 1
        return entries[number]


@dataclass(slots=True)
class TwinBid:
    """What the twin knows of one bid."""

    bid: Bid
    strength: str
    declared: Fraction | None
    units: int
    step: Fraction
    ceiling: Fraction | None
    divisor: Fraction
    comparable: Fraction | None
    valid: bool
    place: str
    breaks: tuple[Fraction | None, ...] = ()
    stands: bool = True
    rank: int | None = None
    shared_rank: int = 0
    status: str = "rejected"
    offer: Fraction | None = None
    chooses: bool = True
    grade: str | None = None

    @property
    def name(self) -> str:
        return self.bid.bid

    @property
    def price(self) -> Fraction:
        assert self.comparable is not None
        return self.comparable


@dataclass(slots=True)
class TwinLot:
    """What the twin decided of one competition."""

    lot: Lot
    terms: Terms
    bids: list[TwinBid]
    answers: Mapping[tuple[str, QuestionKind], Answer]
    group: str | None = None
    bidders: int = 0
    places: int | None = None
    lines: "Lines | None" = None
    questions: set[tuple[str, str]] = field(default_factory=set)

    @property
    def valid(self) -> list[TwinBid]:
        return [bid for bid in self.bids if bid.stands and bid.valid]

    def said(self, name: str, question: QuestionKind) -> bool | None:
        answer = self.answers.get((name, question))
        return None if answer is None else answer.answer


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Round by trying the whole numbers around: the nearest one, the higher of two equally near."""
    scaled = value * 10**decimals
    near = range(int(scaled) - 1, int(scaled) + 3)
    best = min(near, key=lambda whole: (abs(whole - scaled), -whole))
    return Fraction(best, 10**decimals)


def significant(value: Fraction, digits: int) -> Fraction:
    """Round to significant digits."""
    if value == 0:
        return value
    decimals = digits - len(str(int(value)))
    while value * Fraction(10) ** decimals < 10 ** (digits - 1):
        decimals += 1
    scale = Fraction(10) ** decimals
    return half_up(value * scale, 0) / scale


def comparable_at(declared: Fraction, divisor: Fraction, terms: Terms) -> Fraction:
    """The comparable price of a unit price."""
    decimals = terms.get("comparable.decimals")
    exact = declared / divisor
    return significant(exact, 28) if decimals is None else half_up(exact, decimals)


def price_ratio(lot: Lot, quote: Quote, units: int, terms: Terms, bid: str) -> Fraction:
    """What a unit price is divided by to be comparable."""
    fixed = terms.get("conversion.fixed_factors") or {}
    base = terms.get("conversion.strength_base")
    ratio = Fraction(1)
    if quote.strength in fixed:
        ratio *= Fraction(fixed[quote.strength])
    elif base is not None:
        ratio *= Fraction(dose_price_ratio(lot.strengths[quote.strength].ratio, base))
    main = (terms.get("conversion.main_pack") or {}).get(lot.lot)
    if main is not None:
        relative = Context(prec=60).divide(Decimal(units), Decimal(main))
        dearer = dose_price_ratio(relative, terms.get("conversion.pack_base"))
        ratio *= significant(Fraction(dearer) / Fraction(relative), 28)
    factors = terms.get("conversion.product_factors") or {}
    ratio *= Fraction(factors.get(f"{lot.lot}/{bid}", 1))
    if terms.get("comparable.basis") == "daily-cost":
        assert lot.daily_dose is not None
        ratio /= Fraction(lot.daily_dose)
    return ratio


def read_quote(lot: Lot, bid: Bid, quote: Quote, terms: Terms) -> TwinBid:
    """One bid as it stands by one of its quotes."""
    price = quote.declared_price
    units = price.pack_units if price else 1
    declared = None if price is None else Fraction(price.pack_price) / units
    step = Fraction(1, 100) if units > 1 else Fraction(1, 10**6)
    while units == 1 and declared is not None and (declared / step).denominator > 1:
        step /= 10
    limit = lot.strengths[quote.strength].price_ceiling or terms.get("ceiling.default")
    ceiling = None if limit is None else Fraction(limit)
    divisor = price_ratio(lot, quote, units, terms, bid.bid)
    comparable = None if declared is None else comparable_at(declared, divisor, terms)
    valid = declared is not None and (ceiling is None or declared <= ceiling)
    if bid.joint_bid:
        place = f"joint {bid.joint_bid}"
    elif terms.get("bidders.unit") == "product":
        place = f"product {bid.bid}"
    else:
        place = bid.control_group or bid.manufacturer
    return TwinBid(
        bid, quote.strength, declared, units, step, ceiling, divisor, comparable, valid, place
    )


def standing_quote(lot: Lot, bid: Bid, terms: Terms) -> TwinBid:
    """Of several strengths the lowest valid comparable price stands, then the lowest known."""
    read = [read_quote(lot, bid, quote, terms) for quote in bid.quotes]
    for candidates in ([one for one in read if one.valid], [one for one in read if one.declared]):
        if candidates:
            lowest = min(one.price for one in candidates)
            return next(one for one in candidates if one.price == lowest)
    return read[0]


def stands_before(one: TwinBid, other: TwinBid) -> bool:
    """Whether one bid stands for the place of both."""
    if one.valid != other.valid:
        return one.valid
    if one.comparable != other.comparable:
        if one.comparable is None or other.comparable is None:
            return one.comparable is not None
        return one.comparable < other.comparable
    named = (one.bid.manufacturer == one.place, other.bid.manufacturer == other.place)
    return named[0] if named[0] != named[1] else one.name < other.name


MEASURES: Mapping[str, Callable[[Bid], object]] = {
    "regions-covered": lambda bid: bid.regions_covered,
    "prior-supply": lambda bid: bid.prior_supply,
    "passed-on": lambda bid: bid.passed_on,
    "quality-score": lambda bid: bid.quality_score,
    "originator": lambda bid: int(bid.is_originator),
}


def tie_breaks(bid: Bid, terms: Terms) -> tuple[Fraction | None, ...]:
    """For each tie-break a number, the higher the better; None (not given) is the worst."""
    values = [MEASURES[name](bid) for name in terms.get("ranking.tie_breaks") or ()]
    numbers = [-value.toordinal() if isinstance(value, date) else value for value in values]
    return tuple(None if number is None else Fraction(str(number)) for number in numbers)


def compare(one: TwinBid, other: TwinBid) -> int:
    """Negative if one is better, positive if the other is, zero if nothing separates them."""
    if one.price != other.price:
        return -1 if one.price < other.price else 1
    for mine, theirs in zip(one.breaks, other.breaks, strict=True):
        if mine != theirs:
            return -1 if theirs is None or (mine is not None and mine > theirs) else 1
    return 0


def better_than(one: TwinBid, others: Iterable[TwinBid]) -> list[TwinBid]:
    return [other for other in others if compare(other, one) < 0]


def equal_to(one: TwinBid, others: Iterable[TwinBid]) -> list[TwinBid]:
    """The bids that nothing separates from this one, itself among them."""
    return [other for other in others if compare(other, one) == 0]


def enter(lot: TwinLot) -> None:
    """Who stands for whom, how many bidders count, how many places there are, who ranks where."""
    for one in lot.bids:
        same = [other for other in lot.bids if other.place == one.place and other is not one]
        one.stands = not any(stands_before(other, one) for other in same)
        one.breaks = tie_breaks(one.bid, lot.terms)
        if not one.valid:
            one.status = "invalid"
    counted = [bid for bid in lot.bids if bid.stands]
    if not lot.terms.get("bidders.above_ceiling_count"):
        counted = [bid for bid in counted if bid.valid or bid.declared is None]
    lot.bidders = len(counted)
    by_group = lot.terms.get("places.by_group")
    table = by_group.get(lot.group) if by_group else lot.terms.get("places.by_bidders")
    if table is None and not lot.terms.get("places.unlimited"):
        raise MissingRuleError
    if not lot.terms.get("places.unlimited"):
        lot.places = lot.terms.at(table, lot.bidders) if lot.bidders else 0
    for one in lot.valid:
        one.shared_rank = 1 + len(better_than(one, lot.valid))
        earlier = [other for other in equal_to(one, lot.valid) if other.name < one.name]
        one.rank = one.shared_rank + len(earlier)


@dataclass(slots=True)
class Shortlist:
    """Who is among the places, who may be, and how many places are open between the latter.

    ``held`` are equal products of which a maker's cap lets so many in: those are among the places,
    whichever they are.
    """

    inside: list[TwinBid]
    tied: list[TwinBid]
    open_places: int = 0
    held: list[TwinBid] = field(default_factory=list)
    held_prices: list[Fraction] = field(default_factory=list)

    @property
    def prices(self) -> list[Fraction]:
        """The comparable prices of the places, whoever wins the tie."""
        tied = [self.tied[0].price] * self.open_places if self.tied else []
        return [bid.price for bid in self.inside] + tied + self.held_prices


def first_of(lot: TwinLot, bids: Sequence[TwinBid], places: int) -> Shortlist:
    """A bid is inside if everybody as good as it fits, outside if the better ones fill all."""
    inside, tied, ahead = [], [], 0
    for one in bids:
        better, equal = len(better_than(one, bids)), len(equal_to(one, bids))
        if better + equal <= places:
            inside.append(one)
        elif better < places:
            tied.append(one)
            ahead = better
    if not tied:
        return Shortlist(inside, [])
    return settle(lot, inside, tied, places - ahead)


def within_cap(lot: TwinLot, bids: Sequence[TwinBid]) -> list[Shortlist]:
    """The products of each maker, as far as its cap lets them in."""
    cap = lot.terms.get("places.per_maker")
    if cap is None:
        return [Shortlist(list(bids), [])]
    makers = {bid.name: bid.bid.control_group or bid.bid.manufacturer for bid in bids}
    return [
        first_of(lot, [bid for bid in bids if makers[bid.name] == maker], cap)
        for maker in sorted(set(makers.values()))
    ]


def shortlist(lot: TwinLot, bids: Sequence[TwinBid]) -> Shortlist:
    """The first places; of equals at a maker's cap some stand in for whoever takes the slot."""
    by_maker = within_cap(lot, bids)
    stand_ins = {bid.name for one in by_maker for bid in one.tied[: one.open_places]}
    entrants = [
        bid for bid in bids if any(bid in one.inside for one in by_maker) or bid.name in stand_ins
    ]
    if lot.places is None:
        return Shortlist(entrants, [])
    listed = first_of(lot, entrants, lot.places)
    for one in by_maker:
        if any(bid in listed.tied for bid in one.tied):
            listed.tied += [bid for bid in one.tied if bid not in listed.tied]
        held = [bid for bid in listed.inside if bid in one.tied]
        if held:
            listed.inside = [bid for bid in listed.inside if bid not in held]
            listed.held += one.tied
            listed.held_prices += [bid.price for bid in held]
    return listed


def settle(lot: TwinLot, inside: list[TwinBid], tied: list[TwinBid], open_places: int) -> Shortlist:
    """Try every way to fill the open places that the answers allow."""
    said = {bid.name: lot.said(bid.name, QuestionKind.TIE) for bid in tied}
    for bid in tied:
        if lot.said(bid.name, QuestionKind.WITHDRAW):
            said[bid.name] = False
    preferred = {name for name, answer in said.items() if answer}
    willing = {name for name, answer in said.items() if answer is not False}
    if len(preferred) > open_places:
        raise TooManyPreferredError
    size = min(open_places, len(willing))
    worlds = [
        {bid.name for bid in chosen}
        for chosen in combinations([bid for bid in tied if bid.name in willing], size)
    ]
    worlds = [world for world in worlds if preferred <= world]
    always = [bid for bid in tied if all(bid.name in world for world in worlds)]
    never = [bid for bid in tied if not any(bid.name in world for world in worlds)]
    left = [bid for bid in tied if bid not in always and bid not in never]
    return Shortlist(inside + always, left, size - len(always))


@dataclass(slots=True)
class Lines:
    """What the prices of the places make of the rules, as questions that a price passes or not."""

    lowest: Fraction
    within: Passes | None
    to_anchor: Passes | None
    zero: Passes
    above: Passes


def no_price(price: Fraction) -> bool:
    return False


def at_or_below(limit: Fraction) -> Passes:
    return lambda price: price <= limit


def mean_and_variance(prices: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    mean = sum(prices, Fraction(0)) / len(prices)
    return mean, sum(((price - mean) ** 2 for price in prices), Fraction(0)) / len(prices)


def at_most(x: Fraction, mean: Fraction, deviations: Fraction, variance: Fraction) -> bool:
    """Whether x <= mean + deviations x root of variance, without taking the root."""
    gap = x - mean
    square = deviations**2 * variance
    if deviations >= 0:
        return gap <= 0 or gap**2 <= square
    return gap <= 0 and gap**2 >= square


def lines_of(lot: TwinLot, prices: Sequence[Fraction]) -> Lines:
    terms, lowest = lot.terms, min(prices)
    to_anchor = terms.number("selection.ratio_to_anchor")
    to_lowest = terms.number("selection.ratio_to_lowest")
    # Where the document has an anchor that does not apply, the lowest price stands for it.
    multiple = to_lowest or to_anchor
    within = None if multiple is None else at_or_below(multiple * lowest)
    if to_anchor is not None and has_anchor(terms, prices):
        within = within_anchor(terms, prices, to_anchor)
    single = (terms.get("revival.shortlisted") or {}).get("single_winner_ratio")
    revives = None
    if single is not None and has_anchor(terms, prices):
        revives = within_anchor(terms, prices, Fraction(single))
    return Lines(lowest, within, revives, *bands_of(lot, prices))


def has_anchor(terms: Terms, prices: Sequence[Fraction]) -> bool:
    """Whether the document has an anchor price, and these prices are extreme enough for it."""
    if terms.get("anchor.share_of_mean") is None:
        return terms.get("anchor.sds_below_mean") is not None
    extreme = terms.number("anchor.extreme_below")
    return extreme is None or min(prices) * len(prices) < extreme * sum(prices)


def within_anchor(terms: Terms, prices: Sequence[Fraction], ratio: Fraction) -> Passes:
    """Whether a price is at most ``ratio`` x anchor, the anchor not under the lowest price."""
    mean, variance = mean_and_variance(prices)
    share = terms.number("anchor.share_of_mean")
    deviations = terms.number("anchor.sds_below_mean")

    def passes(price: Fraction) -> bool:
        base = price / ratio
        if base <= min(prices):
            return True
        if share is not None:
            return base <= share * mean
        return deviations is not None and at_most(base, mean, -deviations, variance)

    return passes


def bands_of(lot: TwinLot, prices: Sequence[Fraction]) -> tuple[Passes, Passes]:
    if lot.terms.get("band.prices") == "valid":
        prices = [bid.price for bid in lot.valid]
    mean, variance = mean_and_variance(prices)
    low = lot.terms.number("band.zero_volume_below_sds")
    high = lot.terms.number("band.out_above_sds")

    def zero(price: Fraction) -> bool:
        # price < mean - low x deviation, mirrored: not (mirror <= mean + low x deviation)
        assert low is not None
        return not at_most(2 * mean - price, mean, low, variance)

    def above(price: Fraction) -> bool:
        assert high is not None
        return not at_most(price, mean, high, variance)

    return (no_price if low is None else zero), (no_price if high is None else above)


def lowest_price_line(lot: TwinLot) -> Fraction | None:
    table = lot.terms.get("selection.absolute_low") or {}
    form = lot.lot.dosage_form
    limit = table.get("any", table.get(form.value) if form else None)
    return None if limit is None else Fraction(limit)


def passes_a_condition(lot: TwinLot, bid: TwinBid, lines: Lines) -> bool:
    """Whether a shortlisted bid passes any of the document's conditions, where it has any."""
    assert bid.declared is not None
    terms, verdicts = lot.terms, []
    if lines.within is not None:
        verdicts.append(lines.within(bid.price))
    cut = terms.number("selection.cut_from_ceiling")
    if cut is not None and bid.ceiling is not None:
        verdicts.append((bid.ceiling - bid.declared) / bid.ceiling >= cut)
    low = lowest_price_line(lot)
    if low is not None:
        verdicts.append(bid.price <= low)
    reference = terms.number("selection.reference_price")
    if reference is not None:
        verdicts.append(bid.declared <= reference)
    classes = (terms.get("classes.lines") or {}).get(lot.lot.lot)
    if classes is not None:
        verdicts.append(bid.price <= Fraction(classes["b"]))
    return any(verdicts) if verdicts else True


def is_kept_out(lot: TwinLot, bid: TwinBid, lines: Lines) -> bool:
    """Whether a rule keeps the bid out whatever else it passes."""
    exempt = lot.terms.get("selection.highest_out_after")
    dearest = max(other.price for other in lot.valid)
    highest = exempt is not None and bid.shared_rank > exempt and bid.price == dearest
    return highest or lines.above(bid.price)


def select(lot: TwinLot) -> Shortlist | None:
    """Decide every bid before anybody is asked anything but ties."""
    first = shortlist(lot, lot.valid)
    if not first.prices:
        return None
    lines = lot.lines = lines_of(lot, first.prices)
    zero = [bid for bid in first.inside if lines.zero(bid.price)]
    for bid in zero:
        bid.status = "selected-without-volume"
    final = shortlist(lot, [bid for bid in lot.valid if bid not in zero])
    for bid in [*final.inside, *final.tied, *final.held]:
        good = passes_a_condition(lot, bid, lines) and not is_kept_out(lot, bid, lines)
        if bid in final.inside:
            bid.status = "selected" if good else "rejected"
        else:
            bid.status = "tied" if good or matters_later(lot) else "rejected"
    return final


def matters_later(lot: TwinLot) -> bool:
    """Whether something is offered to a bid that is shortlisted and fails every condition."""
    return lot.terms.get("revival.shortlisted") is not None


def decide(
    lot: Lot,
    bids: Sequence[Bid],
    terms: Terms,
    answers: Mapping[tuple[str, QuestionKind], Answer],
    group: str | None = None,
) -> TwinLot:
    """One competition up to its first winners and its ties."""
    twin = TwinLot(lot, terms, [standing_quote(lot, bid, terms) for bid in bids], answers, group)
    enter(twin)
    return twin


def answers_of(
    round_: Round, answers: Iterable[Answer]
) -> dict[str, dict[tuple[str, QuestionKind], Answer]]:
    """Answers by lot, then by bid and question."""
    found: dict[str, dict[tuple[str, QuestionKind], Answer]] = {lot.lot: {} for lot in round_.lots}
    for answer in answers:
        found[answer.lot][answer.bid, answer.question] = answer
    return found
