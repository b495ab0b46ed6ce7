"""The tables of complaints: facts, what was written (sealed), and the course."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment
from procurement.pharmacies.complaints.states import (
    About,
    ComplaintStatus,
    Grade,
    Review,
    TextKind,
)

REASON_LENGTH_MAX = 300


class Complaint(Base):
    """A complaint or question; nothing in it says who wrote it."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_county_status", "county", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the code with which whoever wrote it sees its state."""
    about: Mapped[About] = mapped_column(String(20))
    county: Mapped[str] = mapped_column(String(6))
    """Where it happened: its bureau handles it."""
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    generic_product_id: Mapped[int | None] = mapped_column(ForeignKey("generic_product.id"))
    status: Mapped[ComplaintStatus] = mapped_column(String(10))
    grade: Mapped[Grade | None] = mapped_column(String(10))
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau or fund agency that handles it."""
    due_on: Mapped[date | None]
    """The day by which the bureau promised an answer."""
    review: Mapped[Review | None] = mapped_column(String(5))
    received_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class ComplaintText(Base):
    """What somebody wrote, sealed with the installation's key; it can be deleted."""

    __tablename__ = "complaint_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    kind: Mapped[TextKind] = mapped_column(String(10))
    sealed: Mapped[str] = mapped_column(Text)
    """Empty once it is deleted."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who answered; None for what the public wrote."""
    written_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)


class ComplaintEvent(Base):
    """A step in the course of a complaint; append-only, without anything personal."""

    __tablename__ = "complaint_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    status: Mapped[ComplaintStatus] = mapped_column(String(10))
    """After the step."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose step it was; None for the public's."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """Why; empty where nothing had to be said."""
    happened_at: Mapped[datetime] = mapped_column(Moment)
