"""The tables of the installation itself: whether it is a rehearsal, and how its clock runs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database.columns import Base, Moment


class InstallationKind(StrEnum):
    """What a database is for; it never changes."""

    LIVE = "live"
    SANDBOX = "sandbox"
    """A rehearsal (演练): nothing in it counts, and its clock may run faster."""


class Installation(Base):
    """What this database is for; one row, written when it is opened first."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InstallationKind] = mapped_column(String(20))
    marked_at: Mapped[datetime] = mapped_column(Moment)
    """By the real clock."""


class ClockSegment(Base):
    """How the clock of a rehearsal runs from a moment on; append-only, the newest counts."""

    __tablename__ = "clock_segment"
    __table_args__ = (CheckConstraint("speed BETWEEN 1 AND 100000", name="speed_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    """The real moment, by the database's clock."""
    shown: Mapped[datetime] = mapped_column(Moment)
    """What the rehearsal's clock showed at that moment."""
    speed: Mapped[int]
    """How many seconds pass on it in each real second."""
