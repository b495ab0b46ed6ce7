"""Papers of evidence: adding, reading and deleting one."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.orders.pages.typed import posted_content
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.pages.patients.showing import done_or_page, sees_medical
from procurement.pharmacies.patients.at_edge import registration_for
from procurement.pharmacies.patients.papers import BYTES_MAX, add_paper, delete_paper, read_paper
from procurement.pharmacies.patients.reading import find_paper
from procurement.pharmacies.patients.tables import Registration, RegistrationPaper
from procurement.volumes.at_edge import file_answer
from procurement.web import RowId, Visit, writes

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@post(
    "/registrations/{registration_number:str}/papers",
    include_in_schema=False,
    request_max_body_size=2 * BYTES_MAX,
)
@writes
def add(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Add a paper; the file's own name is not kept."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: add_paper(
            visit.session,
            registration=row,
            kind=visit.form.get("kind", ""),
            content=posted_content(visit, "file", BYTES_MAX),
            secret_key=secret_key(visit),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post(
    "/registrations/{registration_number:str}/papers/{paper_id:int}/delete", include_in_schema=False
)
@writes
def delete(visit: Visit, registration_number: FromPath[str], paper_id: RowId) -> Response[Any]:
    """Delete a paper that was not decided on."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    paper = _paper(visit, row, paper_id)
    return done_or_page(
        visit,
        row,
        lambda: delete_paper(
            visit.session,
            registration=row,
            paper=paper,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post(
    "/registrations/{registration_number:str}/papers/{paper_id:int}/open", include_in_schema=False
)
@writes
def open_paper(visit: Visit, registration_number: FromPath[str], paper_id: RowId) -> Response[Any]:
    """Give a paper's content; that somebody read it is recorded, so this is no plain link."""
    row = registration_for(visit, registration_number, Action.READ_REGISTRATION)
    if not sees_medical(visit, row):
        raise NotFoundForActorError
    paper = _paper(visit, row, paper_id)
    content = read_paper(
        visit.session,
        registration=row,
        paper=paper,
        secret_key=secret_key(visit),
        actor=visit.actor,
        moment=visit.moment,
    )
    name = f"{row.number}-{paper.id}.{_ENDINGS.get(paper.media_type, 'bin')}"
    return file_answer(content, name=name, media_type=paper.media_type)


def _paper(visit: Visit, row: Registration, paper_id: int) -> RegistrationPaper:
    paper = find_paper(visit.session, registration_id=row.id, paper_id=paper_id)
    if paper is None:
        raise NotFoundForActorError
    return paper


ROUTES = (add, delete, open_paper)
"""Handlers of these pages."""
