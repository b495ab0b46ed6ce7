"""What a dossier's drug is packed as, and whether two dossiers ask for the price of one pack."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus
from procurement.negotiations.tables import Campaign, Dossier

UNDER_WAY = frozenset(
    {
        DossierStatus.PASSED,
        DossierStatus.ADMITTED,
        DossierStatus.SCHEDULED,
        DossierStatus.SEALED,
        DossierStatus.TALKS,
        DossierStatus.AGREED,
    }
)
"""From the formal review to a payment standard: one dossier of a pack is here at a time."""


def same_strength(text: str) -> str:
    """Return a strength without blanks, in small letters: however it is typed, it is the same.

    Examples:
        >>> same_strength("10 MG") == same_strength("10mg")
        True
    """
    return "".join(text.split()).casefold()


def pack_of(content: Mapping[str, str]) -> tuple[str, str]:
    """Return strength and pack of what was filed, to compare with another's.

    Examples:
        >>> pack_of({"strength": "10 mg", "pack_units": "030"})
        ('10mg', '30')
    """
    units = content.get("pack_units", "")
    return same_strength(content.get("strength", "")), units.lstrip("0")


def require_only_one(session: Session, dossier: Dossier) -> None:
    """Refuse a second dossier of an organisation for a pack that a campaign already deals with.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier that is to go on; the catalogue knows its drug.

    Raises:
        NotReadyError: Another one runs, or was agreed.
    """
    # One after the other: two officers could pass two dossiers at the same moment.
    session.execute(select(Campaign.id).where(Campaign.id == dossier.campaign_id).with_for_update())
    wanted = pack_of(filed_content(session, dossier_id=dossier.id) or {})
    others = session.scalars(
        select(Dossier)
        .where(Dossier.campaign_id == dossier.campaign_id, Dossier.id != dossier.id)
        .where(Dossier.organisation_id == dossier.organisation_id)
        .where(Dossier.generic_product_id == dossier.generic_product_id)
        .where(Dossier.status.in_([one.value for one in UNDER_WAY]))
        .order_by(Dossier.id)
    )
    for other in others:
        if pack_of(filed_content(session, dossier_id=other.id) or {}) == wanted:
            raise NotReadyError(
                zh=f"该企业同一规格包装的药品已有申报材料（编号 {other.id}）在办或已达成。",
                en=f"Dossier {other.id} of the same organisation, drug, strength and pack is under "
                "way or agreed.",
            )
