"""The table of notices."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class Notice(Base):
    """Something that an organisation is told."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_organisation_id_id", "organisation_id", "id"),
        UniqueConstraint("organisation_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    """A plain id, since this stands below the accounts."""
    key: Mapped[str | None] = mapped_column(String(150))
    """Names the event, so that a reminder is sent once."""
    zh: Mapped[str] = mapped_column(String(500))
    en: Mapped[str] = mapped_column(String(500))
    link: Mapped[str] = mapped_column(String(300))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
