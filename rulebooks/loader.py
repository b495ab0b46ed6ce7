"""Read rulebooks from their folders, strictly: a fault names the file, the key and the cause."""

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from rulebooks.errors import BadRulebookError, UnknownRulebookError
from rulebooks.rulebook import Bilingual, Rule, Rulebook, UnknownRule
from rulebooks.vocabulary import VOCABULARY, Kind, Term
from rulebooks.vocabulary.kinds import by_key, day, flag, list_of, record, text

FOLDER = Path(__file__).parent
FILE = "rulebook.toml"

_BILINGUAL = record({"zh": text, "en": text})
_HEAD: Mapping[str, Kind] = {
    "id": text,
    "kind": text,
    "title": _BILINGUAL,
    "issuer": _BILINGUAL,
    "in_force_from": day,
    "note": _BILINGUAL,
    "rule": by_key(lambda raw: raw),
}
_HEAD_OPTIONAL: Mapping[str, Kind] = {
    "document": text,
    "published_on": day,
    "unknown": by_key(lambda raw: raw),
}
_RULE = record(
    {"value": lambda raw: raw, "source": text, "verified": flag},
    {
        "clause": text,
        "unverified": list_of(text),
        "note": text,
        "in_force_from": day,
        "published_on": day,
    },
)
_UNKNOWN = record({"zh": text, "en": text}, {"assumed_in_lab": lambda raw: raw})


def rulebook_ids() -> tuple[str, ...]:
    """Identifiers of all rulebooks, in alphabetical order.

    Examples:
        >>> "national-3" in rulebook_ids()
        True
    """
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}")))


@cache
def load_rulebook(rulebook: str) -> Rulebook:
    """Load the rulebook with that identifier.

    Raises:
        UnknownRulebookError: There is none.
        BadRulebookError: Its file says something it may not say.

    Examples:
        >>> load_rulebook("national-3").rules["selection.ratio_to_lowest"].value
        Decimal('1.8')
    """
    if rulebook not in rulebook_ids():
        raise UnknownRulebookError(rulebook, rulebook_ids())
    return read_rulebook(FOLDER / rulebook / FILE)


def read_rulebook(path: Path) -> Rulebook:
    """Read and check one rulebook file.

    Args:
        path: The file ``rulebook.toml`` in a folder named like the rulebook.

    Raises:
        BadRulebookError: With the file, the key and the cause.
    """
    file = f"{path.parent.name}/{path.name}"
    content = path.read_bytes()
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadRulebookError(file, "(file)", str(fault)) from fault
    head = _read(file, "(top level)", record(_HEAD, _HEAD_OPTIONAL), raw)
    if head["id"] != path.parent.name:
        raise BadRulebookError(file, "id", f"{head['id']!r}: expected the folder's name")
    if head["kind"] not in VOCABULARY:
        raise BadRulebookError(file, "kind", f"{head['kind']!r}: expected {', '.join(VOCABULARY)}")
    terms = VOCABULARY[head["kind"]]
    rules = {key: _rule(file, key, entry, terms, head) for key, entry in head["rule"].items()}
    unknown = {
        key: _unknown(file, key, entry, terms) for key, entry in (head["unknown"] or {}).items()
    }
    for key in sorted(rules.keys() & unknown.keys()):
        raise BadRulebookError(file, key, "is both a rule and unknown")
    return Rulebook(
        id=head["id"],
        title=Bilingual(**head["title"]),
        issuer=Bilingual(**head["issuer"]),
        document=head["document"],
        in_force_from=head["in_force_from"],
        published_on=head["published_on"],
        note=Bilingual(**head["note"]),
        rules=rules,
        unknown=unknown,
        digest=hashlib.sha256(content).hexdigest(),
    )


def read_value(file: str, key: str, raw: object, terms: Mapping[str, Term]) -> object:
    """Read the value of one rule, or of an option that stands for it.

    Raises:
        BadRulebookError: The key is not in the vocabulary, or the value is of another kind.
    """
    if key not in terms:
        raise BadRulebookError(file, key, "is not in the vocabulary")
    try:
        return terms[key].kind(raw)
    except ValueError as fault:
        raise BadRulebookError(file, key, str(fault)) from None


def _rule(
    file: str, key: str, raw: object, terms: Mapping[str, Term], head: Mapping[str, Any]
) -> Rule:
    fields = _read(file, key, _RULE, raw)
    value = read_value(file, key, fields["value"], terms)
    unverified = fields["unverified"] or ()
    for entry in unverified:
        if not isinstance(fields["value"], Mapping) or entry not in fields["value"]:
            raise BadRulebookError(file, key, f"unverified: {entry!r} is no entry of the value")
    return Rule(
        key=key,
        value=value,
        clause=fields["clause"],
        source=fields["source"],
        verified=fields["verified"],
        unverified=unverified,
        in_force_from=fields["in_force_from"] or head["in_force_from"],
        published_on=fields["published_on"] or head["published_on"],
        note=fields["note"] or "",
    )


def _unknown(file: str, key: str, raw: object, terms: Mapping[str, Term]) -> UnknownRule:
    if key not in terms:
        raise BadRulebookError(file, key, "is not in the vocabulary")
    fields = _read(file, key, _UNKNOWN, raw)
    assumed = fields["assumed_in_lab"]
    value = None if assumed is None else read_value(file, key, assumed, terms)
    return UnknownRule(key, Bilingual(fields["zh"], fields["en"]), value)


def _read(file: str, key: str, kind: Kind, raw: object) -> dict[str, Any]:
    try:
        fields = kind(raw)
    except ValueError as fault:
        raise BadRulebookError(file, key, str(fault)) from None
    return cast("dict[str, Any]", fields)
