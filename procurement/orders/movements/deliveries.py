"""Purchases that a hospital reported before it accepted or refused their delivery."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.rules import Verdict
from procurement.orders.movements.settling import (
    settle_returns,
    take_back_counted,
    take_verdict,
    verdicts,
)
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.orders.numbers import hold_hospital
from procurement.orders.states import DeliveryStatus
from procurement.orders.tables import Delivery

_OPEN = (MovementStatus.COUNTED, MovementStatus.OUTSIDE, MovementStatus.UNCLEAR)


def settle_delivery(session: Session, *, delivery: Delivery, moment: datetime) -> None:
    """Judge reported purchases again, once their delivery is accepted or refused.

    Goods count by their receipt: what was counted as bought off the platform is taken back. Where
    the hospital refused everything and has the goods in its stock all the same, they were bought
    otherwise, and count as that. So it makes no difference what comes first.

    Args:
        session: Session of the caller's transaction, which holds the order.
        delivery: Accepted or refused.
        moment: Now.
    """
    hospital_id = delivery.order.hospital_id
    hold_hospital(session, hospital_id=hospital_id)
    session.flush()
    hospital = session.get_one(Organisation, hospital_id)
    if delivery.status == DeliveryStatus.REFUSED:
        _settle_refused(session, hospital, delivery, moment)
    else:
        _settle_accepted(session, hospital, delivery, moment)
    session.flush()


def _settle_accepted(
    session: Session, hospital: Organisation, delivery: Delivery, moment: datetime
) -> None:
    own = {line.id for line in delivery.lines}
    seller = session.get_one(Organisation, delivery.distributor_id).name
    for counted_in in CountedIn:
        reported = _purchases(session, hospital, counted_in, _may_be(delivery))
        judged = verdicts(session, hospital=hospital, movements=reported, counted_in=counted_in)
        for movement, verdict in list(judged):
            if _is_of(movement, verdict, own, seller):
                _judge_anew(session, hospital, movement, verdict, moment)


def _is_of(movement: StockMovement, verdict: Verdict, own: set[int], seller: str) -> bool:
    """Whether it is these goods, or may be and is counted as something else."""
    if verdict.batch is not None:
        return verdict.batch.delivery_line_id in own
    is_unclear = movement.status == MovementStatus.UNCLEAR
    # Another seller's note may bear the same number: that purchase stays what it is.
    return verdict.may_be_delivered and not is_unclear and movement.seller == seller


def _may_be(delivery: Delivery) -> ColumnElement[bool]:
    """Purchases with the delivery's note; those without any, since it was shipped, by batch."""
    batches = sorted({line.batch_number.lower() for line in delivery.lines})
    return and_(
        StockMovement.status.in_(_OPEN),
        or_(
            StockMovement.note_number == delivery.note_number,
            and_(
                StockMovement.note_number == "",
                func.lower(StockMovement.batch_number).in_(batches),
                StockMovement.happened_on >= day_in_china(delivery.shipped_at),
            ),
        ),
    )


def _settle_refused(
    session: Session, hospital: Organisation, delivery: Delivery, moment: datetime
) -> None:
    matched = and_(
        StockMovement.status == MovementStatus.MATCHED,
        StockMovement.delivery_line_id.in_([line.id for line in delivery.lines]),
    )
    for counted_in in CountedIn:
        reported = _purchases(session, hospital, counted_in, matched)
        judged = verdicts(session, hospital=hospital, movements=reported, counted_in=counted_in)
        for movement, verdict in list(judged):
            _judge_anew(session, hospital, movement, verdict, moment)


def _purchases(
    session: Session,
    hospital: Organisation,
    counted_in: CountedIn,
    condition: ColumnElement[bool],
) -> Sequence[StockMovement]:
    return session.scalars(
        select(StockMovement)
        .join(MovementFile, MovementFile.id == StockMovement.file_id)
        .where(
            StockMovement.hospital_id == hospital.id,
            StockMovement.kind == MovementKind.PURCHASE,
            MovementFile.counted_in == counted_in,
            condition,
        )
        .order_by(StockMovement.id)
        .execution_options(populate_existing=True)
    ).all()


def _judge_anew(
    session: Session,
    hospital: Organisation,
    movement: StockMovement,
    verdict: Verdict,
    moment: datetime,
) -> None:
    """Give a purchase another status, and its returns the same."""
    returns = session.execute(
        select(StockMovement, MovementFile.counted_in)
        .join(MovementFile, MovementFile.id == StockMovement.file_id)
        .where(
            StockMovement.original_id == movement.id,
            StockMovement.kind == MovementKind.PURCHASE_RETURN,
            StockMovement.status != MovementStatus.DELETED,
        )
        .order_by(StockMovement.id)
    ).all()
    # All of them first: the part of each is what those before it left.
    for one in (movement, *(row for row, _ in returns)):
        if one.status == MovementStatus.COUNTED:
            take_back_counted(session, movement=one, moment=moment)
        one.status, one.delivery_line_id = MovementStatus.UNCLEAR, None
    session.flush()
    take_verdict(session, hospital=hospital, movement=movement, verdict=verdict, moment=moment)
    for row, counted_in in returns:
        settle_returns(
            session,
            hospital=hospital,
            movements=[row],
            counted_in=CountedIn(counted_in),
            moment=moment,
        )
