"""Objections in real name: filed by bidders, answered and served by the bureau, and appeals."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.awards.announcing import current_notice
from procurement.awards.answering import (
    NewAnswer,
    Service,
    answer_appeal,
    answer_objection,
    record_service,
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
from procurement.awards.states import (
    SERVED_NAMES,
    VERDICT_NAMES,
    WAY_NAMES,
    Instance,
    ServedPaper,
    ServiceWay,
    Verdict,
)
from procurement.awards.tables import Objection
from procurement.bids.at_edge import subject_for
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/objections", include_in_schema=False)
@reads
def show_objections(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List objections: a bidder's own, or all to those who conduct and observe the round."""
    round_, found = objections_for(visit, name)
    return _list_page(visit, round_, found, None)


def _list_page(
    visit: Visit, round_: Round, found: Sequence[Objection], refusal: RefusedError | None
) -> Response[Any]:
    notice = current_notice(visit.session, round_id=round_.id)
    runs = (
        round_.status == RoundStatus.ANNOUNCED
        and notice is not None
        and database_moment(visit.session) < notice.closes_at
    )
    lots = lots_of(visit.session, round_id=round_.id)
    return render(
        visit,
        "awards/objections.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        rows=[(one, _standing(visit, one)) for one in found],
        codes={lot.id: lot.code for lot in lots},
        lots=[(lot.code, f"{lot.code} {lot.product}") for lot in lots],
        notice=notice,
        runs=runs,
        sees_all=visit.may(Action.READ_OBJECTION, subject_for(visit, round_)),
        may_object=runs and visit.may(Action.FILE_OBJECTION, subject_for(visit, round_)),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _standing(visit: Visit, objection: Objection) -> tuple[str, str]:
    """Where an objection stands: words and mark."""
    about = {"objection_id": objection.id}
    first = answer_of(visit.session, **about, instance=Instance.OBJECTION)
    if first is None:
        return visit.text("待答复", "to be answered"), "warning"
    last = answer_of(visit.session, **about, instance=Instance.APPEAL)
    if last is None and appeal_of(visit.session, **about) is not None:
        return visit.text("复核中", "under appeal"), "warning"
    final = first if last is None else last
    return visit.text(*VERDICT_NAMES[Verdict(final.verdict)]), "good"


@post("/rounds/{name:str}/objections", include_in_schema=False, request_max_body_size=64 * 2**20)
@writes
def object_to_notice(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """File an objection in real name."""
    round_ = public_subject(visit, name, Action.FILE_OBJECTION)
    filed: list[Objection] = []

    def change() -> None:
        objection = NewObjection(
            text=visit.form.get("text", ""),
            signed_by=visit.form.get("signed_by", ""),
            lot=visit.form.get("lot") or None,
            files=(new_file(visit, "files"),) if "files" in visit.form.files else (),
        )
        filed.append(
            file_objection(
                visit.session,
                round_=round_,
                objection=objection,
                actor=visit.actor,
                folder=visit.settings.data,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _list_page(visit, round_, objections_for(visit, name)[1], refusal)
    return redirect(f"/rounds/{name}/objections/{filed[0].id}")


@get("/rounds/{name:str}/objections/{objection_id:int}", include_in_schema=False)
@reads
def show_objection(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Show an objection with its papers, answers and the days on which they were served."""
    round_, objection = objection_for(visit, name, objection_id, Action.READ_OBJECTION)
    return _page(visit, round_, objection, None)


def _page(
    visit: Visit, round_: Round, objection: Objection, refusal: RefusedError | None
) -> Response[Any]:
    about = {"objection_id": objection.id}
    subject = subject_for(visit, round_, organisation_id=objection.organisation_id)
    first = answer_of(visit.session, **about, instance=Instance.OBJECTION)
    appeal = appeal_of(visit.session, **about)
    last = answer_of(visit.session, **about, instance=Instance.APPEAL)
    lots = {lot.id: lot for lot in lots_of(visit.session, round_id=round_.id)}
    return render(
        visit,
        "awards/objection.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        objection=objection,
        lot=lots.get(objection.lot_id or 0),
        files=files_of(visit.session, **about),
        services=services_of(visit.session, **about),
        first=first,
        appeal=appeal,
        last=last,
        standing=_standing(visit, objection),
        may_answer=first is None and visit.may(Action.ANSWER_OBJECTION, subject),
        may_appeal=first is not None
        and appeal is None
        and not Verdict(first.verdict).reopens
        and visit.may(Action.APPEAL_OBJECTION, subject),
        may_answer_appeal=appeal is not None
        and last is None
        and visit.may(Action.ANSWER_APPEAL, subject),
        may_serve=visit.may(Action.ANSWER_OBJECTION, subject),
        may_attach=first is None and visit.may(Action.APPEAL_OBJECTION, subject),
        verdicts=[(key.value, visit.text(*pair)) for key, pair in VERDICT_NAMES.items()],
        papers=[(key.value, visit.text(*pair)) for key, pair in SERVED_NAMES.items()],
        ways=[
            (key.value, visit.text(*pair))
            for key, pair in WAY_NAMES.items()
            if key != ServiceWay.PLATFORM
        ],
        verdict_words={key.value: visit.text(*pair) for key, pair in VERDICT_NAMES.items()},
        paper_words={key.value: visit.text(*pair) for key, pair in SERVED_NAMES.items()},
        way_words={key.value: visit.text(*pair) for key, pair in WAY_NAMES.items()},
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _answered(
    visit: Visit, round_: Round, objection: Objection, change: Callable[[], object]
) -> Response[Any]:
    """Try a change of an objection and show it again."""
    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, objection, refusal)
    return redirect(f"/rounds/{round_.name}/objections/{objection.id}")


def _verdict(visit: Visit) -> NewAnswer:
    given = visit.form.get("verdict", "")
    if given not in tuple(Verdict):
        fault = FieldFault("verdict", "请选择答复结论。", "Choose what became of it.")
        raise InvalidInputError([fault])
    return NewAnswer(verdict=Verdict(given), text=visit.form.get("text", ""))


@post("/rounds/{name:str}/objections/{objection_id:int}/answer", include_in_schema=False)
@writes
def answer(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Answer an objection; one that is upheld takes the round back to its evaluation."""
    round_, objection = objection_for(visit, name, objection_id, Action.ANSWER_OBJECTION)
    return _answered(
        visit,
        round_,
        objection,
        lambda: answer_objection(
            visit.session,
            round_=round_,
            objection=objection,
            answer=_verdict(visit),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/rounds/{name:str}/objections/{objection_id:int}/appeal", include_in_schema=False)
@writes
def appeal(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Appeal against an answer, once."""
    round_, objection = objection_for(visit, name, objection_id, Action.APPEAL_OBJECTION)
    return _answered(
        visit,
        round_,
        objection,
        lambda: file_appeal(
            visit.session,
            round_=round_,
            objection=objection,
            text=visit.form.get("text", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/rounds/{name:str}/objections/{objection_id:int}/appeal-answer", include_in_schema=False)
@writes
def decide_appeal(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Decide an appeal, as somebody who did not answer the objection."""
    round_, objection = objection_for(visit, name, objection_id, Action.ANSWER_APPEAL)
    return _answered(
        visit,
        round_,
        objection,
        lambda: answer_appeal(
            visit.session,
            round_=round_,
            objection=objection,
            answer=_verdict(visit),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/rounds/{name:str}/objections/{objection_id:int}/service", include_in_schema=False)
@writes
def serve(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Record that a paper was also served by post or in person."""
    round_, objection = objection_for(visit, name, objection_id, Action.ANSWER_OBJECTION)
    reader = FormReader(visit.form)
    served_at = reader.moment("served_at")

    def change() -> None:
        paper, way = visit.form.get("paper", ""), visit.form.get("way", "")
        if served_at is None:
            reader.faults += _missing("served_at", reader)
        if paper not in tuple(ServedPaper):
            reader.faults += _missing("paper", reader)
        if way not in tuple(ServiceWay):
            reader.faults += _missing("way", reader)
        with reader.checked():
            if reader.faults or served_at is None:
                return
            record_service(
                visit.session,
                objection=objection,
                service=Service(paper=ServedPaper(paper), way=ServiceWay(way), served_at=served_at),
                actor=visit.actor,
                moment=visit.moment,
            )

    return _answered(visit, round_, objection, change)


def _missing(field: str, reader: FormReader) -> list[FieldFault]:
    if any(fault.field == field for fault in reader.faults):
        return []
    return [FieldFault(field, "请填写。", "Fill this in.")]


@post(
    "/rounds/{name:str}/objections/{objection_id:int}/files",
    include_in_schema=False,
    request_max_body_size=64 * 2**20,
)
@writes
def attach(visit: Visit, name: FromPath[str], objection_id: RowId) -> Response[Any]:
    """Add files to the own objection while the notice runs."""
    round_, objection = objection_for(visit, name, objection_id, Action.APPEAL_OBJECTION)

    return _answered(
        visit,
        round_,
        objection,
        lambda: attach_file(
            visit.session,
            round_=round_,
            objection=objection,
            file=new_file(visit, "files"),
            folder=visit.settings.data,
        ),
    )


@get(
    "/rounds/{name:str}/objections/{objection_id:int}/files/{file_id:int}",
    include_in_schema=False,
)
@reads
def objection_file(
    visit: Visit, name: FromPath[str], objection_id: RowId, file_id: RowId
) -> Response[bytes]:
    """Send a file of an objection."""
    return file_of(visit, name, objection_id, file_id)


ROUTES = (
    show_objections,
    object_to_notice,
    show_objection,
    answer,
    appeal,
    decide_appeal,
    serve,
    attach,
    objection_file,
)
"""Handlers of these pages."""
