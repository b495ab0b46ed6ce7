"""Applications about grades, and the published grades, by machine."""

from datetime import date, datetime

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Struct

from procurement.china_days import day_in_china
from procurement.credit_rating.applications import (
    NewApplication,
    answer_application,
    file_application,
    require_application,
)
from procurement.credit_rating.publishing import public_grades
from procurement.credit_rating.reading import matter_card, matter_subject
from procurement.credit_rating.words import ApplicationKind
from procurement.files import FILE_BYTES_MAX, FILES_MAX, NewFile
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_TAG = ["credit rating"]

# Base64 makes a third more of it.
BODY_BYTES_MAX = FILES_MAX * FILE_BYTES_MAX * 4 // 3


class EvidenceIn(Struct, kw_only=True):
    """A file; its content in base64."""

    name: str
    content: bytes


class ApplicationIn(Struct, kw_only=True):
    """What a rated firm asks for; ``signed_by`` is the real name of the token's person."""

    kind: ApplicationKind
    text: str
    signed_by: str
    measures: list[int] = []
    files: list[EvidenceIn] = []


class ApplicationOut(Struct, kw_only=True):
    """An application that was filed."""

    id: int
    matter_id: int
    kind: str
    filed_at: datetime


class AnswerIn(Struct, kw_only=True):
    """The bureau's answer."""

    is_upheld: bool
    text: str


class AnswerOut(Struct, kw_only=True):
    """An answer that was given."""

    application_id: int
    is_upheld: bool
    answered_at: datetime


class PublicGradeOut(Struct, kw_only=True):
    """A published grade."""

    firm: str
    credit_code: str | None
    region: str
    grade: str
    scale: str
    matter: str
    document: str
    since: date
    ends_on: date | None
    notices: list[str]


class PublicGrades(Struct, kw_only=True):
    """The two highest grades in force."""

    on_date: date
    items: list[PublicGradeOut]


@get("/api/v1/credit/public", tags=_TAG)
@reads
def read_public(visit: Visit) -> PublicGrades:
    """List the two highest grades in force; lower ones are not published."""
    today = day_in_china(visit.moment)
    return PublicGrades(
        on_date=today,
        items=[
            PublicGradeOut(
                firm=one.organisation.name,
                credit_code=one.organisation.credit_code,
                region=one.matter.region,
                grade=one.matter.grade,
                scale=one.matter.scale,
                matter=one.matter.matter,
                document=one.matter.document,
                since=one.matter.in_force_from,
                ends_on=one.matter.ends_on,
                notices=[notice.text for notice in one.notices],
            )
            for one in public_grades(visit.session, on_date=today)
        ],
    )


@post(
    "/api/v1/credit/matters/{matter_id:int}/applications",
    tags=_TAG,
    request_max_body_size=BODY_BYTES_MAX,
)
@writes
def post_application(
    visit: Visit, matter_id: RowId, data: JSONBody[ApplicationIn]
) -> ApplicationOut:
    """Object to a grade of the token's own firm, or apply for its repair."""
    _require(visit, Action.APPLY_CREDIT, matter_id)
    filed = file_application(
        visit.session,
        matter_id=matter_id,
        wanted=NewApplication(
            kind=data.kind,
            text=data.text,
            signed_by=data.signed_by,
            measures=tuple(data.measures),
            files=tuple(NewFile(one.name, one.content) for one in data.files),
        ),
        actor=visit.actor,
        folder=visit.settings.data,
        moment=visit.moment,
    )
    return ApplicationOut(
        id=filed.id, matter_id=matter_id, kind=filed.kind, filed_at=filed.filed_at
    )


@post("/api/v1/credit/applications/{application_id:int}/answer", tags=_TAG)
@writes
def post_answer(visit: Visit, application_id: RowId, data: JSONBody[AnswerIn]) -> AnswerOut:
    """Answer an application about a grade that the own province gave."""
    visit.require_ever(Action.CHANGE_CREDIT)
    application = require_application(visit.session, application_id=application_id)
    _require(visit, Action.CHANGE_CREDIT, application.matter_id)
    answer = answer_application(
        visit.session,
        application_id=application_id,
        is_upheld=data.is_upheld,
        text=data.text,
        actor=visit.actor,
        moment=visit.moment,
    )
    return AnswerOut(
        application_id=application_id, is_upheld=answer.is_upheld, answered_at=answer.answered_at
    )


def _require(visit: Visit, action: Action, matter_id: int) -> None:
    visit.require_ever(action)
    card = matter_card(visit.session, matter_id=matter_id)
    visit.require(action, matter_subject(card.matter))


ROUTES = (read_public, post_application, post_answer)
