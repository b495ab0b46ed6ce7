"""What permissions ask about campaigns and dossiers, and who was appointed for what."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.negotiations.errors import NotDeclaredError
from procurement.negotiations.kinds import CampaignStatus, DossierStatus, Part
from procurement.negotiations.tables import Campaign, Dossier, Interest, Member, Seat
from procurement.permissions import Actor, NotFoundForActorError, Subject

ALL_PARTS = frozenset(Part)

PUBLIC_FROM = frozenset(DossierStatus) - {
    DossierStatus.DRAFT,
    DossierStatus.SUBMITTED,
    DossierStatus.RETURNED,
    DossierStatus.REJECTED,
}
"""A summary is public once the dossier passed formal review."""


def campaign_subject(session: Session, campaign: Campaign) -> Subject:
    """A campaign: its bureau's, its keyholders', and public once it is open."""
    return Subject(
        bureau_id=campaign.bureau_id,
        named=holders_of(session, campaign_id=campaign.id),
        is_public=campaign.status != CampaignStatus.DRAFT,
    )


def dossier_subject(
    session: Session,
    dossier: Dossier,
    *,
    parts: Collection[Part] = ALL_PARTS,
    proposed_by: int | None = None,
) -> Subject:
    """A dossier: its maker's, its bureau's, and of those appointed who have no conflict.

    Args:
        session: Any session.
        dossier: The dossier.
        parts: Which appointments count.
        proposed_by: Who proposed what is to be confirmed.
    """
    return Subject(
        organisation_id=dossier.organisation_id,
        bureau_id=dossier.campaign.bureau_id,
        named=holders_of(session, campaign_id=dossier.campaign_id),
        appointed=frozenset(appointed(session, dossier, parts=parts))
        - conflicted(session, dossier_id=dossier.id),
        proposed_by=proposed_by,
        is_public=dossier.status in PUBLIC_FROM,
    )


def declaring_subject(session: Session, dossier: Dossier) -> Subject:
    """A dossier as whoever is appointed declares interests in it, conflicted or not."""
    return Subject(appointed=frozenset(appointed(session, dossier)))


def holders_of(session: Session, *, campaign_id: int) -> frozenset[int]:
    """Return the organisations that hold keys of a campaign."""
    named = select(Seat.organisation_id).where(Seat.campaign_id == campaign_id)
    return frozenset(session.scalars(named))


def appointed(
    session: Session, dossier: Dossier, *, parts: Collection[Part] = ALL_PARTS
) -> list[int]:
    """Return who is appointed for a dossier, in the order of appointment, whatever declared."""
    members = (
        select(Member.person_id)
        .where(Member.campaign_id == dossier.campaign_id, Member.ended_at.is_(None))
        .where(or_(Member.dossier_id.is_(None), Member.dossier_id == dossier.id))
        .where(Member.part.in_([part.value for part in parts]))
        .order_by(Member.id)
    )
    return list(dict.fromkeys(session.scalars(members)))


def declarations(session: Session, *, dossier_id: int) -> dict[int, Interest]:
    """Return what each person declared last about a dossier."""
    rows = session.scalars(
        select(Interest).where(Interest.dossier_id == dossier_id).order_by(Interest.id)
    )
    return {row.person_id: row for row in rows}


def conflicted(session: Session, *, dossier_id: int) -> frozenset[int]:
    """Return who declared a conflict of interest with a dossier."""
    declared = declarations(session, dossier_id=dossier_id)
    return frozenset(person for person, row in declared.items() if row.has_conflict)


def conflicts_of(session: Session, *, campaign_id: int, person_id: int | None) -> frozenset[int]:
    """Return the dossiers of a campaign with which somebody declared a conflict of interest."""
    rows = (
        select(Interest.dossier_id)
        .join(Dossier, Dossier.id == Interest.dossier_id)
        .where(Dossier.campaign_id == campaign_id)
        .where(Interest.person_id == person_id, Interest.has_conflict)
    )
    return frozenset(session.scalars(rows))


def require_member(session: Session, dossier: Dossier, *, actor: Actor, part: Part) -> int:
    """Return the actor's id, if appointed, declared and without conflict.

    Raises:
        NotFoundForActorError: Not appointed as this, or conflicted: there is nothing to see.
        NotDeclaredError: Nothing declared yet.
    """
    person_id = actor.person_id
    if person_id is None or person_id not in appointed(session, dossier, parts=(part,)):
        raise NotFoundForActorError
    declared = declarations(session, dossier_id=dossier.id).get(person_id)
    if declared is None:
        raise NotDeclaredError
    if declared.has_conflict:
        raise NotFoundForActorError
    return person_id
