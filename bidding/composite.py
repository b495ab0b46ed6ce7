"""Composite score (综合评分): two envelopes, the technical one first, then price and quality.

The parts are percentages: the cut from the ceiling, the share of the need's regions that a bid
covers, and the evaluators' quality score. Their weights are the document's.
"""

from decimal import Decimal
from typing import cast

from bidding.contender import Contender, Field
from bidding.errors import MissingFactError
from bidding.report import Status
from bidding.rules import RoundRules
from pricing.money import EXACT
from rulebooks.vocabulary import ByNumber

WEIGHTS = "composite.weights"
TECHNICAL = "composite.technical_places"
_HUNDRED = Decimal(100)


def score(field: Field, rules: RoundRules) -> None:
    """Score the valid contenders of a field, where the document ranks by a composite score.

    Bids beyond the places of the technical envelope leave the competition; their second envelope
    stays closed.

    Raises:
        MissingFactError: A part that has a weight is not given.
        UnknownRuleError: The document scores, and its weights or places are not known.
    """
    weights = rules.table(WEIGHTS)
    if weights is None:
        return
    _open_technical_envelopes(field, rules)
    most_regions = max((bid.bid.regions_covered or 0 for bid in field.ranked), default=0)
    for contender in field.ranked:
        total = Decimal(0)
        for part, weight in weights.items():
            points = _points(field, contender, part, most_regions)
            total = EXACT.fma(cast("Decimal", weight), points, total)
        contender.score = total
        field.record("scored", rules.cite(WEIGHTS), contender.name, score=total)


def _open_technical_envelopes(field: Field, rules: RoundRules) -> None:
    table = cast("ByNumber | None", rules.value(TECHNICAL))
    if table is None or not field.ranked:
        return
    places = cast("int", table.at(field.bidders))
    by_quality = sorted(field.ranked, key=lambda bid: (-_quality(field, bid), bid.name))
    last = _quality(field, by_quality[min(places, len(by_quality)) - 1])
    for contender in by_quality:
        quality = _quality(field, contender)
        if quality >= last:
            continue
        clause = rules.cite(TECHNICAL)
        step = field.record(
            "technical-out", clause, contender.name, quality=quality, last=last, places=places
        )
        contender.decide(Status.REJECTED, step)
    field.ranked = [bid for bid in field.ranked if _quality(field, bid) >= last]


def _points(field: Field, contender: Contender, part: str, most_regions: int) -> Decimal:
    if part == "quality":
        return _quality(field, contender)
    if part == "supply":
        covered = contender.bid.regions_covered
        if covered is None:
            raise MissingFactError(field.lot.lot, contender.name, "regions_covered", WEIGHTS)
        return EXACT.divide(_HUNDRED * covered, Decimal(most_regions or 1))
    declared, ceiling = contender.declared, contender.ceiling
    if ceiling is None or declared is None:
        raise MissingFactError(field.lot.lot, contender.name, "price_ceiling", WEIGHTS)
    paid = EXACT.divide(declared.pack_price, EXACT.multiply(ceiling, Decimal(declared.pack_units)))
    return EXACT.multiply(_HUNDRED, 1 - paid)


def _quality(field: Field, contender: Contender) -> Decimal:
    quality = contender.bid.quality_score
    if quality is None:
        raise MissingFactError(field.lot.lot, contender.name, "quality_score", TECHNICAL)
    return quality
