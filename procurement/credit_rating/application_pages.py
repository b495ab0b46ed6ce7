"""What firms ask for about their grades and what bureaus answer; what everybody may read."""

from datetime import date
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post

from procurement.china_days import day_in_china
from procurement.credit_rating.application_view import sees_applications
from procurement.credit_rating.applications import (
    AlreadyAnsweredError,
    NewApplication,
    StillOpenError,
    answer_application,
    evidence_of,
    file_application,
    require_application,
)
from procurement.credit_rating.matter_pages import card_for, matter_page
from procurement.credit_rating.publishing import public_grades, publish_notice
from procurement.credit_rating.reading import MatterCard
from procurement.credit_rating.repair import AlreadyClearedError
from procurement.credit_rating.rules import name_of
from procurement.credit_rating.wording import GRADE_KINDS, region_name, words
from procurement.credit_rating.words import ApplicationKind, GradeWord
from procurement.errors import FieldFault, InvalidInputError
from procurement.files import FILE_BYTES_MAX, NewFile, read_file
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import Form, RowId, Visit, reads, redirect, render, writes
from rulebooks import load_rulebook

FILE_FIELDS = ("file_1", "file_2", "file_3")
BODY_BYTES_MAX = (len(FILE_FIELDS) + 1) * FILE_BYTES_MAX


@post(
    "/credit/matters/{matter_id:int}/applications",
    include_in_schema=False,
    request_max_body_size=BODY_BYTES_MAX,
)
@writes
def apply(visit: Visit, matter_id: RowId) -> Response[Any]:
    """File an objection, or an application for repair."""
    card = card_for(visit, matter_id, Action.APPLY_CREDIT)
    try:
        with visit.savepoint():
            file_application(
                visit.session,
                matter_id=matter_id,
                wanted=_wanted(visit.form),
                actor=visit.actor,
                folder=visit.settings.data,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return matter_page(visit, card, faults=refusal.faults)
    except (AlreadyClearedError, StillOpenError) as refusal:
        return matter_page(visit, card, refusal=refusal)
    return redirect(f"/credit/matters/{matter_id}#applications")


@post("/credit/applications/{application_id:int}/answer", include_in_schema=False)
@writes
def answer(visit: Visit, application_id: RowId) -> Response[Any]:
    """Answer an application."""
    card = _card_of(visit, application_id, Action.CHANGE_CREDIT)
    try:
        with visit.savepoint():
            answer_application(
                visit.session,
                application_id=application_id,
                is_upheld=_verdict(visit.form),
                text=visit.form.get("answer", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        faults = [FieldFault("answer", one.zh, one.en) for one in refusal.faults]
        return matter_page(visit, card, faults=tuple(faults))
    except (AlreadyAnsweredError, AlreadyClearedError) as refusal:
        return matter_page(visit, card, refusal=refusal)
    return redirect(f"/credit/matters/{card.matter.id}#applications")


@get("/credit/applications/{application_id:int}/files/{file_id:int}", include_in_schema=False)
@reads
def evidence(visit: Visit, application_id: RowId, file_id: RowId) -> Response[bytes]:
    """Send a file of an application."""
    card = _card_of(visit, application_id, Action.READ_CREDIT)
    if not sees_applications(visit, card):
        raise NotFoundForActorError
    file = evidence_of(visit.session, application_id=application_id, file_id=file_id)
    return Response(
        read_file(visit.settings.data, file.file_digest),
        media_type=file.media_type,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(file.file_name)}"},
    )


@post("/credit/matters/{matter_id:int}/notices", include_in_schema=False)
@writes
def publish(visit: Visit, matter_id: RowId) -> Response[Any]:
    """Make the decision public, or serve it by announcement."""
    card = card_for(visit, matter_id, Action.CHANGE_CREDIT)
    form = visit.form
    try:
        with visit.savepoint():
            publish_notice(
                visit.session,
                matter_id=matter_id,
                text=form.get("notice", ""),
                served_on=_day_or_none(form.get("served_on", "")),
                basis=form.get("basis", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        faults = tuple(
            FieldFault("notice" if one.field == "text" else one.field, one.zh, one.en)
            for one in refusal.faults
        )
        return matter_page(visit, card, faults=faults)
    return redirect(f"/credit/matters/{matter_id}#notices")


@get("/credit/public", include_in_schema=False)
@reads
def show_public(visit: Visit) -> Response[Any]:
    """List the two highest grades in force, for everybody."""
    return render(
        visit,
        "credit_rating/public.html",
        grades=public_grades(visit.session, on_date=day_in_china(visit.moment)),
        on_date=day_in_china(visit.moment),
        grade_kinds=GRADE_KINDS,
        words=words(visit),
        grade_name=lambda matter: visit.text(
            *name_of(GradeWord(matter.grade), load_rulebook(matter.scale))
        ),
        region_name=lambda code: region_name(visit, code),
    )


def _card_of(visit: Visit, application_id: int, action: Action) -> MatterCard:
    visit.require_ever(action)
    application = require_application(visit.session, application_id=application_id)
    return card_for(visit, application.matter_id, action)


def _wanted(form: Form) -> NewApplication:
    files = [form.files[name] for name in FILE_FIELDS if name in form.files]
    return NewApplication(
        kind=_kind(form.get("kind", "")),
        text=form.get("text", ""),
        signed_by=form.get("signed_by", ""),
        measures=tuple(int(one) for one in form.all("measures") if one.isascii() and one.isdigit()),
        files=tuple(NewFile(file.filename, file.file.read(FILE_BYTES_MAX + 1)) for file in files),
    )


def _kind(text: str) -> ApplicationKind:
    try:
        return ApplicationKind(text)
    except ValueError:
        fault = FieldFault("kind", "请从所列选项中选择一项。", "Choose one of the options.")
        raise InvalidInputError([fault]) from None


def _verdict(form: Form) -> bool:
    if form.get("verdict") not in ("upheld", "rejected"):
        fault = FieldFault("verdict", "请从所列选项中选择一项。", "Choose one of the options.")
        raise InvalidInputError([fault])
    return form.get("verdict") == "upheld"


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fault = FieldFault("served_on", "应为日期，形如 2026-11-22。", "Expected a day.")
        raise InvalidInputError([fault]) from None


ROUTES = (apply, answer, evidence, publish, show_public)
