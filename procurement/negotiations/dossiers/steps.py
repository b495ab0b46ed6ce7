"""The one way in which a dossier changes its status, with the reason kept."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.negotiations.errors import DossierStateError
from procurement.negotiations.kinds import MAY_FOLLOW, DossierStatus
from procurement.negotiations.subjects import holders_of
from procurement.negotiations.tables import Dossier, DossierEvent
from procurement.notices import notify
from procurement.permissions import Actor


def set_status(
    session: Session,
    *,
    dossier: Dossier,
    status: DossierStatus,
    actor: Actor,
    moment: datetime,
    reason: str = "",
    due_at: datetime | None = None,
) -> DossierEvent:
    """Move a dossier on, and note by whom, when and why.

    Raises:
        DossierStateError: The status cannot follow.
    """
    present = DossierStatus(dossier.status)
    if status not in MAY_FOLLOW[present]:
        raise DossierStateError(present)
    event = DossierEvent(
        dossier_id=dossier.id,
        status_from=present.value,
        status_to=status,
        reason=reason,
        due_at=due_at,
        person_id=actor.person_id,
        happened_at=moment,
    )
    session.add(event)
    dossier.status = status
    dossier.due_at = due_at
    dossier.changed_at = moment
    dossier.version += 1
    session.flush()
    record(
        session,
        actor=actor,
        action=f"dossier-{status.value}",
        subject=subject_of(dossier),
        facts={"from": present.value},
        moment=moment,
    )
    return event


def subject_of(dossier: Dossier) -> str:
    """Name a dossier in the audit record."""
    return f"negotiation/{dossier.campaign.name}/dossier/{dossier.id}"


def address_of(dossier: Dossier) -> str:
    """Return where the pages of a dossier are."""
    return f"/negotiations/{dossier.campaign.name}/dossiers/{dossier.id}"


def require_status(dossier: Dossier, *allowed: DossierStatus) -> None:
    """Refuse what cannot be done where a dossier stands.

    Raises:
        DossierStateError: It stands elsewhere.
    """
    if dossier.status not in allowed:
        raise DossierStateError(DossierStatus(dossier.status))


def tell_maker(session: Session, dossier: Dossier, *, zh: str, en: str, moment: datetime) -> None:
    """Send the maker of a dossier a notice; never anything that tells a price."""
    notify(
        session,
        organisation_id=dossier.organisation_id,
        zh=f"{dossier.product}：{zh}",
        en=f"{dossier.product}: {en}",
        link=address_of(dossier),
        moment=moment,
    )


def tell_bureau(session: Session, dossier: Dossier, *, zh: str, en: str, moment: datetime) -> None:
    """Send the bureau of a campaign a notice about a dossier; never a price."""
    notify(
        session,
        organisation_id=dossier.campaign.bureau_id,
        zh=f"{dossier.product}：{zh}",
        en=f"{dossier.product}: {en}",
        link=address_of(dossier),
        moment=moment,
    )


def tell_holders(session: Session, dossier: Dossier, *, zh: str, en: str, moment: datetime) -> None:
    """Send the keyholders of a campaign a notice about a session."""
    for organisation_id in sorted(holders_of(session, campaign_id=dossier.campaign_id)):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"{dossier.product}：{zh}",
            en=f"{dossier.product}: {en}",
            link=f"{address_of(dossier)}/session",
            moment=moment,
        )


def locked(session: Session, dossier: Dossier) -> Dossier:
    """Hold a dossier's row, so that two who act at once act one after the other."""
    statement = select(Dossier).where(Dossier.id == dossier.id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()
