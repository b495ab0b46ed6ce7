"""Selection (中选): which shortlisted bids pass the conditions of the document."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bidding.conditions import (
    ABSOLUTE_LOW,
    CLASS_LINES,
    COST_STATEMENT,
    CUT,
    HIGHEST_OUT,
    OUT_ABOVE,
    REFERENCE,
    SDS_BELOW_MEAN,
    SHARE_OF_MEAN,
    ZERO_VOLUME,
    Conditions,
)
from bidding.contender import Contender, Field
from bidding.cut_off_lines import CutOffLines
from bidding.report import Number, Status
from bidding.rules import RoundRules
from pricing.money import EXACT

Verdict = tuple[str, str, Mapping[str, Number]]
"""Sentence, rule and numbers of the condition that decided."""


def select(field: Field, rules: RoundRules, lines: CutOffLines) -> None:
    """Decide every shortlisted contender, and tied ones for which the tie decides nothing.

    A tied bid that passes no condition is rejected whoever takes the place, unless the one that
    takes it may be revived.

    Args:
        field: Shortlisted.
        rules: The rules of the round.
        lines: The cut-off lines of the field.
    """
    revival = "revival.shortlisted" in {*rules.rulebook.rules, *rules.rulebook.unknown}
    for contender in field.ranked:
        tied = contender.status is Status.TIED
        if not contender.shortlisted and not tied:
            continue
        out = excluded_by(contender, field, lines)
        passed = sufficient(contender, field, lines) if out is None else None
        if tied and (passed is not None or revival):
            continue
        code, key, numbers = passed or out or _failed(contender, field, lines)
        step = field.record(code, rules.cite(key), contender.name, **numbers)
        contender.decide(Status.SELECTED if passed else Status.REJECTED, step)
        if field.conditions.cost_statement:
            _record_cost_statement(field, contender, rules, lines)


def record_lines(field: Field, rules: RoundRules, lines: CutOffLines) -> None:
    """Record the anchor price and the bands that the field's prices make."""
    if lines.anchor is not None:
        by_share = field.conditions.share_of_mean is not None
        clause = rules.cite(SHARE_OF_MEAN if by_share else SDS_BELOW_MEAN)
        field.record("anchor", clause, None, anchor=lines.anchor.shown, lowest=lines.lowest)
    if lines.zero_volume_below is not None:
        limit = lines.zero_volume_below.shown
        field.record("zero-volume-band", rules.cite(ZERO_VOLUME), None, limit=limit)


def excluded_by(contender: Contender, field: Field, lines: CutOffLines) -> Verdict | None:
    """The rule that keeps a contender out whatever else it passes, if any."""
    price = contender.known
    if lines.out_above is not None and not lines.out_above.allows(price):
        return "above-band", OUT_ABOVE, {"price": price, "limit": lines.out_above.shown}
    exempt = field.conditions.highest_out_after
    if exempt is None or price < field.ranked[-1].known:
        return None
    # Equal bids share the best of their ranks: a name must not decide who is exempt.
    rank = 1 + sum(rival.rank_key < contender.rank_key for rival in field.ranked[: exempt + 1])
    if rank <= exempt:
        return None
    return "highest-out", HIGHEST_OUT, {"price": price, "rank": rank, "exempt": exempt}


def sufficient(contender: Contender, field: Field, lines: CutOffLines) -> Verdict | None:
    """The first condition that a shortlisted contender passes; None if it fails all of them.

    Raises:
        UnknownRuleError: It fails all known conditions, and the document has one that nobody
            knows.
    """
    conditions = field.conditions
    price, declared = contender.known, contender.declared
    if lines.line is not None and lines.line.allows(price):
        return _within_line(contender, field, lines)
    cut_price = cut_limit(contender, conditions)
    if cut_price is not None and declared is not None and declared.is_at_most(cut_price):
        numbers = {"declared": declared.shown, "limit": cut_price, "cut": conditions.cut or 0}
        return "cut-suffices", CUT, numbers
    if conditions.low is not None and price <= conditions.low:
        return "absolute-low", ABSOLUTE_LOW, {"price": price, "limit": conditions.low}
    reference = conditions.reference
    if reference is not None and declared is not None and declared.is_at_most(reference):
        return "reference-price", REFERENCE, {"declared": declared.shown, "limit": reference}
    if conditions.class_b is not None and price <= conditions.class_b:
        return "class-b", CLASS_LINES, {"price": price, "limit": conditions.class_b}
    if not has_sufficient_condition(conditions):
        return "within-places", field.places_key, _ranked(contender, field)
    if conditions.unknown:
        raise conditions.unknown[0]
    return None


