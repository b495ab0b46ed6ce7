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
    eligible = _within_cap(field, rules, placeless)
    places = field.places
    for contender in field.ranked:
        contender.shortlisted = False
    if places is None or len(eligible) <= places:
        _admit(eligible)
        return
    tied = tied_with(eligible, places - 1) if places else []
    if not tied or tied[-1] is eligible[places - 1]:
        _admit(eligible[:places])
        _reject(field, eligible[places:], rules)
        return
    first = sum(contender.rank_key < tied[0].rank_key for contender in eligible[:places])
    _admit(eligible[:first])
    _settle_tie(field, tied, places - first, rules, answers)
    _reject(field, eligible[first + len(tied) :], rules)


def _within_cap(field: Field, rules: RoundRules, placeless: frozenset[str]) -> list[Contender]:
    """Leave out bids beyond the places of one maker, and those that take no place."""
    eligible = [contender for contender in field.ranked if contender.name not in placeless]
    cap = rules.count(_PER_MAKER)
    if cap is None:
        return eligible
    held: dict[str, int] = {}
    within = []
    for contender in eligible:
        maker = contender.bid.control_group or contender.bid.manufacturer
        held[maker] = held.get(maker, 0) + 1
        if held[maker] <= cap:
            within.append(contender)
            continue
        clause = rules.cite(_PER_MAKER)
        step = field.record("maker-cap", clause, contender.name, maker=maker, cap=cap)
        contender.decide(Status.REJECTED, step)
    return within


def _admit(contenders: list[Contender]) -> None:
    for contender in contenders:
        contender.shortlisted = True


def _reject(field: Field, contenders: list[Contender], rules: RoundRules) -> None:
    clause, places = rules.cite(field.places_key), field.places or 0
    for contender in contenders:
        rank = contender.rank or 0
        step = field.record("beyond-places", clause, contender.name, rank=rank, places=places)
        contender.decide(Status.REJECTED, step)


def _settle_tie(
    field: Field, tied: list[Contender], open_places: int, rules: RoundRules, answers: Answers
) -> None:
    """Fill the open places from tied bids, as people answered; without answers they stay tied."""
    lot, clause = field.lot.lot, rules.cite(_TIES)
    answered = {contender.name: _preferred(lot, contender, answers) for contender in tied}
    preferred = [contender for contender in tied if answered[contender.name] is True]
    waiting = [contender for contender in tied if answered[contender.name] is None]
    if len(preferred) > open_places:
        cause = f"{len(preferred)} tied bids are preferred for {open_places} places"
        raise BadAnswerError(lot, preferred[-1].name, cause)
    if len(preferred) == open_places:
        lost, waiting = [bid for bid in tied if bid not in preferred], []
    elif len(preferred) + len(waiting) <= open_places:
        preferred, waiting = preferred + waiting, []
        lost = [bid for bid in tied if bid not in preferred]
    else:
        lost = [bid for bid in tied if answered[bid.name] is False]
    _admit(preferred)
    for contender in [*lost, *waiting]:
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


def _preferred(lot: str, contender: Contender, answers: Answers) -> bool | None:
    if answers.withdrawn(lot, contender.name):
        return False
    return answers.yes(lot, contender.name, QuestionKind.TIE)
