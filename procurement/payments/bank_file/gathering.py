"""Putting together what a file for the bank says, from instructions and accounts."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.payments.bank_accounts import account_number
from procurement.payments.bank_file.content import (
    PURPOSE_LENGTH,
    Account,
    BankFileContent,
    Transfer,
)
from procurement.payments.states import INSTRUCTION_KIND_NAMES, InstructionKind
from procurement.payments.tables import BankAccount, PaymentInstruction


def content_of(
    session: Session,
    *,
    number: str,
    account: BankAccount,
    instructions: Sequence[PaymentInstruction],
    pay_on: date,
    key: bytes,
    moment: datetime,
) -> BankFileContent:
    """Put a file together; account numbers are opened here and nowhere before.

    Args:
        session: Any session.
        number: Of the file.
        account: From which it is paid.
        instructions: In the order of the file.
        pay_on: Day on which the bank is to pay.
        key: The installation's secret key.
        moment: Now, aware.
    """
    payer = session.get_one(Organisation, account.organisation_id)
    hospitals = {one.hospital_id for one in instructions}
    rows = session.execute(
        select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(hospitals))
    )
    names: dict[int, str] = {one: name for one, name in rows}
    return BankFileContent(
        number=number,
        made_at=moment,
        pay_on=pay_on,
        payer=Account(
            holder=account.holder,
            number=account_number(account, secret_key=key),
            bank=account.bank,
            bank_code=account.bank_code or "",
        ),
        payer_code=payer.credit_code or "",
        transfers=tuple(_transfer(one, names[one.hospital_id], key) for one in instructions),
    )


def _transfer(instruction: PaymentInstruction, hospital: str, key: bytes) -> Transfer:
    kind = INSTRUCTION_KIND_NAMES[InstructionKind(instruction.kind)][0]
    return Transfer(
        number=instruction.sent_as,
        payee=Account(
            holder=instruction.holder or "",
            number=account_number(instruction, secret_key=key),
            bank=instruction.bank or "",
            bank_code=instruction.bank_code or "",
        ),
        amount=instruction.amount,
        # The payee's bank statement shows this: Chinese, whoever exports.
        purpose=f"{kind} {hospital}"[:PURPOSE_LENGTH],
    )
