"""Past purchases, brought in by a bureau's file."""

from typing import Any

from litestar import Response, get, post

from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.bulk.upload_edge import posted_file
from procurement.volumes.bulk.uploads import SIZE_MAX, receive_upload, uploads_of
from procurement.volumes.filling.columns import HISTORY_COLUMNS
from procurement.volumes.filling.sheets import ENCODINGS
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeUpload
from procurement.web import Visit, reads, redirect, render, writes


@get("/volumes/history", include_in_schema=False)
@reads
def show_history(visit: Visit) -> Response[Any]:
    """List the files of past purchases, and ask for another."""
    visit.require(Action.IMPORT_HISTORY)
    return _page(visit, None)


@post("/volumes/history", include_in_schema=False, request_max_body_size=SIZE_MAX)
@writes
def send_history(visit: Visit) -> Response[Any]:
    """Receive a file of past purchases."""
    visit.require(Action.IMPORT_HISTORY)
    done: list[VolumeUpload] = []

    def receive() -> None:
        done.append(
            receive_upload(
                visit.session,
                round_=None,
                file=posted_file(visit, UploadKind.HISTORY),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, receive)
    if refusal is not None:
        return _page(visit, refusal)
    return redirect(f"/volumes/uploads/{done[0].id}")


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "volumes/history.html",
        status=200 if refusal is None else status_of(refusal),
        uploads=uploads_of(
            visit.session, round_id=None, organisation_id=visit.actor.organisation_id
        ),
        columns=[(column.zh, column.en, column.is_needed) for column in HISTORY_COLUMNS],
        values=visit.form or {"encoding": ENCODINGS[0]},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


ROUTES = (show_history, send_history)
"""Handlers of these pages."""
