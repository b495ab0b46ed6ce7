"""The standard template of a dossier: its fields, which are public, and what may stand in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from procurement.errors import FieldFault
from procurement.negotiations.kinds import Track

TEXT_MAX = 6000
LINE_MAX = 200
AMOUNT_MAX = Decimal(10) ** 13
COUNT_MAX = 10**9
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]{1,4})?")


class FieldKind(StrEnum):
    """What a field of the template takes."""

    LINE = "line"
    TEXT = "text"
    AMOUNT = "amount"
    RATIO = "ratio"
    COUNT = "count"
    CHOICE = "choice"


class Section(StrEnum):
    """The parts of the template, in order."""

    BASICS = "basics"
    SAFETY = "safety"
    EFFECTIVENESS = "effectiveness"
    INNOVATION = "innovation"
    FAIRNESS = "fairness"
    ECONOMICS = "economics"
    RENEWAL = "renewal"


SECTION_WORDS: Mapping[Section, tuple[str, str]] = {
    Section.BASICS: ("基本信息", "Basic facts"),
    Section.SAFETY: ("安全性", "Safety"),
    Section.EFFECTIVENESS: ("有效性", "Effectiveness"),
    Section.INNOVATION: ("创新性", "Innovation"),
    Section.FAIRNESS: ("公平性", "Fairness"),
    Section.ECONOMICS: ("经济性与价格（不公开）", "Economics and price (not public)"),
    Section.RENEWAL: ("续约信息（不公开）", "Renewal (not public)"),
}

_TALKED = frozenset({Track.REGULAR, Track.RARE_DISEASE})
_ALL = frozenset(Track)
_RENEWED = frozenset({Track.RENEWAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateField:
    """One field of the template.

    Attributes:
        key: Its name in forms and in the stored content.
        section: Where it stands.
        zh: Its label in Chinese.
        en: Its label in English.
        kind: What it takes.
        hint_zh: What to write, in Chinese; empty where the label says it.
        hint_en: The same in English.
        unit: Behind the field, both languages; empty for none.
        required: Whether a dossier can be handed in without it.
        public: Whether the summary shows it.
        tracks: In which tracks it is asked for.
        choices: Values with labels, where one is chosen.
    """

    key: str
    section: Section
    zh: str
    en: str
    kind: FieldKind = FieldKind.TEXT
    hint_zh: str = ""
    hint_en: str = ""
    unit: tuple[str, str] = ("", "")
    required: bool = True
    public: bool = True
    tracks: frozenset[Track] = _ALL
    choices: tuple[tuple[str, str, str], ...] = ()


_YES_NO = (("yes", "是", "yes"), ("no", "否", "no"))
_YUAN = ("元", "yuan")


def _secret(key: str, zh: str, en: str, **how: object) -> TemplateField:
    facts = {"section": Section.ECONOMICS, "public": False, "tracks": _TALKED, **how}
    return TemplateField(key=key, zh=zh, en=en, **facts)  # type: ignore[arg-type]


def _line(key: str, zh: str, en: str, **how: object) -> TemplateField:
    facts = {"section": Section.BASICS, "kind": FieldKind.LINE, **how}
    return TemplateField(key=key, zh=zh, en=en, **facts)  # type: ignore[arg-type]


def _renewed(key: str, zh: str, en: str, **how: object) -> TemplateField:
    facts = {"section": Section.RENEWAL, "public": False, "tracks": _RENEWED, **how}
    return TemplateField(key=key, zh=zh, en=en, **facts)  # type: ignore[arg-type]


TEMPLATE: tuple[TemplateField, ...] = (
    _line("trade_name", "商品名", "Trade name", required=False),
    _line("approval_number", "批准文号", "Approval number"),
    _line("approved_on", "首次批准日期", "First approved on", hint_zh="例如 2024-05-20",
          hint_en="Such as 2024-05-20"),
    _line("dosage_form", "剂型", "Dosage form"),
    _line("strength", "规格", "Strength", hint_zh="例如 10mg", hint_en="Such as 10mg"),
    _line("priced_unit", "计价单位", "Priced unit",
          hint_zh="谈判价格和测算模型的单位，例如 盒（30片），须与测算资料一致。",
          hint_en="The unit of the price under negotiation, the same as in the calculation file."),
    _line("pack_units", "每计价单位含最小制剂单位", "Minimal units in the priced unit",
          kind=FieldKind.COUNT),
    TemplateField(key="indication", section=Section.BASICS, zh="适应症", en="Indication"),
    TemplateField(key="safety", section=Section.SAFETY, zh="安全性", en="Safety",
                  hint_zh="不良反应、禁忌，与参照药比较。",
                  hint_en="Adverse reactions and contraindications, against the reference drug."),
    TemplateField(key="effectiveness", section=Section.EFFECTIVENESS, zh="有效性",
                  en="Effectiveness", hint_zh="关键试验的终点和效应量。",
                  hint_en="Endpoints and effects of the pivotal trials."),
    TemplateField(key="innovation", section=Section.INNOVATION, zh="创新性", en="Innovation"),
    TemplateField(key="fairness", section=Section.FAIRNESS, zh="公平性", en="Fairness",
                  hint_zh="弥补目录短板、临床管理难度、对参保人的可及性。",
                  hint_en="Gaps in the catalogue, clinical management, access of insured people."),
    _secret("economics", "经济性", "Economics",
            hint_zh="药物经济学评价和预算影响分析的要点。",
            hint_en="Main points of the evaluation and the budget impact."),
    _secret("reference_drug", "参照药", "Reference drug", kind=FieldKind.LINE),
    _secret("reference_reason", "选择参照药的理由", "Why this reference drug"),
    _secret("expected_price", "预期支付标准", "Expected payment standard", kind=FieldKind.AMOUNT,
            unit=_YUAN),
    _secret("international_prices", "国际最低价等价格信息", "International prices",
            required=False),
    _secret("sales", "近三年销售", "Sales of three years", required=False),
    _renewed("price_before", "现行支付标准", "Present payment standard", kind=FieldKind.AMOUNT,
             unit=_YUAN),
    _renewed("fund_budget", "协议期年均基金支出预算（企业预估）",
             "Fund budget a year, as estimated by the maker", kind=FieldKind.AMOUNT, unit=_YUAN),
    _renewed("fund_spend", "协议期年均基金实际支出", "Actual fund spend a year",
             kind=FieldKind.AMOUNT, unit=_YUAN),
    _renewed("budget_next", "原范围未来两年年均基金支出预算",
             "Budget of the next two years for the present scope, a year", kind=FieldKind.AMOUNT,
             unit=_YUAN, required=False),
    _renewed("scope_changes", "是否调整支付范围", "Does the scope change", kind=FieldKind.CHOICE,
             choices=_YES_NO),
    _renewed("budget_added", "调整范围后两年年均增加的预算", "Budget added by the scope, a year",
             kind=FieldKind.AMOUNT, unit=_YUAN, required=False),
    _renewed("years_listed", "协议累计年限", "Years on the list", kind=FieldKind.COUNT),
    _renewed("is_class_1", "是否 1 类新药", "Class-1 drug", kind=FieldKind.CHOICE,
             choices=_YES_NO),
    _renewed("is_non_exclusive", "是否已非独家", "No longer exclusive", kind=FieldKind.CHOICE,
             choices=_YES_NO),
)  # fmt: skip
"""The template; what stands in the dossier's own columns (drug, track) is not repeated here."""


