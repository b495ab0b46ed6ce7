"""Pages of a round's procurement document: reading, commenting, acknowledging."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt, faults_of, round_for, status_of, whole_of
from procurement.rounds.document import amendment_pages
from procurement.rounds.document.clause import CERTAINTY_NAMES
from procurement.rounds.document.files import FORMATS
from procurement.rounds.document.reading import (
    DocumentView,
    file_named,
    version_name,
    version_named,
    view_of,
)
from procurement.rounds.document.service import (
    acknowledge,
    acknowledged_by,
    acknowledgement_of,
    answer_comment,
    awaiting_acknowledgement,
    comment,
    file_of,
    issued_digests,
    make_draft,
    may_list,
    newest_version,
    preview_document,
    takes_comments,
    versions_of,
)
from procurement.rounds.document.tables import DocumentKind
from procurement.rounds.document.versions import IN_FORCE
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/document", include_in_schema=False)
@reads
def show_document(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show a version of the document, the newest unless another is asked for."""
    round_, subject = round_for(visit, name, Action.READ_DOCUMENT)
    return _page(visit, round_, subject)


def _page(
    visit: Visit, round_: Round, subject: Subject, *, refusal: RefusedError | None = None
) -> Response[Any]:
    session = visit.session
    newest = newest_version(session, round_=round_)
    leads = visit.may(Action.AMEND_DOCUMENT, subject)
    if newest is None:
        preview = preview_document(session, round_=round_) if leads else None
        return render(
            visit, "rounds/document_none.html", round=round_, preview=preview, leads=leads
        )
    version = version_named(session, round_=round_, name=visit.query.get("version", ""))
    view = view_of(session, round_=round_, version=version)
    return render(
        visit,
        "rounds/document.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        view=view,
        newest=newest,
        names={one.id: version_name(one) for one in versions_of(session, round_=round_)},
        history=list(reversed(versions_of(session, round_=round_))),
        digests=issued_digests(session, version=version),
        leads=leads,
        marks=CERTAINTY_NAMES,
        takes_comments=_takes_comments(visit, round_, subject, view, newest.id),
        may_answer=visit.may(Action.ANSWER_COMMENT, subject),
        may_draft=leads and newest.kind == DocumentKind.DRAFT,
        acknowledging=_acknowledging(visit, round_, subject, view, newest.id),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        values=visit.form,
    )


def _takes_comments(
    visit: Visit, round_: Round, subject: Subject, view: DocumentView, newest_id: int
) -> bool:
    is_newest_draft = view.version.kind == DocumentKind.DRAFT and view.version.id == newest_id
    return (
        is_newest_draft
        and takes_comments(round_, moment=visit.moment)
        and visit.may(Action.COMMENT_DOCUMENT, subject)
    )


def _acknowledging(
    visit: Visit, round_: Round, subject: Subject, view: DocumentView, newest_id: int
) -> dict[str, Any]:
    """What the page says about acknowledgements; names only after bidding has closed."""
    in_force = view.version.kind in IN_FORCE and view.version.id == newest_id
    own = visit.actor.organisation_id
    may = in_force and visit.may(Action.ACKNOWLEDGE_DOCUMENT, subject)
    given = None
    if may and own is not None:
        given = acknowledgement_of(visit.session, version=view.version, organisation_id=own)
    lists = in_force and may_list(round_) and visit.may(Action.AMEND_DOCUMENT, subject)
    return {
        "may": may,
        "given": given,
        "lists": lists,
        "done": acknowledged_by(visit.session, version=view.version) if lists else [],
        "waiting": awaiting_acknowledgement(visit.session, round_=round_) if lists else [],
    }


@get("/rounds/{name:str}/document/files/{file_name:str}", include_in_schema=False)
@reads
def download(visit: Visit, name: FromPath[str], file_name: FromPath[str]) -> Response[bytes]:
    """Download a version as Word or PDF, in the visitor's language."""
    round_, _subject = round_for(visit, name, Action.READ_DOCUMENT)
    return send_file(visit, round_, file_name, language=visit.query.get("in") or "zh")


def send_file(visit: Visit, round_: Round, file_name: str, *, language: str) -> Response[bytes]:
    """Answer with a file of a version."""
    wanted = file_named(file_name)
    version = version_named(visit.session, round_=round_, name=wanted.version)
    body = file_of(
        visit.session,
        version=version,
        form=wanted.form,
        language="en" if language == "en" else "zh",
        whole=wanted.whole,
    )
    shown = quote(f"{round_.name}-{file_name}")
    return Response(
        body,
        media_type=FORMATS[wanted.form],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{shown}"},
    )


@post("/rounds/{name:str}/document/drafts", include_in_schema=False)
@writes
def add_draft(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Put a new draft on record."""
    round_, subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    refusal = attempt(
        visit,
        lambda: make_draft(visit.session, round_=round_, actor=visit.actor, moment=visit.moment),
    )
    if refusal is not None:
        return _page(visit, round_, subject, refusal=refusal)
    return redirect(f"/rounds/{name}/document")


@post("/rounds/{name:str}/document/comments", include_in_schema=False)
@writes
def add_comment(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Comment on a clause of the newest draft."""
    round_, subject = round_for(visit, name, Action.COMMENT_DOCUMENT)
    clause = visit.form.get("clause", "")
    version = version_named(visit.session, round_=round_, name=visit.form.get("read", ""))
    refusal = attempt(
        visit,
        lambda: comment(
            visit.session,
            round_=round_,
            version=version,
            clause=clause,
            text=visit.form.get("text", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _page(visit, round_, subject, refusal=refusal)
    return redirect(f"/rounds/{name}/document#clause-{clause or 'whole'}")


@post("/rounds/{name:str}/document/comments/{comment_id:int}/answers", include_in_schema=False)
@writes
def add_answer(visit: Visit, name: FromPath[str], comment_id: RowId) -> Response[Any]:
    """Answer a comment for the bureau."""
    round_, subject = round_for(visit, name, Action.ANSWER_COMMENT)
    refusal = attempt(
        visit,
        lambda: answer_comment(
            visit.session,
            round_=round_,
            comment_id=comment_id,
            is_adopted=visit.form.get("adopted") == "yes",
            text=visit.form.get("text", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _page(visit, round_, subject, refusal=refusal)
    return redirect(f"/rounds/{name}/document#comment-{comment_id}")


@post("/rounds/{name:str}/document/acknowledgements", include_in_schema=False)
@writes
def add_acknowledgement(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Acknowledge the document as it stands."""
    round_, subject = round_for(visit, name, Action.ACKNOWLEDGE_DOCUMENT)
    version = version_named(visit.session, round_=round_, name=visit.form.get("read", ""))
    refusal = attempt(
        visit,
        lambda: acknowledge(
            visit.session,
            round_=round_,
            version=version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _page(visit, round_, subject, refusal=refusal)
    return redirect(f"/rounds/{name}/document#acknowledgement")


ROUTES = (
    show_document,
    download,
    add_draft,
    add_comment,
    add_answer,
    add_acknowledgement,
    *amendment_pages.ROUTES,
)
