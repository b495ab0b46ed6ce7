"""The session around the table: its arrangement, the keyholders' shares, the record."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from pricing.session import EVENT_WORDS, EventKind
from procurement.bids.at_edge import answer_script, json_bytes, secret_key
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    done_or_shown,
    dossier_for,
    shown,
)
from procurement.negotiations.campaigns.keys import own_seat, seats_of
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.groups.policies import POLICY_WORDS
from procurement.negotiations.kinds import (
    SESSION_WORDS,
    DossierStatus,
    SessionStatus,
)
from procurement.negotiations.people_names import names_of
from procurement.negotiations.sessions.acts import take_share
from procurement.negotiations.sessions.opening import (
    envelope_to_unseal,
    find_opening,
    is_opening_time,
    posted_seats,
)
from procurement.negotiations.sessions.reading import record_view
from procurement.negotiations.sessions.scheduling import (
    find_session,
    move_session,
    require_session,
    schedule_session,
)
from procurement.negotiations.sessions.sealing import find_envelope
from procurement.negotiations.sessions.table import (
    events_of,
)
from procurement.negotiations.subjects import dossier_subject
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import WITH_WASM, RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@get(f"{_BASE}/session", include_in_schema=False, opt=WITH_WASM)
@reads
def show_session(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show time, place, envelope and keyholders; an officer schedules here, a holder unseals."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_ENVELOPE)
    return _session(visit, dossier, None)


@post(f"{_BASE}/session", include_in_schema=False)
@writes
def schedule(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Fix time and place."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        starts_at = reader.moment("starts_at")
        with reader.checked():
            schedule_session(
                visit.session,
                dossier=dossier,
                starts_at=starts_at,
                place=reader.text("place"),
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/session",
        lambda refusal: _session(visit, dossier, refusal),
    )


@post(f"{_BASE}/session/move", include_in_schema=False)
@writes
def move(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Fix another time and place, before the price is sealed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        starts_at = reader.moment("starts_at")
        with reader.checked():
            move_session(
                visit.session,
                dossier=dossier,
                starts_at=starts_at,
                place=reader.text("place"),
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/session",
        lambda refusal: _session(visit, dossier, refusal),
    )


def _session(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    talk = find_session(visit.session, dossier_id=dossier.id)
    envelope = None if talk is None else find_envelope(visit.session, talk=talk)
    opening = None if talk is None else find_opening(visit.session, talk=talk)
    subject = dossier_subject(visit.session, dossier)
    seats = seats_of(visit.session, campaign_id=dossier.campaign_id)
    is_holder = visit.may(Action.POST_ENVELOPE_SHARE, subject)
    own = next((one for one in seats if one.organisation.id == visit.actor.organisation_id), None)
    may_unseal = (
        talk is not None
        and is_holder
        and envelope is not None
        and opening is None
        and is_opening_time(talk, visit.moment)
    )
    return shown(
        visit,
        "session.html",
        refusal,
        **about(visit, dossier),
        talk=talk,
        session_status=""
        if talk is None
        else visit.text(*SESSION_WORDS[SessionStatus(talk.status)]),
        envelope=envelope,
        opening=opening,
        seats=seats,
        posted={} if talk is None else posted_seats(visit.session, talk=talk),
        own=own if is_holder else None,
        may_unseal=may_unseal,
        may_schedule=dossier.status == DossierStatus.ADMITTED
        and visit.may(Action.REVIEW_DOSSIER, subject),
        may_move=dossier.status == DossierStatus.SCHEDULED
        and visit.may(Action.REVIEW_DOSSIER, subject),
    )


@get(f"{_BASE}/session/manifest", include_in_schema=False)
@reads
def session_manifest(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[bytes]:
    """Send what the price is sealed under, as it was signed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_ENVELOPE)
    talk = require_session(visit.session, dossier=dossier)
    return json_bytes(talk.manifest, file=f"session-{dossier.id}-manifest.json")


@get(f"{_BASE}/session/envelopes", include_in_schema=False)
@reads
def session_envelopes(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[bytes]:
    """Send a keyholder the envelope to unseal, once the session runs."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.POST_ENVELOPE_SHARE)
    talk = require_session(visit.session, dossier=dossier)
    envelope = envelope_to_unseal(visit.session, talk=talk, moment=visit.moment)
    return json_bytes(f'{{"items":[{envelope.document}],"next_cursor":null}}')


@post(f"{_BASE}/session/shares", include_in_schema=False, status_code=200)
@writes
def post_shares(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, body: RawBody
) -> Response[bytes]:
    """Take the share that a keyholder's browser unsealed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.POST_ENVELOPE_SHARE)

    def answer() -> Response[bytes]:
        talk = require_session(visit.session, dossier=dossier)
        own_seat(
            visit.session,
            campaign_id=dossier.campaign_id,
            organisation_id=visit.actor.organisation_id,
        )
        post = take_share(
            visit.session,
            talk=talk,
            actor=visit.actor,
            body=body,
            secret_key=secret_key(visit),
            moment=visit.moment,
        )
        return json_bytes('{"wrong":[]}' if post.fits else '{"wrong":["envelope"]}')

    return answer_script(visit, answer)


@get(f"{_BASE}/record", include_in_schema=False)
@reads
def show_record(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show how a session ended, with the envelope opened and the calculation behind it."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_SESSION_RECORD)
    talk = require_session(visit.session, dossier=dossier)
    view = record_view(visit.session, dossier=dossier, talk=talk)
    events = events_of(visit.session, talk=talk)
    return shown(
        visit,
        "record.html",
        None,
        **about(visit, dossier),
        talk=talk,
        view=view,
        events=[
            (visit.text(*EVENT_WORDS[EventKind(one.kind)]), one.price, one.happened_at)
            for one in events
        ],
        names=names_of(visit.session, [] if view is None else view.people),
        policy_words={name: visit.text(*words) for name, words in POLICY_WORDS.items()},
    )


ROUTES = (
    show_session,
    schedule,
    move,
    session_manifest,
    session_envelopes,
    post_shares,
    show_record,
)
"""Handlers of these pages."""
