"""How claims follow the instructions that pay them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.settling_tables import Claim, ClaimStep
from procurement.payments.states import ClaimStatus, InstructionStatus, check_claim

_FOLLOWS = {
    InstructionStatus.PAID: ClaimStatus.PAID,
    # The money is on its way again, or comes back to be sent again.
    InstructionStatus.RETURNED: ClaimStatus.INSTRUCTED,
    InstructionStatus.CANCELLED: ClaimStatus.RECONCILED,
}


def claims_follow(
    session: Session, *, instruction: PaymentInstruction, moment: datetime, note: str = ""
) -> None:
    """Put the claims that an instruction pays into the status that its own brings."""
    wanted = _FOLLOWS.get(InstructionStatus(instruction.status))
    if wanted is None:
        return
    for claim in session.scalars(select(Claim).where(Claim.instruction_id == instruction.id)):
        if claim.status == wanted:
            continue
        check_claim(ClaimStatus(claim.status), wanted)
        claim.status = wanted
        claim.version += 1
        if wanted is ClaimStatus.RECONCILED:
            claim.instruction_id = None
        session.add(
            ClaimStep(
                claim_id=claim.id,
                step=wanted,
                organisation_id=instruction.agency_id,
                done_at=moment,
                is_late=False,
                note=note,
            )
        )
    session.flush()
