"""The award: proposed by one officer and confirmed by another, then shown to everybody."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.awards.evaluation import report_numbered
from procurement.awards.fixing import award_of, awarded_bids, propose_award
from procurement.awards.pages.access import Sight, seen_round, sight_of
from procurement.awards.pages.awarded_lots import AwardedLot, awarded_lots
from procurement.awards.pages.files import file_answer, head_of
from procurement.awards.pages.tabled import award_tables
from procurement.awards.pages.words import DISCLOSURE_WORDS, STATUS_KINDS, say
from procurement.awards.tables import Award
from procurement.bids.at_edge import round_for, subject_for
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.hooks import installed
from procurement.rounds.proposals import StepRequest
from procurement.rounds.tables import Round, RoundStatus, Step
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/award", include_in_schema=False)
@reads
def show_award(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the award, or to an officer how far it is from being fixed."""
    round_, sight = seen_round(visit, name)
    return _page(visit, round_, sight, None)


def _page(visit: Visit, round_: Round, sight: Sight, refusal: RefusedError | None) -> Response[Any]:
    award = award_of(visit.session, round_id=round_.id)
    may_propose = round_.status == RoundStatus.ANNOUNCED and visit.may(
        Action.PROPOSE_STEP, subject_for(visit, round_)
    )
    lots = [] if award is None else _lots(visit, round_, sight)
    return render(
        visit,
        "awards/award.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        sight=sight,
        award=award,
        lots=lots,
        own=[lot for lot in lots if any(bid.is_own for bid in lot.bids)],
        is_bidder=award is not None and _has_bid(visit, award, sight),
        may_propose=may_propose,
        checks=_checks(visit, round_) if may_propose else [],
        disclosed=say(DISCLOSURE_WORDS[sight.disclosure], visit.language),
        kinds=STATUS_KINDS,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _lots(visit: Visit, round_: Round, sight: Sight) -> list[AwardedLot]:
    return awarded_lots(awarded_bids(visit.session, round_id=round_.id), sight)


def _has_bid(visit: Visit, award: Award, sight: Sight) -> bool:
    if sight.organisation_id is None:
        return False
    report = report_numbered(visit.session, report_id=award.report_id)
    return bool(report.bids_of(sight.organisation_id))


def _checks(visit: Visit, round_: Round) -> list[Any]:
    """What is looked at before the proposal; the first day is looked at once it is typed."""
    kind = installed().steps.get(Step.FIX_AWARD)
    if kind is None:
        return []
    about = visit.form.get("starts_on", "")
    request = StepRequest(round_=round_, about=about, moment=visit.moment)
    found = kind.checks(visit.session, request)
    return [one for one in found if one.key != "starts-on"]


@post("/rounds/{name:str}/award", include_in_schema=False)
@writes
def propose(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Propose to fix the award from the notice."""
    round_ = round_for(visit, name, Action.PROPOSE_STEP)
    made: list[int] = []

    def change() -> None:
        proposal = propose_award(
            visit.session,
            round_=round_,
            starts_on=_day(visit),
            actor=visit.actor,
            moment=visit.moment,
            version=FormReader(visit.form).version,
        )
        made.append(proposal.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, sight_of(visit, round_), refusal)
    return redirect(f"/rounds/{name}/proposals/{made[0]}")


def _day(visit: Visit) -> date:
    try:
        return date.fromisoformat(visit.form.get("starts_on", ""))
    except ValueError as error:
        fault = FieldFault(
            "starts_on",
            "须为日期，例如 2027-03-01。",
            "Expected a day, such as 2027-03-01.",
        )
        raise InvalidInputError([fault]) from error


@get("/rounds/{name:str}/award/file/{kind:str}", include_in_schema=False)
@reads
def award_file(visit: Visit, name: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """Send the award as Excel or PDF."""
    round_, sight = seen_round(visit, name)
    award = award_of(visit.session, round_id=round_.id)
    if award is None:
        raise NotFoundForActorError
    report = report_numbered(visit.session, report_id=award.report_id)
    title = visit.text("中选结果", "Award")
    disclosed = say(DISCLOSURE_WORDS[sight.disclosure], visit.language)
    head = head_of(visit, round_, report, title, disclosed)
    tables = award_tables(_lots(visit, round_, sight), head)
    return file_answer(visit, kind, f"{name}-award", head, tables)


ROUTES = (show_award, propose, award_file)
"""Handlers of these pages."""
