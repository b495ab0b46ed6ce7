"""Checking the whole ledger: sums, mirrors, signs, corrections, digests."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from procurement.database import Money
from procurement.payments.account_kinds import Account
from procurement.payments.ledger import entries_of
from procurement.payments.ledger_tables import LedgerAccount, LedgerEntry, LedgerPosting
from procurement.payments.rules.ledger import (
    LedgerFault,
    digest_of,
    faults_of_balances,
    opposite,
)

BATCH = 2_000


def verify(session: Session, *, deep: bool = False) -> list[LedgerFault]:
    """Check the ledger; an empty list says that all of it holds.

    Args:
        session: Any session.
        deep: Also compare the entries of every posting with its digest, row by row.

    Returns:
        Postings that do not sum to zero in somebody's books, balances that cannot be, accounts
        that differ from their mirror, corrections that are not the opposite of what they correct.
    """
    return [
        *_unbalanced(session),
        *faults_of_balances(_all_balances(session)),
        *_wrong_corrections(session),
        *(_changed(session) if deep else ()),
    ]


def _all_balances(session: Session) -> dict[Account, Decimal]:
    amount = type_coerce(func.sum(LedgerEntry.amount), Money())
    rows = session.execute(
        select(LedgerAccount, amount)
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.id)
    )
    return {account.account: balance for account, balance in rows}


def _unbalanced(session: Session) -> Iterator[LedgerFault]:
    amount = type_coerce(func.sum(LedgerEntry.amount), Money())
    rows = session.execute(
        select(LedgerEntry.posting_id, LedgerAccount.owner_id, amount)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .group_by(LedgerEntry.posting_id, LedgerAccount.owner_id)
        .having(func.sum(LedgerEntry.amount) != Decimal(0))
    )
    for posting_id, owner_id, difference in rows:
        yield LedgerFault(
            "unbalanced",
            f"凭证 {posting_id} 在单位 {owner_id} 的账上不平，相差 {difference} 元。",
            f"posting {posting_id} is {difference} off in the books of organisation {owner_id}",
            posting_id=posting_id,
            amount=difference,
        )
    empty = select(LedgerPosting.id).where(
        ~select(LedgerEntry.id).where(LedgerEntry.posting_id == LedgerPosting.id).exists()
    )
    for posting_id in session.scalars(empty):
        said = f"凭证 {posting_id} 没有分录。", f"posting {posting_id} has no entries"
        yield LedgerFault("unbalanced", *said, posting_id=posting_id)


def _wrong_corrections(session: Session) -> Iterator[LedgerFault]:
    corrected = aliased(LedgerPosting)
    pairs = session.execute(
        select(LedgerPosting, corrected).join(corrected, corrected.id == LedgerPosting.corrects_id)
    )
    for correction, original in pairs:
        undone = digest_of(opposite(entries_of(session, posting=original)))
        if correction.digest != undone or original.corrects_id is not None:
            yield LedgerFault(
                "correction",
                f"凭证 {correction.key} 不是 {original.key} 的冲正。",
                f"posting {correction.key} does not take {original.key} back",
                posting_id=correction.id,
            )


def _changed(session: Session) -> Iterator[LedgerFault]:
    for posting in session.scalars(
        select(LedgerPosting).order_by(LedgerPosting.id).execution_options(yield_per=BATCH)
    ):
        if digest_of(entries_of(session, posting=posting)) != posting.digest:
            yield LedgerFault(
                "digest",
                f"凭证 {posting.key} 的分录与记账时不同。",
                f"the entries of posting {posting.key} are not those that were posted",
                posting_id=posting.id,
            )
