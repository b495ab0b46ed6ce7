"""Telling those whom a round concerns what became of it.

Every manufacturer is told, whether it means to bid or not: who was told must not say who bids.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.notices import notify_all
from procurement.rounds.drafting import regions_of
from procurement.rounds.progress import events_of
from procurement.rounds.tables import Round, RoundParticipant, RoundStatus
from rulebooks import Bilingual


def tell_manufacturers(
    session: Session, *, round_: Round, said: Bilingual, moment: datetime, key: str
) -> None:
    """Tell every active manufacturer; who was told under this key is not told again."""
    _tell(session, round_, _manufacturers(session), said, moment, key)


def tell_all_who_saw(
    session: Session, *, round_: Round, said: Bilingual, moment: datetime, key: str
) -> None:
    """Tell keyholders and observers, and by how far the round came hospitals and manufacturers."""
    been_in = {event.status_to for event in events_of(session, round_id=round_.id)}
    _tell(session, round_, _participants(session, round_), said, moment, key)
    if RoundStatus.VOLUME_REPORTING in been_in:
        _tell(session, round_, _hospitals(session, round_), said, moment, key)
    if been_in & {RoundStatus.COMMENTS, RoundStatus.PUBLISHED}:
        _tell(session, round_, _manufacturers(session), said, moment, key)


def _tell(
    session: Session,
    round_: Round,
    organisation_ids: Iterator[int],
    said: Bilingual,
    moment: datetime,
    key: str,
) -> None:
    notify_all(
        session,
        organisation_ids=organisation_ids,
        zh=said.zh,
        en=said.en,
        link=f"/rounds/{round_.name}",
        moment=moment,
        key=key,
    )


def _manufacturers(session: Session) -> Iterator[int]:
    return iter(
        session.scalars(
            select(Organisation.id).where(
                Organisation.kind == OrganisationKind.MANUFACTURER, Organisation.is_active
            )
        ).all()
    )


def _participants(session: Session, round_: Round) -> Iterator[int]:
    named = select(RoundParticipant.organisation_id).where(RoundParticipant.round_id == round_.id)
    return iter(session.scalars(named.distinct()).all())


def _hospitals(session: Session, round_: Round) -> Iterator[int]:
    within = [
        # The digits that every division of a region begins with.
        Organisation.region.startswith(re.sub(r"(00)+$", "", region))
        for region in regions_of(session, round_id=round_.id)
    ]
    if not within:
        return iter(())
    hospitals = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.HOSPITAL, Organisation.is_active, or_(*within)
    )
    return iter(session.scalars(hospitals).all())
