"""The answers that a round is evaluated with: the bureau's and the bidders'."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Answer, QuestionKind
from procurement.awards.tables import AwardAnswer
from procurement.bids.sittings import opened_answers
from procurement.rounds.tables import Lot


def answers_of(session: Session, *, round_id: int) -> tuple[Answer, ...]:
    """Return all answers after the opening: of each question the newest, by lot and bid.

    Ties and withdrawals are answered by two officers of the bureau, offers by the bidders in the
    sittings of second answers.

    Args:
        session: Any session.
        round_id: The round.
    """
    given = (*opened_answers(session, round_id=round_id), *bureau_answers(session, round_id))
    newest = {(one.lot, one.bid, one.question): one for one in given}
    return tuple(newest[key] for key in sorted(newest))


def bureau_answers(session: Session, round_id: int) -> tuple[Answer, ...]:
    """Return what two officers of the bureau answered, the oldest first."""
    rows = session.execute(
        select(AwardAnswer, Lot.code)
        .join(Lot, Lot.id == AwardAnswer.lot_id)
        .where(AwardAnswer.round_id == round_id)
        .order_by(AwardAnswer.id)
    )
    return tuple(Answer(lot, row.bid, QuestionKind(row.question), row.answer) for row, lot in rows)
