"""What permissions ask about a round."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.permissions import Subject
from procurement.rounds.progress import was_public
from procurement.rounds.rules import is_public
from procurement.rounds.tables import Round, RoundParticipant, RoundRegion, RoundStatus


def round_subject(session: Session, round_: Round, *, proposed_by: int | None = None) -> Subject:
    """Describe a round for `procurement.permissions.permit`.

    A round is public from volume reporting (or the comments on its draft document) on: both are
    addressed to everybody in the field. A draft is seen by its lead bureau and by those it names.
    A round that was cancelled as a draft, and an imported one, which is evaluated from the
    command line and has no bureau, are not public.

    Args:
        session: Any session.
        round_: The round.
        proposed_by: Who proposed the step that is to be confirmed, if that is asked.

    Returns:
        The subject: lead bureau, regions, named organisations, and whether it is public.
    """
    regions = select(RoundRegion.region).where(RoundRegion.round_id == round_.id)
    named = select(RoundParticipant.organisation_id).where(RoundParticipant.round_id == round_.id)
    status = RoundStatus(round_.status)
    was_seen = status != RoundStatus.CANCELLED or was_public(session, round_id=round_.id)
    return Subject(
        bureau_id=round_.bureau_id,
        regions=tuple(sorted(session.scalars(regions))),
        named=frozenset(session.scalars(named)),
        proposed_by=proposed_by,
        is_public=is_public(status, was_seen=was_seen),
    )
