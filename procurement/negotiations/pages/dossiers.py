"""A dossier: starting it, filling in the template, its calculation file, its page and summary."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    campaign_for,
    done_or_shown,
    dossier_for,
    one_of,
    shown,
)
from procurement.negotiations.dossiers.calculation import FIELD, unpacked
from procurement.negotiations.dossiers.filing import (
    WRITABLE,
    content_of,
    events_of,
    filed_content,
    find_dossier,
    hand_in_model,
    is_taken,
    newest_model,
    save_draft,
    start_dossier,
    submit_dossier,
)
from procurement.negotiations.dossiers.rules import (
    SECTION_WORDS,
    Section,
    fields_of,
    needs_model,
    public_part,
)
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.errors import NotDeclaredError
from procurement.negotiations.kinds import STATUS_WORDS, DossierStatus, Track
from procurement.negotiations.pages.next_steps import links_of
from procurement.negotiations.people_names import names_of
from procurement.negotiations.sessions.scheduling import find_session
from procurement.negotiations.sessions.sealing import find_envelope
from procurement.negotiations.subjects import (
    PUBLIC_FROM,
)
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import filled_form
from procurement.web import Form, RowId, Visit, reads, redirect, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@post("/negotiations/{campaign:str}/dossiers", include_in_schema=False)
@writes
def start(visit: Visit, campaign: FromPath[str]) -> Response[Any]:
    """Start a dossier about a drug."""
    visit.require(Action.SUBMIT_DOSSIER, Subject(organisation_id=visit.actor.organisation_id))
    found = campaign_for(visit, campaign, Action.READ_CAMPAIGN)
    dossier = start_dossier(
        visit.session,
        campaign=found,
        track=one_of(tuple(Track), visit.form.get("track", ""), "track"),
        product=visit.form.get("product", ""),
        actor=visit.actor,
        moment=visit.moment,
    )
    return redirect(f"{address_of(dossier)}/edit")


@get(_BASE, include_in_schema=False)
@reads
def show_dossier(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show where a dossier stands, what was handed in, and what comes next."""
    try:
        dossier = dossier_for(visit, campaign, dossier_id, Action.READ_DOSSIER)
    except NotDeclaredError:
        return redirect(f"/negotiations/{campaign}/dossiers/{dossier_id}/interest")
    content = filed_content(visit.session, dossier_id=dossier.id) or content_of(dossier)
    events = events_of(visit.session, dossier_id=dossier.id)
    talk = find_session(visit.session, dossier_id=dossier.id)
    envelope = None if talk is None else find_envelope(visit.session, talk=talk)
    return shown(
        visit,
        "dossier.html",
        None,
        **about(visit, dossier),
        sections=_sections(visit, dossier, content, public=False),
        model=newest_model(visit.session, dossier_id=dossier.id),
        entries=_entries(visit, dossier),
        last=events[-1] if events and events[-1].reason else None,
        links=links_of(visit, dossier),
        talk=talk,
        envelope=envelope,
    )


@get(f"{_BASE}/summary", include_in_schema=False)
@reads
def show_summary(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the public part of a dossier that passed formal review."""
    found = campaign_for(visit, campaign, Action.READ_CAMPAIGN)
    dossier = find_dossier(visit.session, campaign=found, dossier_id=dossier_id)
    if dossier.status not in PUBLIC_FROM:
        raise NotFoundForActorError
    content = filed_content(visit.session, dossier_id=dossier.id) or {}
    return shown(
        visit,
        "summary.html",
        None,
        **about(visit, dossier),
        maker=dossier.organisation.name,
        sections=_sections(visit, dossier, public_part(Track(dossier.track), content), public=True),
    )


@get(f"{_BASE}/edit", include_in_schema=False)
@reads
def edit_dossier(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the standard template with what was typed so far."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)
    return _form(visit, dossier, None)


@post(f"{_BASE}/edit", include_in_schema=False)
@writes
def save(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Keep what was typed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        save_draft(
            visit.session,
            dossier=dossier,
            typed={name: reader.long_text(name) for name in visit.form},
            version=reader.version,
            moment=visit.moment,
        )

    return done_or_shown(
        visit, change, f"{address_of(dossier)}/edit", lambda refusal: _form(visit, dossier, refusal)
    )


@post(f"{_BASE}/model", include_in_schema=False, request_max_body_size=16 * 2**20)
@writes
def add_model(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Take the calculation file."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)

    def change() -> None:
        upload = visit.form.files.get(FIELD)
        if upload is None:
            raise InvalidInputError([FieldFault(FIELD, "请选择文件。", "Choose a file.")])
        hand_in_model(
            visit.session,
            dossier=dossier,
            files=unpacked(upload.filename, upload.file),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit, change, f"{address_of(dossier)}/edit", lambda refusal: _form(visit, dossier, refusal)
    )


@post(f"{_BASE}/submit", include_in_schema=False)
@writes
def submit(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Hand a dossier in."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)

    def change() -> None:
        submit_dossier(
            visit.session,
            dossier=dossier,
            version=Reader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit, change, address_of(dossier), lambda refusal: _form(visit, dossier, refusal)
    )


def _form(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    kept = filled_form({name: (text,) for name, text in content_of(dossier).items()})
    # Handing in and the calculation file are forms of their own: what is in the template stays.
    typed = visit.form if "safety" in visit.form or "strength" in visit.form else Form()
    track = Track(dossier.track)
    return shown(
        visit,
        "dossier_form.html",
        refusal,
        **about(visit, dossier),
        sections=[
            (visit.text(*SECTION_WORDS[section]), rows)
            for section in Section
            if (rows := [one for one in fields_of(track) if one.section == section])
        ],
        content=typed or kept,
        needs_model=needs_model(track),
        model=newest_model(visit.session, dossier_id=dossier.id),
        may_write=dossier.status in WRITABLE,
        is_taken=is_taken(dossier, visit.moment),
        due_at=dossier.due_at or dossier.campaign.files_until,
        labels={one.key: visit.text(one.zh, one.en) for one in fields_of(track)},
    )


def _sections(
    visit: Visit, dossier: Dossier, content: dict[str, str], *, public: bool
) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for section in Section:
        rows = [
            (visit.text(one.zh, one.en), _said(visit, one.choices, content[one.key]))
            for one in fields_of(Track(dossier.track))
            if one.section == section and one.key in content and (one.public or not public)
        ]
        if rows:
            found.append((visit.text(*SECTION_WORDS[section]), rows))
    return found


def _said(visit: Visit, choices: tuple[tuple[str, str, str], ...], text: str) -> str:
    words = {value: visit.text(zh, en) for value, zh, en in choices}
    return words.get(text, text)


def _entries(visit: Visit, dossier: Dossier) -> list[dict[str, object]]:
    events = events_of(visit.session, dossier_id=dossier.id)
    names = names_of(visit.session, [one.person_id for one in events if one.person_id])
    # The maker sees what was decided, not by which person.
    sees_people = visit.actor.organisation_id == dossier.campaign.bureau_id
    return [
        {
            "title": visit.text(*STATUS_WORDS[DossierStatus(one.status_to)]),
            "moment": one.happened_at,
            "state": "done",
            "actor": names.get(one.person_id or 0, "") if sees_people else "",
            "note": one.reason,
        }
        for one in events
    ]


ROUTES = (start, show_dossier, show_summary, edit_dossier, save, add_model, submit)
"""Handlers of these pages."""
