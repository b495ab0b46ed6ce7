"""The rules that a month or a prepayment rests on: a rulebook, completed by what somebody gave."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from pricing.stated_rules import RuleNotStatedError, RuleOptionError, StatedRules
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.errors import RuleMissingError
from procurement.permissions.decide import covers
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.errors import RulebookError
from rulebooks.vocabulary import VOCABULARY, kind_of

DIRECT = "direct"
PREPAYMENT = "prepayment"

_Value = TypeVar("_Value")


def offered_rulebooks(kind: str) -> list[str]:
    """Return the rulebooks of a kind, by id.

    Examples:
        >>> "direct-hainan-2024" in offered_rulebooks(DIRECT)
        True
    """
    return [one for one in rulebook_ids() if _kind(one) == kind]


def rulebooks_of_region(region: str) -> list[str]:
    """Return the rulebooks of direct settlement that were made for a region, by id.

    Examples:
        >>> rulebooks_of_region("460100")
        ['direct-hainan-2024']
    """
    regions = {
        one: load_rulebook(one).rules.get("direct.region") for one in offered_rulebooks(DIRECT)
    }
    return [
        one for one, rule in regions.items() if rule is not None and covers(str(rule.value), region)
    ]


def _kind(rulebook: str) -> str:
    book = load_rulebook(rulebook)
    return kind_of({*book.rules, *book.unknown})


def stated_rules(rulebook: str, parameters: Mapping[str, object], *, kind: str) -> StatedRules:
    """Complete a rulebook by what somebody gave.

    Args:
        rulebook: Its id.
        parameters: Raw values by key.
        kind: ``direct`` or ``prepayment``.

    Raises:
        InvalidInputError: There is no such rulebook of the kind, or a parameter is not left open
            or has a wrong value.

    Examples:
        >>> rules = stated_rules("prepayment-tianjin-2019", {}, kind=PREPAYMENT)
        >>> str(rules.decimal("prepay.ratio"))
        '0.50'
    """
    if rulebook not in offered_rulebooks(kind):
        expected = ", ".join(offered_rulebooks(kind))
        raise InvalidInputError(
            [FieldFault("rulebook", f"须为下列之一：{expected}。", f"Expected one of {expected}.")]
        )
    faults: list[FieldFault] = []
    given: dict[str, object] = {}
    for key, raw in parameters.items():
        try:
            StatedRules.of(rulebook, {key: raw})
        except (RuleOptionError, RulebookError) as refusal:
            faults.append(FieldFault(key, f"不能采用：{refusal}", str(refusal)))
        else:
            given[key] = raw
    if faults:
        raise InvalidInputError(faults)
    return StatedRules.of(rulebook, given)


def parameters_of(text: str) -> dict[str, object]:
    """Read the parameters that a row keeps."""
    read: dict[str, object] = json.loads(text)
    return read


def needed(ask: Callable[[], _Value]) -> _Value:
    """Ask for a rule, and say in the stage's words that nobody knows it.

    Raises:
        RuleMissingError: No source states the rule, and nobody gave it.
    """
    try:
        return ask()
    except RuleNotStatedError as missing:
        raise RuleMissingError(missing.key, zh=missing.zh, en=missing.en) from missing


def open_parameters(rulebook: str) -> dict[str, tuple[str, str]]:
    """Return what somebody may give: keys that no source states or verifies, with their names."""
    book = load_rulebook(rulebook)
    terms = VOCABULARY[kind_of({*book.rules, *book.unknown})]
    return {key: (terms[key].zh, terms[key].en) for key in sorted(StatedRules.open_keys(book))}
