"""What the interface says of the list: exact decimals as strings, days in China."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.life import Change
from procurement.pharmacies.listed.service import Listed
from procurement.pharmacies.listed.standards import Standard
from procurement.pharmacies.listed.stored import evidence_of, fields_of
from procurement.pharmacies.listed.tables import ListDecision, ListDecisionLine


@dataclass(frozen=True, slots=True)
class DrugEntry:
    """A drug on the list.

    Attributes:
        id: Of the listed drug.
        generic_product_id: In the catalogue.
        name: Generic name.
        form: Catalogue form.
        brand: The one brand; empty for every product of the generic.
        catalogue_number: In the national catalogue; empty where not stated.
        region: Whose list.
        state: dual-separate, dual or ordinary.
        starts_on: First day of the state and its terms.
        ends_on: Last day; null while no end is known.
        indication_limits: Restrictions of payment; empty where there are none.
        indication_codes: Codes of diagnoses; empty where none were stated.
        standard_lowest: Recorded payment standard of the cheapest pack; null without one.
        standard_highest: Of the dearest pack.
        standard_ends_on: Last day of the first that ends; null where none ends.
        agreement_starts_on: First day of the agreement on its price.
        agreement_ends_on: Last day of it.
        self_pay_share: Share that the insured pays first; null where not stated.
        employee_share: Share that the employees' fund pays separately; null where not stated.
        resident_share: Share that the residents' fund pays separately; null where not stated.
        registration_needed: Whether a patient must be registered first.
        papers: What a patient brings.
        reevaluation_months: Months between assessments; null where not stated.
        storage: room, cool, cold or frozen; null where not stated.
    """

    id: int
    generic_product_id: int
    name: str
    form: str
    brand: str
    catalogue_number: str
    region: str
    state: DrugState
    starts_on: date
    ends_on: date | None
    indication_limits: str
    indication_codes: list[str]
    standard_lowest: str | None
    standard_highest: str | None
    standard_ends_on: date | None
    agreement_starts_on: date | None
    agreement_ends_on: date | None
    self_pay_share: str | None
    employee_share: str | None
    resident_share: str | None
    registration_needed: bool
    papers: list[str]
    reevaluation_months: int | None
    storage: str | None


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """That a drug came on the list, left it, or has another state or other terms.

    Attributes:
        drug_id: The listed drug.
        name: Generic name.
        form: Catalogue form.
        brand: The one brand; empty for every product.
        on_date: From which day.
        kind: enter, upgrade, downgrade, remove or change.
        state_before: Until the day before; null where it was not on the list.
        state_after: From that day; null where it is not on the list.
        terms_changed: Names of the fields that differ.
        decision: Number of the decision.
        document: Its document.
    """

    drug_id: int
    name: str
    form: str
    brand: str
    on_date: date
    kind: str
    state_before: DrugState | None
    state_after: DrugState | None
    terms_changed: list[str]
    decision: str
    document: str


@dataclass(frozen=True, slots=True)
class DrugDetail:
    """A drug's whole record.

    Attributes:
        periods: The earliest first.
        changes: The earliest first.
    """

    periods: list[DrugEntry]
    changes: list[ChangeEntry]


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision on a list.

    Attributes:
        number: Names it.
        region: Whose list.
        kind: adjustment, published-list or correction.
        status: proposed, confirmed or withdrawn.
        document: Number or title of the document.
        decided_on: When it was decided.
        in_force_from: From which day it holds.
        public_from: From which day anybody may read it.
        title: Of the notice.
        text: Of the notice.
        rulebook: Whose criteria were applied.
        version: To name when it is confirmed or withdrawn.
    """

    number: str
    region: str
    kind: str
    status: str
    document: str
    decided_on: date
    in_force_from: date
    public_from: date
    title: str
    text: str
    rulebook: str
    version: int


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """What shows that a criterion is met.

    Attributes:
        criterion: The criterion.
        evidence: What shows it.
    """

    criterion: str
    evidence: str


