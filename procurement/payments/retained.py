"""Paying the savings that a hospital keeps, from both funds, once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.payments.errors import AmountUnexpectedError
from procurement.payments.instructions import Draft, draft_instruction
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.rules.events import Sources
from procurement.payments.states import InstructionKind
from procurement.permissions import Actor

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedPay:
    """Savings to be paid to a hospital.

    Attributes:
        key: Names the statement that they come from: it is paid once.
        hospital_id: To whom.
        agency_id: By whom.
        employee: From the employee fund, whole cents.
        resident: From the resident fund, whole cents.
    """

    key: str
    hospital_id: int
    agency_id: int
    employee: Decimal
    resident: Decimal


def pay_retained(
    session: Session, *, retained: RetainedPay, actor: Actor, moment: datetime
) -> PaymentInstruction:
    """Draft the instruction that pays a hospital what it keeps; another person confirms it.

    Called again with the same key, it returns the same instruction and drafts nothing: a run that
    was killed and starts anew never pays twice.

    Args:
        session: Session of the caller's transaction.
        retained: What, to whom, by whom.
        actor: Of the agency.
        moment: When, aware.

    Raises:
        AmountUnexpectedError: A part is below zero or not in whole cents.
        NothingLeftError: Both parts are zero.
        KeyReusedError: Something else was paid under the key.
    """
    for part in (retained.employee, retained.resident):
        if part < 0 or part % CENT:
            raise AmountUnexpectedError(part, "≥ 0, × 0.01")
    draft = Draft(
        kind=InstructionKind.RETAINED,
        key=f"retained/{retained.key}",
        agency_id=retained.agency_id,
        payee_id=retained.hospital_id,
        hospital_id=retained.hospital_id,
        subject=f"retained/{retained.key}"[:100],
        sources=Sources(employee=retained.employee, resident=retained.resident),
    )
    return draft_instruction(session, draft=draft, actor=actor, moment=moment)
