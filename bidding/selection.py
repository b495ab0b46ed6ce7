"""Selection (中选): which shortlisted bids pass the conditions of the document."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from bidding.contender import Contender, Field
from bidding.cut_off_lines import (
    ABSOLUTE_LOW,
    OUT_ABOVE,
    SDS_BELOW_MEAN,
    SHARE_OF_MEAN,
    ZERO_VOLUME,
    CutOffLines,
)
from bidding.report import Number, Status
from bidding.rules import RoundRules
from pricing.money import EXACT

CUT = "selection.cut_from_ceiling"
REFERENCE = "selection.reference_price"
HIGHEST_OUT = "selection.highest_out_after"
CLASS_LINES = "classes.lines"
COST_STATEMENT = "cost_statement.below_anchor"

Verdict = tuple[str, str, Mapping[str, Number]]
"""Sentence, clause and numbers of the condition that decided."""


def select(field: Field, rules: RoundRules, lines: CutOffLines) -> None:
    """Decide every shortlisted contender, and the tied ones that fail every condition anyway.

    Args:
        field: Shortlisted.
        rules: The rules of the round.
        lines: The cut-off lines of the field.
    """
    record_lines(field, rules, lines)
    for contender in field.ranked:
        if not contender.shortlisted and contender.status is not Status.TIED:
            continue
        out = excluded_by(contender, field, rules, lines)
        passed = sufficient(contender, rules, lines, field) if out is None else None
        verdict = passed or out or _failed(contender, rules, lines)
        if passed is not None and contender.status is Status.TIED:
            continue
        step = field.record(verdict[0], verdict[1], contender.name, **verdict[2])
        contender.decide(Status.SELECTED if passed else Status.REJECTED, step)
        _record_cost_statement(field, contender, rules, lines)


def record_lines(field: Field, rules: RoundRules, lines: CutOffLines) -> None:
    """Record the anchor price and the bands that the field's prices make."""
    if lines.anchor is not None:
        key = SHARE_OF_MEAN if rules.knows(SHARE_OF_MEAN) else SDS_BELOW_MEAN
        anchor = rules.cite(key)
        field.record("anchor", anchor, None, anchor=lines.anchor, lowest=lines.lowest)
    if lines.zero_volume_below is not None:
        limit = lines.zero_volume_below
        field.record("zero-volume-band", rules.cite(ZERO_VOLUME), None, limit=limit)


def excluded_by(
    contender: Contender, field: Field, rules: RoundRules, lines: CutOffLines
) -> Verdict | None:
    """The rule that keeps a contender out whatever else it passes, if any."""
    price = contender.known
    if lines.out_above is not None and price > lines.out_above:
        return "above-band", rules.cite(OUT_ABOVE), {"price": price, "limit": lines.out_above}
    exempt = rules.count(HIGHEST_OUT)
    if exempt is None or (contender.rank or 0) <= exempt:
        return None
    if price < field.ranked[-1].known:
        return None
    rank = contender.rank or 0
    return "highest-out", rules.cite(HIGHEST_OUT), {"price": price, "rank": rank, "exempt": exempt}


def sufficient(
    contender: Contender, rules: RoundRules, lines: CutOffLines, field: Field
) -> Verdict | None:
    """The first condition that a shortlisted contender passes; None if it fails all of them."""
    price = contender.known
    numbers: dict[str, Number]
    if lines.line is not None and price <= lines.line:
        numbers = {"price": price, "line": lines.line, **_base(lines), **_ranked(contender, field)}
        return "within-line", rules.cite(lines.line_key), numbers
    cut_price = cut_limit(contender, rules)
    declared = contender.declared
    if cut_price is not None and declared is not None and declared.exact <= cut_price:
        shown = declared.shown
        numbers = {"declared": shown, "limit": cut_price, "cut": _cut(rules)}
        return "cut-suffices", rules.cite(CUT), numbers
    if lines.low is not None and price <= lines.low:
        return "absolute-low", rules.cite(ABSOLUTE_LOW), {"price": price, "limit": lines.low}
    reference = rules.decimal(REFERENCE)
    if reference is not None and declared is not None and declared.exact <= reference:
        numbers = {"declared": declared.shown, "limit": reference}
        return "reference-price", rules.cite(REFERENCE), numbers
    line_b = class_line(field, rules, "b")
    if line_b is not None and price <= line_b:
        return "class-b", rules.cite(CLASS_LINES), {"price": price, "limit": line_b}
    if lines.line is None and cut_price is None and lines.low is None and reference is None:
        return "within-places", rules.cite(_places_key(rules)), _ranked(contender, field)
    return None


