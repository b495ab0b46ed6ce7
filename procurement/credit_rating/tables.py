"""The tables of credit rating; all only grow: a correction is a new matter that replaces one."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.credit_rating.words import (
    ApplicationKind,
    Basis,
    ClearanceKind,
    GradeWord,
    Matter,
)
from procurement.database import Base, Moment, Money, money_range


class CreditMatter(Base):
    """A matter that a firm was rated for, in one province, with the grade that it led to."""

    __tablename__ = "credit_matter"
    __table_args__ = (
        money_range("largest_single"),
        money_range("cumulated"),
        money_range("sales"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The firm that is rated."""
    committed_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The agent or distributor who did it, if not the firm itself."""
    region: Mapped[str] = mapped_column(String(6), index=True)
    """Division code of the province that rates."""
    matter: Mapped[Matter] = mapped_column(String(20))

    largest_single: Mapped[Decimal | None] = mapped_column(Money)
    """Largest single sum, in yuan."""
    cumulated: Mapped[Decimal | None] = mapped_column(Money)
    """Sum of the case, in yuan."""
    lasted_months: Mapped[int | None]
    """How long a price stayed abnormal and unexplained; a begun month counts."""
    sales: Mapped[Decimal | None] = mapped_column(Money)
    """Sales at that price, in yuan."""
    circumstances: Mapped[str] = mapped_column(String(200), default="")
    """Values of `procurement.credit_rating.words.Circumstance`, joined with spaces."""

    basis: Mapped[Basis] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(300))
    """The judgement, penalty or report, by title and number."""
    found_on: Mapped[date]
    """Day of that document."""
    description: Mapped[str] = mapped_column(Text, default="")

    scale: Mapped[str] = mapped_column(String(30))
    """Id of the rulebook whose scale applied: ``credit-2020``, ``credit-2025``."""
    grade: Mapped[GradeWord] = mapped_column(String(20))
    clause: Mapped[str] = mapped_column(String(60))
    """Clause, or key of the rule, that leads to the grade."""
    reason: Mapped[str] = mapped_column(Text)
    """Why this grade, as written when it was recorded."""
    is_by_rule: Mapped[bool]
    """The published thresholds gave the grade; else the officer decided and says why."""

    in_force_from: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day, where the decision names one; no published rule at hand does."""

    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("credit_matter.id"), unique=True)
    """The matter that this one corrects."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class InvolvedProduct(Base):
    """A product that a matter concerns."""

    __tablename__ = "credit_involved_product"
    __table_args__ = (UniqueConstraint("matter_id", "product_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("credit_matter.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)


class RepairStep(Base):
    """A measure that a firm took to repair its credit, accepted by the bureau."""

    __tablename__ = "credit_repair_step"
    __table_args__ = (
        UniqueConstraint("matter_id", "measure"),
        CheckConstraint("measure > 0", name="measure_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("credit_matter.id"))
    measure: Mapped[int]
    """Its number in the rulebook."""
    done_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(500))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class CreditClearance(Base):
    """The end of a matter's grade (失信等级清零)."""

    __tablename__ = "credit_clearance"

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("credit_matter.id"), unique=True)
    kind: Mapped[ClearanceKind] = mapped_column(String(20))
    cleared_on: Mapped[date]
    """First day without the grade."""
    reason: Mapped[str] = mapped_column(String(500))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class CreditPromise(Base):
    """A firm's written promise to stay honest (守信承诺), given to one province."""

    __tablename__ = "credit_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    region: Mapped[str] = mapped_column(String(6))
    signed_on: Mapped[date]
    signed_by: Mapped[str] = mapped_column(String(100))
    """Legal representative or authorised person who signed."""
    wording: Mapped[str] = mapped_column(Text)
    """What was promised, as written."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who sent it."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class CreditApplication(Base):
    """What a rated firm asks for: that a matter is reviewed, or that measures repair it."""

    __tablename__ = "credit_application"

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("credit_matter.id"), index=True)
    kind: Mapped[ApplicationKind] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(String(60))
    """Numbers of the measures that were taken, joined with spaces; empty for an objection."""
    signed_by: Mapped[str] = mapped_column(String(100))
    """Real name of who filed it."""
    filed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment)


class CreditEvidence(Base):
    """A file that proves an application."""

    __tablename__ = "credit_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("credit_application.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256; see `procurement.files`."""
    media_type: Mapped[str] = mapped_column(String(60))


class CreditAnswer(Base):
    """The bureau's answer to an application; one each."""

    __tablename__ = "credit_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("credit_application.id"), unique=True)
    is_upheld: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(Moment)


class CreditNotice(Base):
    """That a decision was made public, or served on a firm that could not be reached."""

    __tablename__ = "credit_notice"
    __table_args__ = (
        CheckConstraint("served_on IS NULL OR served_on >= published_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("credit_matter.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date]
    served_on: Mapped[date | None]
    """Day on which it counts as served, where it was announced for that; Qinghai counts 15 days."""
    basis: Mapped[str] = mapped_column(String(300))
    """The rule by which it counts as served; empty where it does not serve."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
