"""What waits to be signed, and by whom."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.signing import can_sign, party_owner
from procurement.agreements.states import Party
from procurement.agreements.tables import Agreement, AgreementTerm

PARTY_OF_KIND = {
    OrganisationKind.HOSPITAL: Party.HOSPITAL,
    OrganisationKind.MANUFACTURER: Party.MANUFACTURER,
    OrganisationKind.DISTRIBUTOR: Party.DISTRIBUTOR,
}


def waiting_to_sign(
    session: Session, *, term: AgreementTerm | None, organisation: Organisation
) -> tuple[Party | None, int]:
    """Return as which party an organisation signs, and how many agreements wait for it."""
    party = PARTY_OF_KIND.get(OrganisationKind(organisation.kind))
    if party is None or term is None:
        return party, 0
    waiting = select(func.count()).where(
        Agreement.term_id == term.id, party_owner(party) == organisation.id, can_sign(party)
    )
    return party, session.scalar(waiting) or 0
