"""The home page: what waits for the visitor."""

from typing import Any

from litestar import Response, get

from procurement.home.audit_pages import ROUTES as AUDIT
from procurement.home.help import ROUTES as HELP
from procurement.home.service import tasks_of
from procurement.notices import notices_of
from procurement.rounds.reading import running_rounds
from procurement.web import Visit, reads, render


@get("/", include_in_schema=False)
@reads
def home(visit: Visit) -> Response[Any]:
    """Show what waits, what is running, and the news."""
    tasks = tasks_of(visit.session, actor=visit.actor, moment=visit.moment)
    organisation_id = visit.actor.organisation_id
    notices = notices_of(visit.session, organisation_id=organisation_id) if organisation_id else ()
    running = running_rounds(visit.session, actor=visit.actor, moment=visit.moment)
    return render(visit, "home/home.html", tasks=tasks, notices=notices, running=running)


ROUTES = (home, *AUDIT, *HELP)
