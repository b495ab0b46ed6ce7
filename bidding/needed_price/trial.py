"""Trials: would a bid be selected at another price, all other bids unchanged?"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bidding.answers import Answers
from bidding.competition import first_pass
from bidding.composite import score
from bidding.contender import Contender, Field
from bidding.cut_off_lines import CutOffLines, draw_lines
from bidding.eligibility import counts, unite
from bidding.ranking import rank
from bidding.report import Status
from bidding.rules import RoundRules
from bidding.selection import cut_limit, has_sufficient_condition
from bidding.shortlist import places_at
from pricing.money import UnitPrice

Trial = Callable[[UnitPrice], bool]
"""Whether the bid would be selected at a price."""


def whole_trial(contender: Contender, field: Field, rules: RoundRules) -> Trial:
    """A trial that decides the whole field again, whatever the rules.

    Ties stay open: what people answered was about the prices that were declared.
    """
    answers = Answers()
    rivals = [bid for bid in field.contenders if bid is not contender]

    def selected_at(price: UnitPrice) -> bool:
        tried = _fresh(contender)
        tried.quote = replace(contender.quote, declared_price=price)
        tried.comparable = contender.scale.comparable(price.pack_price)
        tried.valid = True
        copy = replace(field, contenders=[tried, *map(_fresh, rivals)], steps=[])
        unite(copy)
        score(copy, rules)
        rank(copy, rules)
        copy.places = places_at(copy, copy.bidders)
        first_pass(copy, rules, answers)
        return tried.stands_instead is None and tried.status.is_selected

    return selected_at


def _fresh(contender: Contender) -> Contender:
    """The contender as it entered, undecided."""
    return replace(contender, status=Status.REJECTED, shortlisted=False, rank=None)


class PriceTrial:
    """A trial for fields that are ranked by price and have no cap of one maker.

    It follows the stages of ``competition.first_pass`` for one bid, with prices alone: where a
    whole trial takes a tenth of a millisecond, this one takes a fifth of that.
    """

    def __init__(self, contender: Contender, field: Field) -> None:
        """Prepare the rivals, in order, and the number of places if the bid were valid."""
        self.contender = contender
        self.conditions = field.conditions
        self.rivals = [bid for bid in field.ranked if bid.place != contender.place]
        self.keys = [bid.rank_key for bid in self.rivals]
        self.prices = [bid.known for bid in self.rivals]
        standing = contender.stands_instead or contender
        self.places = places_at(field, field.bidders + (not counts(standing, field)))
        self.total = len(self.rivals) + 1
        self._cut = cut_limit(contender, field.conditions)

    def __call__(self, price: UnitPrice) -> bool:
        """Whether the bid would be selected at a price."""
        comparable = self.contender.scale.comparable(price.pack_price)
        if not self._stands(comparable):
            return False
        key = (comparable, self.contender.tie_key)
        ahead, level = bisect_left(self.keys, key), bisect_right(self.keys, key)
        lines = self.lines_with(comparable)
        zero = lines.zero_volume_below
        placeless = 0
        if zero is not None:
            if zero.is_above(comparable) and self._holds_place(level):
                return True
            shortlisted = self.prices[: self.places]
            placeless = sum(zero.is_above(rival) for rival in shortlisted)
        if not self._holds_place(level - placeless, placeless):
            return False
        return not self._is_out(comparable, ahead, lines) and self._passes(comparable, price, lines)

    def lines_with(self, comparable: Decimal) -> CutOffLines:
        """The cut-off lines of the field with the bid at a comparable price."""
        everyone = sorted([*self.prices, comparable])
        return draw_lines(self.conditions, everyone[: self.places], everyone)

    def _stands(self, comparable: Decimal) -> bool:
        """Whether the bid would stand for its place."""
        standing = self.contender.stands_instead
        if standing is None or not standing.valid:
            return True
        mine = (comparable, self.contender.own_order)
        return mine < (standing.known, standing.own_order)

    def _holds_place(self, level: int, placeless: int = 0) -> bool:
        """Whether the bid and all that are level with it or ahead fit into the places."""
        if self.places is None or self.total - placeless <= self.places:
            return True
        return level < self.places

    def _is_out(self, comparable: Decimal, ahead: int, lines: CutOffLines) -> bool:
        if lines.out_above is not None and not lines.out_above.allows(comparable):
            return True
        exempt = self.conditions.highest_out_after
        if exempt is None or ahead < exempt:
            return False
        return not self.prices or comparable >= self.prices[-1]

    def _passes(self, comparable: Decimal, price: UnitPrice, lines: CutOffLines) -> bool:
        conditions = self.conditions
        if lines.line is not None and lines.line.allows(comparable):
            return True
        declared = (self._cut, conditions.reference)
        if any(limit is not None and price.is_at_most(limit) for limit in declared):
            return True
        compared = (conditions.low, conditions.class_b)
        if any(limit is not None and comparable <= limit for limit in compared):
            return True
        return not has_sufficient_condition(conditions)
