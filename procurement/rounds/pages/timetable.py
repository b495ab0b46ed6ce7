"""Pages: the dates of a round."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    typed_moment,
    whole_of,
)
from procurement.rounds.rules import DATE_NAMES, Part, Timetable, may_change
from procurement.rounds.scheduling import change_timetable
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/timetable", include_in_schema=False)
@reads
def show_timetable(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the dates, to be changed."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    values = {field: typed_moment(getattr(round_, field)) for field in DATE_NAMES}
    return _page(visit, round_, values, None)


@post("/rounds/{name:str}/timetable", include_in_schema=False)
@writes
def save_timetable(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Set the dates."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(visit.form)
    timetable = Timetable(**{field: _moment(reader, round_, field) for field in DATE_NAMES})

    def change() -> None:
        with reader.checked():
            change_timetable(
                visit.session,
                round_=round_,
                timetable=timetable,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, visit.form, refusal)
    return redirect(f"/rounds/{name}/draft")


def _moment(reader: FormReader, round_: Round, field: str) -> datetime | None:
    """Read a date; one that is posted as it was shown stays what it is, to the microsecond."""
    stored: datetime | None = getattr(round_, field)
    is_as_shown = stored is not None and reader.text(field) == typed_moment(stored)
    return stored if is_as_shown else reader.moment(field)


def _page(
    visit: Visit, round_: Round, values: Mapping[str, str], refusal: RefusedError | None
) -> Response[Any]:
    return render(
        visit,
        "rounds/timetable.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        dates=[(field, visit.text(*names)) for field, names in DATE_NAMES.items()],
        is_open=may_change(Part.TIMETABLE, RoundStatus(round_.status)),
    )


ROUTES = (show_timetable, save_timetable)
"""Handlers of these pages."""
