"""What a decision says of one drug: its state, its terms, the evidence; written as JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from procurement.pharmacies.listed.kinds import Control, DecisionKind, DrugState, Storage
from procurement.pharmacies.listed.rules.spans import Span
from procurement.pharmacies.listed.tables import ListPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """In which state a drug is on the list, and under which terms.

    Attributes:
        state: How it is paid for.
        indication_limits: Restrictions of payment as printed.
        indication_codes: Codes of diagnoses, one a line.
        agreement_starts_on: First day of the agreement on its price.
        agreement_ends_on: Last day of it.
        self_pay_share: Share that the insured pays first.
        employee_share: Share that the employees' fund pays separately.
        resident_share: Share that the residents' fund pays separately.
        registration_needed: Whether a patient must be registered first.
        papers: What a patient brings, one a line.
        reevaluation_months: After how many months a patient is assessed again.
        storage: How it is kept.
    """

    state: DrugState
    indication_limits: str = ""
    indication_codes: str = ""
    agreement_starts_on: date | None = None
    agreement_ends_on: date | None = None
    self_pay_share: Decimal | None = None
    employee_share: Decimal | None = None
    resident_share: Decimal | None = None
    registration_needed: bool = False
    papers: str = ""
    reevaluation_months: int | None = None
    storage: Storage | None = None


TERM_NAMES: Mapping[str, tuple[str, str]] = {
    "state": ("管理类别", "state"),
    "indication_limits": ("限定支付范围", "payment limits"),
    "indication_codes": ("适用诊断编码", "codes of diagnoses"),
    "agreement_starts_on": ("协议开始日期", "agreement starts"),
    "agreement_ends_on": ("协议截止日期", "agreement ends"),
    "self_pay_share": ("先行自付比例", "share paid first by the insured"),
    "employee_share": ("职工基金支付比例", "share of the employees' fund"),
    "resident_share": ("居民基金支付比例", "share of the residents' fund"),
    "registration_needed": ("须待遇登记", "registration needed"),
    "papers": ("登记材料", "papers for the registration"),
    "reevaluation_months": ("再评估间隔（月）", "months between assessments"),
    "storage": ("储存条件", "storage"),
}
"""Every term in Chinese and in English, as forms, files and pages print it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a criterion is met.

    Attributes:
        criterion: A key of `listed.rules.criteria.CRITERION_NAMES`.
        text: What shows it.
    """

    criterion: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """What is to be decided about one drug.

    Attributes:
        generic_product_id: The drug.
        brand: The one brand; empty for every product of the generic.
        control: Whether it is under special control, as stated.
        terms: That it gets; None takes it off the list (or, corrected, undoes the decision).
        starts_on: Where a published list states another day than the decision's.
        ends_on: Last day, where one is known.
        catalogue_number: In the national catalogue; empty where not stated.
        evidence: Criteria that are met.
    """

    generic_product_id: int
    brand: str = ""
    control: Control
    terms: Terms | None
    starts_on: date | None = None
    ends_on: date | None = None
    catalogue_number: str = ""
    evidence: tuple[Evidence, ...] = ()

    def span(self, in_force_from: date) -> Span:
        """The days that it is about, in a decision in force from a day."""
        return Span(self.starts_on or in_force_from, self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft:
    """What is to be decided.

    Attributes:
        kind: What the decision is.
        region: Whose list.
        bureau_id: Who decides.
        document: Its number or title.
        decided_on: When.
        in_force_from: From which day its lines hold.
        reason: Why.
        notice_title: Of the public notice.
        notice_text: What the public reads.
        public_from: From which day.
        corrects_id: The decision that it corrects.
        lines: At least one.
    """

    kind: DecisionKind
    region: str
    bureau_id: int
    document: str
    decided_on: date
    in_force_from: date
    reason: str
    notice_title: str
    notice_text: str
    public_from: date
    corrects_id: int | None = None
    lines: tuple[LineDraft, ...]


def terms_of(period: ListPeriod) -> Terms:
    """Return the terms of a period, to be compared or kept."""
    given = {one.name: getattr(period, one.name) for one in fields(Terms)}
    given["state"] = DrugState(given["state"])
    given["storage"] = Storage(given["storage"]) if given["storage"] else None
    return Terms(**given)


def span_of(period: ListPeriod) -> Span:
    """Return the days of a period."""
    return Span(period.starts_on, period.ends_on)


def columns_of(terms: Terms) -> dict[str, object]:
    """Return terms as columns of `ListPeriod`."""
    return {one.name: getattr(terms, one.name) for one in fields(Terms)}


def line_text(line: LineDraft) -> str:
    """Write the days and terms of a line as JSON.

    Examples:
        >>> line = LineDraft(generic_product_id=1, control=Control.NONE, terms=None)
        >>> line_text(line)
        '{}'
    """
    kept: dict[str, str] = {}
    for name in ("starts_on", "ends_on", "catalogue_number"):
        value = getattr(line, name)
        if value:
            kept[name] = str(value)
    terms = {} if line.terms is None else columns_of(line.terms)
    for name, value in terms.items():
        if value not in (None, ""):
            kept[name] = str(value)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def read_line_text(text: str) -> tuple[Terms | None, dict[str, str]]:
    """Read what `line_text` wrote: the terms, and everything that was kept."""
    kept: dict[str, str] = json.loads(text)
    if "state" not in kept:
        return None, kept
    return (
        Terms(
            state=DrugState(kept["state"]),
            indication_limits=kept.get("indication_limits", ""),
            indication_codes=kept.get("indication_codes", ""),
            agreement_starts_on=_day(kept, "agreement_starts_on"),
            agreement_ends_on=_day(kept, "agreement_ends_on"),
            self_pay_share=_share(kept, "self_pay_share"),
            employee_share=_share(kept, "employee_share"),
            resident_share=_share(kept, "resident_share"),
            registration_needed=kept.get("registration_needed") == "True",
            papers=kept.get("papers", ""),
            reevaluation_months=int(kept["reevaluation_months"])
            if "reevaluation_months" in kept
            else None,
            storage=Storage(kept["storage"]) if "storage" in kept else None,
        ),
        kept,
    )


def evidence_text(evidence: Iterable[Evidence]) -> str:
    """Write evidence as JSON."""
    rows = [{"criterion": one.criterion, "evidence": one.text} for one in evidence]
    return json.dumps(rows, ensure_ascii=False)


def read_evidence(text: str) -> tuple[Evidence, ...]:
    """Read what `evidence_text` wrote."""
    return tuple(Evidence(one["criterion"], one["evidence"]) for one in json.loads(text))


def _day(kept: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(kept[name]) if name in kept else None


def _share(kept: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(kept[name]) if name in kept else None
