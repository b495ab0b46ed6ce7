"""Which hospitals may receive a part of another's agreed volume."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.tables import Agreement
from procurement.rounds.tables import Round
from procurement.volumes.rules import region_of, region_prefix
from procurement.volumes.window import regions_of

SHOWN_MAX = 500


def neighbours(session: Session, *, round_: Round, agreement: Agreement) -> Sequence[Organisation]:
    """Return hospitals of the same region, nearest first: county, city, then the rest, by name.

    Args:
        session: Any session.
        round_: The round.
        agreement: Whose volume is to be transferred.
    """
    own = session.get_one(Organisation, agreement.hospital_id)
    regions = regions_of(session, round_id=round_.id)
    near = (
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.HOSPITAL, Organisation.is_active)
        .where(Organisation.region.startswith(region_prefix(agreement.region)))
        .where(Organisation.id != own.id)
        .order_by(
            (Organisation.region == own.region).desc(),
            Organisation.region.startswith(own.region[:4]).desc(),
            Organisation.name,
        )
        .limit(SHOWN_MAX)
    )
    # A city may be a region of its own within the province.
    return [
        one for one in session.scalars(near) if region_of(one.region, regions) == agreement.region
    ]
