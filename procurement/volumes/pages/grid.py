"""The grid: need by product and strength, beside the use of past years."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.secret_values import new_token
from procurement.errors import InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, status_of, whole_of
from procurement.volumes.at_edge import ReportVisit, report_in_view
from procurement.volumes.cells import storable
from procurement.volumes.filling.figures import FIGURES
from procurement.volumes.filling.fill import Seen, save_entries
from procurement.volumes.filling.grid import Grid, read_grid
from procurement.volumes.filling.grid_form import PostedGrid, read_extra, read_grid_form
from procurement.volumes.lots import asked_lots
from procurement.volumes.reasons import REASONS
from procurement.volumes.states import OPEN_STATUSES
from procurement.volumes.strengths import CONVERSION_NAMES
from procurement.volumes.window import due_at
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/grid", include_in_schema=False)
@reads
def show_grid(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Show the grid; a report that was sent is read on its own page."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    if seen.report.status not in OPEN_STATUSES:
        return redirect(seen.address)
    return _page(visit, seen, posted=None, refusal=None)


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/grid", include_in_schema=False)
@writes
def save_grid(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Keep what can be understood, show what cannot; then go on to the check."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    posted, refusal = _save(visit, seen)
    added = visit.form.get("add")
    if added:
        # A button beside a product: another manufacturer's line, on the same page.
        extra = read_extra([f"{added}-{visit.form.get(f'brand-{added}', '')}"])
        return _page(visit, seen, posted=posted, refusal=refusal, added=extra)
    if refusal is not None or posted.faults:
        return _page(visit, seen, posted=posted, refusal=refusal)
    return redirect(f"{seen.address}/{'grid' if visit.form.get('stay') else 'check'}")


@post(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/draft",
    include_in_schema=False,
    status_code=200,
)
@writes
def save_draft(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Keep the draft every few seconds, for the page's script."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    posted, refusal = _save(visit, seen)
    if isinstance(refusal, StaleError):
        return Response({"zh": refusal.zh, "en": refusal.en}, status_code=409)
    faults = [*posted.faults, *_service_faults(refusal)]
    return Response(
        {
            "saved_at": _iso(visit.moment),
            "version": seen.report.version,
            "faults": [{"field": one.field, "zh": one.zh, "en": one.en} for one in faults],
        }
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _service_faults(refusal: RefusedError | None) -> tuple[Any, ...]:
    return refusal.faults if isinstance(refusal, InvalidInputError) else ()


def _save(visit: Visit, seen: ReportVisit) -> tuple[PostedGrid, RefusedError | None]:
    lots = asked_lots(visit.session, round_id=seen.round.id)
    posted = read_grid_form(visit.form, lots)

    def save() -> None:
        save_entries(
            visit.session,
            report=seen.report,
            entries=posted.entries,
            explanations=posted.explanations,
            seen=Seen(
                FormReader(visit.form).version, storable(visit.form.get("page", ""))[:64] or None
            ),
            moment=visit.moment,
        )

    return posted, attempt(visit, save)


def _page(
    visit: Visit,
    seen: ReportVisit,
    *,
    posted: PostedGrid | None,
    refusal: RefusedError | None,
    added: list[tuple[int, int]] | None = None,
) -> Response[Any]:
    faults = [*(posted.faults if posted else ()), *_service_faults(refusal)]
    status = 200
    if faults:
        status = 422
    if refusal is not None:
        status = status_of(refusal)
    extra = [*(posted.extra if posted else ()), *(added or ())]
    grid = read_grid(
        visit.session, round_=seen.round, report=seen.report, moment=visit.moment, extra=extra
    )
    return render(
        visit,
        "volumes/grid.html",
        status=status,
        round=seen.round,
        report=seen.report,
        hospital=seen.hospital,
        here=seen.address,
        grid=grid,
        values=visit.form if posted is not None else None,
        # A stale page keeps its old version: sending it again must not overwrite either.
        version=visit.form.get("version") if whole_of(refusal) else seen.report.version,
        # Names this page, also where it comes back with faults: its drafts are its own.
        page=visit.form.get("page") or new_token(),
        faults=faults,
        refusal=whole_of(refusal),
        due=due_at(seen.round, seen.report),
        reasons=[(reason.code, visit.text(reason.zh, reason.en)) for reason in REASONS],
        conversions=[(kind.value, visit.text(*names)) for kind, names in CONVERSION_NAMES.items()],
        figures=FIGURES,
        totals=_totals(grid),
    )


def _totals(grid: Grid) -> dict[str, int]:
    return {
        "products": len(grid.products),
        "filled": sum(
            any(line.line is not None for line in product.lines) for product in grid.products
        ),
        "lacking": sum(product.checked.lacks_explanation for product in grid.products),
    }


ROUTES = (show_grid, save_grid, save_draft)
"""Handlers of these pages."""