@dataclass(frozen=True, slots=True)
class LineEntry:
    """What a decision says of one drug.

    Attributes:
        position: In the document, from 1.
        kind: enter, upgrade, downgrade, remove, change or correct.
        generic_product_id: In the catalogue.
        name: Generic name.
        form: Catalogue form.
        brand: The one brand; empty for every product.
        fields: State and terms by name, as stated; none where it leaves the list.
        evidence: Criteria that are met.
    """

    position: int
    kind: str
    generic_product_id: int
    name: str
    form: str
    brand: str
    fields: dict[str, str]
    evidence: list[EvidenceEntry]


@dataclass(frozen=True, slots=True)
class NoticeDetail:
    """A decision and what it says.

    Attributes:
        decision: The decision.
        lines: In order.
    """

    decision: DecisionEntry
    lines: list[LineEntry]


def drug_entry(listed: Listed, standard: Standard | None) -> DrugEntry:
    """Say what a drug on the list is."""
    drug, period = listed.drug, listed.period
    return DrugEntry(
        id=drug.id,
        generic_product_id=drug.generic_product_id,
        name=drug.generic_product.name,
        form=drug.generic_product.printed_form,
        brand=drug.brand,
        catalogue_number=drug.catalogue_number,
        region=drug.region,
        state=DrugState(period.state),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        indication_limits=period.indication_limits,
        indication_codes=list(listed.indication_codes),
        standard_lowest=None if standard is None else _text(standard.lowest),
        standard_highest=None if standard is None else _text(standard.highest),
        standard_ends_on=None if standard is None else standard.ends_on,
        agreement_starts_on=period.agreement_starts_on,
        agreement_ends_on=period.agreement_ends_on,
        self_pay_share=_text(period.self_pay_share),
        employee_share=_text(period.employee_share),
        resident_share=_text(period.resident_share),
        registration_needed=period.registration_needed,
        papers=list(listed.papers),
        reevaluation_months=period.reevaluation_months,
        storage=None if period.storage is None else str(period.storage),
    )


def change_entry(change: Change) -> ChangeEntry:
    """Say what happened to a drug."""
    drug = change.drug
    return ChangeEntry(
        drug_id=drug.id,
        name=drug.generic_product.name,
        form=drug.generic_product.printed_form,
        brand=drug.brand,
        on_date=change.day,
        kind=change.kind.value,
        state_before=change.state_before,
        state_after=change.state_after,
        terms_changed=list(change.terms_changed),
        decision=change.decision.number,
        document=change.decision.document,
    )


def decision_entry(decision: ListDecision) -> DecisionEntry:
    """Say what a decision is."""
    return DecisionEntry(
        number=decision.number,
        region=decision.region,
        kind=str(decision.kind),
        status=str(decision.status),
        document=decision.document,
        decided_on=decision.decided_on,
        in_force_from=decision.in_force_from,
        public_from=decision.public_from,
        title=decision.notice_title,
        text=decision.notice_text,
        rulebook=decision.rulebook,
        version=decision.version,
    )


def notice_detail(
    decision: ListDecision,
    lines: Sequence[ListDecisionLine],
    generics: Mapping[int, GenericProduct],
) -> NoticeDetail:
    """Say what a decision says of each drug."""
    return NoticeDetail(
        decision_entry(decision),
        [_line(one, generics[one.generic_product_id]) for one in lines],
    )


def _line(line: ListDecisionLine, generic: GenericProduct) -> LineEntry:
    return LineEntry(
        position=line.position,
        kind=str(line.kind),
        generic_product_id=line.generic_product_id,
        name=generic.name,
        form=generic.printed_form,
        brand=line.brand,
        fields=fields_of(line),
        evidence=[EvidenceEntry(one.criterion, one.text) for one in evidence_of(line)],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
