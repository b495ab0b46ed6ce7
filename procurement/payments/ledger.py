"""The ledger: posting events, taking postings back, balances, and checking all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import TypeCoerce, func, select, type_coerce
from sqlalchemy.orm import Session

from procurement.database import Money
from procurement.payments.account_kinds import (
    NEVER_NEGATIVE,
    NEVER_POSITIVE,
    Account,
    AccountKind,
    Fund,
)
from procurement.payments.ledger_tables import LedgerAccount, LedgerEntry, LedgerPosting
from procurement.payments.rules.events import Event
from procurement.payments.rules.ledger import (
    AlreadyTakenBackError,
    Entry,
    KeyReusedError,
    OverdrawnError,
    check_entries,
    digest_of,
    has_possible_sign,
    merged,
    opposite,
)
from procurement.permissions import Actor

_SIGNED = NEVER_NEGATIVE | NEVER_POSITIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPosting:
    """An event to be posted.

    Attributes:
        kind: What happened.
        key: Names the event: it is posted once.
        subject: What it is about, such as ``instruction/12``.
        entries: See `procurement.payments.rules.events`.
        memo: A remark.
        corrects_id: The posting that it takes back.
    """

    kind: Event
    key: str
    subject: str
    entries: Sequence[Entry]
    memo: str = ""
    corrects_id: int | None = None


def post(
    session: Session, *, new: NewPosting, actor: Actor | None, moment: datetime
) -> LedgerPosting:
    """Post an event; one that is posted already is returned as it is.

    Args:
        session: Session of the caller's transaction.
        new: The event.
        actor: Who posts it; None for a job.
        moment: When, aware.

    Raises:
        KeyReusedError: It is posted with other entries.
        UnbalancedError: It does not sum to zero.
        BadAmountError: An amount cannot be kept.
        OverdrawnError: It uses more than there is.
    """
    entries = merged(new.entries)
    digest = digest_of(entries)
    known = posting_with(session, key=new.key)
    if known is not None:
        if known.digest != digest:
            raise KeyReusedError(new.key)
        return known
    check_entries(new.key, entries)
    accounts = _accounts(session, [entry.account for entry in entries])
    _refuse_overdrawn(session, entries, accounts)
    posting = LedgerPosting(
        key=new.key,
        kind=new.kind,
        subject=new.subject,
        digest=digest,
        corrects_id=new.corrects_id,
        posted_by=None if actor is None else actor.person_id,
        posted_at=moment,
        memo=new.memo,
    )
    session.add(posting)
    session.flush()
    session.add_all(
        LedgerEntry(posting_id=posting.id, account_id=accounts[one.account].id, amount=one.amount)
        for one in entries
    )
    session.flush()
    return posting


def take_back(
    session: Session, *, posting: LedgerPosting, memo: str, actor: Actor | None, moment: datetime
) -> LedgerPosting:
    """Take a posting back by a new one with the opposite entries, which names it.

    Raises:
        AlreadyTakenBackError: It was taken back before, or takes another one back.
        OverdrawnError: What it brought was used since.
    """
    again = select(LedgerPosting.id).where(LedgerPosting.corrects_id == posting.id)
    if posting.corrects_id is not None or session.scalar(again) is not None:
        raise AlreadyTakenBackError(posting.key)
    new = NewPosting(
        kind=Event.TAKEN_BACK,
        key=f"{posting.key}/back",
        subject=posting.subject,
        entries=opposite(entries_of(session, posting=posting)),
        memo=memo,
        corrects_id=posting.id,
    )
    return post(session, new=new, actor=actor, moment=moment)


def posting_with(session: Session, *, key: str) -> LedgerPosting | None:
    """Return the posting of an event, if it was posted."""
    return session.scalars(select(LedgerPosting).where(LedgerPosting.key == key)).one_or_none()


def entries_of(session: Session, *, posting: LedgerPosting) -> tuple[Entry, ...]:
    """Return the entries of a posting, in order."""
    rows = session.execute(
        select(LedgerAccount, LedgerEntry.amount)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .where(LedgerEntry.posting_id == posting.id)
        .order_by(LedgerEntry.id)
    )
    return tuple(Entry(account.account, amount) for account, amount in rows)


def balance(session: Session, *, account: Account, for_update: bool = False) -> Decimal:
    """Return what an account holds; 0 where nothing was posted to it.

    Args:
        session: Session of the caller's transaction.
        account: Which.
        for_update: Nobody else may post to it until the transaction ends.
    """
    found = select(LedgerAccount.id).where(LedgerAccount.code == account.code)
    account_id = session.scalar(found.with_for_update() if for_update else found)
    return Decimal(0) if account_id is None else _balances(session, [account_id])[account_id]


def sum_of(session: Session, *, owner: int, kind: AccountKind, fund: Fund | None = None) -> Decimal:
    """Return what all accounts of a kind in somebody's books hold together."""
    wanted = [LedgerAccount.owner_id == owner, LedgerAccount.kind == kind]
    if fund is not None:
        wanted.append(LedgerAccount.fund == fund)
    total = select(_total()).join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
    return session.scalar(total.where(*wanted)) or Decimal(0)


def _total() -> TypeCoerce[Decimal]:
    return type_coerce(func.sum(LedgerEntry.amount), Money())


def _accounts(session: Session, wanted: Iterable[Account]) -> dict[Account, LedgerAccount]:
    """Find or make accounts; those that may run out are locked, always in the same order."""
    codes = {account.code: account for account in wanted}
    found = {
        row.code: row
        for row in session.scalars(
            select(LedgerAccount).where(LedgerAccount.code.in_(codes)).order_by(LedgerAccount.code)
        )
    }
    for code in sorted(codes.keys() - found.keys()):
        account = codes[code]
        found[code] = LedgerAccount(
            code=code,
            kind=account.kind,
            owner_id=account.owner,
            counterpart_id=account.counterpart,
            fund=account.fund,
        )
        session.add(found[code])
    session.flush()
    guarded = [row.id for code, row in found.items() if codes[code].kind in _SIGNED]
    session.execute(
        select(LedgerAccount.id)
        .where(LedgerAccount.id.in_(guarded))
        .order_by(LedgerAccount.code)
        .with_for_update()
    )
    return {codes[code]: row for code, row in found.items()}


def _refuse_overdrawn(
    session: Session, entries: Sequence[Entry], accounts: dict[Account, LedgerAccount]
) -> None:
    signed = [entry for entry in entries if entry.account.kind in _SIGNED]
    before = _balances(session, [accounts[entry.account].id for entry in signed])
    for entry in signed:
        after = before[accounts[entry.account].id] + entry.amount
        if not has_possible_sign(entry.account, after):
            raise OverdrawnError(entry.account, after)


def _balances(session: Session, account_ids: Sequence[int]) -> dict[int, Decimal]:
    rows = session.execute(
        select(LedgerEntry.account_id, _total())
        .where(LedgerEntry.account_id.in_(account_ids))
        .group_by(LedgerEntry.account_id)
    )
    return dict.fromkeys(account_ids, Decimal(0)) | {one: amount for one, amount in rows}
