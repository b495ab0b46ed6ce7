"""The list of rounds, one round with its life, and its draft as a list of tasks."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.accounts.divisions import division_name
from procurement.permissions import Action, Subject
from procurement.rounds.advancing import next_by_officer
from procurement.rounds.at_edge import round_for
from procurement.rounds.drafting import regions_of
from procurement.rounds.hooks import installed
from procurement.rounds.overview import draft_sections
from procurement.rounds.participants import participants_of
from procurement.rounds.proposals import StepRequest, proposals_of
from procurement.rounds.reading import (
    Moment,
    bureau_of,
    life_of,
    neighbours,
    next_deadline,
    rounds_for,
)
from procurement.rounds.rules import TRANSITIONS
from procurement.rounds.sheet import lots_of
from procurement.rounds.status import STATUS_NAMES, STEP_NAMES
from procurement.rounds.tables import ParticipantPart, Round, RoundStatus, Step
from procurement.web import PageNumber, Visit, paginate, reads, render
from rulebooks import load_rulebook

STATUS_KINDS: dict[RoundStatus, str] = {
    RoundStatus.DRAFT: "neutral",
    RoundStatus.IMPORTED: "neutral",
    RoundStatus.RUNNING: "good",
    RoundStatus.AWARDED: "good",
    RoundStatus.CANCELLED: "bad",
    RoundStatus.BIDDING: "warning",
    RoundStatus.SECOND_ANSWERS: "warning",
}
"""How a status is marked; the others are ``info``."""


@get("/rounds", include_in_schema=False)
@reads
def list_rounds(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List the rounds that the visitor may read, filtered by status and words."""
    status, words = visit.query.get("status", ""), visit.query.get("words", "").strip()[:100]
    statuses = (status,) if status in tuple(RoundStatus) else ()
    found = rounds_for(visit.actor, statuses=statuses, words=words)
    return render(
        visit,
        "rounds/rounds.html",
        page=paginate(visit.session, found, number=page),
        wanted=status,
        words=words,
        names=status_words(visit),
        kinds=STATUS_KINDS,
        may_draft=visit.may_ever(Action.DRAFT_ROUND),
        due=lambda round_: next_deadline(round_, moment=visit.moment),
    )


@get("/rounds/{name:str}", include_in_schema=False)
@reads
def show_round(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show a round: where it stands, who did what, what comes next."""
    round_, subject = round_for(visit, name, Action.READ_ROUND)
    is_lead = visit.actor.organisation_id == round_.bureau_id
    life = life_of(visit.session, round_=round_, moment=visit.moment, with_names=is_lead)
    keyholders = participants_of(visit.session, round_id=round_.id, part=ParticipantPart.KEYHOLDER)
    observers = participants_of(visit.session, round_id=round_.id, part=ParticipantPart.OBSERVER)
    followed, followers = neighbours(visit.session, round_=round_, actor=visit.actor)
    return render(
        visit,
        "rounds/round.html",
        round=round_,
        life=[entry_of(visit, one) for one in life],
        due=next_deadline(round_, moment=visit.moment),
        names=status_words(visit),
        kinds=STATUS_KINDS,
        bureau=bureau_of(visit.session, round_=round_),
        rulebook=load_rulebook(round_.rulebook),
        regions=[
            visit.text(*division_name(one)) for one in regions_of(visit.session, round_id=round_.id)
        ],
        lots=lots_of(visit.session, round_id=round_.id),
        keyholders=keyholders,
        observers=observers,
        followed=followed,
        followers=followers,
        links=_links(visit, round_, subject),
        **_offers(visit, round_, subject),
    )


def _offers(visit: Visit, round_: Round, subject: Subject) -> dict[str, Any]:
    """What an officer of the lead bureau may do now."""
    may_change = visit.may(Action.CHANGE_ROUND, subject)
    may_propose = visit.may(Action.PROPOSE_STEP, subject)
    status = RoundStatus(round_.status)
    is_lead = visit.actor.is_signed_in and visit.actor.organisation_id == round_.bureau_id
    proposals = proposals_of(visit.session, round_id=round_.id) if is_lead else ()
    return {
        "may_change": may_change,
        "may_propose": may_propose,
        "may_simulate": visit.may(Action.SIMULATE_ROUND, subject),
        "next_statuses": next_by_officer(status) if may_change else (),
        "may_cancel": may_propose and RoundStatus.CANCELLED in TRANSITIONS[status],
        "proposals": proposals,
        "step_names": {step: visit.text(*names) for step, names in STEP_NAMES.items()},
        "publishable": Step.PUBLISH if status == RoundStatus.COMMENTS else None,
        "is_drafted": status
        in (RoundStatus.DRAFT, RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS),
    }


def _links(visit: Visit, round_: Round, subject: Subject) -> list[tuple[str, str]]:
    """Label and address of the pages that other stages have about the round."""
    status = RoundStatus(round_.status)
    return [
        (visit.text(link.zh, link.en), f"/rounds/{round_.name}/{link.path}")
        for link in installed().links
        if visit.may(link.action, subject) and (not link.statuses or status in link.statuses)
    ]


def entry_of(visit: Visit, one: Moment) -> dict[str, object]:
    """Return an entry of the timeline as the template takes it."""
    actor = "、".join(one.who) if visit.language == "zh" else ", ".join(one.who)
    if one.by_clock:
        actor = visit.text("按时间安排自动进行", "by the timetable")
    return {
        "title": visit.text(one.zh, one.en),
        "moment": one.at,
        "state": one.state,
        "actor": actor,
        "note": visit.text(one.reason, one.reason_en),
    }


def status_words(visit: Visit) -> dict[str, str]:
    """Return the name of each status in the visitor's language."""
    return {status: visit.text(*names) for status, names in STATUS_NAMES.items()}


@get("/rounds/{name:str}/draft", include_in_schema=False)
@reads
def show_draft(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the draft as a list of tasks, with what is looked at before the publication."""
    round_, subject = round_for(visit, name, Action.CHANGE_ROUND)
    checks = list(
        installed()
        .steps[Step.PUBLISH]
        .checks(visit.session, StepRequest(round_=round_, moment=visit.moment))
    )
    return render(
        visit,
        "rounds/draft.html",
        round=round_,
        sections=draft_sections(round_, checks),
        checks=checks,
        names=status_words(visit),
        kinds=STATUS_KINDS,
        next_statuses=next_by_officer(RoundStatus(round_.status)),
        may_propose=visit.may(Action.PROPOSE_STEP, subject),
        publishable=round_.status == RoundStatus.COMMENTS,
    )


ROUTES = (list_rounds, show_round, show_draft)
"""Handlers of these pages."""
