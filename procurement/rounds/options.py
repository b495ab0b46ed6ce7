"""Rules that a round supplies because its rulebook leaves them open: kept, typed and listed.

Options are kept as a JSON object of raw values by rule, as ``[options]`` of a ``round.toml`` has
them; a day is its ISO text. Everything here is pure.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from bidding.errors import BadOptionError
from bidding.rules import NEEDED, NO_SUCH_RULE, PER_ROUND, RoundRules
from rulebooks import Bilingual, Rulebook, UnknownRulebookError, load_rulebook, rulebook_ids
from rulebooks.vocabulary import VOCABULARY, Term
from rulebooks.vocabulary.kinds import day

TERMS: Mapping[str, Term] = VOCABULARY["round"]

Options = Mapping[str, object]

OPTION_LENGTH_MAX = 4000
_DIGITS_MAX = 15


def read_options(text: str) -> dict[str, object]:
    """Read what `write_options` wrote: raw values by rule, as `RoundRules` takes them.

    Examples:
        >>> read_options('{"cycle.ends_on":"2028-12-31","share.own_brand":"0.8"}')
        {'cycle.ends_on': datetime.date(2028, 12, 31), 'share.own_brand': '0.8'}
    """
    raw: dict[str, object] = json.loads(text)
    return {key: option_from_json(key, value) for key, value in raw.items()}


def option_from_json(key: str, value: object) -> object:
    """Return a raw value as TOML would give it: JSON has no days.

    Examples:
        >>> option_from_json("cycle.ends_on", "2028-12-31")
        datetime.date(2028, 12, 31)
    """
    if key in TERMS and TERMS[key].kind is day and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def write_options(options: Options) -> str:
    """Write options as canonical JSON: equal options give equal texts.

    Examples:
        >>> write_options({"cycle.ends_on": date(2028, 12, 31), "a": {"as_in": "national-3"}})
        '{"a":{"as_in":"national-3"},"cycle.ends_on":"2028-12-31"}'
    """
    return json.dumps(
        dict(options), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def _plain(value: object) -> object:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"{value!r} is no value of an option")


class Openness(StrEnum):
    """Why a round may supply a rule."""

    UNKNOWN = "unknown"
    """The document has it and no source states it: the round must decide."""
    NEEDED = "needed"
    """The rulebook does not mention it, and a decision may need it."""
    UNVERIFIED = "unverified"
    """The rulebook has a value that nobody has verified."""
    FACT = "fact"
    """A fact of the single round, such as main packs."""


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that the round may supply.

    Attributes:
        key: Its name in the vocabulary.
        openness: Why it is open.
        what: What is not known of it; None where the rulebook says nothing.
        stated: The rulebook's own value, if it has one.
        given: The raw value that the round supplies.
        is_given: Whether it supplies one.
        elsewhere: Rulebooks from which the round may take a value.
    """

    key: str
    openness: Openness
    what: Bilingual | None
    stated: object | None
    given: object
    is_given: bool
    elsewhere: tuple[str, ...]

    @property
    def term(self) -> Term:
        """Name, kind and unit of the rule."""
        return TERMS[self.key]

    @property
    def is_missing(self) -> bool:
        """Whether the round must still decide it."""
        return self.openness is Openness.UNKNOWN and not self.is_given


def open_rules(rulebook: Rulebook, options: Options) -> tuple[OpenRule, ...]:
    """List the rules that a round may supply, in the order of the vocabulary.

    Args:
        rulebook: The document.
        options: What the round supplies so far.

    Examples:
        >>> rules = open_rules(load_rulebook("national-3"), {})
        >>> [rule.key for rule in rules if rule.is_missing]
        ['ranking.tie_breaks']
        >>> decided = open_rules(load_rulebook("national-3"), {"ranking.tie_breaks": "none"})
        >>> any(rule.is_missing for rule in decided)
        False
    """
    found = ((key, openness) for key in TERMS if (openness := _openness(rulebook, key)) is not None)
    return tuple(
        OpenRule(
            key=key,
            openness=openness,
            what=rulebook.unknown[key].what if key in rulebook.unknown else None,
            stated=rulebook.rules[key].value if key in rulebook.rules else None,
            given=options.get(key),
            is_given=key in options,
            elsewhere=_known_by(key, rulebook),
        )
        for key, openness in found
    )


def _openness(rulebook: Rulebook, key: str) -> Openness | None:
    if key in rulebook.unknown:
        return Openness.UNKNOWN
    rule = rulebook.rules.get(key)
    if rule is None:
        if key in PER_ROUND:
            return Openness.FACT
        return Openness.NEEDED if key in NEEDED else None
    if not rule.verified or rule.unverified:
        return Openness.UNVERIFIED
    return None


