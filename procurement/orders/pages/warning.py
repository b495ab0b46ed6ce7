"""What officers and those who are warned do with a notice."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import is_division
from procurement.accounts.organisations.service import organisations_by_id
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.at_edge import typed_id
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.orders.fulfilment.issuing import Demanded
from procurement.orders.fulfilment.ladder import escalate_notice
from procurement.orders.fulfilment.notices import (
    Raised,
    answer_notice,
    drop_notice,
    issue_notice,
    open_notice,
    settle_notice,
)
from procurement.orders.fulfilment.states import KIND_NAMES, NoticeAbout, NoticeKind
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.fulfilment.watching import ask_search
from procurement.orders.pages.notices import notice_for, notice_page, notice_words
from procurement.orders.pages.scopes import term_asked
from procurement.orders.pages.typed import GoodsReader, chosen
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes

_ABOUT = {
    OrganisationKind.HOSPITAL: NoticeAbout.HOSPITAL,
    OrganisationKind.MANUFACTURER: NoticeAbout.MANUFACTURER,
    OrganisationKind.DISTRIBUTOR: NoticeAbout.DISTRIBUTOR,
}


def _demanded(visit: Visit, present: str) -> Demanded:
    """What is asked for; a day that is none is a fault."""
    reader = GoodsReader(visit.form)
    due_on = reader.day("due_on")
    with reader.checked():
        pass
    kind = chosen(visit.form, "kind", tuple(NoticeKind), present)
    return Demanded(kind=NoticeKind(kind), demand=visit.form.get("demand", ""), due_on=due_on)


def _done(
    visit: Visit, notice: FulfilmentNotice, change: Callable[[], object], following: str = ""
) -> Response[Any]:
    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(notice)
        return notice_page(visit, notice, refusal)
    return redirect(following or f"/fulfilment/notices/{notice.id}")


@post("/fulfilment/notices/{notice_id:int}/issue", include_in_schema=False)
@writes
def issue(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Issue what was found, or let it be."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    reader = GoodsReader(visit.form)

    def change() -> None:
        if visit.form.get("outcome") == "drop":
            drop_notice(
                visit.session,
                notice=notice,
                reason=visit.form.get("reason", ""),
                actor=visit.actor,
                moment=visit.moment,
                version=reader.version,
            )
            return
        issue_notice(
            visit.session,
            notice=notice,
            demanded=_demanded(visit, notice.kind),
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    return _done(visit, notice, change)


@post("/fulfilment/notices/{notice_id:int}/answer", include_in_schema=False)
@writes
def answer(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Answer, as the one whom it is about."""
    notice = notice_for(visit, notice_id, Action.ANSWER_WARNING)
    reader = GoodsReader(visit.form)

    def change() -> None:
        answer_notice(
            visit.session,
            notice=notice,
            text=visit.form.get("text", ""),
            document=visit.form.get("document", ""),
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    return _done(visit, notice, change)


@post("/fulfilment/notices/{notice_id:int}/decide", include_in_schema=False)
@writes
def decide(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Settle a notice, or go on to the next step."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    reader = GoodsReader(visit.form)
    decision = visit.form.get("decision", "")

    def change() -> None:
        if visit.form.get("outcome") == "settle":
            settle_notice(
                visit.session,
                notice=notice,
                decision=decision,
                actor=visit.actor,
                moment=visit.moment,
                version=reader.version,
            )
        elif visit.form.get("outcome") == "escalate":
            escalate_notice(
                visit.session,
                notice=notice,
                decision=decision,
                demanded=_demanded(visit, notice.kind),
                actor=visit.actor,
                moment=visit.moment,
                version=reader.version,
            )
        else:
            zh, en = "请选择处理结果。", "Choose the outcome."
            raise InvalidInputError([FieldFault("outcome", zh, en)])

    return _done(visit, notice, change)


@post("/fulfilment/notices/search", include_in_schema=False)
@writes
def search(visit: Visit) -> Response[Any]:
    """Ask for a search for what crosses a threshold; a job does it."""
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(visit.actor.region,)))
    found = term_asked(visit)
    if found is None:
        raise NotFoundForActorError
    ask_search(
        visit.session,
        term=found[1],
        region=visit.actor.region,
        actor=visit.actor,
        moment=visit.moment,
        monthly=visit.form.get("monthly") == "yes",
    )
    return redirect("/fulfilment/notices?asked=1")


@get("/fulfilment/notices/new", include_in_schema=False)
@reads
def raise_form(visit: Visit) -> Response[Any]:
    """Ask what is raised against somebody without a threshold."""
    return _form(visit, _addressee(visit, visit.query.get("organisation", "")), None)


def _addressee(visit: Visit, text: str) -> Organisation:
    visit.require_ever(Action.WARN_FULFILMENT)
    wanted = typed_id(text)
    found = organisations_by_id(visit.session, organisation_ids=[wanted]).get(wanted)
    if found is None or OrganisationKind(found.kind) not in _ABOUT:
        raise NotFoundForActorError
    return found


def _form(visit: Visit, about: Organisation, refusal: RefusedError | None) -> Response[Any]:
    is_hospital = about.kind == OrganisationKind.HOSPITAL
    region = about.region if is_hospital else visit.actor.region
    return render(
        visit,
        "orders/fulfilment/notice_form.html",
        status=200 if refusal is None else status_of(refusal),
        about=about,
        region=region,
        steps=[(kind, visit.text(*names)) for kind, names in KIND_NAMES.items()],
        values=visit.form or {"region": region},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **notice_words(visit),
    )


@post("/fulfilment/notices/new", include_in_schema=False)
@writes
def raise_notice(visit: Visit) -> Response[Any]:
    """Issue a notice about something that an officer found."""
    about = _addressee(visit, visit.form.get("organisation", ""))
    region = visit.form.get("region", "")
    if is_division(region):
        visit.require(Action.WARN_FULFILMENT, Subject(regions=(region,)))
    made: list[int] = []

    def change() -> None:
        raised = Raised(
            about=_ABOUT[OrganisationKind(about.kind)],
            organisation_id=about.id,
            region=region,
            finding=visit.form.get("finding", ""),
            basis=visit.form.get("basis", ""),
        )
        notice = open_notice(
            visit.session,
            raised=raised,
            demanded=_demanded(visit, NoticeKind.REMIND),
            actor=visit.actor,
            moment=visit.moment,
        )
        made.append(notice.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _form(visit, about, refusal)
    return redirect(f"/fulfilment/notices/{made[0]}")


ROUTES = (issue, answer, decide, search, raise_form, raise_notice)
"""Handlers of these pages."""