def has_sufficient_condition(conditions: Conditions) -> bool:
    """Whether the document asks shortlisted bids for anything but their place."""
    asked = (
        conditions.ratio_to_lowest,
        conditions.ratio_to_anchor,
        conditions.cut,
        conditions.low,
        conditions.reference,
        conditions.class_b,
    )
    return bool(conditions.unknown) or any(value is not None for value in asked)


def cut_limit(contender: Contender, conditions: Conditions) -> Decimal | None:
    """The declared unit price at which the cut from the bid's own ceiling suffices."""
    if conditions.cut is None or contender.ceiling is None:
        return None
    return EXACT.multiply(contender.ceiling, 1 - conditions.cut)


def placeless(field: Field, lines: CutOffLines) -> list[Contender]:
    """The shortlisted bids below the zero-volume band: they hold no place."""
    limit = lines.zero_volume_below
    if limit is None:
        return []
    return [bid for bid in field.ranked if bid.shortlisted and limit.is_above(bid.known)]


def select_without_volume(
    field: Field, rules: RoundRules, lines: CutOffLines, below: Sequence[Contender]
) -> None:
    """Select without volume the bids below the zero-volume band."""
    limit = lines.zero_volume_below
    for contender in below if limit is not None else ():
        clause, price = rules.cite(ZERO_VOLUME), contender.known
        shown = limit.shown if limit is not None else price
        step = field.record("zero-volume", clause, contender.name, price=price, limit=shown)
        contender.decide(Status.SELECTED_WITHOUT_VOLUME, step)


def _within_line(contender: Contender, field: Field, lines: CutOffLines) -> Verdict:
    numbers: dict[str, Number] = {"price": contender.known, **_ranked(contender, field)}
    return "within-line", lines.line_key, numbers | _base(lines)


def _base(lines: CutOffLines) -> dict[str, Number]:
    """The line, and the price and multiple it is drawn from."""
    if lines.line is None or lines.ratio is None:
        return {}
    return {"line": lines.line.shown, "ratio": lines.ratio, "base": lines.base.shown}


def _ranked(contender: Contender, field: Field) -> dict[str, Number]:
    return {
        "rank": contender.rank or 0,
        "places": "∞" if field.places is None else field.places,
    }


def _failed(contender: Contender, field: Field, lines: CutOffLines) -> Verdict:
    """Every condition that a shortlisted contender failed, with its figure."""
    conditions = field.conditions
    numbers: dict[str, Number] = {"price": contender.known, **_base(lines)}
    for name in ("low", "reference", "class_b"):
        value = getattr(conditions, name)
        if value is not None:
            numbers[name] = value
    cut_price = cut_limit(contender, conditions)
    if cut_price is not None:
        numbers |= {"cut_limit": cut_price, "cut": conditions.cut or 0}
    if lines.line is None:
        return "passes-nothing", CUT if cut_price is not None else ABSOLUTE_LOW, numbers
    code = "above-line" if cut_price is None else "above-line-and-cut"
    return code, lines.line_key, numbers


def _record_cost_statement(
    field: Field, contender: Contender, rules: RoundRules, lines: CutOffLines
) -> None:
    if lines.anchor is None or not lines.anchor.is_above(contender.known):
        return
    if contender.bid.cost_statement:
        return
    clause, price = rules.cite(COST_STATEMENT), contender.known
    anchor = lines.anchor.shown
    field.record("cost-statement-owed", clause, contender.name, price=price, anchor=anchor)
