"""From when on stock is marked as old: a bureau decides for its region, on a basis that it names.

No source says how often places must report; without a decision only the age is shown.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.divisions import NATION
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.finder.tables import REASON_LENGTH_MAX, StockAgeLimit
from procurement.pharmacies.listed.service import lists_above

DAYS_MAX = 366


def age_limits(session: Session, *, counties: Collection[str]) -> dict[str, int | None]:
    """Return for each county from how many days on stock is old; None where nobody decided.

    The nearest region's newest decision holds: of the county, its city, its province, the nation.

    Args:
        session: Any session.
        counties: Division codes.
    """
    regions = {one: (*lists_above(one), NATION) for one in counties}
    wanted = {region for above in regions.values() for region in above}
    decided = select(StockAgeLimit).where(StockAgeLimit.region.in_(wanted))
    days = {one.region: one.days for one in session.scalars(decided.order_by(StockAgeLimit.id))}
    return {
        county: next((days[region] for region in above if region in days), None)
        for county, above in regions.items()
    }


def decisions_about(session: Session, *, region: str) -> Sequence[StockAgeLimit]:
    """Return what a region decided, newest first."""
    about = select(StockAgeLimit).where(StockAgeLimit.region == region)
    return session.scalars(about.order_by(StockAgeLimit.id.desc())).all()


def decide_age_limit(
    session: Session, *, days: int | None, basis: str, actor: Actor, moment: datetime
) -> StockAgeLimit:
    """Decide for the actor's region from how many days on stock is marked as old.

    Args:
        session: Session of the caller's transaction.
        days: From 1.
        basis: The document that says so, or why.
        actor: Of the bureau.
        moment: Now.

    Raises:
        InvalidInputError: No days, too many, or no basis.
    """
    faults = []
    if days is None or not 0 < days <= DAYS_MAX:
        zh, en = f"须为 1 至 {DAYS_MAX} 的整数。", f"Expected a whole number from 1 to {DAYS_MAX}."
        faults.append(FieldFault("days", zh, en))
    if not basis or len(basis) > REASON_LENGTH_MAX:
        zh = f"请写明依据（不超过 {REASON_LENGTH_MAX} 字）。"
        en = f"Give the basis, in at most {REASON_LENGTH_MAX} characters."
        faults.append(FieldFault("basis", zh, en))
    if faults or days is None:
        raise InvalidInputError(faults)
    before = decisions_about(session, region=actor.region)
    decided = StockAgeLimit(
        region=actor.region,
        days=days,
        basis=basis,
        decided_by=actor.person_id,
        decided_at=moment,
    )
    session.add(decided)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="decide-stock-age",
        subject=f"region/{actor.region}",
        facts={
            "days": str(days),
            "before": str(before[0].days) if before else "",
            "basis": basis,
        },
        moment=moment,
    )
    return decided
