"""The ledger: accounts, postings and their entries; postings and entries only grow."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, Moment, Money, money_range
from procurement.payments.account_kinds import Account, AccountKind, Fund

MEMO_LENGTH_MAX = 300
KEY_LENGTH_MAX = 150


class LedgerAccount(Base):
    """An account in the books of a fund agency or a hospital."""

    __tablename__ = "ledger_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    """`procurement.payments.account_kinds.Account.code`: kind, owner, counterpart, fund."""
    kind: Mapped[AccountKind] = mapped_column(String(20))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """In whose books."""
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Towards whom, if anybody."""
    fund: Mapped[Fund] = mapped_column(String(10))

    @property
    def account(self) -> Account:
        """The account as the rules know it."""
        return Account(AccountKind(self.kind), self.owner_id, self.counterpart_id, Fund(self.fund))


class LedgerPosting(Base):
    """An event in the books; append-only, and so are its entries, which sum to zero."""

    __tablename__ = "ledger_posting"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH_MAX), unique=True)
    """Names the event: posted a second time, it is the first posting that is found."""
    kind: Mapped[str] = mapped_column(String(30), index=True)
    """`procurement.payments.rules.events.Event`."""
    subject: Mapped[str] = mapped_column(String(100), index=True)
    """What it is about, such as ``instruction/12``."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of its entries: the same key with other entries is refused."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.id"), unique=True)
    """The posting that this one takes back; no posting is taken back twice."""
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    posted_at: Mapped[datetime] = mapped_column(Moment)
    memo: Mapped[str] = mapped_column(String(MEMO_LENGTH_MAX))


class LedgerEntry(Base):
    """One line of a posting: debit positive, credit negative; append-only."""

    __tablename__ = "ledger_entry"
    __table_args__ = (money_range("amount", minimum=-MONEY_MAX),)

    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
