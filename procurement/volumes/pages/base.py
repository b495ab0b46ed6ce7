"""Base volumes: added up from accepted reports, with the proof of who is missing."""

import io
import json
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisations_by_id
from procurement.errors import RefusedError
from procurement.files import csv_writer
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt, status_of
from procurement.rounds.tables import Round
from procurement.volumes.aggregate import BaseRow, aggregate, base_rows, latest_run
from procurement.volumes.at_edge import CSV, file_answer, region_words, round_in_view
from procurement.volumes.window import due_at
from procurement.web import Visit, reads, redirect, render, writes

SHOWN_MISSING = 100


@get("/rounds/{name:str}/volumes/base", include_in_schema=False)
@reads
def show_base(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the base volumes by product and region."""
    round_ = round_in_view(visit, name, Action.READ_BASE_VOLUMES)
    return _page(visit, round_, None)


@post("/rounds/{name:str}/volumes/base", include_in_schema=False)
@writes
def add_up(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Add up the accepted reports and keep the result."""
    round_ = round_in_view(visit, name, Action.AGGREGATE_VOLUMES)

    def run() -> None:
        aggregate(visit.session, round_=round_, actor=visit.actor, moment=visit.moment)

    refusal = attempt(visit, run)
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/volumes/base")


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    run = latest_run(visit.session, round_id=round_.id)
    rows = base_rows(visit.session, run_id=run.id) if run else []
    region = visit.query.get("region", "")
    subject = Subject(bureau_id=round_.bureau_id)
    is_lead = visit.may(Action.AGGREGATE_VOLUMES, subject)
    missing_ids = json.loads(run.missing_ids)[:SHOWN_MISSING] if run and is_lead else []
    missing = organisations_by_id(visit.session, organisation_ids=missing_ids)
    return render(
        visit,
        "volumes/base.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        run=run,
        refusal=refusal,
        totals=_totals(row for row in rows if region in ("", row.region)),
        regions=sorted({row.region for row in rows}),
        region=region,
        region_name=lambda code: region_words(visit, code),
        may_aggregate=is_lead and round_.published_at is None,
        is_lead=is_lead,
        missing=[missing[one] for one in missing_ids if one in missing],
        due=due_at(round_),
    )


def _totals(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any iterable of rows
    """Volumes by strength: all of it, and what is tied to a brand."""
    totals: dict[int, dict[str, Any]] = {}
    for row in rows:
        base: BaseRow = row
        total = totals.setdefault(
            base.strength.id, {"row": base, "volume": 0, "by_brand": 0, "brands": {}}
        )
        total["volume"] += base.volume
        if base.brand is not None:
            total["by_brand"] += base.volume
            total["brands"][base.brand] = total["brands"].get(base.brand, 0) + base.volume
    return list(totals.values())


@get("/rounds/{name:str}/volumes/volumes.csv", include_in_schema=False)
@reads
def volumes_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Give the base volumes as the ``volumes.csv`` of a round folder."""
    round_ = round_in_view(visit, name, Action.READ_BASE_VOLUMES)
    run = latest_run(visit.session, round_id=round_.id)
    memory = io.StringIO(newline="")
    writer = csv_writer(memory)
    writer.writerow(["region", "lot", "strength", "strength_ratio", "base_volume", "brand"])
    for row in base_rows(visit.session, run_id=run.id) if run else ():
        ratio = f"{row.strength.strength_ratio:f}"
        place = (row.region, row.lot, row.strength.strength, ratio)
        writer.writerow([*place, row.volume, row.brand or ""])
    return file_answer(memory.getvalue().encode(), name="volumes.csv", media_type=CSV)


ROUTES = (show_base, add_up, volumes_file)
"""Handlers of these pages."""
