"""Shortlist (入围): the first places by rank, by number of bidders."""

from typing import cast

from bidding.answers import Answers
from bidding.bid_sheet import QuestionKind
from bidding.contender import Contender, Field
from bidding.errors import BadAnswerError, UnknownRuleError
from bidding.ranking import tied_with
from bidding.report import Status
from bidding.rules import RoundRules
from rulebooks.vocabulary import ByNumber

BY_BIDDERS = "places.by_bidders"
_BY_GROUP = "places.by_group"
_UNLIMITED = "places.unlimited"
_PER_MAKER = "places.per_maker"
_TIES = "ranking.tie_breaks"


def set_places(field: Field, rules: RoundRules) -> None:
    """Set how many of a field's bidders may be shortlisted.

    Raises:
        UnknownRuleError: The table of places is not known.
    """
    if rules.flag(_UNLIMITED):
        field.places_key = _UNLIMITED
        field.record("places-unlimited", rules.cite(_UNLIMITED), None)
        return
    if rules.mentions(_BY_GROUP):
        tables = cast("dict[str, ByNumber]", rules.required(_BY_GROUP))
        if field.group not in tables:
            raise UnknownRuleError(rules.rulebook.id, _BY_GROUP, f"places of group {field.group}")
        field.places_key, field.places_table = _BY_GROUP, tables[field.group]
    else:
        field.places_table = cast("ByNumber", rules.required(BY_BIDDERS))
    field.places = places_at(field, field.bidders)
    clause = rules.cite(field.places_key)
    field.record("places", clause, None, places=field.places or 0, bidders=field.bidders)


def places_at(field: Field, bidders: int) -> int | None:
    """The number of places for so many bidders; None for no limit."""
    if field.places_table is None:
        return None
    return cast("int", field.places_table.at(bidders)) if bidders else 0


def shortlist(
    field: Field, rules: RoundRules, answers: Answers, *, placeless: frozenset[str] = frozenset()
) -> None:
    """Shortlist the first contenders of a field; the rest are rejected.

    Bids that tie for the last place and that no tie-break or answer separates become ``tied``.

    Args:
        field: Ranked, with its number of places.
        rules: The rules of the round.
        answers: Answers to ties, and withdrawals.
        placeless: Bids that take no place (below the zero-volume band).
    """
    for contender in field.ranked:
        contender.shortlisted = False
    open_to_all = [contender for contender in field.ranked if contender.name not in placeless]
    eligible = _within_cap(field, open_to_all, rules, answers)
    places = field.places
    if places is None or len(eligible) <= places:
        _admit(eligible)
        return
    tied = tied_with(eligible, places - 1) if places else []
    first = sum(contender.rank_key < tied[0].rank_key for contender in eligible[:places])
    _admit(eligible[:first])
    _admit(_settle_tie(field, tied, places - first, rules, answers))
    _reject(field, eligible[first + len(tied) :], rules)


def _within_cap(
    field: Field, contenders: list[Contender], rules: RoundRules, answers: Answers
) -> list[Contender]:
    """Leave out the products of a maker beyond the places that one maker may hold."""
    cap = rules.count(_PER_MAKER)
    if cap is None:
        return contenders
    by_maker: dict[str, list[Contender]] = {}
    for contender in contenders:
        maker = contender.bid.control_group or contender.bid.manufacturer
        by_maker.setdefault(maker, []).append(contender)
    within: set[str] = set()
    for maker, products in by_maker.items():
        if len(products) <= cap:
            within |= {product.name for product in products}
            continue
        tied = tied_with(products, cap - 1)
        first = sum(product.rank_key < tied[0].rank_key for product in products[:cap])
        kept = products[:first] + _settle_tie(field, tied, cap - first, rules, answers)
        within |= {product.name for product in kept}
        for product in products[first + len(tied) :]:
            clause = rules.cite(_PER_MAKER)
            step = field.record("maker-cap", clause, product.name, maker=maker, cap=cap)
            product.decide(Status.REJECTED, step)
    return [contender for contender in contenders if contender.name in within]


def _admit(contenders: list[Contender]) -> None:
    for contender in contenders:
        contender.shortlisted = True
        contender.status = Status.REJECTED


def _reject(field: Field, contenders: list[Contender], rules: RoundRules) -> None:
    clause, places = rules.cite(field.places_key), field.places or 0
    for contender in contenders:
        rank = contender.rank or 0
        step = field.record("beyond-places", clause, contender.name, rank=rank, places=places)
        contender.decide(Status.REJECTED, step)


def _settle_tie(
    field: Field, tied: list[Contender], open_places: int, rules: RoundRules, answers: Answers
) -> list[Contender]:
    """Who of equal bids takes the open places, as people answered; others are tied, or rejected.

    Raises:
        BadAnswerError: More of them are preferred than there are places.
    """
    if len(tied) <= open_places:
        return tied
    lot, clause = field.lot.lot, rules.cite(_TIES)
    answered = {contender.name: _preferred(lot, contender, answers) for contender in tied}
    preferred = [contender for contender in tied if answered[contender.name] is True]
    waiting = [contender for contender in tied if answered[contender.name] is None]
    if len(preferred) > open_places:
        cause = f"{len(preferred)} tied bids are preferred for {open_places} places"
        raise BadAnswerError(lot, preferred[-1].name, cause)
    if len(preferred) == open_places:
        waiting = []
    elif len(preferred) + len(waiting) <= open_places:
        preferred, waiting = preferred + waiting, []
    for contender in tied:
        if contender in preferred:
            continue
        open_still = contender in waiting
        step = field.record(
            "tied" if open_still else "tie-lost",
            clause,
            contender.name,
            tied=len(tied),
            open=open_places,
            price=contender.known,
        )
        contender.decide(Status.TIED if open_still else Status.REJECTED, step)
    return preferred


def _preferred(lot: str, contender: Contender, answers: Answers) -> bool | None:
    if answers.withdrawn(lot, contender.name):
        return False
    return answers.yes(lot, contender.name, QuestionKind.TIE)
