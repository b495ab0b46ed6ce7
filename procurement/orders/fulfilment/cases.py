"""Answers to case files about fulfilment and agreed volumes, by the form of their inputs."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast, overload

from bidding.rules import RoundRules
from pricing.faults import Fault, ModelFaultsError
from pricing.money import share_of_units
from pricing.stated_rules import StatedRules
from procurement.orders.fulfilment.rules.crossings import (
    BEHIND,
    MONTHS_IN_ROW,
    RATE_MIN,
    SHARE_MIN,
)
from procurement.orders.fulfilment.rules.delivery_rate import flagged_months
from procurement.orders.fulfilment.rules.later_years import (
    agreed_by_winners,
    extension_volume,
    next_year_least,
)
from procurement.orders.fulfilment.rules.progress import (
    Progress,
    TimeTarget,
    decimals,
    implied_agreed,
    is_behind,
    percent,
    shared_progress,
)
from procurement.orders.fulfilment.rules.region_rules import (
    CONSUMABLES,
    RegionRules,
    fulfilment_books,
    region_of,
)
from procurement.orders.fulfilment.rules.use import (
    OTHER,
    UNITS,
    WINNING,
    Used,
    is_below,
    winning_share,
)
from procurement.volumes.rules import draw_line, reporting_rule
from rulebooks import Rulebook, load_rulebook
from rulebooks.vocabulary import ByNumber

Answer = dict[str, object]
Fields = Mapping[str, object]

LATEST = date(2026, 1, 1)
"""Cases name no day: the rules of the newest documents are asked."""

EXPLANATION = "written explanation"
_ROUND = re.compile(r"\bbatch (\d+)\b")
_WINNERS_SHOWN = 4
JOINTS = "joints-2021"


@overload
def answer_fulfilment_case(
    inputs: Fields, *, title: str = "", earlier: Sequence[Fields] = ()
) -> Answer: ...
@overload
def answer_fulfilment_case(
    inputs: Sequence[Fields], *, title: str = "", earlier: Sequence[Fields] = ()
) -> Answer | list[Answer]: ...
def answer_fulfilment_case(
    inputs: Fields | Sequence[Fields], *, title: str = "", earlier: Sequence[Fields] = ()
) -> Answer | list[Answer]:
    """Answer a case by the form of its inputs.

    Args:
        inputs: By the names that it holds: ``planned_wan`` and ``actual_wan``; ``days_elapsed`` and
            ``days_year``; rows of a bulletin (a list with ``completion_pct``); ``progress_pct``
            and ``time_progress_pct``; ``delivery_months``; ``winning_qty`` and
            ``non_winning_qty``; ``base_qty``; past use (``use_2023`` …) and ``reports``; a list
            with ``agreed_y1`` and ``actual_y1``; ``agreed_year`` and ``months`` of an extension;
            ``agreed`` and ``bought`` of a joint bid.
        title: Of the case; it tells which round's document is meant.
        earlier: Inputs of cases that stand before it in the same file: days alone are compared
            with the last progress among them.

    Returns:
        Its answers by name, decimals as strings; for a list one for each entry, except of a
        bulletin, which has one answer by row.

    Raises:
        ModelFaultsError: The inputs have none of these forms.
        RuleNotStatedError: A rule that is needed is stated nowhere.

    Examples:
        >>> answer_fulfilment_case({"planned_wan": "23192.54", "actual_wan": "19960.73"})
        {'progress_pct': '86.07'}
        >>> answer_fulfilment_case({"agreed_year": "1200", "months": 5})["extension_qty"]
        '500'
    """
    if not isinstance(inputs, Mapping):
        if inputs and all("completion_pct" in one for one in inputs):
            return _bulletin(inputs)
        return [_year_after(one) for one in inputs]
    for fits, answer in _FORMS:
        if fits in inputs:
            return answer(inputs, title, earlier)
    en = f"{', '.join(inputs)}: expected planned_wan, days_elapsed, delivery_months, base_qty, …"
    raise ModelFaultsError([Fault("inputs", "无法识别的题目", en)])


def _progress(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    return {"progress_pct": str(percent(_completion(inputs)))}


def _completion(inputs: Fields) -> Fraction:
    return _exact(inputs["actual_wan"]) / _exact(inputs["planned_wan"])


def _time_target(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    """The target, and by how many points the progress of the case before differs from it."""
    share = _exact(inputs["days_elapsed"]) / _exact(inputs["days_year"])
    found: Answer = {"time_progress_pct": str(percent(share))}
    measured = [one for one in (*earlier, inputs) if "planned_wan" in one]
    if measured:
        gap = (_completion(measured[-1]) - share) * 100
        found["lag_points"] = str(decimals(gap, 2))
    return found


def _bulletin(rows: Sequence[Fields]) -> Answer:
    implied = {
        str(row["batch"]): str(
            decimals(
                implied_agreed(
                    Decimal(str(row["actual_wan"])), _exact(row["completion_pct"]) / 100
                ),
                2,
            )
        )
        for row in rows
    }
    return {"implied_agreed_wan": implied}


def _delivery(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    """Which supplier rules flag a series of monthly rates, and at which month first."""
    rates = [Decimal(str(one)) for one in cast("Sequence[object]", inputs["delivery_months"])]
    found: Answer = {}
    for book in fulfilment_books():
        if RATE_MIN not in book.rules:
            continue
        rules = RegionRules(region_of(book), LATEST)
        months = flagged_months(
            rates, rate_min=rules.decimal(RATE_MIN), months_in_row=rules.count(MONTHS_IN_ROW)
        )
        place = _place_of(book)
        found[f"{place}_flag"] = bool(months)
        found[f"{place}_first_flag_month"] = months[0] if months else None
    # The case asks for the month of the rule with several months in a row.
    found["first_flag_month"] = found["qinghai_first_flag_month"]
    return found


def _by_winners(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    """By the number of winners; of joints by rank, as their document shares volumes out."""
    base = _whole(inputs["base_qty"])
    if "joint" in title.casefold():
        ranks = cast("ByNumber", load_rulebook(JOINTS).rules["share.by_rank"].value)
        shown = range(1, len(ranks.entries) + 1)
        found = {
            str(rank): str(share_of_units(cast("Decimal", ranks.at(rank)), base)) for rank in shown
        }
    else:
        rules = StatedRules(_round_named(title))
        shown = range(1, _WINNERS_SHOWN + 1)
        found = {str(number): str(agreed_by_winners(base, number, rules)) for number in shown}
    last = str(shown[-1])
    return {**found, f">={last}": found[last]}


def _behind(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    """Whether an institution is called to a talk, where a place has a rule for that."""
    progress, target = _exact(inputs["progress_pct"]), _exact(inputs["time_progress_pct"])
    book = next(one for one in fulfilment_books() if BEHIND in one.rules)
    limit = RegionRules(region_of(book), LATEST).decimal(BEHIND)
    return {
        "lag_points": str(decimals(progress - target, 2)),
        "interview": is_behind(
            Progress(10**6, int(progress * 10**4)), TimeTarget(int(target * 10**4), 10**6), limit
        ),
    }


def _use(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    """The share of winning products, and whether it is enough where a place has a rule for that."""
    used = [
        Used(WINNING, _exact(inputs["winning_qty"]), Decimal(0)),
        Used(OTHER, _exact(inputs["non_winning_qty"]), Decimal(0)),
    ]
    winning = winning_share(used, measure=UNITS)
    found: Answer = {"winning_share_pct": str(percent(winning))}
    for book in fulfilment_books():
        if SHARE_MIN in book.rules:
            least = RegionRules(region_of(book), LATEST).decimal(SHARE_MIN)
            found[f"{_place_of(book)}_ok"] = not is_below(winning, least)
    return found


def _reports(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    rule = reporting_rule(RoundRules(_round_named(title)))
    uses = [_whole(inputs[name]) for name in sorted(inputs) if name.startswith("use_")]
    reports = [_whole(one) for one in cast("Sequence[object]", inputs["reports"])]
    lines = [draw_line(demand, uses, rule) for demand in reports]
    found: Answer = {
        "minimum": str(lines[0].minimum_units),
        "ok": [not line.needs_explanation for line in lines],
    }
    for name, line in zip(("first", "second", "third", "fourth"), lines, strict=False):
        found[f"{name}_needs"] = EXPLANATION if line.needs_explanation else None
    return found


def _year_after(inputs: Fields) -> Answer:
    """The least of the next year, by every rule on consumables that is stated."""
    agreed, bought = _whole(inputs["agreed_y1"]), _whole(inputs["actual_y1"])
    found: Answer = {}
    for book in fulfilment_books():
        covers = book.rules.get("scope.covers")
        if covers is None or CONSUMABLES not in cast("tuple[str, ...]", covers.value):
            continue
        rules = RegionRules(region_of(book), LATEST, covers=CONSUMABLES)
        found[f"{_place_of(book)}_min"] = str(next_year_least(agreed, bought, rules).least)
    return found


def _extension(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    book = next(one for one in fulfilment_books() if "extension.volume" in one.rules)
    rules = RegionRules(region_of(book), LATEST)
    found = extension_volume(_whole(inputs["agreed_year"]), _whole(inputs["months"]), rules)
    return {"extension_qty": str(found.volume), "unchanged": list(found.unchanged)}


def _shared(inputs: Fields, title: str, earlier: Sequence[Fields]) -> Answer:
    bought = cast("Mapping[str, object]", inputs["bought"])
    progress = shared_progress(_whole(inputs["agreed"]), map(_whole, bought.values()))
    return {"progress_pct": str(percent(progress.completion))}


def _round_named(title: str) -> Rulebook:
    """The document of the national batch that a title names."""
    match = _ROUND.search(title)
    if match is None:
        en = f"title {title!r}: expected the batch whose document is meant"
        raise ModelFaultsError([Fault("title", "题目未写明批次", en)])
    return load_rulebook(f"national-{match[1]}")


def _place_of(book: Rulebook) -> str:
    """The place in a rulebook's identifier: the word behind the series."""
    return book.id.split("-")[1]


def _exact(raw: object) -> Fraction:
    return Fraction(str(raw))


def _whole(raw: object) -> int:
    number = _exact(raw)
    if number.denominator != 1:
        raise ValueError(f"{raw}: expected a whole number")
    return number.numerator


_Form = tuple[str, Callable[[Fields, str, Sequence[Fields]], Answer]]

_FORMS: Sequence[_Form] = (
    ("planned_wan", _progress),
    ("days_elapsed", _time_target),
    ("progress_pct", _behind),
    ("delivery_months", _delivery),
    ("winning_qty", _use),
    ("base_qty", _by_winners),
    ("reports", _reports),
    ("agreed_y1", lambda inputs, title, earlier: _year_after(inputs)),
    ("agreed_year", _extension),
    ("bought", _shared),
)
"""Forms of a case by a name among their inputs, the first that fits."""
