"""What permissions ask about a round's bids, keys and papers."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import RefusedError
from procurement.permissions import Actor, NotFoundForActorError, Subject
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round


class SignedOutError(RefusedError):
    """Something is done in somebody's name, and nobody is signed in."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(zh="请先登录。", en="Sign in first.")


def require_round(session: Session, *, name: str) -> Round:
    """Return the round of a name.

    Raises:
        NotFoundForActorError: There is none.
    """
    round_ = session.scalars(select(Round).where(Round.name == name)).one_or_none()
    if round_ is None:
        raise NotFoundForActorError
    return round_


def subject_of(session: Session, *, round_: Round, organisation_id: int | None = None) -> Subject:
    """Say what an action on a round is about, for `procurement.permissions.permit`.

    Args:
        session: Any session.
        round_: The round.
        organisation_id: The manufacturer whose papers, bid or receipt it is.
    """
    return replace(round_subject(session, round_), organisation_id=organisation_id)


def signed_in(actor: Actor) -> tuple[int, int]:
    """Return organisation and person of somebody who is signed in.

    Raises:
        SignedOutError: Nobody is.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise SignedOutError
    return actor.organisation_id, actor.person_id
