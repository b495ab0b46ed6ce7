"""Dossiers by machine: starting one, the template's fields, the calculation file, handing in."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from procurement.negotiations.api.campaigns import DossierEntry, dossier_entry
from procurement.negotiations.at_edge import campaign_for, dossier_for, one_of
from procurement.negotiations.dossiers.filing import (
    content_of,
    filed_content,
    find_dossier,
    hand_in_model,
    newest_model,
    save_draft,
    start_dossier,
    submit_dossier,
)
from procurement.negotiations.dossiers.rules import public_part
from procurement.negotiations.kinds import Track
from procurement.negotiations.subjects import PUBLIC_FROM
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.web import RowId, Visit, reads, writes

_BASE = "/api/v1/negotiations/{campaign:str}/dossiers"
_ONE = f"{_BASE}/{{dossier_id:int}}"


@dataclass(frozen=True, slots=True)
class NewDossier:
    """What a dossier is about.

    Attributes:
        product: Generic name.
        track: regular, rare-disease, renewal or non-exclusive.
    """

    product: str
    track: str


@dataclass(frozen=True, slots=True)
class DraftBody:
    """What is typed into the template.

    Attributes:
        version: Of the dossier that it was written from.
        content: Text by field; what is left out is emptied.
    """

    version: int
    content: dict[str, str]


@dataclass(frozen=True, slots=True)
class ModelBody:
    """A calculation file.

    Attributes:
        files: Text of each file by its name; model.toml and the tables that it names.
    """

    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class SubmissionBody:
    """Which draft is handed in.

    Attributes:
        version: Of the dossier.
    """

    version: int


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A calculation file that was handed in.

    Attributes:
        number: From 1.
        title: Its title.
        digest: SHA-256 over its files.
        uploaded_at: When.
    """

    number: int
    title: str
    digest: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class DossierDetail:
    """A dossier.

    Attributes:
        dossier: As in the list.
        content: What was typed, or handed in last.
        model: The calculation file that counts; null while there is none.
        due_at: Until when deficiencies can be made good; null where none are asked for.
    """

    dossier: DossierEntry
    content: dict[str, str]
    model: ModelEntry | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The public part of a dossier.

    Attributes:
        dossier: As in the list.
        content: Public fields only.
    """

    dossier: DossierEntry
    content: dict[str, str]


@post(_BASE, tags=["negotiations"])
@writes
def create_dossier(
    visit: Visit, campaign: FromPath[str], data: JSONBody[NewDossier]
) -> DossierEntry:
    """Start a dossier about a drug."""
    visit.require(Action.SUBMIT_DOSSIER, Subject(organisation_id=visit.actor.organisation_id))
    found = campaign_for(visit, campaign, Action.READ_CAMPAIGN)
    return dossier_entry(
        start_dossier(
            visit.session,
            campaign=found,
            track=one_of(tuple(Track), data.track, "track"),
            product=data.product,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@get(_ONE, tags=["negotiations"])
@reads
def read_dossier(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> DossierDetail:
    """Read a dossier."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_DOSSIER)
    model = newest_model(visit.session, dossier_id=dossier.id)
    filed = filed_content(visit.session, dossier_id=dossier.id)
    return DossierDetail(
        dossier=dossier_entry(dossier),
        content=content_of(dossier) if filed is None else filed,
        model=None
        if model is None
        else ModelEntry(model.number, model.title, model.digest, model.uploaded_at),
        due_at=dossier.due_at,
    )


@get(f"{_ONE}/summary", tags=["negotiations"])
@reads
def read_summary(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Summary:
    """Read the public part of a dossier that passed formal review."""
    found = campaign_for(visit, campaign, Action.READ_CAMPAIGN)
    dossier = find_dossier(visit.session, campaign=found, dossier_id=dossier_id)
    if dossier.status not in PUBLIC_FROM:
        raise NotFoundForActorError
    content = filed_content(visit.session, dossier_id=dossier.id) or {}
    return Summary(dossier_entry(dossier), public_part(Track(dossier.track), content))


@put(f"{_ONE}/draft", tags=["negotiations"])
@writes
def write_draft(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[DraftBody]
) -> DossierEntry:
    """Keep the fields of the standard template."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)
    save_draft(
        visit.session,
        dossier=dossier,
        typed=data.content,
        version=data.version,
        moment=visit.moment,
    )
    return dossier_entry(dossier)


@put(f"{_ONE}/model", tags=["negotiations"])
@writes
def write_model(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[ModelBody]
) -> ModelEntry:
    """Hand in the calculation file; faults name file, line and column."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)
    model = hand_in_model(
        visit.session,
        dossier=dossier,
        files=data.files,
        actor=visit.actor,
        moment=visit.moment,
    )
    return ModelEntry(model.number, model.title, model.digest, model.uploaded_at)


@post(f"{_ONE}/submission", tags=["negotiations"])
@writes
def submit(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, data: JSONBody[SubmissionBody]
) -> DossierEntry:
    """Hand a dossier in."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)
    submit_dossier(
        visit.session,
        dossier=dossier,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return dossier_entry(dossier)


ROUTES = (
    create_dossier,
    read_dossier,
    read_summary,
    write_draft,
    write_model,
    submit,
)
"""Handlers of this module."""
