"""Withdrawing a file that the bank never took, or refused as a whole: by a second person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.bank_file.tables import (
    REASON_LENGTH_MAX,
    BankFile,
    BankFileLine,
    BankFileWithdrawal,
)
from procurement.payments.claim_states import claims_follow
from procurement.payments.errors import SamePersonError
from procurement.payments.returned_payments import put_returned
from procurement.payments.states import InstructionStatus
from procurement.payments.tables import PaymentInstruction
from procurement.permissions import Actor


class WithdrawnError(RefusedError):
    """The file was withdrawn."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该文件已撤回，不能再下载或撤回。",
            en="This file was withdrawn: it is neither handed out nor withdrawn again.",
        )


class AnsweredError(RefusedError):
    """The bank answered for a part of the file already: it has it."""

    def __init__(self, numbers: tuple[str, ...]) -> None:
        """Keep the instructions."""
        named = "、".join(numbers)
        super().__init__(
            zh=f"银行已就其中的指令答复（{named}），不能撤回整个文件。",
            en=f"The bank answered for instructions of it ({', '.join(numbers)}): it has the file, "
            "which cannot be withdrawn.",
        )
        self.numbers = numbers


def withdraw_bank_file(
    session: Session, *, file: BankFile, reason: str, actor: Actor, moment: datetime
) -> BankFileWithdrawal:
    """Withdraw a file: all its instructions count as returned, and are drafted again or cancelled.

    An answer of the bank to this file is refused from now on.

    Args:
        session: Session of the caller's transaction.
        file: The file.
        reason: How it is known that the bank pays none of it.
        actor: Another person than the one who exported it.
        moment: Now, aware.

    Raises:
        InvalidInputError: There is no reason.
        SamePersonError: The actor exported it.
        WithdrawnError: It was withdrawn before.
        AnsweredError: The bank answered for some of its instructions.
    """
    said = reason.strip()
    if not 0 < len(said) <= REASON_LENGTH_MAX:
        expected = (
            f"须写明理由，至多 {REASON_LENGTH_MAX} 字。",
            f"Expected a reason of up to {REASON_LENGTH_MAX} characters.",
        )
        raise InvalidInputError([FieldFault("reason", *expected)])
    if actor.person_id is None or actor.person_id == file.exported_by:
        raise SamePersonError
    session.get_one(BankFile, file.id, with_for_update=True)
    if withdrawal_of(session, file=file) is not None:
        raise WithdrawnError
    _give_back(session, file, said, moment)
    row = BankFileWithdrawal(
        file_id=file.id, reason=said, withdrawn_by=actor.person_id, withdrawn_at=moment
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="withdraw-bank-file",
        subject=f"bank-file/{file.id}",
        facts={"number": file.number, "transfers": str(file.transfers), "reason": said},
        moment=moment,
    )
    return row


def withdrawal_of(session: Session, *, file: BankFile) -> BankFileWithdrawal | None:
    """Return who withdrew a file and why, if somebody did."""
    return session.scalars(
        select(BankFileWithdrawal).where(BankFileWithdrawal.file_id == file.id)
    ).one_or_none()


def _give_back(session: Session, file: BankFile, reason: str, moment: datetime) -> None:
    rows = session.execute(
        select(PaymentInstruction, BankFileLine.sent_as)
        .join(BankFileLine, BankFileLine.instruction_id == PaymentInstruction.id)
        .where(BankFileLine.file_id == file.id)
        .order_by(PaymentInstruction.id)
        .with_for_update(of=PaymentInstruction)
        .execution_options(populate_existing=True)
    ).all()
    answered = tuple(
        sent_as
        for one, sent_as in rows
        if one.status != InstructionStatus.EXPORTED or one.sent_as != sent_as
    )
    if answered:
        raise AnsweredError(answered)
    for one, _ in rows:
        put_returned(one)
        session.flush()
        claims_follow(session, instruction=one, moment=moment, note=reason)
