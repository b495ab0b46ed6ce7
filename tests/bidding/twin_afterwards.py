"""The slow twin after the first decision: revival, withdrawals, joint bids, classes, talks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from bidding.bid_sheet import QuestionKind
from tests.bidding.twin import (
    Lines,
    Passes,
    PriceTooHighError,
    Shortlist,
    TwinBid,
    TwinLot,
    at_or_below,
    comparable_at,
)


def highest_offer(bid: TwinBid, passes: Passes, lot: TwinLot) -> Fraction:
    """The highest unit price on the bid's grid at the level that passes, by halving.

    Where comparable prices are rounded, the level is not: nobody comes down to more than it.
    """
    rounded = lot.terms.get("comparable.decimals") is not None
    unit = bid.step / bid.units
    top = Fraction(10**9) if bid.ceiling is None else bid.ceiling
    low, high = 0, int(top / unit) + 1
    while high - low > 1:
        middle = (low + high) // 2
        exact = middle * unit / bid.divisor
        level = exact if rounded else comparable_at(middle * unit, bid.divisor, lot.terms)
        if passes(level):
            low = middle
        else:
            high = middle
    return low * unit


def ask(lot: TwinLot, bid: TwinBid, offer: Fraction, question: QuestionKind, status: str) -> None:
    """Offer a price to a bid, or do what it answered."""
    assert bid.declared is not None
    bid.offer = min(offer, bid.declared)
    given = lot.answers.get((bid.name, question))
    if given is None:
        bid.status = "revival-offered"
        lot.questions.add((bid.name, question.value))
    elif given.answer:
        bid.status = status
        bid.offer = accepted(bid.offer, given.price)


def accepted(offer: Fraction, named: Decimal | None) -> Fraction:
    """The price at which an offer was accepted: the offer, or a lower one that was named."""
    if named is None:
        return offer
    if Fraction(named) > offer:
        raise PriceTooHighError
    return Fraction(named)


def revive(lot: TwinLot, listed: Shortlist, volumes: Mapping[str, int]) -> None:
    """Offer revival to those whom the document lets come down."""
    assert lot.lines is not None
    winning = [bid.price for bid in lot.valid if bid.status == "selected"]
    losers = sorted(
        (bid for bid in lot.valid if bid.status == "rejected"), key=lambda bid: bid.rank or 0
    )
    if not winning or any(bid.status == "tied" for bid in lot.valid):
        return
    for bid in losers:
        if bid in listed.inside:
            revive_shortlisted(lot, bid, winning, lot.lines)
    for bid in losers:
        if bid.status == "rejected" and bid not in listed.inside:
            revive_other(lot, bid, max(winning), volumes)
    places = lot.terms.get("talks.places") or 0
    for bid in [bid for bid in losers if bid.status == "rejected"][:places]:
        offer = highest_offer(bid, at_or_below(max(winning)), lot)
        ask(lot, bid, offer, QuestionKind.CUT, "selected")


def revive_shortlisted(
    lot: TwinLot, bid: TwinBid, winning: Sequence[Fraction], lines: Lines
) -> None:
    rule = lot.terms.get("revival.shortlisted")
    if rule is None:
        return
    passes = at_or_below(max(winning) * (1 + Fraction(rule["max_rise"] or 0)))
    if len(winning) == 1 and rule["single_winner_ratio"] is not None:
        passes = at_or_below(Fraction(rule["single_winner_ratio"]) * winning[0])
        if rule["of"] == "anchor" and lines.to_anchor is not None:
            passes = lines.to_anchor
    ask(lot, bid, highest_offer(bid, passes, lot), QuestionKind.REVIVE, "selected")


def revive_other(lot: TwinLot, bid: TwinBid, limit: Fraction, volumes: Mapping[str, int]) -> None:
    """Revival of a bid that was not shortlisted: with its own volume, or without any."""
    rule = lot.terms.get("revival.others")
    if rule is not None:
        own, total = volumes.get(bid.bid.manufacturer, 0), sum(volumes.values())
        brands = len(volumes)
        under_mean = brands == 0 or Fraction(own) < Fraction(total, brands)
        highest = all(other.price <= bid.price for other in lot.valid)
        if not ((rule["volume_at_least_mean"] and under_mean) or (rule["not_highest"] and highest)):
            bid.chooses = False
            offer = highest_offer(bid, at_or_below(limit), lot)
            ask(lot, bid, offer, QuestionKind.REVIVE, "selected")
    is_reference = lot.terms.get("revival.reference") is not None and bid.bid.is_originator
    if is_reference and bid.status == "rejected" and bid.offer is None:
        offer = highest_offer(bid, at_or_below(limit), lot)
        ask(lot, bid, offer, QuestionKind.REVIVE, "selected-without-volume")


def withdraw(lot: TwinLot) -> None:
    for bid in lot.bids:
        if lot.said(bid.name, QuestionKind.WITHDRAW):
            bid.status = "rejected"


def join(lot: TwinLot) -> None:
    """Members of a joint bid win with the one that stands for them."""
    for bid in lot.bids:
        if bid.bid.joint_bid is None or bid.stands:
            continue
        standing = next(one for one in lot.bids if one.place == bid.place and one.stands)
        if lot.said(standing.name, QuestionKind.WITHDRAW):
            bid.status = "rejected"
        elif standing.status.startswith("selected"):
            withdrawn = lot.said(bid.name, QuestionKind.WITHDRAW)
            bid.status = "rejected" if withdrawn else standing.status


def grade(lot: TwinLot) -> None:
    """Class A under its line, the cheapest of them A1; B the other first winners; C the revived."""
    table = lot.terms.get("classes.lines")
    if table is None:
        return
    lines = table.get(lot.lot.lot)
    winners = [bid for bid in lot.valid if bid.status == "selected"]
    for bid in winners:
        if bid.offer is not None:
            bid.grade = "C"
        elif lines is None or bid.price > Fraction(lines["a"]):
            bid.grade = "B"
        else:
            cheaper = [one for one in winners if comes_before(one, bid, lot)]
            bid.grade = "A" if cheaper else "A1"


def comes_before(one: TwinBid, other: TwinBid, lot: TwinLot) -> bool:
    """Whether a winner is cheaper, or at equal prices preferred, or else named first."""

    def order(bid: TwinBid) -> tuple[Fraction, int, str]:
        wish = {True: 0, None: 1, False: 2}
        return bid.price, wish[lot.said(bid.name, QuestionKind.TIE)], bid.name

    return order(one) < order(other)


def talk(lots: Sequence[TwinLot]) -> None:
    """The talks of the pilot: rank all pre-winners by cut; the first win, the others must cut."""
    terms = lots[0].terms.get("talks.after_direct")
    if terms is None:
        return
    winners = [(lot, bid) for lot in lots for bid in lot.valid if bid.status == "selected"]
    cuts = {id(bid): cut_of(bid) for _, bid in winners}
    counted = [
        cut
        for lot, bid in winners
        if lot.bidders >= terms["floor_bidders"] and (cut := cuts[id(bid)]) is not None
    ]
    floor = sum(counted, Fraction(0)) / len(counted) if counted else None
    turns = {id(bid): turn_in_talks(lot, bid) for lot, bid in winners}
    for lot, bid in winners:
        equal = [one for _, one in winners if cuts[id(one)] == cuts[id(bid)] is not None]
        is_open = lot.said(bid.name, QuestionKind.TIE) is None
        ahead = sum(turn < turns[id(bid)] for turn in turns.values())
        if is_open and straddles(ahead_of(bid, cuts), len(equal), terms["direct"]):
            lot.questions.add((bid.name, "tie"))
        elif cuts[id(bid)] is None or ahead >= terms["direct"]:
            ask_for_cut(lot, bid, floor)


def turn_in_talks(lot: TwinLot, bid: TwinBid) -> tuple[Fraction, int, str, str]:
    """The largest cut first, then those preferred; unknown cuts last."""
    cut = cut_of(bid)
    wish = {True: 0, None: 1, False: 2}[lot.said(bid.name, QuestionKind.TIE)]
    return (Fraction(1) if cut is None else -cut, wish, bid.name, lot.lot.lot)


def ahead_of(bid: TwinBid, cuts: Mapping[int, Fraction | None]) -> int:
    """How many pre-winners have a larger cut."""
    mine = cuts[id(bid)]
    return 0 if mine is None else sum(cut is not None and cut > mine for cut in cuts.values())


def straddles(ahead: int, equal: int, direct: int) -> bool:
    """Whether some of the equals, and not all of them, are among the first."""
    return ahead < direct < ahead + equal


def ask_for_cut(lot: TwinLot, bid: TwinBid, floor: Fraction | None) -> None:
    given = lot.answers.get((bid.name, QuestionKind.CUT))
    if floor is not None and bid.ceiling is not None and bid.declared is not None:
        unit = bid.step / bid.units
        bid.offer = min(bid.declared, int(bid.ceiling * (1 - floor) / unit) * unit)
        if given is not None and given.answer:
            bid.offer = accepted(bid.offer, given.price)
    if given is None:
        lot.questions.add((bid.name, "cut"))
    elif not given.answer:
        bid.status = "rejected"


def cut_of(bid: TwinBid) -> Fraction | None:
    if bid.ceiling is None or bid.declared is None:
        return None
    return (bid.ceiling - bid.declared) / bid.ceiling
