"""One settlement line as a case file gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from procurement.savings.rules import (
    Assessed,
    Choices,
    Formula,
    SchemeRules,
    Settlement,
    Terms,
    Use,
    assess,
    settle,
)
from rulebooks import load_rulebook

Fields = Mapping[str, object]

NATIONAL = "savings-national-2020"

_PLACES = {
    "ankang": "savings-ankang-2021",
    "shiquan": "savings-ankang-2021",
    "changning": "savings-changning-2021",
    "hunan": "savings-hunan-2024",
    "shenzhen": "savings-shenzhen-2024",
    "yibin": "savings-yibin-2022",
    "guangxi": "savings-guangxi-2021",
    "fengshan": "savings-guangxi-2021",
}
"""Words of a case's title, and the rulebook that it speaks of."""


def rulebook_of(inputs: Fields, title: str) -> str:
    """The rulebook that a case names, by itself or by its title; else the national one.

    Examples:
        >>> rulebook_of({}, "Ankang/Shiquan variant")
        'savings-ankang-2021'
    """
    named = inputs.get("rulebook")
    if isinstance(named, str):
        return named
    words = title.casefold()
    return next((book for place, book in _PLACES.items() if place in words), NATIONAL)


def formula_of(inputs: Fields, title: str) -> Formula:
    """The formula of a case's rulebook."""
    return SchemeRules(load_rulebook(rulebook_of(inputs, title)), {}).formula


def settle_case_lines(
    entries: Sequence[Fields], title: str, *, negative_base: str = "floor_each"
) -> Settlement:
    """Settle the lines of a case, as products of one hospital.

    Args:
        entries: The factors of each line.
        title: Of the case.
        negative_base: ``floor_each`` or ``net_batch``.
    """
    lines = [_line(entry, f"{place:04}") for place, entry in enumerate(entries, 1)]
    assessed = {
        terms.key: _assessed(entry, title) for (terms, _), entry in zip(lines, entries, strict=True)
    }
    formula = formula_of(entries[0], title)
    if any(terms.payment_ratio_spend is None for terms, _ in lines):
        formula = replace(formula, two_ratios=False)
    return settle(lines, assessed, Choices(formula, negative_base, "product"))


def _line(inputs: Fields, product: str) -> tuple[Terms, Use]:
    of_spend = inputs.get("pay_ratio_spend")
    agreed = int(number(inputs["agreed_qty"]))
    terms = Terms(
        hospital="case",
        product=product,
        base_volume=int(number(inputs["base_qty"])),
        agreed_volume=agreed,
        price_before=number(inputs["pre_price"]),
        winning_price=number(inputs["win_price"]),
        payment_ratio=number(inputs.get("pay_ratio_budget", inputs.get("pay_ratio"))),
        payment_ratio_spend=None if of_spend is None else number(of_spend),
        insured_share=number(inputs["insured_share"]),
    )
    return terms, Use(_winning_volume(inputs, agreed), number(inputs.get("nonwin_amount", 0)))


def number(value: object) -> Decimal:
    """A number of a case, which files write as text or as a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise TypeError(f"{value!r} is no number")
    return Decimal(str(value))


def _winning_volume(inputs: Fields, agreed: int) -> int:
    """What was taken in; a case that only says whether it was enough is taken at its word."""
    for name in ("actual_qty", "winning_qty", "actual_winning_qty"):
        if name in inputs:
            return int(number(inputs[name]))
    return agreed if inputs.get("actual_winning_completed", True) else 0


def _assessed(inputs: Fields, title: str) -> Assessed:
    if "retention_ratio" in inputs:
        passed = inputs.get("assessment_passed", True) is True
        return Assessed(number(inputs["retention_ratio"]), passed)
    rules = SchemeRules(load_rulebook(rulebook_of(inputs, title)), {})
    return assess(number(inputs["score"]), rules.bands)
