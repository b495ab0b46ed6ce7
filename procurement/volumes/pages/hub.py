"""The page of a round's volumes: a hospital's way to its report, a bureau's overview."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.errors import RefusedError
from procurement.permissions import Action, Role
from procurement.rounds.at_edge import attempt, status_of
from procurement.rounds.tables import Round
from procurement.volumes.aggregate import latest_run
from procurement.volumes.at_edge import (
    STATUS_KINDS,
    public_round,
    region_words,
    report_address,
    round_in_view,
    status_words,
)
from procurement.volumes.groups import lead_of, membership_day
from procurement.volumes.known_needs import installed
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.listing import progress_by_region
from procurement.volumes.reporting.service import report_of_hospital, start_report
from procurement.volumes.reporting.splits import parts_of_member
from procurement.volumes.subjects import hospital_subject, visible_division
from procurement.volumes.window import due_at, is_window_open, rule_of, takes_reports, years_of
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/volumes", include_in_schema=False)
@reads
def show_volumes(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show a hospital the way to its report, a bureau how far its regions are."""
    visit.require(Action.READ_CALENDAR)
    if Role.HOSPITAL in visit.actor.roles:
        return _hospital_page(visit, public_round(visit, name), None)
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    division = visible_division(round_, visit.actor)
    rows = progress_by_region(visit.session, round_=round_, moment=visit.moment, division=division)
    return render(
        visit,
        "volumes/progress.html",
        round=round_,
        rows=rows,
        due=due_at(round_),
        region_name=lambda code: region_words(visit, code),
        run=latest_run(visit.session, round_id=round_.id),
        may_upload=visit.may_ever(Action.UPLOAD_VOLUMES),
        is_lead=visit.actor.organisation_id == round_.bureau_id,
    )


@post("/rounds/{name:str}/volumes/start", include_in_schema=False)
@writes
def start(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Begin the report of the visitor's hospital; go on with the one that exists."""
    visit.require(Action.READ_CALENDAR)
    round_ = public_round(visit, name)
    hospital = _own_hospital(visit)
    subject = hospital_subject(visit.session, round_=round_, hospital=hospital, moment=visit.moment)
    visit.require(Action.REPORT_VOLUMES, subject)

    def begin() -> None:
        start_report(
            visit.session,
            round_=round_,
            hospital=hospital,
            actor=visit.actor,
            moment=visit.moment,
            needs=installed(),
        )

    refusal = attempt(visit, begin)
    if refusal is not None:
        return _hospital_page(visit, round_, refusal)
    report = report_of_hospital(visit.session, round_id=round_.id, hospital_id=hospital.id)
    assert report is not None  # noqa: S101 - it was just begun
    return redirect(f"{report_address(round_, report)}/grid")


def _own_hospital(visit: Visit) -> Organisation:
    return visit.session.get_one(Organisation, visit.actor.organisation_id)


def _hospital_page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    session, hospital = visit.session, _own_hospital(visit)
    report = report_of_hospital(session, round_id=round_.id, hospital_id=hospital.id)
    day = membership_day(round_, moment=visit.moment)
    lead_id = lead_of(session, hospital_id=hospital.id, day=day)
    is_led = lead_id is not None and lead_id != hospital.id
    rule = rule_of(round_)
    return render(
        visit,
        "volumes/hospital.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        refusal=refusal,
        report=report,
        names=status_words(visit),
        kinds=STATUS_KINDS,
        due=due_at(round_, report),
        is_open=takes_reports(session, round_=round_),
        may_send=is_window_open(session, round_=round_, report=report, moment=visit.moment),
        is_ahead=round_.volume_opens_at is not None and visit.moment < round_.volume_opens_at,
        lead=session.get_one(Organisation, lead_id) if is_led else None,
        parts=_parts(visit, round_, hospital) if is_led else (),
        rule=rule,
        years=years_of(round_, rule),
        lots=asked_lots(session, round_id=round_.id),
    )


def _parts(visit: Visit, round_: Round, hospital: Organisation) -> list[dict[str, object]]:
    """What the lead hospital's report holds for this hospital."""
    places = {
        strength.id: (lot, strength)
        for lot in asked_lots(visit.session, round_id=round_.id)
        for strength in lot.strengths
    }
    return [
        {
            "lot": places[line.lot_strength_id][0],
            "strength": places[line.lot_strength_id][1].strength,
            "volume": volume,
        }
        for line, volume in parts_of_member(
            visit.session, round_id=round_.id, member_id=hospital.id
        )
        if line.lot_strength_id in places
    ]


ROUTES = (show_volumes, start)
"""Handlers of these pages."""
