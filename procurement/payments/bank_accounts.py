"""Bank accounts: proposed by one person of an organisation, confirmed by another.

An account must bear the organisation's own name. Its number is sealed at rest.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.errors import NoAccountError, OtherHolderError, SamePersonError
from procurement.payments.paying_tables import BankAccount, PaymentInstruction
from procurement.payments.states import AccountStatus, check_account
from procurement.permissions import Actor

SEAL_PURPOSE = "bank-account"
_NUMBER = re.compile(r"\d{8,32}")
_BANK_CODE = re.compile(r"\d{12}")
NAME_LENGTH_MAX = 200
TAIL = 4


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What somebody types of a bank account.

    Attributes:
        holder: Name of the account (户名).
        bank: Bank and branch (开户行).
        number: Account number; spaces are left out.
        bank_code: Line number of the branch (联行号), 12 digits, or empty.
        is_insurance: It is the account registered with medical insurance.
    """

    holder: str
    bank: str
    number: str
    bank_code: str = ""
    is_insurance: bool = False


def propose_account(
    session: Session,
    *,
    organisation_id: int,
    details: AccountDetails,
    secret_key: bytes,
    actor: Actor,
    moment: datetime,
) -> BankAccount:
    """Propose an account of an organisation; another person confirms it.

    Args:
        session: Session of the caller's transaction.
        organisation_id: Whose.
        details: As typed.
        secret_key: `procurement.settings.Settings.secret_key`.
        actor: Of the organisation.
        moment: When, aware.

    Raises:
        InvalidInputError: Something of it is wrong; every fault is named.
        OtherHolderError: It does not bear the organisation's name.
    """
    faults = list(_faults(details))
    if faults:
        raise InvalidInputError(faults)
    organisation = session.get_one(Organisation, organisation_id)
    if _plain(details.holder) != _plain(organisation.name):
        raise OtherHolderError(details.holder, organisation.name)
    number = _digits(details.number)
    account = BankAccount(
        organisation_id=organisation_id,
        holder=organisation.name,
        bank=details.bank.strip(),
        bank_code=details.bank_code.strip() or None,
        number_sealed=seal_secret(number, key=secret_key, purpose=SEAL_PURPOSE),
        number_tail=number[-TAIL:],
        is_insurance=details.is_insurance,
        status=AccountStatus.PROPOSED,
        proposed_by=actor.person_id,
        proposed_at=moment,
    )
    session.add(account)
    session.flush()
    _note(session, actor, "propose-bank-account", account, moment)
    return account


def confirm_account(
    session: Session, *, account: BankAccount, actor: Actor, moment: datetime
) -> BankAccount:
    """Confirm an account, as another person of the organisation; earlier ones of its sort close.

    Raises:
        SamePersonError: The actor proposed it.
        WrongStateError: It is not waiting for that.
        OtherHolderError: The organisation's name changed since.
    """
    session.refresh(account, with_for_update=True)
    check_account(AccountStatus(account.status), AccountStatus.CONFIRMED)
    if actor.person_id is None or actor.person_id == account.proposed_by:
        raise SamePersonError
    organisation = session.get_one(Organisation, account.organisation_id)
    if _plain(account.holder) != _plain(organisation.name):
        raise OtherHolderError(account.holder, organisation.name)
    for earlier in accounts_of(session, organisation_id=account.organisation_id):
        if (
            earlier.status == AccountStatus.CONFIRMED
            and earlier.is_insurance == account.is_insurance
        ):
            earlier.status, earlier.closed_at = AccountStatus.CLOSED, moment
    account.status = AccountStatus.CONFIRMED
    account.confirmed_by, account.confirmed_at = actor.person_id, moment
    session.flush()
    _note(session, actor, "confirm-bank-account", account, moment)
    return account


def close_account(
    session: Session, *, account: BankAccount, actor: Actor, moment: datetime
) -> BankAccount:
    """Close an account: nothing is paid to it any more.

    Raises:
        WrongStateError: It is closed already.
    """
    session.refresh(account, with_for_update=True)
    check_account(AccountStatus(account.status), AccountStatus.CLOSED)
    account.status, account.closed_at = AccountStatus.CLOSED, moment
    session.flush()
    _note(session, actor, "close-bank-account", account, moment)
    return account


def accounts_of(session: Session, *, organisation_id: int) -> Sequence[BankAccount]:
    """Return all accounts of an organisation, the newest first."""
    return session.scalars(
        select(BankAccount)
        .where(BankAccount.organisation_id == organisation_id)
        .order_by(BankAccount.id.desc())
    ).all()


def usable_account(
    session: Session, *, organisation_id: int, insurance: bool = False
) -> BankAccount:
    """Return the account to which an organisation is paid.

    Args:
        session: Any session.
        organisation_id: Whose.
        insurance: Only the one registered with medical insurance will do; else that one is taken
            where there is no other.

    Raises:
        NoAccountError: There is none that is confirmed and bears the organisation's name.
    """
    organisation = session.get_one(Organisation, organisation_id)
    usable = [
        account
        for account in accounts_of(session, organisation_id=organisation_id)
        if account.status == AccountStatus.CONFIRMED
        and _plain(account.holder) == _plain(organisation.name)
        and (account.is_insurance or not insurance)
    ]
    if not usable:
        raise NoAccountError(organisation.name, insurance=insurance)
    return min(usable, key=lambda account: (account.is_insurance != insurance, -account.id))


def account_number(holder: BankAccount | PaymentInstruction, *, secret_key: bytes) -> str:
    """Return the number of an account, or of the one that an instruction keeps.

    Raises:
        UnsealingError: It was sealed with another key.
        NoAccountError: The instruction keeps none yet.
    """
    if holder.number_sealed is None:
        raise NoAccountError(holder.holder or "")
    return unseal_secret(holder.number_sealed, key=secret_key, purpose=SEAL_PURPOSE)


def same_name(holder: str, name: str) -> bool:
    """Whether an account bears an organisation's name; width and spaces make no difference.

    Examples:
        >>> same_name("甲公司（合肥）", "甲公司(合肥) "), same_name("甲公司", "乙公司")
        (True, False)
    """
    return _plain(holder) == _plain(name)


def _plain(name: str) -> str:
    """A name without differences that only width and spaces make."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _digits(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split())


def _faults(details: AccountDetails) -> Iterator[FieldFault]:
    for field, text in (("holder", details.holder), ("bank", details.bank)):
        if not 0 < len(text.strip()) <= NAME_LENGTH_MAX:
            yield FieldFault(field, "须填写，至多 200 字。", "Expected 1 to 200 characters.")
    if not _NUMBER.fullmatch(_digits(details.number)):
        yield FieldFault("number", "账号须为 8 至 32 位数字。", "Expected 8 to 32 digits.")
    if details.bank_code.strip() and not _BANK_CODE.fullmatch(details.bank_code.strip()):
        yield FieldFault("bank_code", "联行号须为 12 位数字。", "Expected 12 digits.")


def _note(
    session: Session, actor: Actor, action: str, account: BankAccount, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"organisation/{account.organisation_id}",
        facts={"account": str(account.id), "tail": account.number_tail},
        moment=moment,
    )
