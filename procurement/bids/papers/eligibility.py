"""Whether a manufacturer may bid in a round: its papers, and its credit rating."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, PROVINCES, province_of
from procurement.bids.kinds import PaperStatus
from procurement.bids.papers.service import paper_standing
from procurement.bids.rules import PaperStanding
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import grades_by_region
from procurement.errors import RefusedError
from procurement.rounds.tables import Round, RoundRegion

Obstacles = tuple[tuple[str, str], ...]
"""What stands in the way, each in Chinese and in English."""


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
) -> Obstacles:
    """Return why a manufacturer may not bid; nothing if it may.

    Args:
        session: Any session.
        round_: The round.
        organisation_id: The manufacturer.
        moment: Now, for deadlines.
    """
    papers = paper_standing(
        session, round_id=round_.id, organisation_id=organisation_id, moment=moment
    )
    return (
        *paper_obstacles(papers),
        *credit_obstacles(
            session, round_id=round_.id, organisation_id=organisation_id, moment=moment
        ),
    )


def paper_obstacles(papers: PaperStanding) -> Obstacles:
    """Return what is in the way as long as the papers are not admitted."""
    if papers.status is PaperStatus.ADMITTED:
        return ()
    return (
        (
            "申报材料尚未审核通过，不能提交报价。",
            "Your eligibility papers are not admitted yet; a bid cannot be submitted before.",
        ),
    )


def credit_obstacles(
    session: Session, *, round_id: int, organisation_id: int, moment: datetime
) -> Obstacles:
    """Return the grades that bar a firm: of a round's provinces, or of any for a national one."""
    grades = grades_by_region(
        session, organisation_id=organisation_id, on_date=day_in_china(moment)
    )
    barring = {province: grade for province, grade in grades.items() if grade.bars_all}
    if not barring:
        return ()
    regions = select(RoundRegion.region).where(RoundRegion.round_id == round_id)
    here = {province_of(region) for region in session.scalars(regions)} - {NATION}
    return tuple(
        (
            f"贵单位在{PROVINCES[province][0]}的信用评级为“{grade.zh}”，不能参加本批次。",
            f"Your credit grade in {PROVINCES[province][1]} is “{grade.en}”, which bars you from "
            "this round.",
        )
        for province, grade in sorted(barring.items())
        if not here or province in here
    )
