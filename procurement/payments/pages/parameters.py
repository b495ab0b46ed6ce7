"""What a rulebook leaves open, as fields of a form: named, and never filled in by default."""

from collections.abc import Mapping
from dataclasses import dataclass

from procurement.payments.rules.calendar import STEP_NAMES
from procurement.payments.stated import open_parameters
from procurement.payments.states import CLAIM_NAMES, ClaimStatus
from procurement.rounds.at_edge import FormReader
from procurement.web import Visit
from rulebooks import load_rulebook

CALENDAR = "direct.calendar"
YES = "yes"

_Option = tuple[str, str, str]
_OPTIONS: Mapping[str, tuple[_Option, ...]] = {
    "direct.offset": (
        ("yes", "冲抵", "set off"),
        ("no", "不冲抵", "not set off"),
    ),
    "direct.fund_order": (
        ("employee resident", "先职工、后居民", "employee fund, then resident fund"),
        ("resident employee", "先居民、后职工", "resident fund, then employee fund"),
        ("employee", "只冲抵职工", "employee fund only"),
        ("resident", "只冲抵居民", "resident fund only"),
    ),
    "direct.refill": (
        (
            "before-goods",
            "先归还备用金，再付本月货款",
            "the reserve first, then this month's goods",
        ),
        ("after-goods", "先付本月货款，再归还备用金", "this month's goods first, then the reserve"),
        ("not-by-offset", "不以冲抵归还", "not by offset"),
    ),
    "direct.reserve": (
        ("bridges-shortfall", "基金应付款不足时动用", "for what the fund's debt does not cover"),
        ("pays-first", "先行垫付", "pays before all else"),
    ),
    "direct.account": (
        (
            "equal-to-insurance-account",
            "须为医保登记账户",
            "the account registered with medical insurance",
        ),
    ),
    "prepay.way": (
        ("hospital", "拨付医疗机构，由其转付", "to the hospital, which passes it on"),
        ("seller", "代医疗机构拨付配送企业", "to the distributor, for the hospital"),
    ),
    "prepay.fund": (
        ("employee", "职工医保基金", "employee fund"),
        ("resident", "居民医保基金", "resident fund"),
    ),
    "revolving.grades": (
        ("none", "仅无失信记录的", "none: no record only"),
        ("none minor", "无失信记录和一般失信", "no record, and minor"),
        (
            "none dishonest",
            "无失信记录和失信（2025 年等级）",
            "no record, and dishonest (2025 scale)",
        ),
    ),
    "prepay.clearing": (
        ("against-fund-debt", "与基金应付款冲抵", "set off against the fund's debt"),
    ),
}
"""What each parameter may be; others are facts on which nothing here is decided."""

_TYPED = ("prepay.ratio", "revolving.limit")
"""Parameters that are typed as a number."""

_FLAGS = frozenset({"direct.offset"})
_LISTS = frozenset({"direct.fund_order", "revolving.grades"})


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter that somebody may give.

    Attributes:
        key: Its name in rulebooks, and of the form's field.
        label: What it says.
        hint: What is not known about it.
        options: What it may be.
    """

    key: str
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]


def fields_of(visit: Visit, rulebook: str) -> list[Field]:
    """Return the parameters that a rulebook leaves open and that decide something here."""
    unknown = load_rulebook(rulebook).unknown
    found = []
    for key, (zh, en) in open_parameters(rulebook).items():
        if key not in _OPTIONS and key not in _TYPED:
            continue
        what = unknown.get(key)
        hint = "" if what is None else visit.text(what.what.zh, what.what.en)
        options = tuple((value, visit.text(*words)) for value, *words in _OPTIONS.get(key, ()))
        label = visit.text(zh, _begun(en))
        found.append(Field(key, label, "" if hint == label else hint, options))
    return found


def _begun(words: str) -> str:
    """Words as a label begins with them.

    Examples:
        >>> _begun("the fund that prepays")
        'The fund that prepays'
    """
    return words[:1].upper() + words[1:]


def calendar_fields(visit: Visit, rulebook: str) -> list[tuple[str, str]]:
    """Return name and label of a field for each step that somebody may date."""
    if CALENDAR not in open_parameters(rulebook):
        return []
    return [
        (f"{CALENDAR}.{name}", visit.text(*_step_words(step))) for step, name in STEP_NAMES.items()
    ]


def _step_words(step: ClaimStatus) -> tuple[str, str]:
    zh, en = CLAIM_NAMES[step]
    return f"“{zh}”：次月", f"“{en}”: day of the next month"


def not_stated(visit: Visit, rulebook: str) -> list[str]:
    """Return what no source says about a rulebook, in words."""
    return [
        visit.text(one.what.zh, one.what.en) for one in load_rulebook(rulebook).unknown.values()
    ]


def read_parameters(visit: Visit, rulebook: str) -> dict[str, object]:
    """Read what somebody gave; fields that were left empty are not given.

    Raises:
        InvalidInputError: A day is no number.
    """
    reader, found = FormReader(visit.form), dict[str, object]()
    for key in open_parameters(rulebook):
        text = visit.form.get(key, "")
        if (key in _OPTIONS or key in _TYPED) and text:
            found[key] = _value(key, text)
    days = {
        name: day
        for name in STEP_NAMES.values()
        if (day := reader.whole(f"{CALENDAR}.{name}")) is not None
    }
    with reader.checked():
        if days:
            found[CALENDAR] = days
    return found


def _value(key: str, text: str) -> object:
    if key in _FLAGS:
        return text == YES
    return text.split() if key in _LISTS else text


def typed_parameters(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return parameters as a form's fields show them."""
    found: dict[str, str] = {}
    for key, value in parameters.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{name}": str(one) for name, one in value.items()}
        elif isinstance(value, bool):
            found[key] = YES if value else "no"
        else:
            found[key] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return found


def said_parameters(
    visit: Visit, rulebook: str, parameters: Mapping[str, object]
) -> list[tuple[str, str]]:
    """Return label and words of what was given."""
    named = open_parameters(rulebook)
    typed = typed_parameters(parameters)
    found = []
    for key in parameters:
        words = {value: visit.text(zh, en) for value, zh, en in _OPTIONS.get(key, ())}
        zh, en = named.get(key, (key, key))
        label = visit.text(zh, _begun(en))
        if key == CALENDAR:
            days = parameters[key]
            if isinstance(days, Mapping):
                named_days = ", ".join(str(day) for day in days.values())
                found.append((label, named_days))
        else:
            found.append((label, words.get(typed[key], typed[key])))
    return found
