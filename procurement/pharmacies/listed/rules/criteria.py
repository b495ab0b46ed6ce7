"""Criteria by which a drug comes into the dual channel or is paid separately."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from pricing.stated_rules import StatedRules
from procurement.pharmacies.listed.kinds import DrugState

OTHER = "other"
"""A criterion that no rulebook names: the evidence says which, and which document has it."""
SOLD_IN_PHARMACIES = "sold-in-pharmacies"

CRITERION_NAMES: Mapping[str, tuple[str, str]] = {
    "clinical-value": ("临床价值高", "high clinical value"),
    "urgent-need": ("患者急需", "urgently needed by patients"),
    "poorly-replaceable": ("替代性不高", "poorly replaceable"),
    "innovative": ("创新药", "innovative drug"),
    "long-use": ("使用周期较长", "used for a long time"),
    "costly-course": ("疗程费用较高", "costly course"),
    SOLD_IN_PHARMACIES: ("可在零售药店销售", "may be sold in pharmacies"),
    "application": ("企业申请", "application of the maker"),
    "standard-promise": ("企业承诺支付标准", "the maker's promise of the payment standard"),
    OTHER: ("其他条件（写明依据）", "another criterion (say which document has it)"),
}
"""Every criterion in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that what was stated does not meet.

    Attributes:
        key: The rule's key.
        zh: What is missing, in Chinese.
        en: The same in English.
    """

    key: str
    zh: str
    en: str


def unmet_criteria(
    state: DrugState,
    shown: Collection[str],
    rules: StatedRules,
    *,
    agreement: tuple[date | None, date | None],
    day: date,
) -> list[Unmet]:
    """Return what is missing for a drug to get a state.

    Args:
        state: That it is to get.
        shown: Criteria for which there is evidence.
        rules: Of the list.
        agreement: First and last day of the agreement on its price, as far as stated.
        day: From which it is to have the state.

    Returns:
        Everything that is missing. Where a rule is unknown, evidence of some criterion with its
        document is asked for, and no more.

    Examples:
        >>> rules = StatedRules.of("dual-jiangsu-2022")
        >>> agreement = (None, None)
        >>> day = date(2022, 5, 1)
        >>> unmet_criteria(DrugState.DUAL, {"innovative"}, rules, agreement=agreement, day=day)
        []
        >>> [one.key for one in unmet_criteria(
        ...     DrugState.DUAL_SEPARATE, {"urgent-need"}, rules, agreement=agreement, day=day)]
        ['list.dual_criteria', 'list.separate_criteria']
    """
    if state is DrugState.ORDINARY:
        return []
    found: list[Unmet] = []
    if _known(rules, "list.dual_by") == "agreement":
        found += _by_agreement(shown, agreement, day)
    else:
        found += _chosen(rules, "list.dual_criteria", shown)
    if state is DrugState.DUAL_SEPARATE:
        found += _chosen(rules, "list.separate_criteria", shown)
        found += _given(rules, shown)
    return found


def criteria_of(rules: StatedRules) -> tuple[str, ...]:
    """Return the criteria that a rulebook asks about, and `OTHER`, in the order of their names.

    Examples:
        >>> criteria_of(StatedRules.of("dual-hunan-2025"))
        ('sold-in-pharmacies', 'application', 'standard-promise', 'other')
    """
    named = {OTHER}
    for key in ("list.dual_criteria", "list.separate_criteria"):
        ways = cast("Mapping[str, Sequence[str]]", _known(rules, key) or {})
        named.update(one for listed in ways.values() for one in listed)
    named.update(cast("Sequence[str]", _known(rules, "list.separate_needs") or ()))
    if _known(rules, "list.dual_by") == "agreement":
        named.add(SOLD_IN_PHARMACIES)
    return tuple(one for one in CRITERION_NAMES if one in named)


def _known(rules: StatedRules, key: str) -> object | None:
    return rules.value(key) if rules.knows(key) else None


def _by_agreement(
    shown: Collection[str], agreement: tuple[date | None, date | None], day: date
) -> Iterator[Unmet]:
    starts_on, ends_on = agreement
    if starts_on is None or ends_on is None or not starts_on <= day <= ends_on:
        yield Unmet(
            "list.dual_by",
            f"须在谈判协议期内：协议起止日期须包括 {day}",
            f"it must be within the agreement: its first and last day must enclose {day}",
        )
    if SOLD_IN_PHARMACIES not in shown:
        yield _lacking("list.dual_by", [SOLD_IN_PHARMACIES])


def _chosen(rules: StatedRules, key: str, shown: Collection[str]) -> Iterator[Unmet]:
    value = _known(rules, key)
    if value is None:
        if OTHER not in shown:
            yield Unmet(
                key,
                "规则书未载明遴选条件，请在“其他条件”中写明依据的文件",
                "no rulebook states the criteria: say under “another criterion” which document "
                "has them",
            )
        return
    ways = cast("Mapping[str, Sequence[str]]", value)
    together, alone = ways.get("together", ()), ways.get("alone", ())
    if together and all(one in shown for one in together):
        return
    if any(one in shown for one in alone):
        return
    yield _none_of(key, together, alone)


def _none_of(key: str, together: Sequence[str], alone: Sequence[str]) -> Unmet:
    zh, en = [], []
    if together:
        zh.append("同时具备" + "、".join(CRITERION_NAMES[one][0] for one in together))
        en.append("together: " + ", ".join(CRITERION_NAMES[one][1] for one in together))
    if alone:
        zh.append("具备其一：" + "、".join(CRITERION_NAMES[one][0] for one in alone))
        en.append("one of: " + ", ".join(CRITERION_NAMES[one][1] for one in alone))
    return Unmet(key, "须" + "，或".join(zh), "evidence needed, " + "; or ".join(en))


def _given(rules: StatedRules, shown: Collection[str]) -> Iterator[Unmet]:
    value = _known(rules, "list.separate_needs")
    needed = cast("Sequence[str]", value) if value is not None else ()
    lacking = [one for one in needed if one not in shown]
    if lacking:
        yield _lacking("list.separate_needs", lacking)


def _lacking(key: str, criteria: Sequence[str]) -> Unmet:
    zh = "、".join(CRITERION_NAMES[one][0] for one in criteria)
    en = ", ".join(CRITERION_NAMES[one][1] for one in criteria)
    return Unmet(key, f"缺少依据：{zh}", f"evidence is missing: {en}")
