"""Checks of sale prices: each pack at a counter against what was paid, and what it may cost."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.notices import notify
from procurement.permissions import Actor
from procurement.pharmacies.convenience.counters import counter_prices
from procurement.pharmacies.convenience.documents import require_convenience
from procurement.pharmacies.convenience.tables import ConvenienceCheck
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.zero_markup import BAD_OUTCOMES
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price


def check_prices(
    session: Session, *, place: Place, actor: Actor, moment: datetime
) -> list[ConvenienceCheck]:
    """Check every price at a pharmacy's counter; who keeps it is told what is too dear.

    Args:
        session: Session of the caller's transaction.
        place: The pharmacy.
        actor: Who checks.
        moment: When, aware.

    Returns:
        One check for each pack.

    Raises:
        NotConvenienceError: It is no convenience pharmacy today.
    """
    today = day_in_china(moment)
    require_convenience(session, place=place, day=today)
    checks = [
        ConvenienceCheck(
            place_id=place.id,
            product_id=one.counter.product_id,
            sale_price=one.counter.sale_price,
            purchase_price=one.purchase,
            purchase_source=one.source,
            limit_price=one.limit,
            price_id=one.price_id,
            outcome=one.outcome,
            checked_on=today,
            checked_by=actor.person_id,
            checked_at=moment,
        )
        for one in counter_prices(session, place=place, day=today)
    ]
    session.add_all(checks)
    session.flush()
    bad = sum(one.outcome in BAD_OUTCOMES for one in checks)
    record(
        session,
        actor=actor,
        action="check-convenience-prices",
        subject=f"place/{place.institution_code}",
        facts={"packs": str(len(checks)), "too_dear": str(bad)},
        moment=moment,
    )
    if bad and place.organisation_id is not None:
        notify(
            session,
            organisation_id=place.organisation_id,
            zh=f"{place.name}：零差价检查发现 {bad} 个品规价格过高，请更正。",
            en=f"{place.name}: {bad} prices are too high for zero markup; correct them.",
            link=f"/convenience/{place.institution_code}",
            moment=moment,
        )
    return checks


def newest_checks(session: Session, *, place_id: int) -> Sequence[ConvenienceCheck]:
    """Return the checks of the last time that a pharmacy was checked."""
    last = select(func.max(ConvenienceCheck.checked_at)).where(
        ConvenienceCheck.place_id == place_id
    )
    wanted = select(ConvenienceCheck).where(
        ConvenienceCheck.place_id == place_id, ConvenienceCheck.checked_at == last.scalar_subquery()
    )
    return session.scalars(wanted.order_by(ConvenienceCheck.id)).all()


def too_dear_in_year(session: Session, *, place_id: int, year: int) -> Sequence[ConvenienceCheck]:
    """Return the checks of a year that found more than a winning price, the dearest excess first.

    Documents take the sign for sales above the winning price; a payment standard is none.
    """
    wanted = (
        select(ConvenienceCheck)
        .join(Price, Price.id == ConvenienceCheck.price_id)
        .where(
            ConvenienceCheck.place_id == place_id,
            Price.kind == PriceKind.WINNING,
            ConvenienceCheck.sale_price > ConvenienceCheck.limit_price,
        )
    )
    found = [one for one in session.scalars(wanted) if one.checked_on.year == year]
    return sorted(found, key=lambda one: (one.limit_price or 0) - one.sale_price)
