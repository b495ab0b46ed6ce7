"""The page on which winners choose regions in turn; it loads itself again after every turn."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.awards.regions.at_edge import (
    choice_of,
    lot_views,
    progress_of,
    read_regions,
    require_lot,
    round_for_regions,
    version_of,
)
from procurement.awards.regions.choosers import region_name
from procurement.awards.regions.preferences import PreferenceList, keep_preferences
from procurement.awards.regions.service import (
    assign_region,
    choose_region,
    prolong_turn,
    start_choice,
)
from procurement.awards.regions.subjects import regions_subject
from procurement.awards.regions.ways import WAY_NAMES
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes

PASS = "pass"  # noqa: S105 - what a form sends instead of a region


@get("/rounds/{name:str}/regions", include_in_schema=False)
@reads
def show_regions(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show whose turn it is in each lot, and what was chosen."""
    return _page(visit, round_for_regions(visit, name, Action.READ_REGIONS), None)


def _page(
    visit: Visit, round_: Round, refusal: RefusedError | None, code: str | None = None
) -> Response[Any]:
    views, choice = lot_views(visit, round_), choice_of(visit, round_)
    subject = regions_subject(visit.session, round_=round_, actor=visit.actor)
    done, total = progress_of(views)
    return render(
        visit,
        "awards/regions.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        choice=choice,
        views=views,
        done=done,
        total=total,
        seen=version_of(views),
        may_run=visit.may(Action.RUN_REGION_CHOICE, subject),
        may_prefer=round_.status == RoundStatus.AWARDED,
        region_name=lambda region: visit.text(*region_name(region)),
        way_name=lambda way: visit.text(*WAY_NAMES[way]),
        values=visit.form,
        at_lot=code,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@get("/rounds/{name:str}/regions/state", include_in_schema=False)
@reads
def state(visit: Visit, name: FromPath[str]) -> dict[str, object]:
    """Tell a page how far the choice is, and when it should load itself again."""
    round_ = round_for_regions(visit, name, Action.READ_REGIONS)
    views = lot_views(visit, round_)
    done, total = progress_of(views)
    has_changed = visit.query.get("seen", "") != version_of(views)
    return {
        "done": done,
        "total": total,
        "state": "done" if has_changed else "running",
        "zh": "",
        "en": "",
        "next": f"/rounds/{name}/regions" if has_changed else None,
    }


@post("/rounds/{name:str}/regions/start", include_in_schema=False)
@writes
def start(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Start the first winner's clock in each lot."""
    round_ = round_for_regions(visit, name, Action.RUN_REGION_CHOICE)
    reader = FormReader(visit.form)
    minutes = reader.whole("minutes_per_turn")

    def change() -> None:
        with reader.checked():
            start_choice(
                visit.session,
                round_=round_,
                minutes_per_turn=minutes or 0,
                actor=visit.actor,
                moment=database_moment(visit.session),
            )

    return _answered(visit, round_, attempt(visit, change))


def _answered(
    visit: Visit, round_: Round, refusal: RefusedError | None, code: str | None = None
) -> Response[Any]:
    if refusal is not None:
        return _page(visit, round_, refusal, code)
    return redirect(f"/rounds/{round_.name}/regions{'' if code is None else '#' + code}")


@post("/rounds/{name:str}/regions/{code:str}/choose", include_in_schema=False)
@writes
def choose(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Choose a region in one's own turn."""
    round_ = round_for_regions(visit, name, Action.CHOOSE_REGION)
    region = visit.form.get("region", "")

    def change() -> None:
        choose_region(
            visit.session,
            round_=round_,
            lot_code=code,
            region=None if region == PASS else region,
            actor=visit.actor,
        )

    return _answered(visit, round_, attempt(visit, change), code)


@post("/rounds/{name:str}/regions/{code:str}/preferences", include_in_schema=False)
@writes
def prefer(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Keep the lists of regions that the winner prefers, for when it is silent."""
    round_ = round_for_regions(visit, name, Action.CHOOSE_REGION)
    view = require_lot(visit, round_, code)
    own = view.own
    if own is None:
        raise NotFoundForActorError

    def change() -> None:
        for field, spare in (("main", False), ("spare", True)):
            regions = read_regions(visit, visit.form.get(field, ""), view.lot, field)
            wanted = PreferenceList(lot=view.lot, winner=own.winner, regions=regions, spare=spare)
            keep_preferences(
                visit.session,
                round_=round_,
                wanted=wanted,
                actor=visit.actor,
                moment=visit.moment,
            )

    return _answered(visit, round_, attempt(visit, change), code)


@post("/rounds/{name:str}/regions/{code:str}/assign", include_in_schema=False)
@writes
def assign(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Assign a region to a silent winner without a list."""
    round_ = round_for_regions(visit, name, Action.RUN_REGION_CHOICE)

    def change() -> None:
        assign_region(
            visit.session,
            round_=round_,
            lot_code=code,
            region=visit.form.get("region", ""),
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
        )

    return _answered(visit, round_, attempt(visit, change), code)


@post("/rounds/{name:str}/regions/{code:str}/prolong", include_in_schema=False)
@writes
def prolong(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Give a silent winner more time."""
    round_ = round_for_regions(visit, name, Action.RUN_REGION_CHOICE)
    reader = FormReader(visit.form)
    minutes = reader.whole("minutes")

    def change() -> None:
        with reader.checked():
            prolong_turn(
                visit.session,
                round_=round_,
                lot_code=code,
                minutes=minutes or 0,
                actor=visit.actor,
            )

    return _answered(visit, round_, attempt(visit, change), code)


ROUTES = (show_regions, state, start, choose, prefer, assign, prolong)
"""Handlers of this page."""
