"""Objections to a notice by machine: filing, answering, serving, appealing."""

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from procurement.awards.answering import (
    NewAnswer,
    Service,
    answer_appeal,
    answer_objection,
    record_service,
)
from procurement.awards.api.shapes import (
    AnswerEntry,
    AppealEntry,
    FileEntry,
    ObjectionEntry,
    ObjectionPage,
    ServiceEntry,
)
from procurement.awards.objecting_at_edge import (
    file_of,
    new_file,
    objection_for,
    objections_for,
    public_subject,
)
from procurement.awards.objections import (
    NewObjection,
    answer_of,
    appeal_of,
    attach_file,
    file_appeal,
    file_objection,
    files_of,
    services_of,
)
from procurement.awards.states import Instance, ServedPaper, ServiceWay, Verdict
from procurement.awards.tables import Objection, ObjectionFile
from procurement.database import database_moment
from procurement.permissions import Action
from procurement.rounds.tables import Lot
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class ObjectionBody:
    """An objection in real name.

    Attributes:
        text: What is wrong, with the facts.
        signed_by: The name of whoever is signed in, as a signature.
        lot: The lot's code; null where it is about the whole round.
    """

    text: str
    signed_by: str
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An answer.

    Attributes:
        verdict: ``upheld``, ``partly-upheld``, ``rejected`` or ``not-accepted``.
        text: Why, with the rules and figures.
    """

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class AppealBody:
    """An appeal.

    Attributes:
        text: Why the answer is not right.
    """

    text: str


@dataclass(frozen=True, slots=True)
class ServiceBody:
    """A paper was served by post or in person.

    Attributes:
        paper: ``receipt``, ``answer`` or ``appeal-answer``.
        way: ``post`` or ``in-person``.
        served_at: When; with a time zone.
    """

    paper: ServedPaper
    way: ServiceWay
    served_at: datetime


@get("/api/v1/rounds/{name:str}/objections", tags=["awards"])
@reads
def list_objections(visit: Visit, name: FromPath[str]) -> ObjectionPage:
    """List the objections of a round: the own ones, or all for those who conduct it."""
    _, found = objections_for(visit, name)
    return ObjectionPage([_entry(visit, one) for one in found])


@post("/api/v1/rounds/{name:str}/objections", status_code=201, tags=["awards"])
@writes
def object_(visit: Visit, name: FromPath[str], data: JSONBody[ObjectionBody]) -> ObjectionEntry:
    """File an objection to the notice that runs, in real name."""
    round_ = public_subject(visit, name, Action.FILE_OBJECTION)
    filed = file_objection(
        visit.session,
        round_=round_,
        objection=NewObjection(text=data.text, signed_by=data.signed_by, lot=data.lot),
        actor=visit.actor,
        folder=visit.settings.data,
        moment=database_moment(visit.session),
    )
    return _entry(visit, filed)


@get("/api/v1/rounds/{name:str}/objections/{objection_id:int}", tags=["awards"])
@reads
def read_objection(visit: Visit, name: FromPath[str], objection_id: RowId) -> ObjectionEntry:
    """Read an objection with its answers and services."""
    _, objection = objection_for(visit, name, objection_id, Action.READ_OBJECTION)
    return _entry(visit, objection)


@post(
    "/api/v1/rounds/{name:str}/objections/{objection_id:int}/files",
    status_code=201,
    request_max_body_size=24 * 2**20,
    tags=["awards"],
)
@writes
def add_file(visit: Visit, name: FromPath[str], objection_id: RowId) -> FileEntry:
    """Add a file to an own objection while the notice runs, as a form with a ``file``."""
    round_, objection = objection_for(visit, name, objection_id, Action.APPEAL_OBJECTION)
    stored = attach_file(
        visit.session,
        round_=round_,
        objection=objection,
        file=new_file(visit, "file"),
        folder=visit.settings.data,
    )
    return _file(stored)


@get("/api/v1/rounds/{name:str}/objections/{objection_id:int}/files/{file_id:int}", tags=["awards"])
@reads
def read_file(
    visit: Visit, name: FromPath[str], objection_id: RowId, file_id: RowId
) -> Response[bytes]:
    """Return a file of an objection."""
    return file_of(visit, name, objection_id, file_id)


@post(
    "/api/v1/rounds/{name:str}/objections/{objection_id:int}/answer",
    status_code=201,
    tags=["awards"],
)
@writes
def answer(
    visit: Visit, name: FromPath[str], objection_id: RowId, data: JSONBody[AnswerBody]
) -> ObjectionEntry:
    """Answer an objection; one that is upheld ends the notice, and the round is evaluated again."""
    round_, objection = objection_for(visit, name, objection_id, Action.ANSWER_OBJECTION)
    answer_objection(
        visit.session,
        round_=round_,
        objection=objection,
        answer=NewAnswer(verdict=data.verdict, text=data.text),
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _entry(visit, objection)


@post(
    "/api/v1/rounds/{name:str}/objections/{objection_id:int}/services",
    status_code=201,
    tags=["awards"],
)
@writes
def serve(
    visit: Visit, name: FromPath[str], objection_id: RowId, data: JSONBody[ServiceBody]
) -> ObjectionEntry:
    """Record that a paper was also served by post or in person."""
    _, objection = objection_for(visit, name, objection_id, Action.ANSWER_OBJECTION)
    record_service(
        visit.session,
        objection=objection,
        service=Service(paper=data.paper, way=data.way, served_at=data.served_at),
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _entry(visit, objection)


@post(
    "/api/v1/rounds/{name:str}/objections/{objection_id:int}/appeal",
    status_code=201,
    tags=["awards"],
)
@writes
def appeal(
    visit: Visit, name: FromPath[str], objection_id: RowId, data: JSONBody[AppealBody]
) -> ObjectionEntry:
    """Appeal against the answer to an own objection."""
    round_, objection = objection_for(visit, name, objection_id, Action.APPEAL_OBJECTION)
    file_appeal(
        visit.session,
        round_=round_,
        objection=objection,
        text=data.text,
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _entry(visit, objection)


@post(
    "/api/v1/rounds/{name:str}/objections/{objection_id:int}/appeal/answer",
    status_code=201,
    tags=["awards"],
)
@writes
def answer_to_appeal(
    visit: Visit, name: FromPath[str], objection_id: RowId, data: JSONBody[AnswerBody]
) -> ObjectionEntry:
    """Answer an appeal, as a supervisor of the lead bureau who did not answer before."""
    round_, objection = objection_for(visit, name, objection_id, Action.ANSWER_APPEAL)
    answer_appeal(
        visit.session,
        round_=round_,
        objection=objection,
        answer=NewAnswer(verdict=data.verdict, text=data.text),
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _entry(visit, objection)


def _entry(visit: Visit, objection: Objection) -> ObjectionEntry:
    session, own = visit.session, objection.id
    lot = None if objection.lot_id is None else session.get_one(Lot, objection.lot_id).code
    return ObjectionEntry(
        id=own,
        notice_id=objection.notice_id,
        lot=lot,
        organisation=objection.organisation_name,
        person=objection.person_name,
        text=objection.text,
        filed_at=objection.filed_at,
        files=[_file(one) for one in files_of(session, objection_id=own)],
        services=[
            ServiceEntry(one.paper, one.way, one.served_at)
            for one in services_of(session, objection_id=own)
        ],
        answer=_answer(visit, own, Instance.OBJECTION),
        appeal=_appeal(visit, own),
    )


def _answer(visit: Visit, objection_id: int, instance: Instance) -> AnswerEntry | None:
    found = answer_of(visit.session, objection_id=objection_id, instance=instance)
    return None if found is None else AnswerEntry(found.verdict, found.text, found.answered_at)


def _appeal(visit: Visit, objection_id: int) -> AppealEntry | None:
    found = appeal_of(visit.session, objection_id=objection_id)
    if found is None:
        return None
    given = _answer(visit, objection_id, Instance.APPEAL)
    return AppealEntry(found.text, found.person_name, found.filed_at, given)


def _file(file: ObjectionFile) -> FileEntry:
    return FileEntry(file.id, file.file_name, file.file_digest, file.file_bytes, file.media_type)


ROUTES = (
    list_objections,
    object_,
    read_objection,
    add_file,
    read_file,
    answer,
    serve,
    appeal,
    answer_to_appeal,
)
"""Handlers of these addresses."""
