"""Thresholds as a bureau gave them: each giving is a version of its own."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement import audit
from procurement.errors import StaleError
from procurement.monitoring.rules.parameters import (
    Thresholds,
    read_thresholds,
    stored_thresholds,
    write_thresholds,
)
from procurement.monitoring.tables import MonitoringParameters
from procurement.permissions import Actor


def newest_parameters(session: Session, *, bureau_id: int) -> MonitoringParameters | None:
    """Return what a bureau gave last; None where it gave nothing yet."""
    newest = (
        select(MonitoringParameters)
        .where(MonitoringParameters.bureau_id == bureau_id)
        .order_by(MonitoringParameters.version.desc())
        .limit(1)
    )
    return session.scalars(newest).one_or_none()


def thresholds_in(row: MonitoringParameters | None) -> Thresholds:
    """Return the thresholds of a version; none are known without one."""
    return Thresholds() if row is None else stored_thresholds(row.given)


def thresholds_of(session: Session, *, bureau_id: int | None) -> Thresholds:
    """Return the thresholds that hold for a bureau."""
    return thresholds_in(newest_parameters(session, bureau_id=bureau_id or 0))


def give_thresholds(
    session: Session,
    *,
    typed: Mapping[str, tuple[str, str]],
    version: int,
    actor: Actor,
    moment: datetime,
) -> MonitoringParameters:
    """Keep thresholds as the bureau's next version.

    Args:
        session: Session of the caller's transaction.
        typed: By name the value and its basis, as typed; what is empty is unknown from now on.
        version: Of what the page showed; 0 where there was nothing.
        actor: An officer of the bureau.
        moment: Now.

    Raises:
        InvalidInputError: With every fault.
        StaleError: Somebody gave others since.
    """
    given = read_thresholds(typed)
    before = newest_parameters(session, bureau_id=actor.organisation_id or 0)
    if version != (0 if before is None else before.version):
        raise StaleError
    row = MonitoringParameters(
        bureau_id=actor.organisation_id,
        version=version + 1,
        given=write_thresholds(given),
        given_by=actor.person_id,
        given_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise StaleError from error
    audit.record(
        session,
        actor=actor,
        action="give-thresholds",
        subject=f"monitoring/{row.bureau_id}",
        facts={
            "version": str(row.version),
            "before": "" if before is None else before.given,
            "after": row.given,
        },
        moment=moment,
    )
    return row
