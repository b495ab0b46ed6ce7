"""What a place must show to be designated: criteria made of rules, and how statements meet them.

Pure. A criterion whose value no source states for certain counts only as far as somebody gave the
value with its basis.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from procurement.errors import FieldFault
from rulebooks import Rulebook
from rulebooks.vocabulary.designation import NEEDS, SITES

PREFIXES: Mapping[str, str] = {"dual-channel": "designation", "convenience": "sign"}
"""Under which keys a scheme's criteria stand."""

RULEBOOK_KINDS: Mapping[str, str] = {"dual-channel": "dual", "convenience": "pharmacy"}
"""Which kind of document a scheme rests on."""

_COUNTS: Mapping[str, tuple[str, str, str]] = {
    "designated_years_min": ("取得医保定点满几年", "Years as a designated institution", "years"),
    "breach_free_years_min": ("连续无违规年数", "Years without any breach", "years"),
    "pharmacists_min": ("专职药师人数", "Pharmacists with no other job", "people"),
    "camera_months_min": ("监控录像保存月数", "Months for which cameras' records stay", "months"),
}
_SHARES: Mapping[str, tuple[str, str]] = {
    "kinds_share_min": ("谈判药品品种配备比例", "Share of negotiated kinds held"),
    "supply_rate_min": ("药品供应率", "Rate of supply"),
}
_ONLY_PHARMACIES = (*_COUNTS, "area_min", *_SHARES)
NOTE_MAX = 300


@dataclass(frozen=True, slots=True)
class Given:
    """A rule that somebody gave for a call.

    Attributes:
        value: Read by the vocabulary.
        basis: The document that states it.
    """

    value: object
    basis: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a place must show.

    Attributes:
        name: Names it in forms and findings, such as ``pharmacists_min`` or ``need.cold-chain``.
        form: How it is stated: ``count``, ``share``, ``area`` or ``need``.
        zh: What is asked, in Chinese.
        en: The same in English.
        least: The least value; for an area, by kind of site.
        key: The rule's key.
        basis: Who states it: the rulebook's source, or the basis that was given.
        is_given: Somebody gave the value for this call.
    """

    name: str
    form: str
    zh: str
    en: str
    least: object
    key: str
    basis: str
    is_given: bool = False

    @property
    def wanted(self) -> tuple[str, str]:
        """What is wanted, in Chinese and English."""
        if self.form == "need":
            return ("须具备", "needed")
        if self.form == "share":
            percent = f"{(cast(Decimal, self.least) * 100).normalize():f}"
            return (f"不低于 {percent}%", f"at least {percent} %")
        if self.form == "area":
            areas = cast(Mapping[str, Decimal], self.least)
            return (
                "；".join(
                    f"{SITES[site][0]}不小于 {area:f} 平方米" for site, area in areas.items()
                ),
                "; ".join(f"{SITES[site][1]} at least {area:f} m²" for site, area in areas.items()),
            )
        return (f"不少于 {self.least}", f"at least {self.least}")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a document asks of one kind of place.

    Attributes:
        wanted: What must be shown.
        open: Rules that count only once somebody gives them: key, and why.
    """

    wanted: tuple[Criterion, ...]
    open: tuple[tuple[str, str], ...]


def rule_value(
    rulebook: Rulebook, given: Mapping[str, Given], key: str
) -> tuple[object, str, bool] | None:
    """Return the value of a rule, who states it, and whether it was given; None if unknown.

    Rules that are not verified are unknown until somebody gives them.
    """
    if key in given:
        return given[key].value, given[key].basis, True
    rule = rulebook.rules.get(key)
    return None if rule is None or not rule.verified else (rule.value, rule.source, False)


def criteria_of(
    rulebook: Rulebook, given: Mapping[str, Given], *, scheme: str, kind: str
) -> Criteria:
    """Return what a document asks of a kind of place.

    Args:
        rulebook: The document.
        given: What a call gives besides or instead, by key.
        scheme: ``dual-channel`` or ``convenience``.
        kind: ``hospital`` or ``pharmacy``.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> xian = criteria_of(
        ...     load_rulebook("dual-xian"), {}, scheme="dual-channel", kind="hospital")
        >>> [criterion.name for criterion in xian.wanted]
        ['need.orderly', 'need.cold-chain', 'need.pharmacist']
        >>> samples = criteria_of(
        ...     load_rulebook("dual-samples-2021"), {}, scheme="dual-channel", kind="pharmacy")
        >>> samples.wanted, samples.open[0]
        ((), ('designation.pharmacy_needs', 'unverified'))
    """
    prefix = PREFIXES[scheme]
    names = [f"{kind}_needs", *(_ONLY_PHARMACIES if kind == "pharmacy" else ())]
    wanted: list[Criterion] = []
    left_open: list[tuple[str, str]] = []
    for name in names:
        key = f"{prefix}.{name}"
        found = rule_value(rulebook, given, key)
        if found is not None:
            wanted += _criteria(name, key, *found)
        elif key in rulebook.rules:
            left_open.append((key, "unverified"))
        elif key in rulebook.unknown:
            left_open.append((key, "unknown"))
    return Criteria(tuple(wanted), tuple(left_open))


