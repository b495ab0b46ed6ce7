"""What texts leave open, given by name in a draft: read, checked, and said in words.

Nothing has a default. A rulebook that states a parameter keeps it; what it does not know and the
settlement needs must be given, or the draft is refused with everything that is missing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from pricing.stated_rules import RuleOptionError
from procurement.errors import FieldFault
from procurement.rounds.rulebook_words import Voice, in_words
from procurement.savings.folder.left_open import plain_left_open
from procurement.savings.rules import SchemeRules
from procurement.savings.rules.assessment import Indicator
from procurement.savings.rules.exact import shown, total
from procurement.savings.settlements.errors import RulebookChangedError
from procurement.savings.tables import SavingsSettlement
from rulebooks import Rulebook, UnknownRulebookError, load_rulebook, rulebook_ids
from rulebooks.vocabulary.savings import LEFT_OPEN, SAVINGS_TERMS

INDICATORS = "indicators"
WARNING = "base_to_use_warning"
OWN: Mapping[str, tuple[str, str]] = {
    INDICATORS: ("考核指标及分值", "indicators and their points"),
    WARNING: (
        "采购基数为实际使用量的多少倍起提示",
        "from how many times its use a base volume is warned of",
    ),
}
"""Parameters that rulebooks have no rule for."""

KEYS = (*LEFT_OPEN, INDICATORS, WARNING)
"""In the order of a form."""

INDICATOR_NAMES: Mapping[str, tuple[str, str]] = {
    "volume-completion": ("约定采购量完成情况", "completion of the agreed volume"),
    "payment-in-time": ("货款结算及时率", "payment in time"),
    "cost-growth": ("药品（耗材）费用增长", "growth of cost"),
    "off-line-share": ("网下采购占比", "share bought off the platform"),
    "non-winning-share": ("非中选产品采购占比", "share of non-winning products"),
    "winning-use": ("中选产品使用率", "use of winning products"),
    "rules-kept": ("执行集采规定", "rules of procurement kept"),
    "reform-carried-out": ("落实集采和价格改革", "reform carried out"),
}
"""Indicators that rulebooks know; a place may have others."""

_BY: Mapping[str, tuple[str, str]] = {
    "scheme": ("本次清算给出", "given by this settlement"),
    "rulebook": ("规则书", "by the rulebook"),
    "not-given": ("未给出，未用到", "not given, not needed"),
}
_UNVERIFIED = ("规则书，未核实", "by the rulebook, not verified")
_PAID = ("按医疗机构四舍五入到分", "half up to the cent, by hospital")


@dataclass(frozen=True, slots=True)
class SettlementRules:
    """The rules of one settlement.

    Attributes:
        scheme: The rulebook with what the settlement gives.
        indicators: Of the assessment, with their points.
        warning: From how many times its use a base volume is warned of; None without a warning.
    """

    scheme: SchemeRules
    indicators: tuple[Indicator, ...]
    warning: Decimal | None


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A parameter as a statement shows it.

    Attributes:
        key: Its name.
        zh: What it decides, in Chinese.
        en: The same in English.
        value_zh: What is decided.
        value_en: The same in English.
        by_zh: Who decides.
        by_en: The same in English.
        is_given: Whether the settlement gives it.
    """

    key: str
    zh: str
    en: str
    value_zh: str
    value_en: str
    by_zh: str
    by_en: str
    is_given: bool


def savings_rulebooks() -> tuple[Rulebook, ...]:
    """The rulebooks of retained savings, for a choice."""
    return tuple(load_rulebook(one) for one in rulebook_ids() if one.startswith("savings-"))


def find_rulebook(name: str) -> Rulebook | None:
    """A rulebook of retained savings; None where there is none of that name."""
    try:
        rulebook = load_rulebook(name)
    except UnknownRulebookError:
        return None
    return rulebook if {*rulebook.rules, *rulebook.unknown} <= SAVINGS_TERMS.keys() else None


