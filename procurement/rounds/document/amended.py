"""Rules in force: the rulebook as it was frozen, with what amendments changed.

An amendment changes rules by raw values, as a rulebook writes them. The result is a rulebook
again, so that everything that computes with the rules computes with the amended ones.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bidding.errors import BadOptionError
from bidding.rules import NO_SUCH_RULE
from procurement.rounds.options import write_options
from rulebooks import BadRulebookError, Rule, Rulebook
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY

RuleChanges = Mapping[str, object]
"""Raw values by rule; ``"none"`` says that the document no longer has the rule."""

SOURCE = "补充文件 / an amendment of the document"


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """What governs a round: a rulebook and the options that the round supplies.

    Attributes:
        rulebook: With amendments applied.
        options: Raw values for rules that the rulebook leaves open.
    """

    rulebook: Rulebook
    options: Mapping[str, object]


def amend_rules(
    rulebook: Rulebook, options: Mapping[str, object], changes: RuleChanges
) -> RulesInForce:
    """Apply changed rules to a rulebook.

    A changed rule takes the place of the rulebook's own and of an option for it.

    Args:
        rulebook: The frozen one.
        options: What the round supplied.
        changes: All changes so far, the last for each rule.

    Raises:
        BadOptionError: A key is not in the vocabulary, or a value is of another kind.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> third = load_rulebook("national-3")
        >>> amended = amend_rules(third, {}, {"selection.ratio_to_lowest": "2"})
        >>> str(amended.rulebook.rules["selection.ratio_to_lowest"].value)
        '2'
        >>> amended.rulebook.digest == third.digest
        False
    """
    if not changes:
        return RulesInForce(rulebook, dict(options))
    rules, unknown = dict(rulebook.rules), dict(rulebook.unknown)
    for key, raw in changes.items():
        unknown.pop(key, None)
        if raw == NO_SUCH_RULE:
            rules.pop(key, None)
        else:
            rules[key] = _amended(rulebook, key, raw)
    changed = f"{rulebook.digest}\n{write_options(changes)}"
    return RulesInForce(
        replace(
            rulebook,
            rules=rules,
            unknown=unknown,
            digest=hashlib.sha256(changed.encode("utf-8")).hexdigest(),
        ),
        {key: raw for key, raw in options.items() if key not in changes},
    )


def _amended(rulebook: Rulebook, key: str, raw: object) -> Rule:
    try:
        value = read_value("amendment", key, raw, VOCABULARY["round"])
    except BadRulebookError as fault:
        raise BadOptionError(rulebook.id, key, fault.cause) from None
    return Rule(
        key=key,
        value=value,
        clause=None,
        source=SOURCE,
        verified=True,
        unverified=(),
        in_force_from=rulebook.in_force_from,
        published_on=None,
        note="",
    )


def merged_changes(earlier: RuleChanges, later: RuleChanges) -> dict[str, object]:
    """All changes so far; the later one of a rule counts.

    Examples:
        >>> merged_changes({"a": "1", "b": "1"}, {"b": "2"})
        {'a': '1', 'b': '2'}
    """
    return {**earlier, **later}
