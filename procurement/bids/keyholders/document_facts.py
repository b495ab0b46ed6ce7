"""What volumes and keys tell the document of a round, which is written at an earlier stage."""

from sqlalchemy.orm import Session

from procurement.bids.keyholders.keys import DEFAULT_SUITE, seats_of
from procurement.rounds.document.later import LaterFacts
from procurement.rounds.tables import Round
from procurement.volumes.steps import base_volumes_of


def document_facts(session: Session, round_: Round) -> LaterFacts:
    """Return the base volumes and the cipher suite that the document prints.

    `procurement.app` hands this to `procurement.rounds.document.later.install`.

    Args:
        session: Any session.
        round_: The round.
    """
    made = (seat.key.suite for seat in seats_of(session, round_id=round_.id) if seat.key)
    return LaterFacts(
        base_volumes=base_volumes_of(session, round_), suite=next(made, DEFAULT_SUITE)
    )
