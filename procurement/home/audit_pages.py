"""The page of the audit record."""

from typing import Any

from litestar import Response, get

from procurement.audit import broken_link
from procurement.bids.at_edge import secret_key
from procurement.database import database_moment
from procurement.home import hold_pages
from procurement.home.audit_export import export_record
from procurement.home.audit_record import entries, lines_of
from procurement.home.audit_words import ACTION_WORDS, FACT_WORDS
from procurement.permissions import Action, Subject
from procurement.web import PageNumber, Visit, paginate, reads, render, writes

SUBJECT_MAX = 100


@get("/audit", include_in_schema=False)
@reads
def show_audit(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List what was done: all of it for a supervisor, the own organisation's for the others."""
    subject = visit.query.get("subject", "").strip()[:SUBJECT_MAX]
    action = visit.query.get("action", "")
    found = entries(
        organisation_id=None if _sees_all(visit) else visit.actor.organisation_id,
        subject=subject,
        action=action if action in ACTION_WORDS else "",
    )
    shown = paginate(visit.session, found, number=page)
    return render(
        visit,
        "home/audit.html",
        page=shown,
        lines=lines_of(visit.session, shown.rows),
        words=ACTION_WORDS,
        fact_words=FACT_WORDS,
        sees_all=_sees_all(visit),
    )


@get("/audit/check", include_in_schema=False)
@reads
def check_audit(visit: Visit) -> Response[Any]:
    """Compute the chain of digests again, over the whole record."""
    visit.require(Action.READ_AUDIT)
    return render(visit, "home/audit_check.html", broken=broken_link(visit.session))


@get("/audit/record.jsonl", include_in_schema=False)
@writes
def export_audit(visit: Visit) -> Response[bytes]:
    """Send the whole record, for ``jicai verify``.

    The first export of an installation makes the key that signs it.
    """
    visit.require(Action.READ_AUDIT)
    lines = export_record(
        visit.session, secret_key=secret_key(visit), moment=database_moment(visit.session)
    )
    return Response(
        "".join(lines).encode(),
        media_type="application/jsonl",
        headers={"content-disposition": 'attachment; filename="audit-record.jsonl"'},
    )


def _sees_all(visit: Visit) -> bool:
    if visit.may(Action.READ_AUDIT):
        return True
    visit.require(Action.READ_AUDIT, Subject(organisation_id=visit.actor.organisation_id))
    return False


ROUTES = (show_audit, check_audit, export_audit, *hold_pages.ROUTES)
