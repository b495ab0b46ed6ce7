"""Campaigns: the list, drafting one, its page, its steps."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    campaign_for,
    done_or_shown,
    shown,
    version_of,
)
from procurement.negotiations.campaigns.keys import seats_of
from procurement.negotiations.campaigns.service import (
    NEGOTIATION_KIND,
    RENEWAL_KIND,
    CampaignFacts,
    campaigns_of,
    change_campaign,
    conclude_campaign,
    draft_campaign,
    open_campaign,
    rulebooks_of,
)
from procurement.negotiations.dossiers.filing import dossiers_for, summaries_of, takes_dossiers
from procurement.negotiations.kinds import (
    CAMPAIGN_WORDS,
    STATUS_MARKS,
    STATUS_WORDS,
    TRACK_WORDS,
    CampaignStatus,
    DossierStatus,
    Track,
)
from procurement.negotiations.sessions.pool_standing import pool_course, unsigned_deals
from procurement.negotiations.sessions.standards import standards_of
from procurement.negotiations.subjects import campaign_subject
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Action, Role
from procurement.prices.service import superseded_from
from procurement.rounds.at_edge import attempt, filled_form, typed_moment
from procurement.web import Form, Visit, reads, redirect, render, writes


@get("/negotiations", include_in_schema=False)
@reads
def show_campaigns(visit: Visit) -> Response[Any]:
    """List the campaigns that the visitor may see."""
    rows = campaigns_of(visit.session, actor=visit.actor)
    return render(
        visit,
        "negotiations/campaigns.html",
        rows=[(one, visit.text(*CAMPAIGN_WORDS[CampaignStatus(one.status)])) for one in rows],
        may_draft=visit.may(Action.DRAFT_CAMPAIGN),
    )


@get("/negotiations/new", include_in_schema=False)
@reads
def new_campaign(visit: Visit) -> Response[Any]:
    """Show the form of a new campaign."""
    visit.require(Action.DRAFT_CAMPAIGN)
    return _form(visit, None, None)


@post("/negotiations/new", include_in_schema=False)
@writes
def draft(visit: Visit) -> Response[Any]:
    """Draft a campaign."""
    visit.require(Action.DRAFT_CAMPAIGN)
    name = visit.form.get("name", "")

    def change() -> None:
        reader = Reader(visit.form)
        facts = _facts(reader)
        with reader.checked():
            draft_campaign(
                visit.session, name=name, facts=facts, actor=visit.actor, moment=visit.moment
            )

    return done_or_shown(
        visit, change, f"/negotiations/{name}", lambda refusal: _form(visit, None, refusal)
    )


@get("/negotiations/{campaign:str}/edit", include_in_schema=False)
@reads
def edit_campaign(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Show the form of a campaign that is not open yet."""
    return _form(visit, campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN), None)


