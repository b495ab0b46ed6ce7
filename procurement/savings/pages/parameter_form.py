"""The form of what texts leave open: which fields there are, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.rounds.rulebook_words import Voice, in_words
from procurement.savings.papers.words import rule_rows, unverified_names
from procurement.savings.rules import SchemeRules
from procurement.savings.settlements.parameters import (
    INDICATOR_NAMES,
    INDICATORS,
    OWN,
    WARNING,
    parameter_faults,
)
from procurement.web import Form, Visit
from rulebooks import Rulebook
from rulebooks.vocabulary.savings import LEFT_OPEN, SAVINGS_TERMS

BAND_ROWS, OWN_ROWS = range(1, 7), range(1, 4)
WORDS: Mapping[str, tuple[str, ...]] = {
    "negative_base": ("floor_each", "net_batch"),
    "completion_unit": ("product", "institution", "institution_every_product", "group"),
    "rounding": ("half_up_cent", "half_up_cent_line", "not_rounded"),
    "follow_on": ("earns", "nothing"),
}
"""What may be chosen, by key."""

_NEEDED = frozenset({"negative_base", "completion_unit"})
_HINTS: Mapping[str, tuple[str, str]] = {
    "negative_base": (
        "支出大于预算的品种，基数为负。",
        "A product whose spend is above its budget has a negative base.",
    ),
    "completion_unit": (
        "按谁的约定采购量判断是否完成；约定采购量为零的，一律不留用。",
        "Whose agreed volume must be completed; an empty one never is.",
    ),
    "rounding": (
        "不选则拨付时按医疗机构四舍五入到分。",
        "Without it amounts are rounded once to the cent, when a hospital is paid.",
    ),
    "follow_on": (
        "含接续采购的批次年度时必须选定。",
        "Needed where a batch-year is a follow-on round's.",
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A rulebook as the form shows it.

    Attributes:
        stated: Name, value, source and whether it is verified, of each rule.
        unverified: Names of those that are not.
        stated_open: What texts elsewhere leave open and this rulebook decides: name, value, mark.
        open: Keys that the form asks for.
        selects: Key, label, options and whether it is needed.
        indicators: Key and label.
        indicators_needed: Whether the rulebook has no points of its own.
    """

    stated: tuple[tuple[str, str, str, bool], ...]
    unverified: tuple[str, ...]
    stated_open: tuple[tuple[str, str, str], ...]
    open: frozenset[str]
    selects: tuple[tuple[str, str, tuple[tuple[str, str], ...], bool], ...]
    indicators: tuple[tuple[str, str], ...]
    indicators_needed: bool


def choice_of(rulebook: Rulebook, language: str) -> Choice:
    """What a form about a rulebook asks for."""
    voice, rules = Voice(language), SchemeRules(rulebook, {})
    stated = {key: rulebook.rules[key] for key in LEFT_OPEN if key in rulebook.rules}
    # What is stated without being verified may be replaced; what is verified may not.
    asked = [key for key in LEFT_OPEN if key not in stated or not stated[key].verified]
    marks = {
        True: ("已核实", "verified"),
        False: ("未核实，可以改定", "not verified, may be changed"),
    }
    points = any(one.field == INDICATORS for one in parameter_faults(rulebook, {}, follow_on=False))
    return Choice(
        stated=tuple(rule_rows(rules, voice)),
        unverified=tuple(unverified_names(rules, voice)),
        stated_open=tuple(
            (
                voice.say((SAVINGS_TERMS[key].zh, SAVINGS_TERMS[key].en)),
                voice.join(in_words(key, SAVINGS_TERMS[key], rule.value, voice)),
                voice.say(marks[rule.verified]),
            )
            for key, rule in stated.items()
        ),
        open=frozenset(asked),
        selects=tuple(
            _select(key, voice, key in _NEEDED - stated.keys()) for key in asked if key in WORDS
        ),
        indicators=tuple((key, voice.say(words)) for key, words in INDICATOR_NAMES.items()),
        indicators_needed=points,
    )


def _select(
    key: str, voice: Voice, is_needed: bool
) -> tuple[str, str, tuple[tuple[str, str], ...], bool]:
    term = SAVINGS_TERMS[key]
    options = tuple((word, voice.join(in_words(key, term, word, voice))) for word in WORDS[key])
    return key, voice.say((term.zh, term.en)), options, is_needed


