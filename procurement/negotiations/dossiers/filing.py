"""Drafting a dossier, its calculation file, and handing it in."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from procurement.bids.subjects import signed_in
from procurement.catalogue.tables import GenericProduct
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.negotiations.dossiers.calculation import FIELD, Files, model_of
from procurement.negotiations.dossiers.rules import (
    LINE_MAX,
    draft_faults,
    filing_faults,
    needs_model,
    taken,
)
from procurement.negotiations.dossiers.steps import require_status, set_status, tell_bureau
from procurement.negotiations.errors import FilingClosedError
from procurement.negotiations.kinds import CampaignStatus, DossierStatus, Track
from procurement.negotiations.subjects import PUBLIC_FROM
from procurement.negotiations.tables import (
    Campaign,
    Dossier,
    DossierEvent,
    DossierModel,
    DossierVersion,
)
from procurement.permissions import Actor, NotFoundForActorError, Role

WRITABLE = (DossierStatus.DRAFT, DossierStatus.RETURNED)
DOSSIERS_MAX = 200
"""Of one maker in one campaign: far more than anybody makes drugs, and a limit all the same."""


def start_dossier(
    session: Session,
    *,
    campaign: Campaign,
    track: Track,
    product: str,
    actor: Actor,
    moment: datetime,
) -> Dossier:
    """Start a dossier about a drug; it is a draft that only its maker sees.

    Raises:
        FilingClosedError: The campaign takes no dossiers now.
        InvalidInputError: No drug is named, or too many dossiers were started.
    """
    organisation_id, person_id = signed_in(actor)
    if not takes_dossiers(campaign, moment):
        raise FilingClosedError
    name = " ".join(product.split())
    if not 1 <= len(name) <= LINE_MAX:
        fault = FieldFault("product", "请填写通用名。", "Give the generic name.")
        raise InvalidInputError([fault])
    started = select(func.count()).where(
        Dossier.campaign_id == campaign.id, Dossier.organisation_id == organisation_id
    )
    if (session.scalar(started) or 0) >= DOSSIERS_MAX:
        fault = FieldFault("product", "申报数量已达上限。", "Too many dossiers.")
        raise InvalidInputError([fault])
    dossier = Dossier(
        campaign_id=campaign.id,
        organisation_id=organisation_id,
        track=track,
        product=name,
        generic_product_id=_generic_product(session, name),
        content="{}",
        started_by=person_id,
        started_at=moment,
        changed_at=moment,
    )
    session.add(dossier)
    session.flush()
    return dossier


def save_draft(
    session: Session,
    *,
    dossier: Dossier,
    typed: Mapping[str, str],
    version: int,
    moment: datetime,
) -> None:
    """Keep what was typed; what is missing is no fault of a draft, what is wrong is.

    Raises:
        DossierStateError: It was handed in.
        StaleError: Somebody else changed it.
        InvalidInputError: With the faults; nothing is kept then.
    """
    require_status(dossier, *WRITABLE)
    if version != dossier.version:
        raise StaleError
    content = taken(Track(dossier.track), typed)
    faults = list(draft_faults(Track(dossier.track), content))
    if faults:
        raise InvalidInputError(faults)
    dossier.content = _written(content)
    dossier.changed_at = moment
    dossier.version += 1
    session.flush()


def hand_in_model(
    session: Session, *, dossier: Dossier, files: Files, actor: Actor, moment: datetime
) -> DossierModel:
    """Keep a calculation file that can be read; the newest of a dossier counts.

    Raises:
        DossierStateError: The dossier was handed in.
        InvalidInputError: With every fault of the files.
    """
    require_status(dossier, *WRITABLE)
    model = model_of(files)
    newest = select(func.max(DossierModel.number)).where(DossierModel.dossier_id == dossier.id)
    kept = DossierModel(
        dossier_id=dossier.id,
        number=(session.scalar(newest) or 0) + 1,
        title=model.title[:300],
        files=json.dumps(dict(sorted(files.items())), ensure_ascii=False),
        digest=model.digest,
        uploaded_by=actor.person_id,
        uploaded_at=moment,
    )
    session.add(kept)
    dossier.changed_at = moment
    session.flush()
    return kept


def submit_dossier(
    session: Session, *, dossier: Dossier, version: int, actor: Actor, moment: datetime
) -> DossierVersion:
    """Hand a dossier in, for the first time or with its deficiencies made good.

    Raises:
        DossierStateError: It was handed in already.
        FilingClosedError: Too late, or too early.
        StaleError: Somebody else changed it.
        InvalidInputError: What is wrong or missing, at its field.
    """
    require_status(dossier, *WRITABLE)
    if not is_taken(dossier, moment):
        raise FilingClosedError
    if version != dossier.version:
        raise StaleError
    content, model = content_of(dossier), newest_model(session, dossier_id=dossier.id)
    faults = [*filing_faults(Track(dossier.track), content), *_model_faults(dossier, model)]
    if faults:
        raise InvalidInputError(faults)
    newest = select(func.max(DossierVersion.number)).where(DossierVersion.dossier_id == dossier.id)
    text = _written({"product": dossier.product, **content})
    filed = DossierVersion(
        dossier_id=dossier.id,
        number=(session.scalar(newest) or 0) + 1,
        content=text,
        digest=text_digest(text),
        model_id=None if model is None else model.id,
        submitted_by=actor.person_id,
        submitted_at=moment,
    )
    session.add(filed)
    set_status(session, dossier=dossier, status=DossierStatus.SUBMITTED, actor=actor, moment=moment)
    tell_bureau(
        session, dossier, zh="申报材料已提交", en="the dossier was handed in", moment=moment
    )
    return filed


def takes_dossiers(campaign: Campaign, moment: datetime) -> bool:
    """Tell whether a campaign takes dossiers at a moment."""
    is_open = campaign.status == CampaignStatus.OPEN
    return is_open and campaign.files_from <= moment < campaign.files_until


def is_taken(dossier: Dossier, moment: datetime) -> bool:
    """Tell whether a dossier may be handed in: in the campaign's time, or its own deadline."""
    if dossier.status == DossierStatus.RETURNED and dossier.due_at is not None:
        return moment < dossier.due_at
    return takes_dossiers(dossier.campaign, moment)


