"""Reading what was typed about one drug, in a form, a file or through the interface."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from procurement.errors import FieldFault
from procurement.pharmacies.listed.kinds import (
    CONTROL_NAMES,
    STATE_NAMES,
    STORAGE_NAMES,
    Control,
    DrugState,
    Storage,
)
from procurement.pharmacies.listed.rules.criteria import CRITERION_NAMES
from procurement.pharmacies.listed.terms import Evidence, Terms

REMOVED = "removed"
"""In the place of a state: the drug leaves the list."""
TEXT_MAX = 4_000
NUMBER_MAX = 40
EARLIEST, LATEST = date(2017, 1, 1), date(2199, 12, 31)
"""No list is older: the first city rule for special drugs that is known is of 2017."""
MONTHS_MAX = 120
CODE = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,8})?[+*]?")
"""Form of a code of the national classification of diagnoses, such as C34.900x001."""

_S = TypeVar("_S", bound=StrEnum)
_YES = {"是": True, "yes": True, "true": True, "1": True, "需": True, "需要": True}
_NO = {"否": False, "no": False, "false": False, "0": False, "不需": False, "不需要": False}
_SHARE = re.compile(r"\d{1,3}(\.\d{1,6})?%?")
_ONE = Decimal(1)


def read_day(text: str) -> date | None:
    """Read a day that a decision may name; None where it is none.

    Examples:
        >>> read_day("2022-05-01"), read_day("1999-01-01"), read_day("soon")
        (datetime.date(2022, 5, 1), None, None)
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _words(names: Mapping[_S, tuple[str, str]], more: Mapping[str, _S]) -> dict[str, _S]:
    known = {word.lower(): one for one, pair in names.items() for word in (*pair, one.value)}
    return {**known, **more}


_STATES = _words(
    STATE_NAMES,
    {
        "单独支付": DrugState.DUAL_SEPARATE,
        "双通道单独支付": DrugState.DUAL_SEPARATE,
        "双通道+单独支付": DrugState.DUAL_SEPARATE,
        "单行支付": DrugState.DUAL_SEPARATE,
        "双通道管理": DrugState.DUAL,
        "乙类": DrugState.ORDINARY,
        "普通乙类": DrugState.ORDINARY,
    },
)
_REMOVALS = frozenset({REMOVED, "调出", "调出名单", "off the list"})
_CONTROLS = _words(CONTROL_NAMES, {"否": Control.NONE, "无": Control.NONE, "no": Control.NONE})
_STORAGES = _words(STORAGE_NAMES, {"冷链": Storage.COLD})


@dataclass(slots=True)
class TypedLine:
    """What was typed about one drug, as far as it can be read.

    Attributes:
        terms: None where the drug leaves the list.
        control: Whether it is under special control.
        starts_on: A day of its own.
        ends_on: Last day.
        evidence: Criteria that are met.
        faults: Everything that cannot be read.
    """

    terms: Terms | None = None
    control: Control = Control.NONE
    starts_on: date | None = None
    ends_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    faults: list[FieldFault] = dataclass_field(default_factory=list)


class _Reader:
    """Reads the cells of one line, and gathers what cannot be read."""

    def __init__(self, raw: Mapping[str, str], base: Terms | None) -> None:
        self.raw = raw
        self.base = base
        self.faults: list[FieldFault] = []

    def cell(self, name: str) -> str:
        return self.raw.get(name, "").strip()

    def fault(self, name: str, zh: str, en: str) -> None:
        self.faults.append(FieldFault(name, zh, en))

    def kept(self, name: str) -> object | None:
        """What the drug has now, where the file has no such column."""
        return getattr(self.base, name, None) if name not in self.raw else None

    def text(self, name: str) -> str:
        text = self.cell(name) or str(self.kept(name) or "")
        if len(text) > TEXT_MAX:
            self.fault(name, f"最多 {TEXT_MAX} 字。", f"At most {TEXT_MAX} characters.")
        return text

    def lines(self, name: str) -> str:
        parts = re.split(r"[\n;；]", self.text(name))
        return "\n".join(part.strip() for part in parts if part.strip())

    def day(self, name: str) -> date | None:
        text = self.cell(name)
        if not text:
            kept = self.kept(name)
            return kept if isinstance(kept, date) else None
        read = read_day(text)
        if read is None:
            self.fault(
                name,
                f"“{text}”不是 {EARLIEST} 至 {LATEST} 的日期，应写作 2022-05-01。",
                f"“{text}” is no date from {EARLIEST} to {LATEST}: expected one like 2022-05-01.",
            )
        return read

    def share(self, name: str) -> Decimal | None:
        text = self.cell(name)
        if not text:
            kept = self.kept(name)
            return kept if isinstance(kept, Decimal) else None
        if _SHARE.fullmatch(text):
            value = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
            if value <= _ONE:
                return value.normalize() if value else Decimal(0)
        self.fault(
            name,
            f"“{text}”不是 0 至 1 的比例，应写作 0.10 或 10%。",
            f"“{text}” is no share from 0 to 1: expected 0.10 or 10%.",
        )
        return None

    def months(self, name: str) -> int | None:
        text = self.cell(name)
        if not text:
            kept = self.kept(name)
            return kept if isinstance(kept, int) else None
        if text.isascii() and text.isdigit() and len(text) <= 3 and 0 < int(text) <= MONTHS_MAX:
            return int(text)
        self.fault(
            name,
            f"应为 1 至 {MONTHS_MAX} 的整数（月）。",
            f"Expected a whole number of months, 1 to {MONTHS_MAX}.",
        )
        return None

    def flag(self, name: str) -> bool:
        text = self.cell(name).lower()
        if not text:
            return bool(self.kept(name))
        if text in _YES or text in _NO:
            return text in _YES
        self.fault(name, "应为“是”或“否”。", "Expected yes or no.")
        return False

    def word(self, name: str, words: Mapping[str, _S], expected: tuple[str, str]) -> _S | None:
        text = self.cell(name).lower()
        if text in words:
            return words[text]
        self.fault(
            name,
            f"“{self.cell(name)}”：应为{expected[0]}之一。",
            f"“{self.cell(name)}”: expected one of {expected[1]}.",
        )
        return None

    def storage(self) -> Storage | None:
        if self.cell("storage"):
            return self.word("storage", _STORAGES, _listed(STORAGE_NAMES.values()))
        kept = self.kept("storage")
        return kept if isinstance(kept, Storage) else None


