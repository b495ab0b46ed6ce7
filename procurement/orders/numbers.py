"""How orders are called: hospital, day, and a number within the day."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.tables import PurchaseOrder


def hold_hospital(session: Session, *, hospital_id: int) -> None:
    """Let others who order for the same hospital wait until the transaction ends."""
    # Not FOR UPDATE: rows that only refer to the hospital need not wait.
    held = select(Organisation.id).where(Organisation.id == hospital_id)
    session.execute(held.with_for_update(key_share=True))


def next_number(session: Session, *, hospital_id: int, day: date) -> str:
    """Return the next number of a hospital on a day; its row is held until the transaction ends.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Who orders.
        day: In China.
    """
    hold_hospital(session, hospital_id=hospital_id)
    prefix = f"{day:%Y%m%d}-{hospital_id:06d}-"
    known = select(func.count()).where(PurchaseOrder.number.startswith(prefix, autoescape=True))
    return f"{prefix}{(session.scalar(known) or 0) + 1:04d}"
