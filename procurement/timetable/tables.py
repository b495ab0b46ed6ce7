"""The tables of the platform's own heartbeat."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class Heartbeat(Base):
    """When the platform was last seen working; one row."""

    __tablename__ = "heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    reminded_until: Mapped[datetime] = mapped_column(Moment)
    """Reminders that were due until then are sent."""


class Outage(Base):
    """A stretch of time in which nobody could submit; append-only."""

    __tablename__ = "outage"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment, index=True)
    """The last heartbeat before it."""
    until: Mapped[datetime] = mapped_column(Moment)
    """The first heartbeat after it."""
