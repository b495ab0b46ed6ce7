"""The lead hospital splits the group's report among the members."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import ReportVisit, report_in_view
from procurement.volumes.cells import read_quantity
from procurement.volumes.filling.grid import names_of
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.checks import line_key
from procurement.volumes.reporting.service import lines_of
from procurement.volumes.reporting.splits import group_of, parts_of, propose_parts, save_parts
from procurement.web import RowId, Visit, reads, redirect, render, writes

_PART = re.compile(r"p-([0-9]{1,9})-([0-9]{1,9})")


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/split", include_in_schema=False)
@reads
def show_split(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Show every line with the members' parts: as kept, or proposed by past use."""
    seen = report_in_view(visit, name, report_id, Action.SPLIT_VOLUMES)
    return _page(visit, seen, None)


@post("/rounds/{name:str}/volumes/reports/{report_id:int}/split", include_in_schema=False)
@writes
def split(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Keep the parts, if every line's add up."""
    seen = report_in_view(visit, name, report_id, Action.SPLIT_VOLUMES)

    def save() -> None:
        save_parts(
            visit.session,
            round_=seen.round,
            report=seen.report,
            parts=_posted_parts(visit),
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, save)
    if refusal is not None:
        return _page(visit, seen, refusal)
    return redirect(seen.address)


def _posted_parts(visit: Visit) -> dict[int, dict[int, int]]:
    parts: dict[int, dict[int, int]] = {}
    faults = []
    for field, value in visit.form.items():
        found = _PART.fullmatch(field)
        if found is None:
            continue
        read = read_quantity(value)
        if read.fault is not None:
            faults.append(FieldFault(field, read.fault.zh, read.fault.en))
        parts.setdefault(int(found[1]), {})[int(found[2])] = read.value or 0
    if faults:
        raise InvalidInputError(faults)
    return parts


def _page(visit: Visit, seen: ReportVisit, refusal: RefusedError | None) -> Response[Any]:
    session = visit.session
    lots = {
        strength.id: (lot, strength)
        for lot in asked_lots(session, round_id=seen.round.id)
        for strength in lot.strengths
    }
    lines = lines_of(session, report_id=seen.report.id)
    return render(
        visit,
        "volumes/split.html",
        status=200 if refusal is None else status_of(refusal),
        round=seen.round,
        report=seen.report,
        here=seen.address,
        group=group_of(session, round_=seen.round, report=seen.report, moment=visit.moment),
        rows=[
            {
                "line": line,
                "key": line_key(line.lot_strength_id, line.brand_id),
                "lot": lots[line.lot_strength_id][0],
                "strength": lots[line.lot_strength_id][1].strength,
            }
            for line in lines
            if line.lot_strength_id in lots
        ],
        brand_names=names_of(session, [line.brand_id for line in lines]),
        kept=parts_of(session, report_id=seen.report.id),
        proposed=propose_parts(session, round_=seen.round, report=seen.report, moment=visit.moment),
        values=visit.form if refusal else None,
        # Nothing of a refused form is kept, so that it still is about what it showed.
        version=visit.form.get("version") if refusal else seen.report.version,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


ROUTES = (show_split, split)
"""Handlers of these pages."""
