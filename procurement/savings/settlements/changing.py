"""How a settlement goes from one status to the next: locked, checked, on record."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import StaleError
from procurement.permissions import Actor
from procurement.savings.settlements.errors import RunUnderWayError
from procurement.savings.states import (
    SETTLEMENT_NAMES,
    RunStatus,
    SettlementStatus,
    WrongStateError,
    check_settlement,
)
from procurement.savings.tables import SavingsRun, SavingsSettlement

UNDER_WAY = (RunStatus.WAITING, RunStatus.RUNNING)


def lock(
    session: Session, *, settlement: SavingsSettlement, version: int | None = None
) -> SavingsSettlement:
    """Lock a settlement, so that whatever is done about it is done one after the other.

    Raises:
        StaleError: It is not the version that somebody saw.
    """
    locked = session.scalars(
        select(SavingsSettlement)
        .where(SavingsSettlement.id == settlement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if version is not None and locked.version != version:
        raise StaleError
    return locked


def require_status(settlement: SavingsSettlement, *allowed: SettlementStatus) -> None:
    """Let what may be done in some statuses only pass, or raise.

    Raises:
        WrongStateError: The settlement stands elsewhere.
    """
    if settlement.status not in allowed:
        raise WrongStateError(
            SETTLEMENT_NAMES[SettlementStatus(settlement.status)], SETTLEMENT_NAMES[allowed[0]]
        )


def require_idle(session: Session, *, settlement: SavingsSettlement) -> None:
    """Let nothing happen while a job of the settlement is at work.

    Raises:
        RunUnderWayError: One is.
    """
    running = select(SavingsRun.id).where(
        SavingsRun.settlement_id == settlement.id, SavingsRun.status.in_(UNDER_WAY)
    )
    if session.scalar(running.limit(1)) is not None:
        raise RunUnderWayError


def touch(settlement: SavingsSettlement, *, moment: datetime) -> None:
    """Count a change, so that pages opened before are stale."""
    settlement.version += 1
    settlement.changed_at = moment


def set_status(
    session: Session, *, settlement: SavingsSettlement, status: SettlementStatus, moment: datetime
) -> None:
    """Bring a settlement on.

    Raises:
        WrongStateError: `SETTLEMENT_TRANSITIONS` does not list it.
    """
    check_settlement(SettlementStatus(settlement.status), status)
    settlement.status = status
    touch(settlement, moment=moment)
    session.flush()


def noted(
    session: Session,
    *,
    settlement: SavingsSettlement,
    action: str,
    actor: Actor,
    moment: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Put on record that somebody did something with a settlement."""
    record(
        session,
        actor=actor,
        action=action,
        subject=f"savings/{settlement.name}",
        facts=dict(facts or {}),
        moment=moment,
    )