@post("/negotiations/{campaign:str}/edit", include_in_schema=False)
@writes
def change(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Change a campaign that is not open yet."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)

    def carry_out() -> None:
        reader = Reader(visit.form)
        facts = _facts(reader)
        with reader.checked():
            change_campaign(
                visit.session,
                campaign=found,
                facts=facts,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    return done_or_shown(
        visit, carry_out, f"/negotiations/{campaign}", lambda refusal: _form(visit, found, refusal)
    )


@get("/negotiations/{campaign:str}", include_in_schema=False)
@reads
def show_campaign(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Show a campaign: timetable, dossiers that the visitor works on, summaries, results."""
    return _page(visit, campaign_for(visit, campaign, Action.READ_CAMPAIGN), None)


@post("/negotiations/{campaign:str}/open", include_in_schema=False)
@writes
def open_(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Open a campaign."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)
    refusal = attempt(
        visit,
        lambda: open_campaign(
            visit.session,
            campaign=found,
            version=version_of(visit),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    return (
        redirect(f"/negotiations/{campaign}") if refusal is None else _page(visit, found, refusal)
    )


@post("/negotiations/{campaign:str}/conclude", include_in_schema=False)
@writes
def conclude(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """End a campaign."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)
    refusal = attempt(
        visit,
        lambda: conclude_campaign(
            visit.session, campaign=found, actor=visit.actor, moment=visit.moment
        ),
    )
    return (
        redirect(f"/negotiations/{campaign}") if refusal is None else _page(visit, found, refusal)
    )


def _page(visit: Visit, campaign: Campaign, refusal: RefusedError | None) -> Response[Any]:
    subject = campaign_subject(visit.session, campaign)
    takes = takes_dossiers(campaign, visit.moment)
    seats = seats_of(visit.session, campaign_id=campaign.id)
    sees_pool = visit.may(Action.READ_SESSION_RECORD, subject)
    standards = standards_of(visit.session, campaign_id=campaign.id)
    return shown(
        visit,
        "campaign.html",
        refusal,
        campaign=campaign,
        phase=visit.text(*CAMPAIGN_WORDS[CampaignStatus(campaign.status)]),
        dossiers=[
            row(visit, one)
            for one in dossiers_for(visit.session, campaign=campaign, actor=visit.actor)
        ],
        summaries=summaries_of(visit.session, campaign_id=campaign.id),
        standards=standards,
        superseded=superseded_from(visit.session, [price for _, _, price in standards]),
        pool=pool_course(visit.session, campaign=campaign) if sees_pool else None,
        unsigned=unsigned_deals(visit.session, campaign=campaign) if sees_pool else 0,
        may_change=visit.may(Action.CHANGE_CAMPAIGN, subject),
        may_apply=takes and Role.MANUFACTURER in visit.actor.roles,
        is_holder=visit.may(Action.MAKE_CAMPAIGN_KEY, subject),
        takes=takes,
        keys_made=sum(seat.key is not None for seat in seats),
        seats=len(seats),
        tracks=[(one.value, visit.text(*words)) for one, words in TRACK_WORDS.items()],
        is_draft=campaign.status == CampaignStatus.DRAFT,
        is_open=campaign.status == CampaignStatus.OPEN,
    )


def row(visit: Visit, dossier: Dossier) -> dict[str, object]:
    """A dossier in a list."""
    status = DossierStatus(dossier.status)
    return {
        "dossier": dossier,
        "maker": dossier.organisation.short_name,
        "track": visit.text(*TRACK_WORDS[Track(dossier.track)]),
        "status": visit.text(*STATUS_WORDS[status]),
        "mark": STATUS_MARKS.get(status, "info"),
    }


def _form(visit: Visit, campaign: Campaign | None, refusal: RefusedError | None) -> Response[Any]:
    return shown(
        visit,
        "campaign_form.html",
        refusal,
        campaign=campaign,
        values=_typed(campaign),
        rulebooks=rulebooks_of(NEGOTIATION_KIND),
        renewal_rulebooks=rulebooks_of(RENEWAL_KIND),
    )


def _typed(campaign: Campaign | None) -> Form:
    if campaign is None:
        return Form()
    pool = "" if campaign.pool is None else f"{campaign.pool.normalize():f}"
    facts = {
        "title": campaign.title,
        "year": str(campaign.year),
        "rulebook": campaign.rulebook,
        "renewal_rulebook": campaign.renewal_rulebook,
        "files_from": typed_moment(campaign.files_from),
        "files_until": typed_moment(campaign.files_until),
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "quorum": str(campaign.quorum),
        "pool": pool,
    }
    return filled_form({name: (value,) for name, value in facts.items()})


def _facts(reader: Reader) -> CampaignFacts:
    return CampaignFacts(
        title=reader.text("title"),
        year=reader.whole("year"),
        rulebook=reader.text("rulebook"),
        renewal_rulebook=reader.text("renewal_rulebook"),
        files_from=reader.moment("files_from"),
        files_until=reader.moment("files_until"),
        starts_on=reader.day("starts_on"),
        ends_on=reader.day("ends_on"),
        quorum=reader.whole("quorum"),
        pool=reader.decimal("pool"),
    )


ROUTES = (
    show_campaigns,
    new_campaign,
    draft,
    edit_campaign,
    change,
    show_campaign,
    open_,
    conclude,
)
"""Handlers of these pages."""
