"""Who takes part in a campaign: appointments, keyholders and their keys."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from bidding.sealing.slip39_words import WORDS
from procurement.bids.at_edge import answer_script, json_bytes, read_document
from procurement.bids.keyholders.holder_proof import read_statement
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    campaign_for,
    done_or_shown,
    one_of,
    part_names,
    shown,
)
from procurement.negotiations.campaigns.keys import PREFIX, hand_over_key, seats_of
from procurement.negotiations.campaigns.members import (
    appoint,
    end_appointment,
    members_of,
    possible_members,
)
from procurement.negotiations.campaigns.service import name_holders, possible_holders
from procurement.negotiations.dossiers.filing import dossiers_for, find_dossier
from procurement.negotiations.kinds import CampaignStatus, Part
from procurement.negotiations.subjects import campaign_subject
from procurement.negotiations.tables import Campaign
from procurement.permissions import Action
from procurement.web import WITH_WASM, RowId, Visit, reads, writes

_IDS_MAX = 9


@get("/negotiations/{campaign:str}/members", include_in_schema=False)
@reads
def show_members(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Show who is appointed as what."""
    return _members(visit, campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN), None)


@post("/negotiations/{campaign:str}/members", include_in_schema=False)
@writes
def appoint_member(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Appoint somebody, for the campaign or for one dossier."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)

    def change() -> None:
        reader = Reader(visit.form)
        part = one_of(tuple(Part), reader.text("part"), "part")
        person, dossier_id = reader.whole("person_id"), reader.whole("dossier_id")
        with reader.checked():
            appoint(
                visit.session,
                campaign=found,
                dossier=None
                if not dossier_id
                else find_dossier(
                    visit.session, campaign=found, dossier_id=_id(dossier_id, "dossier_id")
                ),
                person_id=_id(person, "person_id"),
                part=part,
                actor=visit.actor,
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"/negotiations/{campaign}/members",
        lambda refusal: _members(visit, found, refusal),
    )


@post("/negotiations/{campaign:str}/members/{member_id:int}/end", include_in_schema=False)
@writes
def end_member(visit: Visit, campaign: FromPath[str], member_id: RowId) -> Response[Any]:
    """End an appointment."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)
    return done_or_shown(
        visit,
        lambda: end_appointment(
            visit.session,
            campaign=found,
            member_id=member_id,
            actor=visit.actor,
            moment=visit.moment,
        ),
        f"/negotiations/{campaign}/members",
        lambda refusal: _members(visit, found, refusal),
    )


@get("/negotiations/{campaign:str}/keys", include_in_schema=False, opt=WITH_WASM)
@reads
def show_keys(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Show the keyholders; a holder makes the own key here, an officer names them."""
    return _keys(visit, campaign_for(visit, campaign, Action.READ_CAMPAIGN), None)


@post("/negotiations/{campaign:str}/holders", include_in_schema=False)
@writes
def name_keyholders(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Name the keyholders, seat by seat in the order of their names."""
    found = campaign_for(visit, campaign, Action.CHANGE_CAMPAIGN)
    return done_or_shown(
        visit,
        lambda: name_holders(
            visit.session,
            campaign=found,
            organisation_ids=[_typed_id(one) for one in visit.form.all("holders")],
            actor=visit.actor,
            moment=visit.moment,
        ),
        f"/negotiations/{campaign}/keys",
        lambda refusal: _keys(visit, found, refusal),
    )


@post("/negotiations/{campaign:str}/keys", include_in_schema=False, status_code=200)
@writes
def hand_over(visit: Visit, campaign: FromPath[str], body: RawBody) -> Response[bytes]:
    """Take the public keys that a holder's browser made, in a statement that they sign."""
    found = campaign_for(visit, campaign, Action.MAKE_CAMPAIGN_KEY)

    def answer() -> Response[bytes]:
        hand_over_key(
            visit.session,
            campaign=found,
            actor=visit.actor,
            statement=read_document("keys", lambda: read_statement(body)),
            moment=visit.moment,
        )
        return json_bytes("{}")

    return answer_script(visit, answer)


def _members(visit: Visit, campaign: Campaign, refusal: RefusedError | None) -> Response[Any]:
    rows = members_of(visit.session, campaign_id=campaign.id)
    dossiers = dossiers_for(visit.session, campaign=campaign, actor=visit.actor)
    return shown(
        visit,
        "members.html",
        refusal,
        campaign=campaign,
        rows=rows,
        parts=part_names(visit),
        people=[
            (one.id, one.name)
            for one in possible_members(visit.session, campaign=campaign)
            if one.id != visit.actor.person_id
        ],
        dossiers=[(one.id, one.product) for one in dossiers],
        drugs={one.id: one.product for one in dossiers},
    )


def _keys(visit: Visit, campaign: Campaign, refusal: RefusedError | None) -> Response[Any]:
    seats = seats_of(visit.session, campaign_id=campaign.id)
    own = next((one for one in seats if one.organisation.id == visit.actor.organisation_id), None)
    subject = campaign_subject(visit.session, campaign)
    is_draft = campaign.status == CampaignStatus.DRAFT
    may_name = is_draft and visit.may(Action.CHANGE_CAMPAIGN, subject)
    return shown(
        visit,
        "keys.html",
        refusal,
        campaign=campaign,
        seats=seats,
        own=own if visit.may(Action.MAKE_CAMPAIGN_KEY, subject) else None,
        may_make=own is not None and is_draft and visit.may(Action.MAKE_CAMPAIGN_KEY, subject),
        may_name=may_name,
        possible=[(one.id, one.name) for one in possible_holders(visit.session)]
        if may_name
        else [],
        statement_name=PREFIX + campaign.name,
        word_list=WORDS,
    )


def _typed_id(text: str) -> int:
    whole = int(text) if text.isascii() and text.isdigit() and len(text) <= _IDS_MAX else None
    return _id(whole, "holders")


def _id(number: int | None, field: str) -> int:
    if number is None or not 0 < number < 10**_IDS_MAX:
        raise InvalidInputError([FieldFault(field, "请选择。", "Choose one.")])
    return number


ROUTES = (show_members, appoint_member, end_member, show_keys, name_keyholders, hand_over)
"""Handlers of these pages."""
