"""The front page of monitoring: published reports, the shortage list, one's own surveys."""

from typing import Any

from litestar import Response, get

from procurement.monitoring.pages.words import words
from procurement.monitoring.report.publishing import reports_seen
from procurement.monitoring.shortages.deciding import shortages_on
from procurement.monitoring.subjects import own_monitoring
from procurement.monitoring.surveys.listing import open_for
from procurement.orders.pages.typed import page_number
from procurement.permissions import Action, Subject
from procurement.web import Visit, paginate, reads, render

PUBLIC = Subject(is_public=True)
SHORTAGES_SHOWN = 8


@get("/monitoring", include_in_schema=False)
@reads
def show_monitoring(visit: Visit) -> Response[Any]:
    """Show what is published, and what the visitor has to do with it."""
    visit.require(Action.READ_MONITORING_REPORT, PUBLIC)
    own = visit.actor.organisation_id
    sees_drafts = visit.may(Action.READ_MONITORING, own_monitoring(visit.actor))
    reports = reports_seen(actor=visit.actor, sees_drafts=sees_drafts)
    shortages = shortages_on(visit.session)
    return render(
        visit,
        "monitoring/hub.html",
        reports=paginate(visit.session, reports, number=page_number(visit)),
        shortages=shortages[:SHORTAGES_SHOWN],
        shortage_count=len(shortages),
        surveys=[] if own is None else open_for(visit.session, organisation_id=own),
        **words(visit),
    )


ROUTES = (show_monitoring,)
"""Handlers of these pages."""
