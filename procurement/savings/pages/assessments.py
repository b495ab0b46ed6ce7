"""The assessment of a hospital: its own points, the visit, and what they rest on."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.agreements.at_edge import file_answer, typed_id
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader
from procurement.savings.assessments.assessing import (
    EVIDENCE_BYTES_MAX,
    Assessing,
    EvidenceFile,
    assess_on_site,
    assess_self,
    evidence_content,
    hand_in_evidence,
)
from procurement.savings.assessments.reading import (
    AssessmentSheet,
    assessment_by_id,
    sheets_of,
)
from procurement.savings.at_edge import hospital_for
from procurement.savings.pages.parameter_form import exact_words
from procurement.savings.pages.visiting import (
    done_or_shown,
    may_with,
    shown,
)
from procurement.savings.states import AssessmentStatus, SettlementStatus
from procurement.savings.tables import SavingsSettlement
from procurement.web import Form, RowId, Visit, reads, writes

VISITABLE = frozenset(
    {
        SettlementStatus.EXTRACTED,
        SettlementStatus.ASSESSED,
        SettlementStatus.COMPUTED,
        SettlementStatus.WITH_HOSPITALS,
    }
)


@get("/savings/{name:str}/assessments/{hospital_id:int}", include_in_schema=False)
@reads
def show_assessment(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Show the assessment of a hospital."""
    settlement, hospital = _found(visit, name, hospital_id, Action.READ_STATEMENT)
    return _page(visit, settlement, hospital, typed_id(visit.query.get("sheet", "")), None)


@post("/savings/{name:str}/assessments/{hospital_id:int}/self", include_in_schema=False)
@writes
def save_self(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Keep a hospital's own points."""
    return _assess(visit, name, hospital_id, Action.ASSESS_SELF)


@post("/savings/{name:str}/assessments/{hospital_id:int}/visit", include_in_schema=False)
@writes
def save_visit(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Keep the points of the visit."""
    return _assess(visit, name, hospital_id, Action.ASSESS_ON_SITE)


@post("/savings/{name:str}/assessments/{hospital_id:int}/evidence", include_in_schema=False)
@writes
def add_evidence(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Keep a file that points rest on: the hospital's, or the bureau's after the visit."""
    by_hospital = visit.may_ever(Action.ASSESS_SELF)
    action = Action.ASSESS_SELF if by_hospital else Action.ASSESS_ON_SITE
    settlement, hospital = _found(visit, name, hospital_id, action)
    assessment_id = typed_id(visit.form.get("assessment_id", ""))
    upload = visit.form.files.get("file")

    def change() -> None:
        if upload is None:
            raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
        hand_in_evidence(
            visit.session,
            settlement=settlement,
            assessment=assessment_by_id(
                visit.session,
                settlement=settlement,
                hospital_id=hospital.id,
                assessment_id=assessment_id,
            ),
            file=EvidenceFile(
                upload.filename,
                upload.file.read(EVIDENCE_BYTES_MAX + 1),
                visit.form.get("indicator", "") or None,
            ),
            folder=visit.settings.data,
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/assessments/{hospital_id}?sheet={assessment_id}",
        lambda refusal: _page(visit, settlement, hospital, assessment_id, refusal),
    )


@get(
    "/savings/{name:str}/assessments/{hospital_id:int}/evidence/{evidence_id:int}",
    include_in_schema=False,
)
@reads
def evidence_file(
    visit: Visit, name: FromPath[str], hospital_id: RowId, evidence_id: RowId
) -> Response[bytes]:
    """Give a file that was handed in."""
    settlement, hospital = _found(visit, name, hospital_id, Action.READ_STATEMENT)
    sheets = sheets_of(visit.session, settlement=settlement, hospital_id=hospital.id)
    for one in (file for sheet in sheets for file in sheet.evidence):
        if one.id == evidence_id:
            content = evidence_content(one, folder=visit.settings.data)
            return file_answer(content, name=one.file_name, media_type=one.media_type)
    raise NotFoundForActorError


def _found(
    visit: Visit, name: str, hospital_id: int, action: Action
) -> tuple[SavingsSettlement, Organisation]:
    found = hospital_for(visit, name, hospital_id, action)
    return found.settlement, found.hospital


def _assess(visit: Visit, name: str, hospital_id: int, action: Action) -> Response[Any]:
    settlement, hospital = _found(visit, name, hospital_id, action)
    assessment_id = typed_id(visit.form.get("assessment_id", ""))
    keep = assess_self if action is Action.ASSESS_SELF else assess_on_site

    def change() -> None:
        keep(
            visit.session,
            settlement=settlement,
            assessment=assessment_by_id(
                visit.session,
                settlement=settlement,
                hospital_id=hospital.id,
                assessment_id=assessment_id,
            ),
            given=_given(visit.form),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/assessments/{hospital_id}?sheet={assessment_id}",
        lambda refusal: _page(visit, settlement, hospital, assessment_id, refusal),
    )


def _given(form: Form) -> Assessing:
    def of(kind: str) -> dict[str, str]:
        start = f"{kind}:"
        return {name[len(start) :]: form[name] for name in form if name.startswith(start)}

    return Assessing(
        points=of("points"),
        notes=of("note"),
        version=FormReader(form).version,
        failed_because=form.get("failed_because", ""),
    )


def _page(
    visit: Visit,
    settlement: SavingsSettlement,
    hospital: Organisation,
    sheet_id: int,
    refusal: RefusedError | None,
) -> Response[Any]:
    sheets = sheets_of(visit.session, settlement=settlement, hospital_id=hospital.id)
    sheet = next((one for one in sheets if one.assessment.id == sheet_id), sheets[0])
    is_open = settlement.status == SettlementStatus.EXTRACTED
    may_assess = (
        is_open
        and sheet.assessment.status != AssessmentStatus.VISITED
        and may_with(visit, Action.ASSESS_SELF, hospital, settlement)
    )
    may_visit = settlement.status in VISITABLE and may_with(
        visit, Action.ASSESS_ON_SITE, hospital, settlement
    )
    names = _names(visit, sheet)
    return shown(
        visit,
        "assessment.html",
        refusal,
        settlement=settlement,
        hospital=hospital,
        sheets=sheets,
        sheet=sheet,
        may_assess=may_assess,
        may_visit=may_visit,
        may_hand_in=may_assess or may_visit,
        indicator_names=names,
        indicator_options=tuple(names.items()),
        labels={**names, "failed_because": visit.text("不合格的理由", "Why it is failed")},
        exact=exact_words,
    )


def _names(visit: Visit, sheet: AssessmentSheet) -> dict[str, str]:
    return {one.indicator: visit.text(one.zh, one.en) for one in sheet.rows}


ROUTES = (show_assessment, save_self, save_visit, add_evidence, evidence_file)
"""Handlers of these pages."""
