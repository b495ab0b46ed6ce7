"""The tables of files for the bank; all of them only grow."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment, Money, money_range

REASON_LENGTH_MAX = 300


class BankFormat(StrEnum):
    """What a file is written in."""

    CSV = "csv"
    XML = "xml"
    """ISO 20022, pain.001.001.09."""


FORMAT_NAMES = {
    BankFormat.CSV: ("CSV 表格", "CSV table"),
    BankFormat.XML: ("ISO 20022 报文（pain.001.001.09）", "ISO 20022 message (pain.001.001.09)"),
}


class BankFile(Base):
    """A file that an agency takes to its bank: made once, given out again only on record."""

    __tablename__ = "bank_file"
    __table_args__ = (money_range("total"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(35), unique=True)
    """As it stands in the file: the bank refuses a second file with it."""
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    bank_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    """From which it is paid."""
    format: Mapped[BankFormat] = mapped_column(String(5))
    pay_on: Mapped[date]
    """Day on which the bank is asked to pay."""
    transfers: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Money)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file: what the bank got can be compared with it."""
    content_sealed: Mapped[str] = mapped_column(Text)
    """The file, sealed at rest: it holds account numbers."""
    exported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    exported_at: Mapped[datetime] = mapped_column(Moment)


class BankFileLine(Base):
    """An instruction in a file; one that was returned may stand in a later file again.

    There it has another number: the bank's answer says which of the two it means.
    """

    __tablename__ = "bank_file_line"
    __table_args__ = (UniqueConstraint("file_id", "instruction_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"))
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), index=True)
    sent_as: Mapped[str] = mapped_column(String(35), unique=True)
    """Its number in the file, which the answer must name."""


class BankFileDownload(Base):
    """That somebody was given a file."""

    __tablename__ = "bank_file_download"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    downloaded_at: Mapped[datetime] = mapped_column(Moment)


class BankFileWithdrawal(Base):
    """That a file never reached the bank, or was refused by it as a whole, as a second person says.

    Append-only.
    """

    __tablename__ = "bank_file_withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(Moment)
