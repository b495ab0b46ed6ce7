"""Assessments by machine."""

from dataclasses import dataclass, field
from decimal import Decimal

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action
from procurement.savings.api.shapes import ReasonBody, SettlementEntry, entry
from procurement.savings.assessments.assessing import Assessing, assess_on_site, assess_self
from procurement.savings.assessments.closing import close_assessments, reopen_assessments
from procurement.savings.assessments.reading import (
    AssessmentSheet,
    assessment_by_id,
    assessments_of,
    sheets_of,
)
from procurement.savings.at_edge import hospital_for, settlement_for
from procurement.savings.tables import SavingsAssessment
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class AssessingBody:
    """Points for every indicator.

    Attributes:
        points: By indicator.
        version: Of the assessment that was read.
        notes: What they rest on, by indicator.
        failed_because: Of a visit: why it is failed whatever the points are.
    """

    points: dict[str, str]
    version: int
    notes: dict[str, str] = field(default_factory=dict)
    failed_because: str = ""

    @property
    def given(self) -> Assessing:
        """As the service takes it."""
        return Assessing(self.points, self.notes, self.version, self.failed_because)


@dataclass(frozen=True, slots=True)
class AssessmentEntryShape:
    """An assessment.

    Attributes:
        id: The assessment.
        hospital_id: The hospital.
        hospital: Its name.
        product: What is scored, where not the whole hospital is.
        status: open, self-assessed or visited.
        version: Counts its changes.
        score: Points.
        grade: Their grade.
        ratio: Share that is kept.
        passed: Whether it is passed.
    """

    id: int
    hospital_id: int
    hospital: str
    product: str
    status: str
    version: int
    score: Decimal | None
    grade: str | None
    ratio: Decimal | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class AssessmentList:
    """The assessments of a settlement.

    Attributes:
        items: By hospital.
    """

    items: list[AssessmentEntryShape]


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """An indicator of an assessment.

    Attributes:
        indicator: Its name.
        most: Its points.
        self_points: What the hospital gave itself.
        on_site_points: Of the visit.
        measured: What the platform measures.
    """

    indicator: str
    most: Decimal
    self_points: Decimal | None
    on_site_points: Decimal | None
    measured: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """An assessment with its indicators.

    Attributes:
        id: The assessment.
        product: What is scored, where not the whole hospital is.
        status: open, self-assessed or visited.
        version: Counts its changes.
        indicators: All of them.
        score: Points.
    """

    id: int
    product: str
    status: str
    version: int
    indicators: list[IndicatorEntry]
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class SheetList:
    """The assessments of a hospital.

    Attributes:
        items: One, or one for each product.
    """

    items: list[SheetEntry]


@dataclass(frozen=True, slots=True)
class AssessedEntry:
    """That points were kept.

    Attributes:
        id: The assessment.
        status: Where it stands.
        version: Counts its changes.
    """

    id: int
    status: str
    version: int


@get("/api/v1/savings/{name:str}/assessments")
@reads
def list_assessments(visit: Visit, name: FromPath[str]) -> AssessmentList:
    """List the assessments of a settlement."""
    settlement = settlement_for(visit, name, Action.ASSESS_ON_SITE)
    return AssessmentList(
        [
            AssessmentEntryShape(
                id=one.assessment.id,
                hospital_id=one.assessment.hospital_id,
                hospital=one.hospital,
                product=one.product,
                status=one.assessment.status,
                version=one.assessment.version,
                score=one.result.score if one.result else None,
                grade=one.result.grade if one.result else None,
                ratio=one.result.ratio if one.result else None,
                passed=one.result.passed if one.result else None,
            )
            for one in assessments_of(visit.session, settlement=settlement)
        ]
    )


@get("/api/v1/savings/{name:str}/assessments/{hospital_id:int}")
@reads
def read_assessments(visit: Visit, name: FromPath[str], hospital_id: RowId) -> SheetList:
    """Read the assessments of a hospital."""
    found = hospital_for(visit, name, hospital_id, Action.READ_STATEMENT)
    sheets = sheets_of(visit.session, settlement=found.settlement, hospital_id=found.hospital.id)
    return SheetList([_sheet(visit, one) for one in sheets])


@post(
    "/api/v1/savings/{name:str}/assessments/{hospital_id:int}/{assessment_id:int}/self",
    status_code=201,
)
@writes
def post_self(
    visit: Visit,
    name: FromPath[str],
    hospital_id: RowId,
    assessment_id: RowId,
    data: JSONBody[AssessingBody],
) -> AssessedEntry:
    """Give the hospital's own points."""
    found = hospital_for(visit, name, hospital_id, Action.ASSESS_SELF)
    assessment = assessment_by_id(
        visit.session,
        settlement=found.settlement,
        hospital_id=hospital_id,
        assessment_id=assessment_id,
    )
    assess_self(
        visit.session,
        settlement=found.settlement,
        assessment=assessment,
        given=data.given,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _assessed(assessment)


@post(
    "/api/v1/savings/{name:str}/assessments/{hospital_id:int}/{assessment_id:int}/on-site",
    status_code=201,
)
@writes
def post_on_site(
    visit: Visit,
    name: FromPath[str],
    hospital_id: RowId,
    assessment_id: RowId,
    data: JSONBody[AssessingBody],
) -> AssessedEntry:
    """Give the points of the visit; they count in the place of the hospital's own."""
    settlement = settlement_for(visit, name, Action.ASSESS_ON_SITE)
    assessment = assessment_by_id(
        visit.session,
        settlement=settlement,
        hospital_id=hospital_id,
        assessment_id=assessment_id,
    )
    assess_on_site(
        visit.session,
        settlement=settlement,
        assessment=assessment,
        given=data.given,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _assessed(assessment)


@post("/api/v1/savings/{name:str}/assessments/closed", status_code=201)
@writes
def close(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Say that every hospital is assessed."""
    settlement = settlement_for(visit, name, Action.ASSESS_ON_SITE)
    close_assessments(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/assessments/reopened", status_code=201)
@writes
def reopen(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Open the assessments again, before anything is computed."""
    settlement = settlement_for(visit, name, Action.ASSESS_ON_SITE)
    reopen_assessments(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


def _sheet(visit: Visit, sheet: AssessmentSheet) -> SheetEntry:
    return SheetEntry(
        id=sheet.assessment.id,
        product=sheet.product,
        status=sheet.assessment.status,
        version=sheet.assessment.version,
        indicators=[
            IndicatorEntry(
                indicator=row.indicator,
                most=row.most,
                self_points=row.self_points,
                on_site_points=row.on_site_points,
                measured=visit.text(row.measured_zh, row.measured_en),
            )
            for row in sheet.rows
        ],
        score=sheet.result.score if sheet.result else None,
    )


def _assessed(assessment: SavingsAssessment) -> AssessedEntry:
    return AssessedEntry(assessment.id, assessment.status, assessment.version)


ROUTES = (list_assessments, read_assessments, post_self, post_on_site, close, reopen)
"""Handlers of assessments."""
