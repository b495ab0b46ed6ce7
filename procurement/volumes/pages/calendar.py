"""The calendar of all that is due, since rounds overlap."""

from typing import Any

from litestar import Response, get

from procurement.permissions import Action
from procurement.volumes.at_edge import STATUS_KINDS, file_answer, status_words
from procurement.volumes.calendar import calendar_of, ics_of
from procurement.web import Visit, reads, render


@get("/volumes", include_in_schema=False)
@reads
def show_calendar(visit: Visit) -> Response[Any]:
    """Show what is due, the earliest first."""
    visit.require(Action.READ_CALENDAR)
    return render(
        visit,
        "volumes/calendar.html",
        dues=calendar_of(visit.session, actor=visit.actor, moment=visit.moment),
        names=status_words(visit),
        kinds=STATUS_KINDS,
        may_import=visit.may(Action.IMPORT_HISTORY),
    )


@get("/volumes/calendar.ics", include_in_schema=False)
@reads
def calendar_file(visit: Visit) -> Response[Any]:
    """Give the calendar for people's own calendars."""
    visit.require(Action.READ_CALENDAR)
    dues = calendar_of(visit.session, actor=visit.actor, moment=visit.moment)
    host = visit.request.url.hostname or "jicai"
    text = ics_of(dues, host=host, moment=visit.moment)
    return file_answer(text.encode(), name="volumes.ics", media_type="text/calendar")


ROUTES = (show_calendar, calendar_file)
"""Handlers of these pages."""
