"""Whose dossiers take part in a bidding, and who must keep away from all of them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.errors import NotDeclaredError
from procurement.negotiations.kinds import DossierStatus, Track
from procurement.negotiations.renewals.tables import Bidding
from procurement.negotiations.subjects import appointed, declarations
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor, NotFoundForActorError

_TAKING_PART = frozenset({DossierStatus.ADMITTED, DossierStatus.AGREED, DossierStatus.FAILED})


def pack_in(session: Session, dossier: Dossier) -> tuple[str, str]:
    """Return strength and minimal units of the pack, as they were filed."""
    content = filed_content(session, dossier_id=dossier.id) or {}
    return content.get("strength", ""), content.get("pack_units", "").lstrip("0")


def takes_part(dossier: Dossier) -> bool:
    """Whether a dossier's maker may bid now: admitted, as a drug that is not exclusive."""
    return dossier.track == Track.NON_EXCLUSIVE and dossier.status == DossierStatus.ADMITTED


def dossiers_of(session: Session, *, bidding: Bidding) -> Sequence[Dossier]:
    """Return the dossiers whose makers bid against each other."""
    rows = session.scalars(
        select(Dossier)
        .where(Dossier.campaign_id == bidding.campaign_id, Dossier.product == bidding.product)
        .where(Dossier.track == Track.NON_EXCLUSIVE, Dossier.status == DossierStatus.ADMITTED)
        .order_by(Dossier.id)
    )
    wanted = (bidding.strength, str(bidding.pack_units))
    return [one for one in rows if pack_in(session, one) == wanted]


def require_impartial(session: Session, *, dossier: Dossier, actor: Actor) -> None:
    """Keep away from a whole bidding who has a conflict of interest with one of its makers.

    Args:
        session: Any session.
        dossier: One of the bidding's dossiers.
        actor: Who acts or reads; a maker or anybody outside the bureau is not asked.

    Raises:
        NotFoundForActorError: A conflict was declared with a dossier of the bidding.
        NotDeclaredError: Appointed for one of them, and nothing was declared about it.
    """
    if actor.organisation_id != dossier.campaign.bureau_id or actor.person_id is None:
        return
    undeclared = False
    for one in _rivals(session, dossier):
        declared = declarations(session, dossier_id=one.id).get(actor.person_id)
        if declared is not None and declared.has_conflict:
            raise NotFoundForActorError
        is_appointed = actor.person_id in appointed(session, one)
        undeclared |= declared is None and is_appointed and one.status in _TAKING_PART
    if undeclared:
        raise NotDeclaredError


def _rivals(session: Session, dossier: Dossier) -> Iterator[Dossier]:
    """Every dossier that was handed in for the pack, the given one too."""
    rows = session.scalars(
        select(Dossier)
        .where(Dossier.campaign_id == dossier.campaign_id, Dossier.product == dossier.product)
        .where(Dossier.track == Track.NON_EXCLUSIVE, Dossier.status != DossierStatus.DRAFT)
        .order_by(Dossier.id)
    )
    wanted = pack_in(session, dossier)
    return (one for one in rows if pack_in(session, one) == wanted)
