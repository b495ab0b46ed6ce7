"""What the platform itself measures of a hospital, beside the points that people give."""

from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from procurement.orders.states import PurchaseSource
from procurement.orders.tables import PurchaseLine
from procurement.savings.rules.exact import quotient, shown, times
from procurement.savings.settlements.terms import TermView
from procurement.savings.tables import ExtractedLine


def measured_of(
    session: Session, *, run_id: int, hospital_id: int, terms: list[TermView]
) -> dict[str, tuple[str, str]]:
    """Return what an extract and the purchase lines tell of a hospital, by indicator.

    Only what the platform knows is there: completion, non-winning products, and what was bought
    off the platform as far as the hospital sent its stock movements.
    """
    sums = session.execute(
        select(
            func.sum(ExtractedLine.agreed_volume),
            func.sum(ExtractedLine.winning_volume),
            func.sum(ExtractedLine.non_winning_volume),
            func.count(),
        ).where(ExtractedLine.run_id == run_id, ExtractedLine.hospital_id == hospital_id)
    ).one()
    agreed, winning, other = (int(one or 0) for one in sums[:3])
    done = session.scalar(
        select(func.count()).where(
            ExtractedLine.run_id == run_id,
            ExtractedLine.hospital_id == hospital_id,
            ExtractedLine.agreed_volume > 0,
            ExtractedLine.winning_volume >= ExtractedLine.agreed_volume,
        )
    )
    found: dict[str, tuple[str, str]] = {}
    if agreed:
        share = _percent(winning, agreed)
        found["volume-completion"] = (
            f"{sums[3]} 项中完成 {done} 项，合计 {share}",
            f"{done} of {sums[3]} lines completed, {share} together",
        )
    if winning + other:
        found["non-winning-share"] = (
            f"按数量 {_percent(other, winning + other)}",
            f"{_percent(other, winning + other)} by volume",
        )
        found["winning-use"] = (
            f"按数量 {_percent(winning, winning + other)}",
            f"{_percent(winning, winning + other)} by volume",
        )
    return found | _off_line(session, hospital_id, terms)


def _off_line(
    session: Session, hospital_id: int, terms: list[TermView]
) -> dict[str, tuple[str, str]]:
    """Money spent off the platform on products of lots, in the days of the batch-years."""
    days = [PurchaseLine.received_on.between(one.starts_on, one.ends_on) for one in terms]
    rows = session.execute(
        select(PurchaseLine.source, func.sum(PurchaseLine.amount))
        .where(PurchaseLine.hospital_id == hospital_id, PurchaseLine.lot_id.is_not(None))
        .where(or_(*days))
        .group_by(PurchaseLine.source)
    )
    sums = {source: Decimal(amount or 0) for source, amount in rows}
    whole = sum(sums.values(), Decimal(0))
    if whole <= 0:
        return {}
    off = sums.get(PurchaseSource.MOVEMENT, Decimal(0))
    share = _percent(off, whole)
    return {"off-line-share": (f"按金额 {share}", f"{share} by money")}


def _percent(part: int | Decimal, whole: int | Decimal) -> str:
    percent = times(quotient(part, whole), 100)
    return f"{shown(percent.quantize(Decimal('0.01')))}%"
