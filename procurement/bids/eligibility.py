"""Whether a manufacturer may bid in a round: its papers, and its credit rating."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.bids.kinds import PaperStatus
from procurement.bids.papers import paper_standing
from procurement.bids.rules import PaperStanding
from procurement.errors import RefusedError
from procurement.rounds.tables import Round


class NotEligibleError(RefusedError):
    """The manufacturer may not bid in this round."""

    def __init__(self, obstacles: Sequence[tuple[str, str]]) -> None:
        """Keep what stands in the way, in Chinese and English."""
        super().__init__(
            zh="".join(zh for zh, _ in obstacles), en=" ".join(en for _, en in obstacles)
        )
        self.obstacles = tuple(obstacles)


def obstacles_to_bidding(
    session: Session, *, round_: Round, organisation_id: int, moment: datetime
) -> tuple[tuple[str, str], ...]:
    """Return why a manufacturer may not bid, in Chinese and English; nothing if it may.

    Args:
        session: Any session.
        round_: The round.
        organisation_id: The manufacturer.
        moment: Now, for deadlines.
    """
    papers = paper_standing(
        session, round_id=round_.id, organisation_id=organisation_id, moment=moment
    )
    return (*_paper_obstacle(papers), *_credit_obstacle(session, organisation_id, moment))


def _paper_obstacle(papers: PaperStanding) -> tuple[tuple[str, str], ...]:
    if papers.status is PaperStatus.ADMITTED:
        return ()
    return (
        (
            "申报材料尚未审核通过，不能提交报价。",
            "Your eligibility papers are not admitted yet; a bid cannot be submitted before.",
        ),
    )


def _credit_obstacle(
    session: Session, organisation_id: int, moment: datetime
) -> tuple[tuple[str, str], ...]:
    return ()


def require_eligible(
    session: Session, *, round_: Round, organisation_id: int, moment: datetime
) -> None:
    """Let a manufacturer bid, or raise.

    Raises:
        NotEligibleError: Papers or credit rating stand in the way.
    """
    obstacles = obstacles_to_bidding(
        session, round_=round_, organisation_id=organisation_id, moment=moment
    )
    if obstacles:
        raise NotEligibleError(obstacles)
