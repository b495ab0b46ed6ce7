"""Where the sittings of a round stand, for pages and interface."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.bids.sittings.service import sittings_of
from procurement.bids.tables import Checkpoint, Opening, Sitting, SittingQuestion
from procurement.database import database_moment
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round, RoundStatus


@dataclass(frozen=True, slots=True)
class SittingStanding:
    """A sitting and how far it is.

    Attributes:
        called: As it was called.
        takes_answers: The clock runs.
        is_closed: Its log is final.
        is_opened: Its answers are decrypted.
        is_asked: It has a question for the organisation that asks.
    """

    called: Sitting
    takes_answers: bool
    is_closed: bool
    is_opened: bool
    is_asked: bool


def standings_of(
    session: Session, *, round_: Round, organisation_id: int | None
) -> Sequence[SittingStanding]:
    """Return the sittings of a round, in the order in which they were called.

    Args:
        session: Any session.
        round_: The round.
        organisation_id: For whom.
    """
    moment = database_moment(session)
    closed = _numbers(session, Checkpoint, round_.id)
    opened = _numbers(session, Opening, round_.id)
    asked = set(
        session.scalars(
            select(SittingQuestion.sitting_id).where(
                SittingQuestion.organisation_id == organisation_id
            )
        )
    )
    return [
        SittingStanding(
            called=one,
            takes_answers=_takes_answers(round_, one, closed) and moment < one.closes_at,
            is_closed=one.number in closed,
            is_opened=one.number in opened,
            is_asked=one.id in asked,
        )
        for one in sittings_of(session, round_id=round_.id)
    ]


def _takes_answers(round_: Round, called: Sitting, closed: set[int]) -> bool:
    return round_.status == RoundStatus.SECOND_ANSWERS and called.number not in closed


def _numbers(session: Session, table: type[Checkpoint | Opening], round_id: int) -> set[int]:
    return set(session.scalars(select(table.sitting).where(table.round_id == round_id)))


def require_standing(
    session: Session, *, round_: Round, sitting: int, organisation_id: int | None
) -> SittingStanding:
    """Return how far one sitting is.

    Raises:
        NotFoundForActorError: The round has no such sitting of second answers.
    """
    for one in standings_of(session, round_=round_, organisation_id=organisation_id):
        if one.called.number == sitting:
            return one
    raise NotFoundForActorError
