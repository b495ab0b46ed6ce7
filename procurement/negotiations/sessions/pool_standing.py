"""The pool of a campaign: what its rare-disease deals commit, and a warning beyond it.

No source states that a pool binds a deal, so a deal beyond it is not refused: it is put on record,
the bureau is told, and its negotiators see it before they sign.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from pricing.stated_rules import StatedRules
from procurement.audit import record
from procurement.errors import InvalidInputError
from procurement.negotiations.dossiers.calculation import model_of
from procurement.negotiations.dossiers.filing import files_of, newest_model
from procurement.negotiations.dossiers.steps import subject_of, tell_bureau
from procurement.negotiations.kinds import SessionStatus, Track
from procurement.negotiations.pool.rules import (
    PoolCourse,
    Spend,
    agreement_years,
    pool_terms,
    run_pool,
    yearly_spend,
)
from procurement.negotiations.sessions.tables import Deal, Session
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Actor

SIGNED = (SessionStatus.AGREED,)
MADE = (SessionStatus.AGREED, SessionStatus.OPEN)
"""Deals that are signed, and those that wait for signatures as well."""


def pool_course(
    session: Database, *, campaign: Campaign, statuses: Sequence[SessionStatus] = SIGNED
) -> PoolCourse | None:
    """Run the pool of a campaign over its rare-disease deals; None where it has no pool.

    Args:
        session: Any session.
        campaign: The campaign.
        statuses: Of the sessions whose deals count.
    """
    if campaign.pool is None:
        return None
    terms = pool_terms(StatedRules.of(campaign.rulebook))
    deals = session.execute(
        select(Dossier, Deal.price)
        .join(Session, Session.dossier_id == Dossier.id)
        .join(Deal, Deal.session_id == Session.id)
        .where(Dossier.campaign_id == campaign.id, Dossier.track == Track.RARE_DISEASE.value)
        .where(Session.status.in_([status.value for status in statuses]))
        .order_by(Deal.id)
    )
    return run_pool(
        campaign.pool,
        [
            (dossier.product, _spend(session, dossier, price, terms.payment_ratio))
            for dossier, price in deals
        ],
        years=agreement_years(campaign.starts_on, campaign.ends_on),
        terms=terms,
    )


def unsigned_deals(session: Database, *, campaign: Campaign) -> int:
    """Return how many rare-disease deals wait for signatures."""
    waiting = (
        select(func.count())
        .select_from(Deal)
        .join(Session, Session.id == Deal.session_id)
        .join(Dossier, Dossier.id == Session.dossier_id)
        .where(Dossier.campaign_id == campaign.id, Dossier.track == Track.RARE_DISEASE.value)
        .where(Session.status == SessionStatus.OPEN.value)
    )
    return session.scalar(waiting) or 0


def warning_of(session: Database, *, dossier: Dossier) -> PoolCourse | None:
    """Return the pool with every deal made, where the drug is paid from it and it may not do."""
    if dossier.track != Track.RARE_DISEASE:
        return None
    course = pool_course(session, campaign=dossier.campaign, statuses=MADE)
    if course is None or not (course.beyond or course.not_estimated or course.unforecast_from):
        return None
    return course


def warn_of_pool(session: Database, *, dossier: Dossier, actor: Actor, moment: datetime) -> None:
    """Put on record, and tell the bureau, that a deal just made may be beyond the pool."""
    course = warning_of(session, dossier=dossier)
    if course is None:
        return
    years = " ".join(map(str, course.beyond))
    record(
        session,
        actor=actor,
        action="deal-beyond-pool" if course.beyond else "deal-not-measured-by-pool",
        subject=subject_of(dossier),
        facts={"years": years, "unknown": " ".join(key for key, _, _ in course.terms.unknown)},
        moment=moment,
    )
    zh, en = (
        "尚不能判断罕见病用药资金是否足够",
        "whether the rare-disease pool suffices is not known",
    )
    if course.beyond:
        zh = f"按企业测算资料，超出罕见病用药资金（第 {years} 年）"
        en = f"by its maker's calculation the deal is beyond the rare-disease pool (year {years})"
    tell_bureau(session, dossier, zh=zh, en=en, moment=moment)


def _spend(
    session: Database, dossier: Dossier, price: Decimal, ratio: Decimal | None
) -> Spend | None:
    kept = newest_model(session, dossier_id=dossier.id)
    if kept is None:
        return None
    try:
        model = model_of(files_of(kept))
    except InvalidInputError:
        return None
    return yearly_spend(model, price, payment_ratio=ratio)