def rules_of(settlement: SavingsSettlement) -> SettlementRules:
    """The rules of a settlement that was drafted.

    Raises:
        RulebookChangedError: The rulebook is not what it was then.
    """
    rulebook = load_rulebook(settlement.rulebook)
    if rulebook.digest != settlement.rulebook_digest:
        raise RulebookChangedError(settlement.rulebook)
    return _rules(rulebook, json.loads(settlement.parameters))


def rulebook_changed(settlement: SavingsSettlement) -> bool:
    """Tell whether the rulebook is not what it was when the settlement was drafted."""
    rulebook = find_rulebook(settlement.rulebook)
    return rulebook is None or rulebook.digest != settlement.rulebook_digest


def plain_parameters(given: Mapping[str, object]) -> dict[str, object]:
    """Parameters in the words of rulebooks; empty ones are left out.

    Examples:
        >>> plain_parameters({"negative_base": "floor-each", "rounding": "", "follow_on": True})
        {'negative_base': 'floor_each', 'follow_on': 'earns'}
    """
    found: dict[str, object] = {}
    for key, raw in given.items():
        if raw is None or raw in ("", {}):
            continue
        value = plain_left_open(key, raw) if key in LEFT_OPEN else raw
        found[key] = _plain(value)
    return found


def parameter_faults(
    rulebook: Rulebook, given: Mapping[str, object], *, follow_on: bool
) -> list[FieldFault]:
    """Everything that is wrong with parameters, or missing.

    Args:
        rulebook: The document.
        given: As `plain_parameters` returns them.
        follow_on: Whether a batch-year is a follow-on round's.
    """
    faults: list[FieldFault] = []
    sound: dict[str, object] = {}
    for key, value in given.items():
        if key in SAVINGS_TERMS:
            fault = _fault_of_rule(rulebook, key, value)
            faults += [fault] if fault else []
            sound |= {} if fault else {key: value}
        elif key not in OWN:
            faults.append(_fault(key, "不是参数名", "is no parameter", " ".join(KEYS)))
    rules = SchemeRules(rulebook, sound)
    for unknown in rules.missing(scores=True, follow_on=follow_on):
        if unknown.key not in given:
            faults.append(
                FieldFault(
                    unknown.key,
                    f"没有来源说明（{unknown.what.zh}），须由本次清算给出。",
                    f"No source states it ({unknown.what.en}); this settlement must give it.",
                )
            )
    faults += _faults_of_bands(rules)
    faults += _faults_of_indicators(rules, given.get(INDICATORS))
    faults += _faults_of_warning(given.get(WARNING))
    return faults


def parameter_views(settlement: SavingsSettlement) -> tuple[ParameterView, ...]:
    """All parameters of a settlement, as statements show them."""
    rules = rules_of(settlement)
    zh, en = Voice("zh"), Voice("en")
    views = []
    for one in rules.scheme.parameters:
        term = SAVINGS_TERMS[one.key]
        by = _UNVERIFIED if one.given_by == "rulebook" and not one.verified else _BY[one.given_by]
        empty = _PAID if one.key == "rounding" else ("—", "-")
        words = empty
        if one.value is not None:
            words = tuple(  # type: ignore[assignment]
                voice.join(in_words(one.key, term, one.value, voice)) for voice in (zh, en)
            )
        given = one.given_by == "scheme"
        views.append(ParameterView(one.key, term.zh, term.en, *words, *by, given))
    return (*views, *_own_views(rules, json.loads(settlement.parameters)))


def indicator_words(name: str) -> tuple[str, str]:
    """How an indicator is called; one that a place made up is called as it wrote it."""
    return INDICATOR_NAMES.get(name, (name, name))


def _own_views(rules: SettlementRules, given: Mapping[str, object]) -> Iterator[ParameterView]:
    for key, (zh, en) in OWN.items():
        by = _BY["scheme" if key in given else "rulebook"]
        if key == INDICATORS:
            words = [
                "; ".join(
                    f"{indicator_words(one.name)[place]} {shown(one.points)}"
                    for one in rules.indicators
                )
                for place in (0, 1)
            ]
        elif rules.warning is None:
            words, by = ["不提示", "no warning"], _BY["not-given"]
        else:
            words = [shown(rules.warning)] * 2
        yield ParameterView(key, zh, en, words[0], words[1], *by, key in given)