@cache
def round_rulebooks() -> tuple[str, ...]:
    """Return the ids of the rulebooks that govern rounds, in alphabetical order.

    Examples:
        >>> "national-12" in round_rulebooks()
        True
    """
    return tuple(
        rulebook
        for rulebook in rulebook_ids()
        # Those of other kinds have words of their own.
        if TERMS.keys() >= {*load_rulebook(rulebook).rules, *load_rulebook(rulebook).unknown}
    )


def _known_by(key: str, rulebook: Rulebook) -> tuple[str, ...]:
    """The rulebooks from which the round may take the rule."""
    return tuple(
        other
        for other in round_rulebooks()
        if other != rulebook.id
        and key in load_rulebook(other).rules
        and _takes(rulebook, key, {"as_in": other})
    )


def _takes(rulebook: Rulebook, key: str, raw: object) -> bool:
    try:
        check_option(rulebook, key, raw)
    except BadOptionError:
        # A table by category only takes further categories, not another document's whole table.
        return False
    return True


def check_option(rulebook: Rulebook, key: str, raw: object) -> None:
    """Let a raw value of a rule pass, or raise.

    Raises:
        BadOptionError: The rulebook does not leave it open, or the value is of another kind.
    """
    try:
        RoundRules(rulebook, {key: raw})
    except UnknownRulebookError as refusal:
        raise BadOptionError(rulebook.id, key, str(refusal)) from refusal


def parse_option(rulebook: Rulebook, key: str, text: str) -> object:
    r"""Read a value that a person typed.

    Words, numbers and days may stand as they are; lists with commas between; tables either as
    TOML or with an entry on each line: ``1 = 0.5``.

    Args:
        rulebook: The document that leaves the rule open.
        key: The rule.
        text: What was typed, not empty.

    Returns:
        The raw value, which the vocabulary accepts.

    Raises:
        BadOptionError: No reading of the text is a value of the rule.

    Examples:
        >>> tenth = load_rulebook("national-12")
        >>> parse_option(tenth, "selection.ratio_to_anchor", "1.8")
        '1.8'
        >>> parse_option(tenth, "places.by_bidders", "1 = 1\n2+ = 2")
        {'1': 1, '2+': 2}
        >>> parse_option(tenth, "ranking.tie_breaks", "originator, prior-supply")
        ['originator', 'prior-supply']
        >>> parse_option(tenth, "cycle.ends_on", "2029-12-31")
        datetime.date(2029, 12, 31)
    """
    fault: BadOptionError | None = None
    for raw in _readings(text.strip()[:OPTION_LENGTH_MAX]):
        try:
            check_option(rulebook, key, raw)
        except BadOptionError as refusal:
            fault = fault or refusal
        else:
            return raw
    raise fault or BadOptionError(rulebook.id, key, "expected a value")


_YES_NO = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}


def _readings(text: str) -> Iterator[object]:
    """What a typed text may mean, the plainest meaning first."""
    if text == NO_SUCH_RULE:
        # It has a button of its own, so that nobody drops a rule by a word.
        return
    if text in _YES_NO:
        yield _YES_NO[text]
    yield text
    if _is_whole(text):
        yield int(text)
    with suppress(ValueError):
        yield date.fromisoformat(text)
    table = _table_of_lines(text)
    if table:
        yield table
        yield {key: _number(value) for key, value in table.items()}
    yield from _as_toml(text)
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    yield [part for part in parts if part]


def _as_toml(text: str) -> Iterator[object]:
    try:
        yield tomllib.loads(f"value = {text}\n", parse_float=str).get("value")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return


def _table_of_lines(text: str) -> dict[str, object]:
    table: dict[str, object] = {}
    for line in text.replace("：", "=").replace(":", "=").splitlines():
        key, mark, value = line.partition("=")
        if not mark or not key.strip() or not value.strip():
            return {}
        table[key.strip()] = value.strip()
    return table


def _number(value: object) -> object:
    text = str(value)
    return int(text) if _is_whole(text) else value


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX


def option_text(raw: object) -> str:
    r"""Print a raw value the way `parse_option` reads it.

    Examples:
        >>> option_text({"1": 1, "2+": 2}), option_text(["originator"]), option_text(True)
        ('1 = 1\n2+ = 2', 'originator', 'true')
    """
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, list) and all(isinstance(entry, str) for entry in raw):
        return ", ".join(raw)
    if isinstance(raw, Mapping) and not any(
        isinstance(entry, Mapping | list) for entry in raw.values()
    ):
        return "\n".join(f"{key} = {option_text(entry)}" for key, entry in raw.items())
    return _toml(raw) if isinstance(raw, Mapping | list) else str(raw)


def _toml(raw: object) -> str:
    if isinstance(raw, Mapping):
        entries = ", ".join(f"{json.dumps(str(key))} = {_toml(raw[key])}" for key in raw)
        return f"{{ {entries} }}"
    if isinstance(raw, list):
        return f"[{', '.join(_toml(entry) for entry in raw)}]"
    if isinstance(raw, str):
        return json.dumps(raw, ensure_ascii=False)
    return option_text(raw)
