"""Print a rulebook as a person would read it, in Chinese or English, and as JSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from procurement.cli.aligned import equal_width, pad, width
from procurement.rounds.rulebook_words import LANGUAGES, Pair, Voice, halves, in_words
from rulebooks import Bilingual, Rule, Rulebook, UnknownRule, load_rulebook, rulebook_ids
from rulebooks.vocabulary import VOCABULARY, ByNumber, Term, kind_of

__all__ = ["CHAPTERS", "LANGUAGES", "as_json", "describe", "list_as_json", "list_rulebooks"]

CHAPTERS: Mapping[str, Pair] = {
    "bidders groups ceiling requirements": ("申报与分组", "Who may bid"),
    "comparable conversion composite ranking": ("比价与排序", "Comparable price and rank"),
    "places selection anchor band cost_statement": ("入围与中选", "Shortlist and selection"),
    "revival talks classes": ("复活、议价与分类", "Revival, talks and classes"),
    "volume share split regions brand reporting": ("分量与供应", "Volume and supply"),
    "cycle disclosure": ("周期与公开", "Cycle and disclosure"),
}
"""First parts of the keys in each chapter, in the order of an evaluation."""

_SUPPLIED_BY_ROUND: Pair = (
    "评审用到时，由该批次在 round.toml 的 [options] 中给出；测算可采用所列假设。",
    "An evaluation that needs one takes it from [options] in round.toml; "
    "simulations may take what is assumed.",
)
_DECIDED_BY_BUREAU: Pair = (
    "用到时由评定机构决定并写明理由。",
    "Where one is needed the bureau decides and says why.",
)
_SUPPLIED_AS_OPTION: Pair = (
    "用到时须以选项给出，否则不作决定；未核实的规则也可由选项替代。",
    "A decision that needs one takes it from an option or is not made; an option may also stand "
    "for a rule that is not verified.",
)
_WHO_SUPPLIES: Mapping[str, Pair] = {"round": _SUPPLIED_BY_ROUND, "credit": _DECIDED_BY_BUREAU}
"""By kind of document; an option supplies what the other kinds leave open."""


def describe(rulebook: Rulebook, *, language: str) -> str:
    """Print one rulebook: its rules in the order of an evaluation, then what is not known.

    Args:
        rulebook: The rulebook.
        language: ``zh`` or ``en``.

    Examples:
        >>> for line in describe(load_rulebook("national-3"), language="en").splitlines()[:3]:
        ...     print(line)
        Third national round of drug procurement
        national-3 · Joint Procurement Office
        in force from 2020-08-20 · published: not known
    """
    unit = rulebook.rules.get("bidders.unit")
    voice = Voice(language, products=unit is not None and unit.value == "product")
    terms = _terms(rulebook)
    lines = list(_head(rulebook, voice))
    for title, rules in _chapters(rulebook, terms, voice):
        lines += ["", title, "─" * width(title)]
        for rule in rules:
            lines += _rule(rule, terms[rule.key], voice)
    if rulebook.unknown:
        lines += _unknown(rulebook, terms, voice)
    return "\n".join(lines) + "\n"


def list_rulebooks(language: str) -> str:
    """Print a table of all rulebooks: how many of their rules are verified, and what is unknown.

    Examples:
        >>> print(list_rulebooks("en").split()[0])
        id
    """
    voice = Voice(language)
    heads: list[Pair] = [
        ("编号", "id"),
        ("名称", "title"),
        ("适用自", "in force from"),
        ("已核实/规则", "verified/rules"),
        ("未知", "unknown"),
    ]
    rows = [[voice.say(head) for head in heads]]
    for rulebook in map(load_rulebook, rulebook_ids()):
        rules = rulebook.rules.values()
        verified = f"{sum(rule.verified for rule in rules)}/{len(rules)}"
        since = rulebook.in_force_from.isoformat()
        title = voice.say(rulebook.title)
        rows.append([rulebook.id, title, since, verified, str(len(rulebook.unknown))])
    columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(pad, row, columns)).rstrip() + "\n" for row in rows)


def as_json(rulebook: Rulebook) -> dict[str, object]:
    """One rulebook as what ``json.dumps`` takes: exact decimals as strings, days as ISO 8601.

    Examples:
        >>> book = as_json(load_rulebook("national-3"))
        >>> book["in_force_from"], list(book["rules"])[0]
        ('2020-08-20', 'bidders.unit')
        >>> book["rules"]["selection.ratio_to_lowest"]["value"]
        '1.8'
    """
    terms = _terms(rulebook)
    return {
        "id": rulebook.id,
        "title": _both(rulebook.title),
        "issuer": _both(rulebook.issuer),
        "document": rulebook.document,
        "in_force_from": rulebook.in_force_from.isoformat(),
        "published_on": _plain(rulebook.published_on),
        "note": _both(rulebook.note),
        "digest": rulebook.digest,
        "rules": {
            key: _rule_as_json(rulebook.rules[key], terms[key])
            for key in terms
            if key in rulebook.rules
        },
        "unknown": {
            key: {
                "name": {"zh": terms[key].zh, "en": terms[key].en},
                "what": _both(rulebook.unknown[key].what),
                "assumed_in_lab": _plain(rulebook.unknown[key].assumed_in_lab),
            }
            for key in terms
            if key in rulebook.unknown
        },
    }


def list_as_json() -> list[dict[str, object]]:
    """All rulebooks, one short entry each, as what ``json.dumps`` takes.

    Examples:
        >>> next(book["title"]["en"] for book in list_as_json() if book["id"] == "national-3")
        'Third national round of drug procurement'
    """
    return [
        {
            "id": rulebook.id,
            "title": _both(rulebook.title),
            "in_force_from": rulebook.in_force_from.isoformat(),
            "rules": len(rulebook.rules),
            "verified": sum(rule.verified for rule in rulebook.rules.values()),
            "unknown": list(rulebook.unknown),
        }
        for rulebook in map(load_rulebook, rulebook_ids())
    ]


def _terms(rulebook: Rulebook) -> Mapping[str, Term]:
    """The vocabulary that a rulebook is written in, in the order of an evaluation."""
    keys = rulebook.rules.keys() | rulebook.unknown.keys()
    return VOCABULARY[kind_of(keys)]


def _chapters(
    rulebook: Rulebook, terms: Mapping[str, Term], voice: Voice
) -> Iterator[tuple[str, list[Rule]]]:
    """Chapters that have rules; rules that belong to none stand in one at the end."""
    left = [rulebook.rules[key] for key in terms if key in rulebook.rules]
    for prefixes, title in CHAPTERS.items():
        chapter = [rule for rule in left if rule.key.partition(".")[0] in prefixes.split()]
        left = [rule for rule in left if rule not in chapter]
        if chapter:
            yield voice.say(title), chapter
    if left:
        yield voice.say(("规则", "Rules")), left


def _head(rulebook: Rulebook, voice: Voice) -> Iterator[str]:
    yield voice.say(rulebook.title)
    document = [rulebook.document] if rulebook.document else []
    yield " · ".join([rulebook.id, voice.say(rulebook.issuer), *document])
    yield _days(rulebook, voice)
    yield voice.say(rulebook.note)


def _days(dated: Rulebook | Rule, voice: Voice) -> str:
    since = dated.in_force_from.isoformat()
    unknown = voice.say(("未知", "not known"))
    published = dated.published_on.isoformat() if dated.published_on else unknown
    zh = f"自 {since} 起适用 · 发布日期：{published}"
    return voice.say((zh, f"in force from {since} · published: {published}"))


def _rule(rule: Rule, term: Term, voice: Voice) -> Iterator[str]:
    yield f"  {voice.say((term.zh, term.en))}"
    for line in in_words(rule.key, term, rule.value, voice, align=equal_width):
        yield f"    {line}"
    clause = [voice.say((f"条款 {rule.clause}", f"clause {rule.clause}"))] if rule.clause else []
    yield "      " + " · ".join([rule.key, *clause, _certainty(rule, voice), _days(rule, voice)])
    yield f"      {voice.say(('来源：', 'source: '))}{voice.say(halves(rule.source))}"
    if rule.note:
        yield f"      {voice.say(('注：', 'note: '))}{voice.say(halves(rule.note))}"


def _certainty(rule: Rule, voice: Voice) -> str:
    if not rule.verified:
        return voice.say(("未核实", "not verified"))
    if rule.unverified:
        entries = ", ".join(rule.unverified)
        return voice.say((f"已核实（{entries} 未核实）", f"verified (but not {entries})"))
    return voice.say(("已核实", "verified"))


def _unknown(rulebook: Rulebook, terms: Mapping[str, Term], voice: Voice) -> Iterator[str]:
    title = voice.say(("来源未载的规则", "What no source states"))
    yield from ("", title, "─" * width(title))
    kind = kind_of(terms.keys())
    is_of_round = kind == "round"
    yield "  " + voice.say(_WHO_SUPPLIES.get(kind, _SUPPLIED_AS_OPTION))
    for key in terms:
        if key in rulebook.unknown:
            yield from _unknown_rule(rulebook.unknown[key], terms[key], voice, is_of_round)


def _unknown_rule(
    unknown: UnknownRule, term: Term, voice: Voice, is_of_round: bool
) -> Iterator[str]:
    yield f"  {voice.say((term.zh, term.en))}"
    yield f"    {voice.say(unknown.what)}"
    if unknown.assumed_in_lab is not None:
        yield f"      {voice.say(('测算时假设：', 'assumed in simulations:'))}"
        for line in in_words(unknown.key, term, unknown.assumed_in_lab, voice, align=equal_width):
            yield f"        {line}"
    if is_of_round:
        yield f'      [options] "{unknown.key}" = {_option(unknown.assumed_in_lab)}'


def _option(value: object) -> str:
    """A value as TOML writes it, for a reader to copy; dots where none is at hand.

    Examples:
        >>> _option({"general": ByNumber((Decimal("0.5"), Decimal("0.6")))})
        '{ "general" = { "1" = "0.5", "2+" = "0.6" } }'
    """
    if value is None:
        return "…"
    if isinstance(value, date):
        return value.isoformat()
    plain = _plain(value)
    if isinstance(plain, dict):
        entries = value.items() if isinstance(value, Mapping) else plain.items()
        parts = [f'"{name}" = {_option(entry)}' for name, entry in entries if entry is not None]
        return "{ " + ", ".join(parts) + " }"
    return json.dumps(plain, ensure_ascii=False)


def _rule_as_json(rule: Rule, term: Term) -> dict[str, object]:
    return {
        "name": {"zh": term.zh, "en": term.en},
        "value": _plain(rule.value),
        "unit": term.unit or None,
        "clause": rule.clause,
        "source": rule.source,
        "verified": rule.verified,
        "unverified": list(rule.unverified),
        "in_force_from": rule.in_force_from.isoformat(),
        "published_on": _plain(rule.published_on),
        "note": rule.note or None,
    }


def _both(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _plain(value: object) -> object:
    """A value as JSON knows it; entries of a table by number are named as in the file."""
    if isinstance(value, ByNumber):
        last = len(value.entries)
        return {
            f"{number}{'+' if number == last else ''}": _plain(entry)
            for number, entry in enumerate(value.entries, start=1)
        }
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
