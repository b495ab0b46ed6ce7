"""Medical groups of the hospitals of a settlement: as they were when needs were reported."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationRelation
from procurement.agreements.tables import AgreementTerm
from procurement.rounds.tables import Round
from procurement.volumes.groups import is_member_on, membership_day


def leads_of(
    session: Session, *, term_ids: Iterable[int], moment: datetime
) -> dict[tuple[int, int], int]:
    """Return the lead hospital of each member, by batch-year and hospital; leads are their own."""
    rounds = session.execute(
        select(AgreementTerm.id, Round)
        .join(Round, Round.id == AgreementTerm.round_id)
        .where(AgreementTerm.id.in_(list(term_ids)))
    )
    found: dict[tuple[int, int], int] = {}
    for term_id, round_ in rounds:
        relation = OrganisationRelation
        day = membership_day(round_, moment=moment)
        rows = session.execute(
            select(relation.subject_id, relation.related_id)
            .where(is_member_on(day))
            .order_by(relation.since_date, relation.id)
        )
        for member, lead in rows:
            found[term_id, member] = lead
            found[term_id, lead] = lead
    return found
