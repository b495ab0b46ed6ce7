"""The reserve (备用金) of an agency: filled, and paid back by hospitals with their own money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.errors import AmountUnexpectedError
from procurement.payments.ledger import NewPosting, balance, post, posting_with, sum_of
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.rules.events import Event, reserve_filled, reserve_repaid
from procurement.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """Money that is put into the reserve.

    Attributes:
        agency_id: Whose reserve.
        fund: The fund it came from; `Fund.NONE` where from elsewhere, as the budget.
        amount: Yuan, above zero.
        document: Number of the document or voucher: filled once by each.
    """

    agency_id: int
    fund: Fund
    amount: Decimal
    document: str


def fill_reserve(
    session: Session, *, filling: Filling, actor: Actor, moment: datetime
) -> LedgerPosting:
    """Post that money was put into the reserve.

    Raises:
        AmountUnexpectedError: It is not above zero.
        KeyReusedError: Another amount was posted under that document.
    """
    if filling.amount <= 0:
        raise AmountUnexpectedError(filling.amount, "> 0")
    new = NewPosting(
        kind=Event.RESERVE_FILLED,
        key=f"reserve/{filling.agency_id}/{filling.document.strip()}"[:150],
        subject=f"reserve/{filling.agency_id}",
        entries=reserve_filled(filling.agency_id, filling.fund, filling.amount),
        memo=filling.document.strip(),
    )
    facts = {"fund": filling.fund.value, "document": filling.document.strip()}
    return _posted(session, "fill-reserve", new, facts, actor, moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaying:
    """What a hospital pays back with its own money.

    Attributes:
        agency_id: To which agency.
        hospital_id: Who pays.
        amount: Yuan.
        voucher: Number of the bank's voucher.
    """

    agency_id: int
    hospital_id: int
    amount: Decimal
    voucher: str


def repay_reserve(
    session: Session, *, repaying: Repaying, actor: Actor, moment: datetime
) -> LedgerPosting:
    """Post that a hospital paid the reserve back, as the agency sees it on its account.

    Raises:
        AmountUnexpectedError: It is not above zero, or more than the hospital owes.
        KeyReusedError: Another amount was posted under that voucher.
    """
    agency, hospital = repaying.agency_id, repaying.hospital_id
    owed = debt_to_reserve(session, agency_id=agency, hospital_id=hospital)
    key = f"reserve/{agency}/{hospital}/{repaying.voucher.strip()}"[:150]
    # Who owes nothing has no books to post to; the same voucher again is answered as the first.
    if repaying.amount <= 0 or (owed <= 0 and posting_with(session, key=key) is None):
        raise AmountUnexpectedError(repaying.amount, f"0 < … ≤ {owed}")
    new = NewPosting(
        kind=Event.RESERVE_REPAID,
        key=key,
        subject=f"reserve/{agency}",
        entries=reserve_repaid(agency, hospital, repaying.amount),
        memo=repaying.voucher.strip(),
    )
    facts = {"hospital": str(hospital), "voucher": repaying.voucher.strip()}
    return _posted(session, "repay-reserve", new, facts, actor, moment)


def _posted(
    session: Session,
    action: str,
    new: NewPosting,
    facts: Mapping[str, str],
    actor: Actor,
    moment: datetime,
) -> LedgerPosting:
    """Post an event and put it on record; one that is posted already is on record already."""
    known = posting_with(session, key=new.key)
    posting = post(session, new=new, actor=actor, moment=moment)
    if known is None:
        facts = {**facts, "posting": str(posting.id)}
        record(session, actor=actor, action=action, subject=new.subject, facts=facts, moment=moment)
    return posting


def debt_to_reserve(session: Session, *, agency_id: int, hospital_id: int) -> Decimal:
    """Return what a hospital owes the reserve that paid for it."""
    account = Account(AccountKind.LENT_BY_RESERVE, agency_id, hospital_id)
    return balance(session, account=account)


def reserve_left(session: Session, *, agency_id: int, for_update: bool = False) -> Decimal:
    """Return what the reserve can still pay: its money, less what is instructed and not paid.

    Args:
        session: Session of the caller's transaction.
        agency_id: Whose.
        for_update: Nobody else may draw on it until the transaction ends.
    """
    account = Account(AccountKind.RESERVE_MONEY, agency_id)
    money = balance(session, account=account, for_update=for_update)
    return money + sum_of(session, owner=agency_id, kind=AccountKind.TO_PAY, fund=Fund.NONE)
