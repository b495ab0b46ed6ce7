"""The books as pages show them: accounts with balances, entries with what was before, postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.payments.reading.scope import Scope
from procurement.payments.reading.settled import money_sum
from procurement.payments.tables import LedgerAccount, LedgerEntry, LedgerPosting
from procurement.permissions import NotFoundForActorError


@dataclass(frozen=True, slots=True)
class Balance:
    """An account with its balance: debit above zero, credit below."""

    account: LedgerAccount
    counterpart: str
    entries: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry of an account with the posting it belongs to and the balance after it."""

    entry: LedgerEntry
    posting: LedgerPosting
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a posting with its account."""

    entry: LedgerEntry
    account: LedgerAccount
    owner: str
    counterpart: str


def books_seen(session: Session, *, scope: Scope) -> Sequence[Organisation]:
    """Return the organisations whose books are seen, by name."""
    owners = select(LedgerAccount.owner_id)
    statement = select(Organisation).where(Organisation.id.in_(owners)).order_by(Organisation.name)
    if scope.is_regional:
        return session.scalars(statement.where(scope.sees_region(Organisation.id))).all()
    return session.scalars(statement.where(Organisation.id.in_(scope.organisations))).all()


def balances_of(session: Session, *, owner_id: int) -> Sequence[Balance]:
    """Return the accounts in somebody's books, by kind, then by counterpart."""
    rows = session.execute(
        select(
            LedgerAccount,
            Organisation.name,
            func.count(LedgerEntry.id),
            money_sum(LedgerEntry.amount),
        )
        .outerjoin(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .outerjoin(Organisation, Organisation.id == LedgerAccount.counterpart_id)
        .where(LedgerAccount.owner_id == owner_id)
        .group_by(LedgerAccount.id, Organisation.id)
        .order_by(LedgerAccount.kind, LedgerAccount.fund, Organisation.name, LedgerAccount.id)
    )
    return [
        Balance(account, name or "", entries, amount) for account, name, entries, amount in rows
    ]


def find_account(session: Session, *, scope: Scope, account_id: int) -> Balance:
    """Return an account in books that are seen, with its balance.

    Raises:
        NotFoundForActorError: There is none, or not in those books.
    """
    row = session.get(LedgerAccount, account_id)
    if row is None or all(one.id != row.owner_id for one in books_seen(session, scope=scope)):
        raise NotFoundForActorError
    rows = balances_of(session, owner_id=row.owner_id)
    return next(one for one in rows if one.account.id == row.id)


def movements(account: LedgerAccount) -> Any:  # noqa: ANN401 - a selection of two things
    """Select the entries of an account with their postings, the newest first."""
    return (
        select(LedgerEntry, LedgerPosting)
        .join(LedgerPosting, LedgerPosting.id == LedgerEntry.posting_id)
        .where(LedgerEntry.account_id == account.id)
        .order_by(LedgerEntry.id.desc())
    )


def with_balances(
    session: Session,
    *,
    account: LedgerAccount,
    rows: Sequence[tuple[LedgerEntry, LedgerPosting]],
) -> Sequence[Movement]:
    """Add to a page of `movements` the balance after each entry."""
    if not rows:
        return []
    balance = session.scalar(
        select(money_sum(LedgerEntry.amount)).where(
            LedgerEntry.account_id == account.id, LedgerEntry.id <= rows[0][0].id
        )
    ) or Decimal(0)
    found = []
    for entry, posting in rows:
        found.append(Movement(entry, posting, balance))
        balance -= entry.amount
    return found


def lines_of(session: Session, *, posting: LedgerPosting) -> Sequence[Line]:
    """Return the entries of a posting, debits first."""
    owner = Organisation.__table__.alias("owner")
    counterpart = Organisation.__table__.alias("counterpart")
    rows = session.execute(
        select(LedgerEntry, LedgerAccount, owner.c.name, counterpart.c.name)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .join(owner, owner.c.id == LedgerAccount.owner_id)
        .outerjoin(counterpart, counterpart.c.id == LedgerAccount.counterpart_id)
        .where(LedgerEntry.posting_id == posting.id)
        .order_by(LedgerEntry.amount.desc(), LedgerEntry.id)
    )
    return [Line(entry, account, name, other or "") for entry, account, name, other in rows]


def correction_of(session: Session, *, posting: LedgerPosting) -> LedgerPosting | None:
    """Return the posting that took another back, if one did."""
    return session.scalars(
        select(LedgerPosting).where(LedgerPosting.corrects_id == posting.id)
    ).one_or_none()


def find_posting(session: Session, *, scope: Scope, posting_id: int) -> LedgerPosting:
    """Return a posting that touches books that are seen.

    Raises:
        NotFoundForActorError: There is none, or it touches others only.
    """
    posting = session.get(LedgerPosting, posting_id)
    seen = {one.id for one in books_seen(session, scope=scope)}
    owners = session.scalars(
        select(LedgerAccount.owner_id)
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .where(LedgerEntry.posting_id == posting_id)
    )
    if posting is None or seen.isdisjoint(owners):
        raise NotFoundForActorError
    return posting