def hints(visit: Visit) -> dict[str, str]:
    """What stands below the fields."""
    return {key: visit.text(*words) for key, words in _HINTS.items()}


def labels(visit: Visit) -> dict[str, str]:
    """Names of the fields, for the summary of faults."""
    terms = {key: (SAVINGS_TERMS[key].zh, SAVINGS_TERMS[key].en) for key in LEFT_OPEN}
    own = {
        "name": ("代号", "Short name"),
        "title": ("名称", "Title"),
        "region": ("行政区划代码", "Division code"),
        "rulebook": ("规则", "Rulebook"),
        "term_ids": ("批次年度", "Batch-years"),
        "agency_id": ("拨付的医保经办机构", "Fund agency that pays"),
    }
    return {key: visit.text(*words) for key, words in {**terms, **OWN, **own}.items()}


def read_parameters(form: Form) -> dict[str, object]:
    """What a form gives, under the names of the parameters; empty fields give nothing.

    Examples:
        >>> form = Form({"band_edge_1": ("60",), "band_ratio_1": ("0.4",), "follow_on": ("earns",),
        ...              "indicator_cost-growth": ("40",)})
        >>> given = read_parameters(form)
        >>> given["bands"], given["indicators"], given["follow_on"]
        ({'60': {'ratio': '0.4'}}, {'cost-growth': '40'}, 'earns')
    """
    given: dict[str, object] = {}
    bands = _bands(form)
    if bands:
        given["bands"] = bands
    points = _points(form)
    if points:
        given[INDICATORS] = points
    for key in (*WORDS, WARNING):
        text = form.get(key, "").strip()
        if text:
            given[key] = text
    return given


def _bands(form: Form) -> dict[str, object]:
    bands: dict[str, object] = {}
    for row in BAND_ROWS:
        edge, ratio, grade = (
            form.get(f"band_{part}_{row}", "").strip() for part in ("edge", "ratio", "grade")
        )
        if edge or ratio or grade:
            entry = {"ratio": ratio, "grade": grade} if grade else {"ratio": ratio}
            bands[edge.replace("＞", ">").replace(" ", "")] = entry
    return bands


def _points(form: Form) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in INDICATOR_NAMES:
        text = form.get(f"indicator_{key}", "").strip()
        if text:
            found[key] = text
    for row in OWN_ROWS:
        name = " ".join(form.get(f"own_name_{row}", "").split())
        text = form.get(f"own_points_{row}", "").strip()
        if name or text:
            found[name] = text
    return found


def typed_parameters(given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Fields of the form as if a draft's parameters had been typed.

    Examples:
        >>> typed_parameters({"bands": {"60": {"ratio": "0.4"}}})
        {'band_edge_1': ('60',), 'band_ratio_1': ('0.4',)}
        >>> typed_parameters({"indicators": {"x": "1"}})
        {'own_name_1': ('x',), 'own_points_1': ('1',)}
    """
    chosen = {key: (str(given[key]),) for key in (*WORDS, WARNING) if given.get(key) is not None}
    return {**_typed_bands(given.get("bands")), **_typed_points(given.get(INDICATORS)), **chosen}


def _typed_bands(bands: object) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for row, (edge, entry) in zip(BAND_ROWS, _entries(bands), strict=False):
        fields[f"band_edge_{row}"] = (edge,)
        band = entry if isinstance(entry, Mapping) else {"ratio": entry}
        fields |= {f"band_{part}_{row}": (str(value),) for part, value in band.items() if value}
    return fields


def _typed_points(points: object) -> dict[str, tuple[str, ...]]:
    known = {name: value for name, value in _entries(points) if name in INDICATOR_NAMES}
    fields: dict[str, tuple[str, ...]] = {
        f"indicator_{name}": (str(value),) for name, value in known.items()
    }
    own = [(name, value) for name, value in _entries(points) if name not in known]
    for row, (name, value) in zip(OWN_ROWS, own, strict=False):
        fields |= {f"own_name_{row}": (name,), f"own_points_{row}": (str(value),)}
    return fields


def _entries(table: object) -> list[tuple[str, object]]:
    if not isinstance(table, Mapping):
        return []
    return [(str(name), value) for name, value in table.items()]


def exact_words(value: Decimal | None) -> str:
    """A factor as it was given; empty where it was not.

    Examples:
        >>> exact_words(Decimal("0.60")), exact_words(None)
        ('0.60', '')
    """
    return "" if value is None else f"{value:f}"
