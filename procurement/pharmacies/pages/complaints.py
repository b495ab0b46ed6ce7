"""Complaints: written and followed by anybody, handled by bureaus and agencies."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.orders.pages.typed import GoodsReader, page_number
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.complaints.filing import Wanted, file_complaint
from procurement.pharmacies.complaints.following import follow_complaint, review_answer
from procurement.pharmacies.complaints.handling import (
    Handling,
    answer_complaint,
    assign_complaint,
    close_complaint,
    events_of,
    find_complaint,
    grade_complaint,
    handlers_for,
)
from procurement.pharmacies.complaints.listing import (
    complaint_subject,
    complaints_seen,
    count_states,
)
from procurement.pharmacies.complaints.states import (
    ABOUT_NAMES,
    GRADE_NAMES,
    REVIEW_NAMES,
    STATUS_NAMES,
    TRANSITIONS,
    ComplaintStatus,
    TextKind,
)
from procurement.pharmacies.complaints.tables import Complaint
from procurement.pharmacies.complaints.texts import texts_of
from procurement.pharmacies.finder.counties import name_counties
from procurement.pharmacies.finder.naming import drug_name, place_named
from procurement.pharmacies.pages.public_words import HOTLINE
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Visit, paginate, reads, redirect, render, writes

_MARKS = {
    ComplaintStatus.RECEIVED: "warning",
    ComplaintStatus.GRADED: "warning",
    ComplaintStatus.ASSIGNED: "info",
    ComplaintStatus.ANSWERED: "good",
    ComplaintStatus.CLOSED: "neutral",
}


def _words(visit: Visit) -> dict[str, Any]:
    tables: dict[str, Mapping[Any, tuple[str, str]]] = {
        "about_names": ABOUT_NAMES,
        "status_names": STATUS_NAMES,
        "grade_names": GRADE_NAMES,
        "review_names": REVIEW_NAMES,
    }
    named = {
        name: {key: visit.text(*both) for key, both in table.items()}
        for name, table in tables.items()
    }
    return {**named, "status_marks": _MARKS, "hotline": HOTLINE}


@get("/complaints/new", include_in_schema=False)
@reads
def new_complaint(visit: Visit) -> Response[Any]:
    """Ask what happened."""
    visit.require(Action.FILE_COMPLAINT)
    return _form(visit, None)


def _form(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    values = visit.form or visit.query
    drug = values.get("drug", "")
    return render(
        visit,
        "pharmacies/finder/complain.html",
        status=200 if refusal is None else status_of(refusal),
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        place=place_named(visit.session, code=values.get("place", "")),
        drug=drug_name(visit.session, drug_id=_whole(drug)),
        **_words(visit),
    )


def _whole(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 9
    return int(text) if is_number else None


@post("/complaints/new", include_in_schema=False)
@writes
def send_complaint(visit: Visit) -> Response[Any]:
    """Receive a complaint and hand out its number and code, once."""
    visit.require(Action.FILE_COMPLAINT)
    form = visit.form
    filed = []

    def change() -> None:
        wanted = Wanted(
            about=form.get("about", ""),
            text=form.get("text", ""),
            place_code=form.get("place", "").upper(),
            county=form.get("county", ""),
            drug_id=_whole(form.get("drug", "")),
            contact=form.get("contact", ""),
        )
        filed.append(
            file_complaint(
                visit.session,
                wanted=wanted,
                address=visit.address,
                key=secret_key(visit),
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _form(visit, refusal)
    return render(visit, "pharmacies/finder/complained.html", filed=filed[0], **_words(visit))


@get("/complaints/follow", include_in_schema=False)
@reads
def ask_for_code(visit: Visit) -> Response[Any]:
    """Ask for number and code."""
    visit.require(Action.FOLLOW_COMPLAINT)
    return _ask(visit, None)


def _ask(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "pharmacies/finder/follow.html",
        status=200 if refusal is None else status_of(refusal),
        values=visit.form or visit.query,
        refusal=refusal,
        **_words(visit),
    )


@post("/complaints/follow", include_in_schema=False)
@reads
def follow(visit: Visit) -> Response[Any]:
    """Show a complaint to whoever has its code."""
    visit.require(Action.FOLLOW_COMPLAINT)
    return _followed(visit, None)


def _followed(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    number, code = visit.form.get("number", ""), visit.form.get("code", "")
    try:
        own = follow_complaint(visit.session, number=number, code=code, key=secret_key(visit))
    except RefusedError as wrong:
        return _ask(visit, wrong)
    return render(
        visit,
        "pharmacies/finder/followed.html",
        status=200 if refusal is None else status_of(refusal),
        own=own,
        code=code,
        can_review=own.complaint.status == ComplaintStatus.ANSWERED,
        county=name_counties(visit.session, [own.complaint.county])[own.complaint.county],
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **_words(visit),
    )


@post("/complaints/review", include_in_schema=False)
@writes
def review(visit: Visit) -> Response[Any]:
    """Take what whoever complained thinks of the answer."""
    visit.require(Action.FOLLOW_COMPLAINT)
    form = visit.form
    refusal = attempt(
        visit,
        lambda: review_answer(
            visit.session,
            number=form.get("number", ""),
            code=form.get("code", ""),
            review=form.get("review", ""),
            text=form.get("text", ""),
            key=secret_key(visit),
            moment=visit.moment,
        ),
    )
    return _followed(visit, refusal)


@get("/complaints", include_in_schema=False)
@reads
def show_complaints(visit: Visit) -> Response[Any]:
    """List the complaints that the visitor sees; the public is sent to its own."""
    if not visit.may_ever(Action.READ_COMPLAINT):
        visit.require(Action.FOLLOW_COMPLAINT)
        return redirect("/complaints/follow")
    visit.require(
        Action.READ_COMPLAINT,
        Subject(organisation_id=visit.actor.organisation_id, regions=(visit.actor.region,)),
    )
    asked = visit.query.get("status", "")
    status = ComplaintStatus(asked) if asked in set(ComplaintStatus) else None
    statement = complaints_seen(actor=visit.actor, status=status)
    page = paginate(visit.session, statement, number=page_number(visit))
    return render(
        visit,
        "pharmacies/finder/complaints.html",
        page=page,
        chosen=status,
        counts=count_states(visit.session, actor=visit.actor),
        counties=name_counties(visit.session, {one.county for one in page.rows}),
        **_words(visit),
    )


@get("/complaints/{complaint_number:str}", include_in_schema=False)
@reads
def show_complaint(visit: Visit, complaint_number: FromPath[str]) -> Response[Any]:
    """Show a complaint to whoever handles it; the public is asked for its code."""
    if not visit.actor.is_signed_in:
        visit.require(Action.FOLLOW_COMPLAINT)
        return redirect(f"/complaints/follow?number={quote(complaint_number)}")
    visit.require_ever(Action.READ_COMPLAINT)
    return _page(visit, complaint_number, None)


def _page(visit: Visit, number: str, refusal: RefusedError | None) -> Response[Any]:
    complaint = find_complaint(visit.session, number=number)
    subject = complaint_subject(complaint)
    visit.require(Action.READ_COMPLAINT, subject)
    may_handle = visit.may(Action.HANDLE_COMPLAINT, subject)
    # A supervisor sees what happened, and not how to reach whoever wrote.
    kinds = [kind for kind in TextKind if may_handle or kind is not TextKind.CONTACT]
    may_assign = visit.may(Action.ASSIGN_COMPLAINT, subject)
    return render(
        visit,
        "pharmacies/finder/complaint.html",
        status=200 if refusal is None else status_of(refusal),
        complaint=complaint,
        course=events_of(visit.session, complaint=complaint),
        texts=texts_of(visit.session, complaint=complaint, kinds=kinds, key=secret_key(visit)),
        place=place_named(visit.session, place_id=complaint.place_id),
        drug=drug_name(visit.session, drug_id=complaint.generic_product_id),
        county=name_counties(visit.session, [complaint.county])[complaint.county],
        next_steps=TRANSITIONS[ComplaintStatus(complaint.status)],
        handlers=_handlers(visit, complaint) if may_assign else (),
        may={"assign": may_assign, "answer": may_handle},
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **_words(visit),
    )


def _handlers(visit: Visit, complaint: Complaint) -> list[tuple[int, str]]:
    found = handlers_for(visit.session, actor=visit.actor, county=complaint.county)
    return [(one.id, one.name) for one in found]


Step = Callable[[Handling, GoodsReader], object]


def _do(visit: Visit, number: str, action: Action, step: Step) -> Response[Any]:
    """Try a step of handling; show the page again if it is refused."""
    visit.require_ever(action)
    complaint = find_complaint(visit.session, number=number)
    visit.require(action, complaint_subject(complaint))
    reader = GoodsReader(visit.form)

    def change() -> None:
        handling = Handling(number, reader.version, visit.actor, visit.moment)
        step(handling, reader)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, number, refusal)
    try:
        visit.require(Action.READ_COMPLAINT, complaint_subject(complaint))
    except NotFoundForActorError:
        # It was handed on to somebody else.
        return redirect("/complaints")
    return redirect(f"/complaints/{number}")


@post("/complaints/{complaint_number:str}/grade", include_in_schema=False)
@writes
def grade(visit: Visit, complaint_number: FromPath[str]) -> Response[Any]:
    """Say how soon it has to be handled."""

    def step(handling: Handling, reader: GoodsReader) -> None:
        due_on = reader.day("due_on")
        with reader.checked():
            grade_complaint(
                visit.session, handling, grade=visit.form.get("grade", ""), due_on=due_on
            )

    return _do(visit, complaint_number, Action.ASSIGN_COMPLAINT, step)


@post("/complaints/{complaint_number:str}/assign", include_in_schema=False)
@writes
def assign(visit: Visit, complaint_number: FromPath[str]) -> Response[Any]:
    """Give it to whoever handles it."""

    def step(handling: Handling, reader: GoodsReader) -> None:
        organisation_id = reader.whole("organisation_id")
        assign_complaint(visit.session, handling, organisation_id=organisation_id)

    return _do(visit, complaint_number, Action.ASSIGN_COMPLAINT, step)


@post("/complaints/{complaint_number:str}/answer", include_in_schema=False)
@writes
def answer(visit: Visit, complaint_number: FromPath[str]) -> Response[Any]:
    """Answer it."""

    def step(handling: Handling, reader: GoodsReader) -> None:
        text = visit.form.get("text", "")
        answer_complaint(visit.session, handling, text=text, key=secret_key(visit))

    return _do(visit, complaint_number, Action.HANDLE_COMPLAINT, step)


@post("/complaints/{complaint_number:str}/close", include_in_schema=False)
@writes
def close(visit: Visit, complaint_number: FromPath[str]) -> Response[Any]:
    """Close it."""

    def step(handling: Handling, reader: GoodsReader) -> None:
        close_complaint(visit.session, handling, reason=reader.text("reason"))

    return _do(visit, complaint_number, Action.ASSIGN_COMPLAINT, step)


ROUTES = (
    new_complaint,
    send_complaint,
    ask_for_code,
    follow,
    review,
    show_complaints,
    show_complaint,
    grade,
    assign,
    answer,
    close,
)
"""Handlers of these pages."""
