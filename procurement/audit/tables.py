"""The table of audit entries."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class AuditEntry(Base):
    """Something that somebody did; append-only, each entry chained to the one before."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None]
    """Plain ids, since this stands below the accounts; None for the timetable."""
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    """What it was done to, such as ``round/national-12``."""
    facts: Mapped[str] = mapped_column(Text)
    """JSON object of strings; no price, key or password."""
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the entry with the digest of the one before."""


class LegalHold(Base):
    """That nothing about a subject may be deleted, whatever its retention says."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    """As audit entries name it; what begins with it and a slash is held too."""
    reason: Mapped[str] = mapped_column(String(500))
    document: Mapped[str] = mapped_column(String(300))
    """The order of the court, or of whoever may ask for it."""
    placed_by: Mapped[int | None]
    """Plain ids, since this stands below the accounts."""
    placed_at: Mapped[datetime] = mapped_column(Moment)
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end_reason: Mapped[str] = mapped_column(String(500), default="")