def _criteria(name: str, key: str, value: object, basis: str, given: bool) -> list[Criterion]:
    if name.endswith("_needs"):
        return [
            Criterion(f"need.{need}", "need", *NEEDS[need], True, key, basis, given)
            for need in cast(tuple[str, ...], value)
        ]
    if name in _COUNTS:
        zh, en, _unit = _COUNTS[name]
        return [Criterion(name, "count", zh, en, value, key, basis, given)]
    if name in _SHARES:
        return [Criterion(name, "share", *_SHARES[name], value, key, basis, given)]
    words = ("营业面积（平方米）", "Area (m²)")
    return [Criterion(name, "area", *words, value, key, basis, given)]


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a criterion is met.

    Attributes:
        criterion: Name of it.
        stated: What was stated, or found; empty where nothing was.
        is_met: None where nothing was stated.
    """

    criterion: str
    stated: str
    is_met: bool | None


def read_statements(
    criteria: Criteria, typed: Mapping[str, str]
) -> tuple[dict[str, str], list[FieldFault]]:
    """Read what a place states, by criterion, and say what cannot be read.

    Args:
        criteria: What is asked.
        typed: As typed: whole numbers, percentages, square metres, ``yes`` or ``no``; the kind of
            site of an area stands under ``site``. What is missing stays open.

    Returns:
        The statements in one spelling (shares as decimals), and the faults.

    Examples:
        >>> least = Decimal("0.3")
        >>> criterion = Criterion("kinds_share_min", "share", "比例", "Share", least, "", "")
        >>> read_statements(Criteria((criterion,), ()), {"kinds_share_min": "35%"})
        ({'kinds_share_min': '0.35'}, [])
    """
    read: dict[str, str] = {}
    faults: list[FieldFault] = []
    for criterion in criteria.wanted:
        text = typed.get(criterion.name, "").strip()
        if not text:
            continue
        value = _READERS[criterion.form](text)
        if value is None:
            faults.append(FieldFault(criterion.name, *_EXPECTED[criterion.form]))
        else:
            read[criterion.name] = value
        if criterion.form == "area":
            _read_site(criterion, typed, read, faults)
    return read, faults


def _read_site(
    criterion: Criterion, typed: Mapping[str, str], read: dict[str, str], faults: list[FieldFault]
) -> None:
    sites = cast(Mapping[str, Decimal], criterion.least)
    site = "all" if "all" in sites else typed.get("site", "")
    if site in sites:
        read["site"] = site
    else:
        faults.append(FieldFault("site", "请选择所在地类型。", "Choose the kind of site."))


def _read_count(text: str) -> str | None:
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _read_area(text: str) -> str | None:
    value = _decimal(text)
    return None if value is None or value > 1_000_000 else f"{value:f}"


def _read_share(text: str) -> str | None:
    value = _decimal(text.removesuffix("%").removesuffix("％"))
    if value is None or value > 100:
        return None
    return f"{(value / 100).normalize():f}"


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip()) if len(text) <= 12 and text.isascii() else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and value >= 0 else None


def _read_need(text: str) -> str | None:
    return text if text in ("yes", "no") else None


_READERS = {"count": _read_count, "share": _read_share, "area": _read_area, "need": _read_need}
_EXPECTED = {
    "count": ("须为不小于 0 的整数。", "Expected a whole number from 0."),
    "share": ("须为 0 至 100 的百分数。", "Expected a percentage from 0 to 100."),
    "area": ("须为平方米数，如 80。", "Expected square metres, such as 80."),
    "need": ("请选择“是”或“否”。", "Choose yes or no."),
}


def judge(criteria: Criteria, statements: Mapping[str, str]) -> tuple[Finding, ...]:
    """Say of each criterion whether statements meet it.

    Args:
        criteria: What is asked.
        statements: As `read_statements` returns them.

    Examples:
        >>> criterion = Criterion("pharmacists_min", "count", "药师", "Pharmacists", 2, "", "")
        >>> [judge(Criteria((criterion,), ()), {"pharmacists_min": n})[0].is_met for n in "12"]
        [False, True]
        >>> judge(Criteria((criterion,), ()), {})[0].is_met is None
        True
    """
    return tuple(
        Finding(
            criterion.name,
            statements.get(criterion.name, ""),
            _is_met(criterion, statements) if criterion.name in statements else None,
        )
        for criterion in criteria.wanted
    )


def _is_met(criterion: Criterion, statements: Mapping[str, str]) -> bool:
    stated = statements[criterion.name]
    if criterion.form == "need":
        return stated == "yes"
    if criterion.form == "count":
        return int(stated) >= cast(int, criterion.least)
    if criterion.form == "share":
        return Decimal(stated) >= cast(Decimal, criterion.least)
    areas = cast(Mapping[str, Decimal], criterion.least)
    least = areas.get(statements.get("site", "all"))
    return least is not None and Decimal(stated) >= least


def all_met(findings: tuple[Finding, ...]) -> bool:
    """Tell whether nothing is missing.

    Examples:
        >>> all_met((Finding("need.cold-chain", "yes", True),)), all_met(())
        (True, True)
    """
    return all(finding.is_met for finding in findings)