def content_of(dossier: Dossier) -> dict[str, str]:
    """Return what the maker typed so far."""
    content: dict[str, str] = json.loads(dossier.content)
    return content


def filed_content(session: Session, *, dossier_id: int) -> dict[str, str] | None:
    """Return what was handed in last; None where nothing was."""
    newest = (
        select(DossierVersion.content)
        .where(DossierVersion.dossier_id == dossier_id)
        .order_by(DossierVersion.number.desc())
        .limit(1)
    )
    text = session.scalar(newest)
    if text is None:
        return None
    content: dict[str, str] = json.loads(text)
    return content


def newest_model(session: Session, *, dossier_id: int) -> DossierModel | None:
    """Return the calculation file that counts."""
    newest = (
        select(DossierModel)
        .where(DossierModel.dossier_id == dossier_id)
        .order_by(DossierModel.number.desc())
        .limit(1)
    )
    return session.scalars(newest).one_or_none()


def files_of(model: DossierModel) -> dict[str, str]:
    """Return the files of a calculation file."""
    files: dict[str, str] = json.loads(model.files)
    return files


def find_dossier(session: Session, *, campaign: Campaign, dossier_id: int) -> Dossier:
    """Return a dossier of a campaign.

    Raises:
        NotFoundForActorError: The campaign has none of this id.
    """
    dossier = session.get(Dossier, dossier_id)
    if dossier is None or dossier.campaign_id != campaign.id:
        raise NotFoundForActorError
    return dossier


def dossiers_for(session: Session, *, campaign: Campaign, actor: Actor) -> Sequence[Dossier]:
    """Return the dossiers of a campaign that somebody works on: own ones, or those handed in.

    Whoever is neither of the bureau nor a maker gets none; summaries are listed apart.
    """
    rows = select(Dossier).where(Dossier.campaign_id == campaign.id).order_by(Dossier.id)
    visible = []
    if Role.MANUFACTURER in actor.roles:
        visible.append(Dossier.organisation_id == actor.organisation_id)
    if actor.organisation_id == campaign.bureau_id and actor.organisation_id is not None:
        visible.append(Dossier.status != DossierStatus.DRAFT)
    if not visible:
        return []
    return session.scalars(rows.where(or_(*visible))).all()


def events_of(session: Session, *, dossier_id: int) -> Sequence[DossierEvent]:
    """Return what became of a dossier, oldest first."""
    rows = select(DossierEvent).where(DossierEvent.dossier_id == dossier_id)
    return session.scalars(rows.order_by(DossierEvent.id)).all()


def _model_faults(dossier: Dossier, model: DossierModel | None) -> list[FieldFault]:
    if not needs_model(Track(dossier.track)):
        return []
    if model is None:
        return [FieldFault(FIELD, "请上传测算资料。", "Hand in the calculation file.")]
    unit, priced = model_of(files_of(model)).negotiated.unit, content_of(dossier)["priced_unit"]
    if not unit:
        return [
            FieldFault(
                FIELD,
                f"缺少 negotiated.unit；应为计价单位“{priced}”。",
                f"negotiated.unit is missing: expected the priced unit, “{priced}”.",
            )
        ]
    if unit != priced:
        return [
            FieldFault(
                "priced_unit",
                f"与测算资料的计价单位“{unit}”不同。",
                f"The calculation file prices per “{unit}”.",
            )
        ]
    return []


def _generic_product(session: Session, name: str) -> int | None:
    rows = session.scalars(
        select(GenericProduct.id).where(GenericProduct.name == name).limit(2)
    ).all()
    # Of two entries of one name nobody knows which is meant.
    return rows[0] if len(rows) == 1 else None


def _written(content: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(content.items())), ensure_ascii=False)


def summaries_of(session: Session, *, campaign_id: int) -> Sequence[Dossier]:
    """Return the dossiers whose summaries are public, by drug."""
    rows = (
        select(Dossier)
        .where(Dossier.campaign_id == campaign_id)
        .where(Dossier.status.in_([status.value for status in PUBLIC_FROM]))
        .order_by(Dossier.product, Dossier.id)
    )
    return session.scalars(rows).all()
