"""Eligibility papers by machine."""

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from procurement.bids.at_edge import own_round, round_for
from procurement.bids.paper_forms import file_answer, paper_from
from procurement.bids.papers.service import (
    applicants,
    hand_in_paper,
    paper_standing,
    papers_of,
    review_papers,
    submit_papers,
)
from procurement.bids.rules import PaperStanding
from procurement.bids.tables import EligibilityPaper, PaperStep
from procurement.database import database_moment
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """One paper.

    Attributes:
        id: Names it.
        kind: ``application``, ``authorisation``, ``certificate`` or ``promise``.
        title: What it is called.
        number: Number of a certificate.
        expires_on: Last day of a certificate.
        digest: SHA-256 of the file.
        seal: What its electronic seal is worth.
        uploaded_at: When.
    """

    id: int
    kind: str
    title: str
    number: str | None
    expires_on: str | None
    digest: str
    seal: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """The own papers of a round and where they stand.

    Attributes:
        status: ``collecting``, ``submitted``, ``deficient``, ``admitted`` or ``rejected``.
        reason: What is missing, or why they were rejected.
        due_at: Until when a deficiency can be made good.
        items: The papers.
        next_cursor: Always null: they are few.
    """

    status: str
    reason: str
    due_at: datetime | None
    items: list[PaperEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicantEntry:
    """A manufacturer that handed papers in."""

    organisation_id: int
    organisation: str
    status: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Applicants:
    """Whoever handed papers in, for those who check and observe."""

    items: list[ApplicantEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """A step in the check of papers.

    Attributes:
        status: ``admitted``, ``deficient`` or ``rejected``.
        reason: What is missing, or why they are rejected.
        due_at: Deadline for a deficiency, with time zone.
    """

    status: str
    reason: str = ""
    due_at: datetime | None = None


@get("/api/v1/rounds/{name:str}/papers")
@reads
def own_papers(visit: Visit, name: FromPath[str]) -> OwnPapers:
    """List the own papers of a round."""
    round_, organisation_id = own_round(visit, name, Action.SUBMIT_PAPERS)
    return _own(visit, round_.id, organisation_id)


def _own(visit: Visit, round_id: int, organisation_id: int) -> OwnPapers:
    standing: PaperStanding = paper_standing(
        visit.session,
        round_id=round_id,
        organisation_id=organisation_id,
        moment=database_moment(visit.session),
    )
    papers = papers_of(visit.session, round_id=round_id, organisation_id=organisation_id)
    return OwnPapers(
        standing.status, standing.reason, standing.due_at, [_entry(paper) for paper in papers]
    )


def _entry(paper: EligibilityPaper) -> PaperEntry:
    return PaperEntry(
        id=paper.id,
        kind=paper.kind,
        title=paper.title,
        number=paper.number,
        expires_on=None if paper.expires_on is None else paper.expires_on.isoformat(),
        digest=paper.file_digest,
        seal=paper.seal_verdict,
        uploaded_at=paper.uploaded_at,
    )


@post("/api/v1/rounds/{name:str}/papers", status_code=201, request_max_body_size=24 * 2**20)
@writes
def upload_paper(visit: Visit, name: FromPath[str]) -> PaperEntry:
    """Upload a paper as a form: kind, title, number, expires_on, replaces_id and file."""
    round_, _ = own_round(visit, name, Action.SUBMIT_PAPERS)
    stored = hand_in_paper(
        visit.session,
        round_=round_,
        actor=visit.actor,
        paper=paper_from(visit),
        data=visit.settings.data,
        moment=database_moment(visit.session),
    )
    return _entry(stored)


@post("/api/v1/rounds/{name:str}/papers/submission", status_code=201)
@writes
def submit(visit: Visit, name: FromPath[str]) -> OwnPapers:
    """Hand the own papers in for the check."""
    round_, organisation_id = own_round(visit, name, Action.SUBMIT_PAPERS)
    submit_papers(
        visit.session, round_=round_, actor=visit.actor, moment=database_moment(visit.session)
    )
    return _own(visit, round_.id, organisation_id)


@get("/api/v1/rounds/{name:str}/applicants")
@reads
def all_applicants(visit: Visit, name: FromPath[str]) -> Applicants:
    """List whoever handed papers in."""
    round_ = round_for(visit, name, Action.READ_PAPERS)
    found = applicants(visit.session, round_id=round_.id, moment=database_moment(visit.session))
    return Applicants(
        [
            ApplicantEntry(organisation.id, organisation.name, standing.status, standing.due_at)
            for organisation, standing in found
        ]
    )


@post("/api/v1/rounds/{name:str}/applicants/{organisation_id:int}/reviews", status_code=201)
@writes
def review(
    visit: Visit, name: FromPath[str], organisation_id: RowId, data: JSONBody[ReviewBody]
) -> ReviewBody:
    """Admit a manufacturer's papers, reject them, or ask for what is missing."""
    round_ = round_for(visit, name, Action.REVIEW_PAPERS)
    review_papers(
        visit.session,
        round_=round_,
        step=PaperStep(
            organisation_id=organisation_id,
            status=data.status,
            reason=data.reason.strip(),
            due_at=data.due_at,
        ),
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return data


@get("/api/v1/rounds/{name:str}/papers/{paper_id:int}/file")
@reads
def paper_file(visit: Visit, name: FromPath[str], paper_id: RowId) -> Response[bytes]:
    """Return the file of a paper."""
    return file_answer(visit, name, paper_id)


ROUTES = (own_papers, upload_paper, submit, all_applicants, review, paper_file)
