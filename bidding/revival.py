"""Revival (复活): what bids that were not selected may still accept after the opening."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from bidding.answers import Answers, accepted_price
from bidding.bid_sheet import QuestionKind
from bidding.contender import Contender, Field
from bidding.cut_off_lines import CutOffLines
from bidding.limit import Limit
from bidding.need import Need
from bidding.report import Number, Question, Status
from bidding.rules import RoundRules

SHORTLISTED = "revival.shortlisted"
OTHERS = "revival.others"
REFERENCE = "revival.reference"
TALKS = "talks.places"

Terms = Mapping[str, object]


def revive(
    field: Field, rules: RoundRules, lines: CutOffLines, answers: Answers, need: Need
) -> list[Question]:
    """Offer revival to the bids of a field that the document lets come down.

    Args:
        field: Selected.
        rules: The rules of the round.
        lines: The cut-off lines of the field.
        answers: Who accepted, who declined.
        need: Reported need; brand volumes decide who may be revived without a place.

    Returns:
        The questions that are still open.
    """
    winners = [bid for bid in field.ranked if bid.status is Status.SELECTED]
    waiting = [bid for bid in field.ranked if bid.status is Status.REJECTED]
    if not winners or not waiting:
        return []
    questions: list[Question] = []
    shortlisted = [contender for contender in waiting if contender.shortlisted]
    terms = rules.table(SHORTLISTED) if shortlisted else None
    if terms is not None:
        limit = _limit(terms, winners, lines)
        for contender in shortlisted:
            questions += _offer(field, contender, limit, SHORTLISTED, rules, answers)
    questions += _revive_others(field, rules, winners, answers, need)
    questions += _revive_reference(field, rules, winners, answers)
    questions += _invite_to_talks(field, rules, winners, answers)
    return questions


def _limit(terms: Terms, winners: list[Contender], lines: CutOffLines) -> Limit:
    """The comparable price that revival must come down to."""
    single = cast("Decimal | None", terms.get("single_winner_ratio"))
    if len(winners) == 1 and single is not None:
        anchored = terms.get("of") == "anchor" and lines.anchor is not None
        base = lines.anchor if anchored and lines.anchor else Limit(winners[0].known)
        return base.times(single)
    rise = cast("Decimal | None", terms.get("max_rise"))
    return _highest(winners).times(1 + (rise or Decimal(0)))


def _highest(winners: list[Contender]) -> Limit:
    """The price level of the winners: the highest comparable price among them."""
    return Limit(max(winner.known for winner in winners))


def _revive_others(
    field: Field, rules: RoundRules, winners: list[Contender], answers: Answers, need: Need
) -> list[Question]:
    others = [bid for bid in field.ranked if bid.status is Status.REJECTED and not bid.shortlisted]
    terms = rules.table(OTHERS) if others else None
    if terms is None:
        return []
    limit = _highest(winners)
    highest = field.ranked[-1].known
    totals = need.brand_totals
    questions: list[Question] = []
    for contender in others:
        if terms.get("not_highest") and contender.known == highest:
            field.record("revival-highest", rules.cite(OTHERS), contender.name, price=highest)
            continue
        own = totals.get(contender.bid.manufacturer, 0)
        # Where nobody reported by brand, no bid has a volume of its own to win.
        wanted = bool(totals) and own * len(totals) >= sum(totals.values())
        if terms.get("volume_at_least_mean") and not wanted:
            field.record(
                "revival-volume",
                rules.cite(OTHERS),
                contender.name,
                volume=own,
                total=sum(totals.values()),
                brands=len(totals),
            )
            continue
        contender.chooses_regions = False
        questions += _offer(field, contender, limit, OTHERS, rules, answers)
    return questions


def _revive_reference(
    field: Field, rules: RoundRules, winners: list[Contender], answers: Answers
) -> list[Question]:
    if rules.table(REFERENCE) is None:
        return []
    limit = _highest(winners)
    questions: list[Question] = []
    for contender in field.ranked:
        waiting = contender.status is Status.REJECTED and not contender.shortlisted
        if waiting and contender.bid.is_originator:
            questions += _offer(field, contender, limit, REFERENCE, rules, answers)
    return questions


def _invite_to_talks(
    field: Field, rules: RoundRules, winners: list[Contender], answers: Answers
) -> list[Question]:
    places = rules.count(TALKS)
    if places is None:
        return []
    limit = _highest(winners)
    waiting = [bid for bid in field.ranked if bid.status is Status.REJECTED]
    questions: list[Question] = []
    for contender in waiting[:places]:
        questions += _offer(field, contender, limit, TALKS, rules, answers)
    return questions


def _offer(
    field: Field,
    contender: Contender,
    limit: Limit,
    key: str,
    rules: RoundRules,
    answers: Answers,
) -> list[Question]:
    """Offer a price to a contender, or carry out its answer; returns the question if open."""
    offer = contender.price_level(limit)
    declared = contender.declared
    if declared is not None and declared.pack_price < offer.pack_price:
        offer = declared
    contender.offer = offer
    lot, name, clause = field.lot.lot, contender.name, rules.cite(key)
    kind = QuestionKind.CUT if key == TALKS else QuestionKind.REVIVE
    numbers: dict[str, Number] = {"offer": offer.shown, "limit": limit.shown}
    given = answers.given(lot, name, kind)
    if given is None:
        step = field.record("revival-offered", clause, name, **numbers)
        contender.decide(Status.REVIVAL_OFFERED, step)
        return [Question(lot, name, kind, "bidder", offer.shown)]
    if not given.answer:
        contender.decide(Status.REJECTED, field.record("revival-declined", clause, name, **numbers))
        return []
    contender.offer = accepted_price(lot, contender, given, offer)
    numbers["price"] = contender.offer.shown
    without_volume = key == REFERENCE
    code = "revived-without-volume" if without_volume else "revived"
    status = Status.SELECTED_WITHOUT_VOLUME if without_volume else Status.SELECTED
    contender.decide(status, field.record(code, clause, name, **numbers))
    return []
