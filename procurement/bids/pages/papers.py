"""Eligibility papers: the manufacturer's page, and the pages of those who check and observe."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.bids.at_edge import own_round, require_role, round_for
from procurement.bids.kinds import PAPER_NAMES, PAPER_STATUS_NAMES, PaperStatus
from procurement.bids.paper_forms import file_answer, paper_from
from procurement.bids.papers.eligibility import obstacles_to_bidding
from procurement.bids.papers.service import (
    REVIEWED,
    TAKEN_IN,
    applicants,
    hand_in_paper,
    paper_standing,
    papers_of,
    review_papers,
    steps_of,
    submit_papers,
)
from procurement.bids.rules import missing_papers
from procurement.bids.tables import PaperStep
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import Form, RowId, Visit, reads, redirect, render, writes

STATUS_KINDS: dict[PaperStatus, str] = {
    PaperStatus.COLLECTING: "neutral",
    PaperStatus.SUBMITTED: "info",
    PaperStatus.DEFICIENT: "warning",
    PaperStatus.ADMITTED: "good",
    PaperStatus.REJECTED: "bad",
}


@get("/rounds/{name:str}/papers", include_in_schema=False)
@reads
def show_papers(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the own papers to a manufacturer, and who applied to those who check."""
    require_role(visit, Action.READ_PAPERS)
    if visit.may_ever(Action.SUBMIT_PAPERS):
        round_, organisation_id = own_round(visit, name, Action.SUBMIT_PAPERS)
        return _own_page(visit, round_, organisation_id, None)
    round_ = round_for(visit, name, Action.READ_PAPERS)
    found = applicants(visit.session, round_id=round_.id, moment=database_moment(visit.session))
    return render(
        visit,
        "bids/applicants.html",
        round=round_,
        applicants=found,
        names=PAPER_STATUS_NAMES,
        kinds=STATUS_KINDS,
    )


def _own_page(
    visit: Visit, round_: Round, organisation_id: int, refusal: RefusedError | None
) -> Response[Any]:
    moment = database_moment(visit.session)
    about: dict[str, int] = {"round_id": round_.id, "organisation_id": organisation_id}
    papers = papers_of(visit.session, **about)
    standing = paper_standing(visit.session, **about, moment=moment)
    return render(
        visit,
        "bids/papers.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        papers=papers,
        missing=missing_papers([paper.kind for paper in papers]),
        standing=standing,
        steps=steps_of(visit.session, **about),
        may_change=standing.may_change and round_.status in TAKEN_IN,
        obstacles=obstacles_to_bidding(
            visit.session, round_=round_, organisation_id=organisation_id, moment=moment
        ),
        paper_names=PAPER_NAMES,
        names=PAPER_STATUS_NAMES,
        kinds=STATUS_KINDS,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@post("/rounds/{name:str}/papers", include_in_schema=False, request_max_body_size=24 * 2**20)
@writes
def upload(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Take a paper."""
    round_, organisation_id = own_round(visit, name, Action.SUBMIT_PAPERS)
    refusal = attempt(
        visit,
        lambda: hand_in_paper(
            visit.session,
            round_=round_,
            actor=visit.actor,
            paper=paper_from(visit),
            data=visit.settings.data,
            moment=database_moment(visit.session),
        ),
    )
    if refusal is not None:
        return _own_page(visit, round_, organisation_id, refusal)
    return redirect(f"/rounds/{name}/papers")


@post("/rounds/{name:str}/papers/submission", include_in_schema=False)
@writes
def hand_over(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Hand the papers in for the check."""
    round_, organisation_id = own_round(visit, name, Action.SUBMIT_PAPERS)
    refusal = attempt(
        visit,
        lambda: submit_papers(
            visit.session,
            round_=round_,
            actor=visit.actor,
            moment=database_moment(visit.session),
        ),
    )
    if refusal is not None:
        return _own_page(visit, round_, organisation_id, refusal)
    return redirect(f"/rounds/{name}/papers")


@get("/rounds/{name:str}/papers/{organisation_id:int}", include_in_schema=False)
@reads
def show_applicant(visit: Visit, name: FromPath[str], organisation_id: RowId) -> Response[Any]:
    """Show one manufacturer's papers to those who check and observe."""
    round_ = round_for(visit, name, Action.READ_PAPERS)
    return _applicant_page(visit, round_, organisation_id, None)


def _applicant_page(
    visit: Visit, round_: Round, organisation_id: int, refusal: RefusedError | None
) -> Response[Any]:
    organisation = visit.session.get(Organisation, organisation_id)
    about: dict[str, int] = {"round_id": round_.id, "organisation_id": organisation_id}
    steps = steps_of(visit.session, **about)
    if organisation is None or not steps:
        raise NotFoundForActorError
    moment = database_moment(visit.session)
    return render(
        visit,
        "bids/applicant.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        organisation=organisation,
        papers=papers_of(visit.session, **about),
        steps=steps,
        standing=paper_standing(visit.session, **about, moment=moment),
        may_review=visit.may_ever(Action.REVIEW_PAPERS),
        reviewed=REVIEWED,
        paper_names=PAPER_NAMES,
        names=PAPER_STATUS_NAMES,
        kinds=STATUS_KINDS,
        values=visit.form or Form({"status": ("admitted",)}),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@post("/rounds/{name:str}/papers/{organisation_id:int}", include_in_schema=False)
@writes
def review(visit: Visit, name: FromPath[str], organisation_id: RowId) -> Response[Any]:
    """Admit papers, reject them, or ask for what is missing."""
    round_ = round_for(visit, name, Action.REVIEW_PAPERS)
    reader = FormReader(visit.form)
    due_at = reader.moment("due_at")

    def change() -> None:
        with reader.checked():
            review_papers(
                visit.session,
                round_=round_,
                step=PaperStep(
                    organisation_id=organisation_id,
                    status=visit.form.get("status", ""),
                    reason=visit.form.get("reason", ""),
                    due_at=due_at,
                ),
                actor=visit.actor,
                moment=database_moment(visit.session),
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _applicant_page(visit, round_, organisation_id, refusal)
    return redirect(f"/rounds/{name}/papers/{organisation_id}")


@get("/rounds/{name:str}/papers/files/{paper_id:int}", include_in_schema=False)
@reads
def download(visit: Visit, name: FromPath[str], paper_id: RowId) -> Response[bytes]:
    """Send the file of a paper."""
    return file_answer(visit, name, paper_id)


ROUTES = (show_papers, upload, hand_over, show_applicant, review, download)
