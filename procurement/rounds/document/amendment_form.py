"""Read an amendment from a posted form: rules, dates and prices that are to change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bidding.errors import BadOptionError
from bidding.rules import NO_SUCH_RULE
from procurement.errors import FieldFault, InvalidInputError
from procurement.rounds.at_edge import FormReader, typed_moment
from procurement.rounds.document.amended import RulesInForce
from procurement.rounds.document.amendment import Amendment, Strength
from procurement.rounds.document.plan import RoundPlan
from procurement.rounds.options import option_text, parse_option
from procurement.web import Form
from rulebooks import Bilingual, Rulebook, UnknownRule, load_rulebook
from rulebooks.vocabulary import VOCABULARY, ByNumber

TERMS = VOCABULARY["round"]
RULE_ROWS = 4
"""How many rules one amendment's form changes; another amendment may change more."""

DATES = ("bidding_opens_at", "closes_at", "opens_at")
"""What is still ahead when a document is published."""


@dataclass(frozen=True, slots=True)
class PriceField:
    """A ceiling (or benchmark) on the form.

    Attributes:
        name: Of the field.
        key: Lot and strength.
        label: What people read.
        price: As it is; None if there is none.
    """

    name: str
    key: Strength
    label: str
    price: Decimal | None


def price_fields(plan: RoundPlan) -> Iterator[PriceField]:
    """The fields of all prices of standing lots, in the order of the document."""
    for lot in plan.lots:
        if lot.failed_reason is not None:
            continue
        for position, one in enumerate(lot.strengths):
            price = one.benchmark_price if plan.is_inquiry else one.price_ceiling
            label = f"{lot.code} {lot.product} {one.label}"
            yield PriceField(f"price-{lot.code}-{position}", (lot.code, one.label), label, price)


def parse_rule(rulebook: Rulebook, key: str, text: str) -> object:
    r"""Read the new value of a rule that a person typed, whatever the rulebook says of it.

    Args:
        rulebook: The rules in force.
        key: The rule.
        text: What was typed; ``none`` drops the rule.

    Raises:
        BadOptionError: No reading of the text is a value of the rule.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> third = load_rulebook("national-3")
        >>> parse_rule(third, "selection.ratio_to_lowest", "2")
        '2'
        >>> parse_rule(third, "places.by_bidders", "1 = 1\n2+ = 2")
        {'1': 1, '2+': 2}
    """
    if text == NO_SUCH_RULE:
        return NO_SUCH_RULE
    if key not in TERMS:
        raise BadOptionError(rulebook.id, key, "is not in the vocabulary")
    rules = {name: rule for name, rule in rulebook.rules.items() if name != key}
    unknown = {**rulebook.unknown, key: UnknownRule(key, Bilingual("", ""), None)}
    return parse_option(replace(rulebook, rules=rules, unknown=unknown), key, text)


def value_text(value: object) -> str:
    r"""A rule's value as a person would type it again.

    Examples:
        >>> value_text(Decimal("1.8")), value_text(ByNumber((1, 2)))
        ('1.8', '1 = 1\n2+ = 2')
    """
    return option_text(_raw(value))


def values_in_force(rules: RulesInForce) -> dict[str, str]:
    """The value of every rule that governs the round, as a person would type it.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> chosen = {"reporting.minimum_share": {"as_in": "national-11"}}
        >>> values_in_force(RulesInForce(load_rulebook("national-3"), chosen))[
        ...     "reporting.minimum_share"
        ... ]
        '0.8'
    """
    present = {key: value_text(rule.value) for key, rule in rules.rulebook.rules.items()}
    for key, given in rules.options.items():
        if given == NO_SUCH_RULE:
            present.pop(key, None)
        elif isinstance(given, Mapping) and set(given) == {"as_in"}:
            present[key] = value_text(load_rulebook(str(given["as_in"])).rules[key].value)
        else:
            present[key] = option_text(given)
    return present


def _raw(value: object) -> object:
    if isinstance(value, ByNumber):
        last = len(value.entries)
        return {
            f"{number}+" if number == last else str(number): _raw(entry)
            for number, entry in enumerate(value.entries, start=1)
        }
    if isinstance(value, Mapping):
        return {name: _raw(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, tuple):
        return [_raw(entry) for entry in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def amendment_from(form: Form, *, plan: RoundPlan, rules: RulesInForce) -> Amendment:
    """Read an amendment; what was left as it is does not change.

    Args:
        form: As posted.
        plan: The facts as they are.
        rules: The rules in force.

    Raises:
        InvalidInputError: With every field that cannot be read.
    """
    reader = FormReader(form)
    changed, faults = _rules(form, rules)
    dates = _dates(reader, plan)
    prices = _prices(reader, plan)
    faults += reader.faults
    if faults:
        raise InvalidInputError(faults)
    return Amendment(reason=form.get("reason", ""), rules=changed, dates=dates, prices=prices)


def _rules(form: Form, rules: RulesInForce) -> tuple[dict[str, object], list[FieldFault]]:
    changed: dict[str, object] = {}
    faults: list[FieldFault] = []
    for row in range(1, RULE_ROWS + 1):
        key, text = form.get(f"rule-key-{row}", ""), form.get(f"rule-value-{row}", "")
        field = f"rule-value-{row}"
        if not key and text:
            zh, en = "请选择这个新值所属的规则。", "Choose the rule that this value is for."
            faults.append(FieldFault(f"rule-key-{row}", zh, en))
        if key in changed:
            zh, en = "该规则已在上面修改。", "This rule is changed above already."
            faults.append(FieldFault(f"rule-key-{row}", zh, en))
        if not key or key in changed:
            continue
        try:
            changed[key] = parse_rule(rules.rulebook, key, text)
        except BadOptionError as refusal:
            faults.append(FieldFault(field, f"不是该规则的值：{refusal}", str(refusal)))
    return changed, faults


def _dates(reader: FormReader, plan: RoundPlan) -> dict[str, datetime]:
    moved: dict[str, datetime] = {}
    for name in DATES:
        present = getattr(plan.timetable, name)
        if reader.form.get(name, "") == typed_moment(present):
            # Seconds that the field does not show stay as they are.
            continue
        at = reader.moment(name)
        if at is not None and at != present:
            moved[name] = at
    return moved


def _prices(reader: FormReader, plan: RoundPlan) -> dict[Strength, Decimal]:
    prices: dict[Strength, Decimal] = {}
    for one in price_fields(plan):
        price = reader.decimal(one.name)
        if price is not None and price != one.price:
            prices[one.key] = price
    return prices


def form_values(plan: RoundPlan) -> dict[str, str]:
    """What an empty form shows: the dates and prices as they are."""
    values = {name: typed_moment(getattr(plan.timetable, name)) for name in DATES}
    for one in price_fields(plan):
        values[one.name] = "" if one.price is None else f"{one.price:f}"
    return values
