"""The tables of open contracting data: releases as published, and what is published of contracts.

Releases only grow, and stay byte for byte as they were published.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, Moment, Money, money_range


class OcdsFeed(Base):
    """The one row that hands out positions in the feed; whoever publishes holds its lock."""

    __tablename__ = "ocds_feed"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    """The last that was given; 0 before the first."""


class OcdsRelease(Base):
    """A release as it was published; append-only."""

    __tablename__ = "ocds_release"
    __table_args__ = (Unique("round_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Its position in the feed: without gaps, in the order in which they were committed."""
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """Within the round, from 1."""
    release_id: Mapped[str] = mapped_column(String(200), unique=True)
    ocid: Mapped[str] = mapped_column(String(150))
    tags: Mapped[str] = mapped_column(String(100))
    """Codes of releaseTag, joined with spaces."""
    stage: Mapped[str] = mapped_column(String(20))
    """`procurement.rounds.tables.RoundStatus` that it speaks of."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("round_event.id"), unique=True)
    """The event of the round that it tells; each is told once."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("round_document.id"), unique=True)
    """The amendment that it tells."""
    dated_at: Mapped[datetime] = mapped_column(Moment)
    """Date of the release: when what it tells happened."""
    document: Mapped[str] = mapped_column(Text)
    """The release as JSON, byte for byte as it is handed out."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``document``."""
    made_at: Mapped[datetime] = mapped_column(Moment)


class OcdsContract(Base):
    """What is published of an agreement; it changes with every release about it."""

    __tablename__ = "ocds_contract"
    __table_args__ = (money_range("paid_amount", minimum=-MONEY_MAX),)

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(ForeignKey("ocds_release.id"))
    """The last release that speaks of it."""
    status: Mapped[str] = mapped_column(String(10))
    """`procurement.agreements.states.AgreementStatus` as it is published."""
    revision: Mapped[int] = mapped_column(SmallInteger)
    payments: Mapped[int]
    """Number of payments that are published."""
    paid_amount: Mapped[Decimal] = mapped_column(Money)
    """Their sum."""