def fields_of(track: Track) -> tuple[TemplateField, ...]:
    """Return the fields that are asked for in a track.

    Examples:
        >>> "expected_price" in [one.key for one in fields_of(Track.REGULAR)]
        True
        >>> "expected_price" in [one.key for one in fields_of(Track.RENEWAL)]
        False
    """
    return tuple(one for one in TEMPLATE if track in one.tracks)


def needs_model(track: Track) -> bool:
    """Tell whether a dossier of a track is handed in with a calculation file."""
    return track in _TALKED


def taken(track: Track, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what belongs to the template, as typed; nothing else is kept.

    Examples:
        >>> taken(Track.NON_EXCLUSIVE, {"strength": "1mg", "expected_price": "9", "x": "y"})
        {'strength': '1mg'}
    """
    known = (one.key for one in fields_of(track))
    return {key: typed[key].strip() for key in known if typed.get(key, "").strip()}


def public_part(track: Track, content: Mapping[str, str]) -> dict[str, str]:
    """Return what the public summary may show of a dossier."""
    return {
        one.key: content[one.key] for one in fields_of(track) if one.public and one.key in content
    }


def draft_faults(track: Track, content: Mapping[str, str]) -> Iterator[FieldFault]:
    """Find what is wrong with what was typed; what is missing is no fault of a draft.

    Examples:
        >>> [one.field for one in draft_faults(Track.REGULAR, {"expected_price": "viel"})]
        ['expected_price']
    """
    for one in fields_of(track):
        text = content.get(one.key, "")
        fault = _fault(one, text) if text else None
        if fault is not None:
            yield FieldFault(one.key, *fault)


def filing_faults(track: Track, content: Mapping[str, str]) -> Iterator[FieldFault]:
    """Find what keeps a dossier from being handed in."""
    for one in fields_of(track):
        if one.required and not content.get(one.key):
            yield FieldFault(one.key, f"请填写“{one.zh}”。", f"Fill in “{one.en}”.")
    yield from draft_faults(track, content)
    changes = content.get("scope_changes") == "yes"
    if track == Track.RENEWAL and changes and not content.get("budget_added"):
        yield FieldFault(
            "budget_added",
            "调整支付范围的，须填写增加的预算。",
            "A change of scope needs the budget that it adds.",
        )


def _fault(field: TemplateField, text: str) -> tuple[str, str] | None:
    if field.kind == FieldKind.AMOUNT:
        return _amount_fault(text)
    if field.kind == FieldKind.COUNT:
        whole = text.isascii() and text.isdigit() and len(text) < 11
        if not whole or not 0 < int(text) <= COUNT_MAX:
            return "须为大于 0 的整数。", "Expected a whole number above 0."
        return None
    if field.kind == FieldKind.CHOICE:
        if text not in [value for value, _, _ in field.choices]:
            return "请选择。", "Choose one."
        return None
    longest = LINE_MAX if field.kind == FieldKind.LINE else TEXT_MAX
    if len(text) > longest:
        return f"最多 {longest} 字。", f"At most {longest} characters."
    return None


def _amount_fault(text: str) -> tuple[str, str] | None:
    try:
        amount = Decimal(text) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or not 0 < amount <= AMOUNT_MAX:
        return (
            "须为大于 0 的金额（元），最多四位小数，例如 1280.50。",
            "Expected an amount in yuan above 0 with at most four decimals, such as 1280.50.",
        )
    return None