def _listed(pairs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    names = list(pairs)
    return "、".join(pair[0] for pair in names), ", ".join(pair[1] for pair in names)


def read_typed(raw: Mapping[str, str], *, base: Terms | None = None) -> TypedLine:
    """Read what was typed about one drug.

    Args:
        raw: Texts by the names of `TERM_NAMES`, with ``control``, ``starts_on``, ``ends_on`` and
            ``evidence-…`` for each criterion.
        base: The terms that the drug has now: they stay where ``raw`` does not name a term.

    Returns:
        What was read, with every fault.

    Examples:
        >>> read_typed({"state": "双通道", "self_pay_share": "10%"}).terms.self_pay_share
        Decimal('0.1')
        >>> [one.field for one in read_typed({"state": "?", "storage": "?"}).faults]
        ['state', 'storage']
    """
    reader = _Reader(raw, base)
    line = TypedLine(
        control=_control(reader),
        starts_on=reader.day("starts_on"),
        ends_on=reader.day("ends_on"),
        evidence=tuple(_evidence(reader)),
    )
    if len(reader.cell("catalogue_number")) > NUMBER_MAX:
        reader.fault(
            "catalogue_number",
            f"最多 {NUMBER_MAX} 字。",
            f"At most {NUMBER_MAX} characters.",
        )
    if reader.cell("state").lower() not in _REMOVALS:
        line.terms = _terms(reader)
        _in_order(reader, line)
    line.faults = reader.faults
    return line


def _control(reader: _Reader) -> Control:
    if not reader.cell("control"):
        return Control.NONE
    found = reader.word("control", _CONTROLS, _listed(CONTROL_NAMES.values()))
    return found or Control.NONE


def _terms(reader: _Reader) -> Terms | None:
    state = reader.word("state", _STATES, _listed((*STATE_NAMES.values(), ("调出", REMOVED))))
    terms = Terms(
        state=state or DrugState.ORDINARY,
        indication_limits=reader.text("indication_limits"),
        indication_codes=_codes(reader),
        agreement_starts_on=reader.day("agreement_starts_on"),
        agreement_ends_on=reader.day("agreement_ends_on"),
        self_pay_share=reader.share("self_pay_share"),
        employee_share=reader.share("employee_share"),
        resident_share=reader.share("resident_share"),
        registration_needed=reader.flag("registration_needed"),
        papers=reader.lines("papers"),
        reevaluation_months=reader.months("reevaluation_months"),
        storage=reader.storage(),
    )
    return None if state is None else terms


def _codes(reader: _Reader) -> str:
    typed = [code for code in re.split(r"[\s,，、]+", reader.lines("indication_codes")) if code]
    for code in typed:
        if not CODE.fullmatch(code.upper()):
            reader.fault(
                "indication_codes",
                f"“{code}”不是疾病诊断编码，应写作 C34.9。",
                f"“{code}” is no code of a diagnosis: expected one like C34.9.",
            )
    return "\n".join(dict.fromkeys(code.upper() for code in typed))


def _evidence(reader: _Reader) -> list[Evidence]:
    found = []
    for criterion in CRITERION_NAMES:
        text = reader.text(f"evidence-{criterion}") if f"evidence-{criterion}" in reader.raw else ""
        if text:
            found.append(Evidence(criterion, text))
    return found


def _in_order(reader: _Reader, line: TypedLine) -> None:
    pairs = [("ends_on", line.starts_on, line.ends_on)]
    if line.terms is not None:
        terms = line.terms
        pairs.append(("agreement_ends_on", terms.agreement_starts_on, terms.agreement_ends_on))
    for name, starts_on, ends_on in pairs:
        if starts_on is not None and ends_on is not None and ends_on < starts_on:
            reader.fault(
                name,
                f"截止日期 {ends_on} 早于开始日期 {starts_on}。",
                f"The last day {ends_on} is before the first, {starts_on}.",
            )
