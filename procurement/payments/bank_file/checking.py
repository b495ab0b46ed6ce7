"""Whether the accounts of a file for the bank may still be paid to, at the moment of the export."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.bank_accounts import same_name
from procurement.payments.states import AccountStatus
from procurement.payments.tables import BankAccount, PaymentInstruction


def check_accounts(session: Session, *, instructions: Sequence[PaymentInstruction]) -> None:
    """Refuse a file that would pay to an account which its organisation closed or lost the name of.

    The accounts are locked: nobody closes one until the file stands.

    Args:
        session: Session of the caller's transaction.
        instructions: Confirmed ones, with the account that was kept in each.

    Raises:
        InvalidInputError: Names each instruction that cannot be paid as it was confirmed.
    """
    wanted = {one.bank_account_id for one in instructions if one.bank_account_id is not None}
    accounts = {
        one.id: one
        for one in session.scalars(
            select(BankAccount)
            .where(BankAccount.id.in_(wanted))
            .order_by(BankAccount.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    payees = {one.payee_id for one in instructions}
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(payees))
    )
    names: dict[int, str] = {one: name for one, name in rows}
    faults = [
        FieldFault("instruction", f"指令 {one.number}：{zh}", f"Instruction {one.number}: {en}")
        for one in instructions
        for zh, en in _faults(one, accounts.get(one.bank_account_id or 0), names[one.payee_id])
    ]
    if faults:
        raise InvalidInputError(faults)


def _faults(
    instruction: PaymentInstruction, account: BankAccount | None, name: str
) -> Iterator[tuple[str, str]]:
    again = "请将指令退回重新复核。", "Draft it again, and have it confirmed anew."
    if account is None or account.status != AccountStatus.CONFIRMED:
        yield (
            f"复核时的收款账户已停用。{again[0]}",
            f"the account with which it was confirmed is closed. {again[1]}",
        )
        return
    holders = {account.holder, instruction.holder or ""}
    if account.organisation_id != instruction.payee_id or not all(
        same_name(holder, name) for holder in holders
    ):
        yield (
            f"收款账户的户名与收款单位现名称“{name}”不一致。{again[0]}",
            f"the account does not bear the payee's present name, {name}. {again[1]}",
        )
