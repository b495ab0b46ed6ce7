"""What permissions ask about the choice of regions of a round."""

from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from procurement.awards.tables import Award, AwardedBid
from procurement.permissions import Actor, Subject
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round, RoundStatus

SHOWN_IN = (
    RoundStatus.REGIONS_CHOSEN,
    RoundStatus.AGREEMENTS,
    RoundStatus.RUNNING,
    RoundStatus.FOLLOWED_ON,
    RoundStatus.ENDED,
)
"""Who supplies which region is public as soon as the choice is over."""


def is_winner(session: Session, *, round_id: int, organisation_id: int | None) -> bool:
    """Tell whether an organisation has a selected bid in a round."""
    own = exists().where(
        AwardedBid.organisation_id == organisation_id,
        AwardedBid.award_id == Award.id,
        Award.round_id == round_id,
    )
    return organisation_id is not None and bool(session.scalar(select(own)))


def regions_subject(session: Session, *, round_: Round, actor: Actor) -> Subject:
    """The choice of regions: its winners' own, the lead bureau's, and public when it is over."""
    own = actor.organisation_id
    if not is_winner(session, round_id=round_.id, organisation_id=own):
        own = None
    subject = round_subject(session, round_)
    return replace(subject, organisation_id=own, is_public=round_.status in SHOWN_IN)