def _rules(rulebook: Rulebook, given: Mapping[str, object]) -> SettlementRules:
    scheme = SchemeRules(rulebook, {key: given[key] for key in given if key in SAVINGS_TERMS})
    warning = given.get(WARNING)
    return SettlementRules(
        scheme=scheme,
        indicators=_indicators(scheme, given.get(INDICATORS)),
        warning=None if warning is None else Decimal(str(warning)),
    )


def _indicators(scheme: SchemeRules, given: object) -> tuple[Indicator, ...]:
    """Given ones; else the rulebook's, where it states them with their points."""
    if isinstance(given, Mapping):
        return tuple(Indicator(str(name), Decimal(str(points))) for name, points in given.items())
    stated = scheme.rulebook.rules
    if "assessment.indicators" in stated and "assessment.weights" in stated:
        names = cast("tuple[str, ...]", stated["assessment.indicators"].value)
        points = cast("tuple[str, ...]", stated["assessment.weights"].value)
        return tuple(
            Indicator(name, Decimal(most)) for name, most in zip(names, points, strict=True)
        )
    return ()


def _faults_of_bands(scheme: SchemeRules) -> list[FieldFault]:
    """Bands that let more be kept than the document allows."""
    if not scheme.knows("bands"):
        return []
    most = scheme.ratio_max
    return [
        _fault("bands", f"留用比例 {band.ratio} 过高", f"a share of {band.ratio}", f"<= {most}")
        for band in scheme.bands
        if band.ratio > most
    ]


def _faults_of_indicators(scheme: SchemeRules, given: object) -> list[FieldFault]:
    if given is None:
        if _indicators(scheme, None):
            return []
        return [
            FieldFault(
                INDICATORS,
                "没有来源说明各指标的分值，须由本次清算给出，合计 100 分。",
                "No source states the points of each indicator; this settlement must give them, "
                "100 together.",
            )
        ]
    shape = _fault(
        INDICATORS, "不是指标及分值", "is no table of points", '{"volume-completion": 40}'
    )
    if not isinstance(given, Mapping) or not given:
        return [shape]
    points = [_decimal(value) for value in given.values()]
    if any(one is None or one <= 0 for one in points):
        return [_fault(INDICATORS, "分值不是大于 0 的数", "points must be above zero", "40")]
    if total([one for one in points if one is not None]) != 100:
        return [_fault(INDICATORS, "分值合计不是 100", "points do not add up", "100")]
    return _faults_of_names(scheme, [str(name) for name in given])


def _faults_of_names(scheme: SchemeRules, names: list[str]) -> list[FieldFault]:
    """Indicators that contradict what the document states."""
    stated = scheme.rulebook.rules.get("assessment.indicators")
    if stated is None or not stated.verified:
        return []
    known = cast("tuple[str, ...]", stated.value)
    if set(known) == set(names):
        return []
    return [_fault(INDICATORS, "与文件所列指标不符", "differs from the document", ", ".join(known))]


def _faults_of_warning(given: object) -> list[FieldFault]:
    value = _decimal(given)
    if given is None or (value is not None and value > 0):
        return []
    return [_fault(WARNING, "不是大于 0 的倍数", "is no factor above zero", "1.5")]


def _fault_of_rule(rulebook: Rulebook, key: str, value: object) -> FieldFault | None:
    try:
        SchemeRules(rulebook, {key: value})
    except RuleOptionError as refusal:
        cause = str(refusal).partition(": ")[2]
        return FieldFault(key, f"不能采用：{cause}", f"Cannot be taken: {cause}")
    return None


def _fault(key: str, zh: str, en: str, expected: str) -> FieldFault:
    return FieldFault(key, f"{zh}；应为 {expected}。", f"{en}: expected {expected}.")


def _decimal(value: object) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and len(str(found)) <= 30 else None


def _plain(value: object) -> object:
    """As JSON holds it: decimals as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return f"{value:f}" if isinstance(value, Decimal) else value
