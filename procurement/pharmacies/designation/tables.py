"""The tables of designation: calls, applications, notices, agreements, doctors, duties."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment
from procurement.pharmacies.designation.states import (
    ApplicationStatus,
    AssessmentOutcome,
    DesignationEventKind,
    DesignationScheme,
    DesignationStatus,
    DutyStatus,
    ObjectionStatus,
)

TITLE_LENGTH_MAX = 300
REASON_LENGTH_MAX = 1000
DOCUMENT_LENGTH_MAX = 200


class DesignationCall(Base):
    """A call for applications, under one document."""

    __tablename__ = "designation_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[DesignationScheme] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(6), index=True)
    """Division code; places in it may apply."""
    caller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau or fund agency that calls and decides."""
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH_MAX))
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX), default="")
    """Number of the local document that calls."""
    rulebook: Mapped[str] = mapped_column(String(100))
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rulebook when the call was opened."""
    parameters: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON: what the rulebook leaves open, by key, with its value and its basis."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """Last day on which applications are taken."""
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)


class DesignationApplication(Base):
    """A place's application under a call."""

    __tablename__ = "designation_application"
    __table_args__ = (
        # A place applies again only after it withdrew.
        Index(
            "uq_designation_application_open",
            "call_id",
            "place_id",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("designation_call.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who keeps the place and applies."""
    status: Mapped[ApplicationStatus] = mapped_column(String(20))
    statements: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON: what the place states, by criterion."""
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    """Why it was refused or given back; empty otherwise."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DesignationEvidence(Base):
    """A file that proves a statement of an application."""

    __tablename__ = "designation_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("designation_application.id"), index=True
    )
    criterion: Mapped[str] = mapped_column(String(60))
    """Key of the rulebook that it belongs to."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, which is stored under it."""
    file_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime] = mapped_column(Moment)


class ApplicationCheck(Base):
    """A check of an application's papers; rows are never changed."""

    __tablename__ = "designation_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("designation_application.id"), index=True
    )
    findings: Mapped[str] = mapped_column(Text)
    """JSON: by criterion, what was found."""
    is_passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime] = mapped_column(Moment)


class SiteVisit(Base):
    """A check on the spot; rows are never changed."""

    __tablename__ = "designation_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("designation_application.id"), index=True
    )
    visited_on: Mapped[date]
    findings: Mapped[str] = mapped_column(Text)
    """JSON: by criterion, what was found."""
    is_passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class DesignationNotice(Base):
    """A public notice of places that are to be designated; rows are never changed."""

    __tablename__ = "designation_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("designation_call.id"), index=True)
    public_on: Mapped[date]
    objections_until: Mapped[date]
    """Last day on which objections are taken."""
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(Moment)


class NoticeEntry(Base):
    """An application on a notice; rows are never changed."""

    __tablename__ = "noticed_application"
    __table_args__ = (UniqueConstraint("application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("designation_notice.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("designation_application.id"))


class DesignationObjection(Base):
    """An objection to a place on a notice, in somebody's real name."""

    __tablename__ = "designation_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("designation_application.id"), index=True
    )
    name_sealed: Mapped[str] = mapped_column(Text)
    """Real name and contact, sealed with the platform's key; only who decides reads them."""
    statement: Mapped[str] = mapped_column(Text)
    status: Mapped[ObjectionStatus] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    filed_at: Mapped[datetime] = mapped_column(Moment)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Designation(Base):
    """A place's designation under one scheme, from its agreement to its end."""

    __tablename__ = "designation"
    __table_args__ = (
        # One at a time: the next one begins after this one has ended.
        Index(
            "uq_designation_present",
            "place_id",
            "scheme",
            unique=True,
            sqlite_where=text("status <> 'ended'"),
            postgresql_where=text("status <> 'ended'"),
        ),
        Index("ix_designation_scheme_place_id", "scheme", "place_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    scheme: Mapped[DesignationScheme] = mapped_column(String(20))
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("designation_application.id"), index=True
    )
    """None where a published list was imported."""
    decider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau or fund agency that signed the agreement."""
    agreement: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX))
    """Number of the agreement, or of the published list."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while no end is known."""
    status: Mapped[DesignationStatus] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DesignationEvent(Base):
    """What happened to a designation, and from which day on; rows are never changed."""

    __tablename__ = "designation_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    designation_id: Mapped[int] = mapped_column(ForeignKey("designation.id"), index=True)
    kind: Mapped[DesignationEventKind] = mapped_column(String(20))
    happens_on: Mapped[date]
    """First day on which it counts."""
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)


class YearlyAssessment(Base):
    """The assessment of a designated place for a year; rows are never changed."""

    __tablename__ = "designation_assessment"
    __table_args__ = (UniqueConstraint("corrects_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    designation_id: Mapped[int] = mapped_column(ForeignKey("designation.id"), index=True)
    year: Mapped[int]
    findings: Mapped[str] = mapped_column(Text)
    """JSON: by criterion, what was found."""
    outcome: Mapped[AssessmentOutcome] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("designation_assessment.id"))
    """The assessment of the same year that this one replaces."""
    assessed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessed_at: Mapped[datetime] = mapped_column(Moment)


class DesignatedDoctor(Base):
    """A doctor of a designated hospital who may apply for patients."""

    __tablename__ = "designated_doctor"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    """The hospital."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The doctor's account; None where there is none yet."""
    code: Mapped[str] = mapped_column(String(20))
    """The doctor's code in the list that names him."""
    name: Mapped[str] = mapped_column(String(100), default="")
    """Empty where the list publishes no names."""
    specialty: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while no end is known."""
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX), default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DutyTerm(Base):
    """How long hospitals of a region have to bring a listed drug in; the newest counts."""

    __tablename__ = "duty_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    months: Mapped[int]
    """From the first day of the drug on the list."""
    rulebook: Mapped[str] = mapped_column(String(100), default="")
    """The rulebook that states it; empty where the region gives a basis of its own."""
    basis: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX))
    """Number of the document, or what else it rests on."""
    starts_on: Mapped[date]
    """Drugs listed from this day on fall under it."""
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Moment)


class DrugDuty(Base):
    """A hospital's duty to bring one listed drug in."""

    __tablename__ = "drug_duty"
    __table_args__ = (
        UniqueConstraint("place_id", "listed_drug_id", "listed_on"),
        Index("ix_drug_duty_status_due_on", "status", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    listed_drug_id: Mapped[int] = mapped_column(ForeignKey("listed_drug.id"), index=True)
    listed_on: Mapped[date]
    """First day of the drug on the list."""
    due_on: Mapped[date]
    """Last day on which bringing it in, or a reason, is in time."""
    term_id: Mapped[int] = mapped_column(ForeignKey("duty_term.id"))
    status: Mapped[DutyStatus] = mapped_column(String(20))
    brought_in_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    """As the hospital gave it last."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DutyReport(Base):
    """What a hospital reports of a duty for a month; rows are never changed, the newest counts."""

    __tablename__ = "drug_duty_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("drug_duty.id"), index=True)
    month: Mapped[date]
    """Its first day."""
    status: Mapped[DutyStatus] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)