def cut_limit(contender: Contender, rules: RoundRules) -> Decimal | None:
    """The declared unit price at which the cut from the bid's own ceiling suffices."""
    cut = rules.decimal(CUT)
    if cut is None or contender.ceiling is None:
        return None
    return EXACT.multiply(contender.ceiling, 1 - cut)


def class_line(field: Field, rules: RoundRules, name: str) -> Decimal | None:
    """The price line of class A or B (``a``, ``b``) of the field's lot."""
    table = rules.table(CLASS_LINES)
    if table is None or field.lot.lot not in table:
        return None
    return cast("Decimal", cast("Mapping[str, object]", table[field.lot.lot])[name])


def _places_key(rules: RoundRules) -> str:
    unlimited = rules.flag("places.unlimited")
    return "places.unlimited" if unlimited else "places.by_bidders"


def _cut(rules: RoundRules) -> Decimal:
    return rules.decimal(CUT) or Decimal(0)


def _base(lines: CutOffLines) -> dict[str, Number]:
    by_anchor = lines.anchor is not None and lines.line_key.endswith("anchor")
    base = lines.anchor if by_anchor and lines.anchor is not None else lines.lowest
    return {"ratio": lines.ratio or 0, "base": base, "by": "anchor" if by_anchor else "lowest"}


def _ranked(contender: Contender, field: Field) -> dict[str, Number]:
    places = "∞" if field.places is None else field.places
    return {"rank": contender.rank or 0, "places": places}


def _failed(contender: Contender, rules: RoundRules, lines: CutOffLines) -> Verdict:
    """Every condition that a shortlisted contender failed, with its figure."""
    numbers: dict[str, Number] = {"price": contender.known, "line": lines.line or 0}
    numbers |= _base(lines)
    if lines.low is not None:
        numbers["low"] = lines.low
    cut_price = cut_limit(contender, rules)
    if cut_price is None:
        return "above-line", rules.cite(lines.line_key), numbers
    numbers |= {"cut_limit": cut_price, "cut": _cut(rules)}
    return "above-line-and-cut", rules.cite(lines.line_key), numbers


def _record_cost_statement(
    field: Field, contender: Contender, rules: RoundRules, lines: CutOffLines
) -> None:
    if lines.anchor is None or contender.known >= lines.anchor:
        return
    if contender.bid.cost_statement or not rules.flag(COST_STATEMENT):
        return
    clause, price = rules.cite(COST_STATEMENT), contender.known
    field.record("cost-statement-owed", clause, contender.name, price=price, anchor=lines.anchor)


def without_volume(field: Field, rules: RoundRules, lines: CutOffLines) -> frozenset[str]:
    """Select without volume the shortlisted bids below the zero-volume band; they hold no place."""
    limit = lines.zero_volume_below
    if limit is None:
        return frozenset()
    below = [bid for bid in field.ranked if bid.known < limit and bid.shortlisted]
    for contender in below:
        clause, price = rules.cite(ZERO_VOLUME), contender.known
        step = field.record("zero-volume", clause, contender.name, price=price, limit=limit)
        contender.decide(Status.SELECTED_WITHOUT_VOLUME, step)
    return frozenset(contender.name for contender in below)
