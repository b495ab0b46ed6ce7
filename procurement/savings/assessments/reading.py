"""Assessments as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.permissions import NotFoundForActorError
from procurement.savings.assessments.assessing import evidence_of
from procurement.savings.assessments.measured import measured_of
from procurement.savings.assessments.results import entries_of, result_of
from procurement.savings.rules import Assessed
from procurement.savings.settlements.lines import supplies_of
from procurement.savings.settlements.parameters import indicator_words, rules_of
from procurement.savings.settlements.runs import latest_run
from procurement.savings.settlements.terms import terms_of
from procurement.savings.states import RunKind, RunStatus
from procurement.savings.tables import (
    AssessmentEntry,
    AssessmentEvidence,
    SavingsAssessment,
    SavingsSettlement,
)


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment in the list of a settlement.

    Attributes:
        assessment: The row.
        hospital: Name of the hospital.
        product: Batch-year, product and strength, where those are scored; else empty.
        result: Points, grade and share; None while there are no points.
    """

    assessment: SavingsAssessment
    hospital: str
    product: str
    result: Assessed | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One indicator of an assessment.

    Attributes:
        indicator: Its name.
        zh: How it is called.
        en: The same in English.
        most: Its points.
        self_points: What the hospital gave itself.
        self_note: What they rest on.
        on_site_points: Of the visit.
        on_site_note: What these rest on.
        measured_zh: What the platform measures; empty where it knows nothing.
        measured_en: The same in English.
    """

    indicator: str
    zh: str
    en: str
    most: Decimal
    self_points: Decimal | None
    self_note: str
    on_site_points: Decimal | None
    on_site_note: str
    measured_zh: str
    measured_en: str


@dataclass(frozen=True, slots=True)
class AssessmentSheet:
    """An assessment with all its indicators.

    Attributes:
        assessment: The row.
        product: Batch-year, product and strength, where those are scored; else empty.
        rows: Its indicators.
        evidence: Files.
        result: Points, grade and share; None while there are no points.
    """

    assessment: SavingsAssessment
    product: str
    rows: tuple[EntryRow, ...]
    evidence: tuple[AssessmentEvidence, ...]
    result: Assessed | None


def assessments_of(session: Session, *, settlement: SavingsSettlement) -> list[AssessmentRow]:
    """Return all assessments of a settlement, by hospital."""
    rows = session.execute(
        select(SavingsAssessment, Organisation.name)
        .join(Organisation, Organisation.id == SavingsAssessment.hospital_id)
        .where(SavingsAssessment.settlement_id == settlement.id)
        .order_by(Organisation.name, SavingsAssessment.term_id, SavingsAssessment.strength_id)
    ).all()
    rules = rules_of(settlement)
    entries = entries_of(session, assessments=[one for one, _ in rows])
    products = _products(session, settlement)
    return [
        AssessmentRow(
            assessment=one,
            hospital=name,
            product=products.get((one.term_id, one.strength_id), ""),
            result=result_of(one, entries.get(one.id, []), rules),
        )
        for one, name in rows
    ]


def sheets_of(
    session: Session, *, settlement: SavingsSettlement, hospital_id: int
) -> list[AssessmentSheet]:
    """Return the assessments of a hospital with all their indicators.

    Raises:
        NotFoundForActorError: The hospital takes no part.
    """
    assessments = session.scalars(
        select(SavingsAssessment)
        .where(SavingsAssessment.settlement_id == settlement.id)
        .where(SavingsAssessment.hospital_id == hospital_id)
        .order_by(SavingsAssessment.term_id, SavingsAssessment.strength_id)
    ).all()
    if not assessments:
        raise NotFoundForActorError
    rules = rules_of(settlement)
    entries = entries_of(session, assessments=assessments)
    products = _products(session, settlement)
    measured = _measured(session, settlement, hospital_id)
    sheets = []
    for one in assessments:
        own = {entry.indicator: entry for entry in entries.get(one.id, [])}
        rows = tuple(
            _row(indicator.name, indicator.points, own.get(indicator.name), measured)
            for indicator in rules.indicators
        )
        sheets.append(
            AssessmentSheet(
                assessment=one,
                product=products.get((one.term_id, one.strength_id), ""),
                rows=rows,
                evidence=tuple(evidence_of(session, assessment=one)),
                result=result_of(one, list(own.values()), rules),
            )
        )
    return sheets


def assessment_by_id(
    session: Session, *, settlement: SavingsSettlement, hospital_id: int, assessment_id: int
) -> SavingsAssessment:
    """Return an assessment of a hospital.

    Raises:
        NotFoundForActorError: It is another hospital's, or another settlement's.
    """
    found = session.get(SavingsAssessment, assessment_id)
    if found is None or (found.settlement_id, found.hospital_id) != (settlement.id, hospital_id):
        raise NotFoundForActorError
    return found


def _row(
    name: str,
    most: Decimal,
    entry: AssessmentEntry | None,
    measured: dict[str, tuple[str, str]],
) -> EntryRow:
    zh, en = indicator_words(name)
    shown_zh, shown_en = measured.get(name, ("", ""))
    return EntryRow(
        indicator=name,
        zh=zh,
        en=en,
        most=most,
        self_points=None if entry is None else entry.self_points,
        self_note="" if entry is None else entry.self_note or "",
        on_site_points=None if entry is None else entry.on_site_points,
        on_site_note="" if entry is None else entry.on_site_note or "",
        measured_zh=shown_zh,
        measured_en=shown_en,
    )


def _measured(
    session: Session, settlement: SavingsSettlement, hospital_id: int
) -> dict[str, tuple[str, str]]:
    run = latest_run(session, settlement=settlement, kind=RunKind.EXTRACT, status=RunStatus.DONE)
    if run is None:
        return {}
    terms = terms_of(session, settlement=settlement)
    return dict(measured_of(session, run_id=run.id, hospital_id=hospital_id, terms=terms))


def _products(session: Session, settlement: SavingsSettlement) -> dict[tuple[int, int], str]:
    terms = {one.term_id: one.batch for one in terms_of(session, settlement=settlement)}
    supplies: Sequence[int] = list(terms)
    return {
        (one.term_id, one.strength_id): f"{terms[one.term_id]} · {one.product} {one.strength}"
        for one in supplies_of(session, term_ids=supplies).values()
    }
