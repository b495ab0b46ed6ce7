"""The tables of quarterly needs."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class QuarterlyNeed(Base):
    """What a pharmacy needs in a quarter; a new report takes the place of the one before."""

    __tablename__ = "quarterly_need"
    __table_args__ = (
        UniqueConstraint("institution_code", "year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_range"),
        Index("ix_quarterly_need_year_quarter_county", "year", "quarter", "county"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_code: Mapped[str] = mapped_column(String(12))
    """Of the pharmacy; places stand above volumes: a plain code."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who keeps the pharmacy and reports; a chain reports for each of its own."""
    county: Mapped[str] = mapped_column(String(6))
    year: Mapped[int] = mapped_column(SmallInteger)
    """Of the quarter in which it is needed."""
    quarter: Mapped[int] = mapped_column(SmallInteger)
    rulebook: Mapped[str] = mapped_column(String(60))
    """The document that says until when it is reported."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    """The first moment that was too late."""
    first_reported_at: Mapped[datetime] = mapped_column(Moment)
    """Whether it was reported in time is decided by this one."""
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def is_in_time(self) -> bool:
        """Whether its first report came in time."""
        return self.first_reported_at < self.due_at


class QuarterlyNeedLine(Base):
    """How much of a strength is needed."""

    __tablename__ = "quarterly_need_line"
    __table_args__ = (
        UniqueConstraint("need_id", "strength_id"),
        CheckConstraint("units > 0", name="units_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("quarterly_need.id"))
    strength_id: Mapped[int] = mapped_column(ForeignKey("product_strength.id"), index=True)
    units: Mapped[int] = mapped_column(BigInteger)
    """Minimal units in the quarter."""
