"""``scheme.toml``: the rulebook, the year, the defaults, and what texts leave open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pricing.stated_rules import RuleOptionError
from procurement.rounds.folder.cells import CellError
from procurement.rounds.folder.faults import FaultList, quoted
from procurement.savings.folder.cells import parse_fund_share, parse_share
from procurement.savings.folder.contracts import Defaults
from procurement.savings.folder.left_open import plain_left_open
from procurement.savings.folder.toml_places import line_of, parse_toml
from procurement.savings.folder.years import Year, parse_year, year_of
from procurement.savings.rules import SchemeRules
from rulebooks import UnknownRulebookError, load_rulebook, rulebook_ids
from rulebooks.vocabulary.savings import LEFT_OPEN, SAVINGS_TERMS

T = TypeVar("T")
BatchTables = Mapping[str, Mapping[str, object]]

SCHEME = "scheme.toml"

_DEFAULTS = ("payment_ratio", "payment_ratio_spend", "insured_share", "fund_share_employee")
_TEXTS = ("title", "region", "note")
KEYS = ("rulebook", "procurement_year", *_DEFAULTS, "batch", *LEFT_OPEN, "options", *_TEXTS)
_OF_A_BATCH = ("starts_on", "ends_on", "follow_on", *_TEXTS)


@dataclass(frozen=True, slots=True)
class Scheme:
    """What ``scheme.toml`` says.

    Attributes:
        title: What the settlement is called.
        year_name: The procurement year as it stands there.
        year: Its days, where it has any.
        batches: Days of the batches that have their own.
        defaults: For contracts that do not say otherwise.
        rules: The rulebook with what the scheme gives; None, with a fault, where there is none.
        text: The file itself, to find lines in.
        given: Its keys.
    """

    title: str = ""
    year_name: str = ""
    year: Year | None = None
    batches: Mapping[str, Year] = field(default_factory=dict)
    defaults: Defaults = field(default_factory=Defaults)
    rules: SchemeRules | None = None
    text: str = ""
    given: frozenset[str] = frozenset()


def unreadable_scheme() -> Scheme:
    """What stands for a scheme that cannot be read, so that it is no fault of every contract."""
    return Scheme(defaults=Defaults(Decimal(0), Decimal(0), Decimal(0)))


def read_scheme(text: str, faults: FaultList) -> Scheme:
    """Read the text of ``scheme.toml``; its faults are noted."""
    raw = parse_toml(SCHEME, text, faults)
    if raw is None:
        return unreadable_scheme()
    reader = _Reader(raw, text, faults)
    for key in raw:
        if key not in KEYS:
            reader.fault(key, "is not a key of this file", f"only {', '.join(KEYS)}")
    rules = reader.rules()
    tables = reader.batch_tables()
    batches = reader.batches(tables)
    defaults = Defaults(
        payment_ratio=reader.share("payment_ratio", parse_share),
        payment_ratio_spend=reader.share("payment_ratio_spend", parse_share),
        insured_share=reader.share("insured_share", parse_share),
        fund_share_employee=reader.share("fund_share_employee", parse_fund_share),
        follow_on_batches=reader.follow_on_batches(tables),
        two_ratios=rules is not None and rules.formula.two_ratios,
    )
    return Scheme(
        title=str(raw.get("title", "")),
        year_name=_year_name(raw.get("procurement_year")),
        year=reader.year(),
        batches=batches,
        defaults=defaults,
        rules=rules,
        text=text,
        given=frozenset(raw),
    )


def require_rules(scheme: Scheme, faults: FaultList, *, scores: bool, follow_on: bool) -> None:
    """Note all that this settlement needs and neither rulebook nor scheme states."""
    if scheme.rules is None:
        return
    for unknown in scheme.rules.missing(scores=scores, follow_on=follow_on):
        if unknown.key in scheme.given:
            continue  # a value that was refused has its fault already
        problem = f"no source of {scheme.rules.rulebook.id} states it ({unknown.what.en})"
        expected = f"a line {unknown.key} = …: {' or '.join(_WORDS[unknown.key])}"
        faults.add(SCHEME, None, unknown.key, problem, expected)


_WORDS: Mapping[str, tuple[str, ...]] = {
    "negative_base": ("floor_each", "net_batch"),
    "completion_unit": ("product", "institution", "institution_every_product", "group"),
    "bands": ('{ "80" = "0.50", "60" = "0.40", "0" = "0" }',),
    "follow_on": ("earns", "nothing"),
}


def _year_name(raw: object) -> str:
    if isinstance(raw, Mapping):
        return f"{raw.get('starts_on')}..{raw.get('ends_on')}"
    return "" if raw is None else str(raw)


@dataclass(frozen=True, slots=True)
class _Reader:
    raw: Mapping[str, object]
    text: str
    faults: FaultList

    def fault(self, key: str, problem: str, expected: str) -> None:
        line = line_of(self.text, key.rpartition(".")[2])
        self.faults.add(SCHEME, line, key, problem, expected)

    def rules(self) -> SchemeRules | None:
        name = self.raw.get("rulebook")
        known = [one for one in rulebook_ids() if one.startswith("savings-")]
        if not isinstance(name, str):
            self.fault("rulebook", "is missing", f"one of {', '.join(known)}")
            return None
        try:
            rulebook = load_rulebook(name)
        except UnknownRulebookError:
            rulebook = None
        if rulebook is None or not {*rulebook.rules, *rulebook.unknown} <= SAVINGS_TERMS.keys():
            problem = f"{quoted(name)} is no rulebook of retained savings"
            self.fault("rulebook", problem, f"one of {', '.join(known)}")
            return None
        sound: dict[str, object] = {}
        for key, value in self._left_open().items():
            try:
                SchemeRules(rulebook, {key: value})
            except RuleOptionError as refusal:
                cause, _, expected = str(refusal).partition(": ")[2].partition(": expected ")
                self.fault(key, cause, expected or "a value of the vocabulary")
                continue
            sound[key] = value
        return SchemeRules(rulebook, sound)

    def _left_open(self) -> Mapping[str, object]:
        options = self.raw.get("options", {})
        given = dict(options) if isinstance(options, Mapping) else {}
        given |= {key: self.raw[key] for key in LEFT_OPEN if key in self.raw}
        return {key: plain_left_open(key, value) for key, value in given.items()}

    def share(self, key: str, parse: Callable[[str], T]) -> T | None:
        """A default; where it is wrong one that does, so that it is no fault of every line."""
        value = self.raw.get(key)
        if value is None:
            return None
        is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
        text = f"{Decimal(str(value)):f}" if is_number else str(value)
        try:
            return parse(text)
        except CellError as error:
            self.fault(key, error.problem, error.expected)
            return parse("0")

    def year(self) -> Year | None:
        raw = self.raw.get("procurement_year")
        expected = "a year like 2024, or days like 2023-11-30..2024-11-29"
        if raw is None:
            self.fault("procurement_year", "is missing", expected)
            return None
        try:
            return parse_year(raw)
        except ValueError as error:
            problem = str(error).partition("expected ")[0] or f"{quoted(str(raw))} is no year"
            self.fault("procurement_year", problem, expected)
            # It stands in, so that no batch is said to lack its days.
            return Year(date.min, date.min)

    def batches(self, tables: BatchTables) -> Mapping[str, Year]:
        """The days of the batches that have their own."""
        found: dict[str, Year] = {}
        for name, table in tables.items():
            for key in table:
                if key not in _OF_A_BATCH:
                    expected = f"only {', '.join(_OF_A_BATCH)}"
                    self.fault(f"batch.{name}.{key}", "is not a key of a batch", expected)
            if "starts_on" not in table and "ends_on" not in table:
                continue
            try:
                found[name] = year_of(table.get("starts_on"), table.get("ends_on"))
            except ValueError as error:
                self.fault(f"batch.{name}", str(error), "its first and last day")
        return found

    def follow_on_batches(self, tables: BatchTables) -> frozenset[str]:
        """The batches that are follow-on rounds."""
        marked = set()
        for name, table in tables.items():
            mark = table.get("follow_on", False)
            if not isinstance(mark, bool):
                self.fault(f"batch.{name}.follow_on", f"{mark!r} is no flag", "true or false")
            elif mark:
                marked.add(name)
        return frozenset(marked)

    def batch_tables(self) -> BatchTables:
        """The tables ``[batch.X]``."""
        raw = self.raw.get("batch", {})
        if not isinstance(raw, Mapping):
            self.fault("batch", "is not a table", "tables like [batch.b7y1]")
            return {}
        found: dict[str, Mapping[str, object]] = {}
        for name, table in raw.items():
            if isinstance(table, Mapping):
                found[name] = table
            else:
                self.fault(f"batch.{name}", "is not a table", f"a table [batch.{name}]")
        return found
