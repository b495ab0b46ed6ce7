"""Bank accounts by machine, and the balances of one's books."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import JSONBody

from procurement.payments.at_edge import account_for, own_id, scope_for, written
from procurement.payments.bank_accounts import (
    AccountDetails,
    accounts_of,
    close_account,
    confirm_account,
    propose_account,
)
from procurement.payments.paying_tables import BankAccount
from procurement.payments.reading.ledger import balances_of
from procurement.payments.reading.scope import Side
from procurement.payments.reconciliation import Concern, reconcile
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/accounts"


@dataclass(frozen=True, slots=True)
class AccountBody:
    """A bank account.

    Attributes:
        holder: Its name: the organisation's own.
        bank: Bank and branch.
        number: 8 to 32 digits.
        bank_code: Line number of the branch, 12 digits, or empty.
        is_insurance: It is registered with medical insurance.
    """

    holder: str
    bank: str
    number: str
    bank_code: str = ""
    is_insurance: bool = False


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """A bank account; its number is not given out.

    Attributes:
        id: Names it in addresses.
        holder: Its name.
        bank: Bank and branch.
        number_tail: Last digits of the number.
        is_insurance: It is registered with medical insurance.
        status: proposed, confirmed or closed.
        proposed_at: When.
    """

    id: int
    holder: str
    bank: str
    number_tail: str
    is_insurance: bool
    status: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class AccountList:
    """Bank accounts of an organisation, the newest first."""

    items: list[AccountEntry]


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """An account in one's books.

    Attributes:
        kind: What it holds.
        counterpart_id: Towards whom, if anybody.
        fund: employee, resident or none.
        balance: Yuan; debit above zero, credit below.
    """

    kind: str
    counterpart_id: int | None
    fund: str
    balance: str


@dataclass(frozen=True, slots=True)
class BalanceList:
    """The balances of one's own books."""

    items: list[BalanceEntry]


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """Something that two records say differently.

    Attributes:
        kind: What sort of difference.
        zh: In Chinese.
        en: In English.
        link: Where to look.
        amount: By how much, in yuan; null where that cannot be said.
    """

    kind: str
    zh: str
    en: str
    link: str
    amount: str | None


@dataclass(frozen=True, slots=True)
class FaultList:
    """What differs; empty where all agrees."""

    items: list[FaultEntry]


def _entry(account: BankAccount) -> AccountEntry:
    return AccountEntry(
        account.id,
        account.holder,
        account.bank,
        account.number_tail,
        account.is_insurance,
        account.status,
        account.proposed_at,
    )


@get(PATH, tags=TAGS)
@reads
def list_accounts(visit: Visit) -> AccountList:
    """List the bank accounts of one's organisation."""
    own = own_id(visit, Action.MANAGE_BANK_ACCOUNT)
    found = accounts_of(visit.session, organisation_id=own)
    return AccountList([_entry(account) for account in found])


@post(PATH, tags=TAGS, status_code=201)
@writes
def add_account(visit: Visit, data: JSONBody[AccountBody]) -> AccountEntry:
    """Propose a bank account; another person of the organisation confirms it."""
    own = own_id(visit, Action.MANAGE_BANK_ACCOUNT)
    details = AccountDetails(data.holder, data.bank, data.number, data.bank_code, data.is_insurance)
    account = propose_account(
        visit.session,
        organisation_id=own,
        details=details,
        secret_key=visit.settings.secret_key or b"",
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(account)


@post(PATH + "/{account_id:int}/confirm", tags=TAGS, status_code=200)
@writes
def confirm(visit: Visit, account_id: RowId) -> AccountEntry:
    """Confirm a bank account as another person."""
    account = account_for(visit, account_id)
    confirm_account(visit.session, account=account, actor=visit.actor, moment=visit.moment)
    return _entry(account)


@post(PATH + "/{account_id:int}/close", tags=TAGS, status_code=200)
@writes
def close(visit: Visit, account_id: RowId) -> AccountEntry:
    """Close a bank account."""
    account = account_for(visit, account_id)
    close_account(visit.session, account=account, actor=visit.actor, moment=visit.moment)
    return _entry(account)


@get("/api/v1/payments/ledger", tags=TAGS)
@reads
def read_ledger(visit: Visit) -> BalanceList:
    """Read the balances in one's own books; companies have none and get an empty list."""
    own = own_id(visit, Action.READ_LEDGER)
    found = balances_of(visit.session, owner_id=own)
    return BalanceList(
        [
            BalanceEntry(
                one.account.kind,
                one.account.counterpart_id,
                one.account.fund,
                written(one.amount),
            )
            for one in found
        ]
    )


@get("/api/v1/payments/reconciliation", tags=TAGS)
@reads
def read_reconciliation(visit: Visit) -> FaultList:
    """List what differs between invoices, claims, payments and books, as far as it is one's own."""
    scope = scope_for(visit)
    own = scope.organisation_id
    concerns = {
        Side.HOSPITAL: Concern(hospital_id=own),
        Side.COMPANY: Concern(seller_id=own),
        Side.AGENCY: Concern(agency_id=own),
        Side.BUREAU: Concern(region=scope.division),
    }
    found = reconcile(visit.session, concern=concerns[scope.side])
    return FaultList(
        [
            FaultEntry(
                one.kind,
                one.zh,
                one.en,
                one.link,
                None if one.amount is None else written(one.amount),
            )
            for one in found
        ]
    )


ROUTES = (
    list_accounts,
    add_account,
    confirm,
    close,
    read_ledger,
    read_reconciliation,
)
