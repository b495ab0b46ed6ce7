"""The tables of settlements: what they are made of, their runs, and assessments."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, DecimalText, Moment, Money, money_range
from procurement.savings.states import (
    AssessmentStatus,
    RunKind,
    RunStatus,
    SettlementStatus,
)

REASON_LENGTH_MAX = 500
NAME_LENGTH_MAX = 100
INDICATOR_LENGTH_MAX = 100


class SavingsSettlement(Base):
    """A settlement of retained savings of a region: one batch-year, or several at once."""

    __tablename__ = "savings_settlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX), unique=True)
    """Short name that addresses use."""
    title: Mapped[str] = mapped_column(String(300))
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau that settles."""
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The fund agency that pays; needed before anything is paid."""
    region: Mapped[str] = mapped_column(String(6))
    """Division code; hospitals in it are settled."""
    rulebook: Mapped[str] = mapped_column(String(100))
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rulebook when the settlement was drafted."""
    parameters: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON: what texts leave open, as the bureau gives it by name."""
    status: Mapped[SettlementStatus] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes, so that a stale page cannot overwrite a newer one."""
    answer_by: Mapped[date | None]
    """Last day on which hospitals are asked to answer; None until it is given."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class SettlementTerm(Base):
    """A batch-year of a settlement."""

    __tablename__ = "savings_settlement_term"
    __table_args__ = (UniqueConstraint("settlement_id", "term_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("agreement_term.id"), index=True)
    follow_on: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its round is a follow-on round for its products."""


class SettlementFactor(Base):
    """Factors that a bureau gives: for all lines, a hospital, a strength, or one line.

    0 stands for "all" in the three columns that say for which; the row that names most counts.
    """

    __tablename__ = "savings_factor"
    __table_args__ = (UniqueConstraint("settlement_id", "hospital_id", "term_id", "strength_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    hospital_id: Mapped[int] = mapped_column(default=0, server_default="0")
    term_id: Mapped[int] = mapped_column(default=0, server_default="0")
    strength_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """A strength of a lot."""
    price_before: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Weighted mean price of the generic before the round, yuan per minimal unit."""
    payment_ratio: Mapped[Decimal | None] = mapped_column(DecimalText)
    payment_ratio_spend: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Of the spending, where the document names two."""
    insured_share: Mapped[Decimal | None] = mapped_column(DecimalText)
    fund_share_employee: Mapped[str | None] = mapped_column(String(60))
    """Part of the employee fund: a decimal, or a quotient such as 2.89/16.09."""
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class SavingsRun(Base):
    """A run of a durable job: extracting purchases, computing, or paying."""

    __tablename__ = "savings_run"
    __table_args__ = (
        UniqueConstraint("settlement_id", "kind", "number"),
        # One at a time: a second one waits until the first has ended.
        Index(
            "uq_savings_run_open",
            "settlement_id",
            unique=True,
            sqlite_where=text("status IN ('waiting', 'running')"),
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    kind: Mapped[RunKind] = mapped_column(String(10))
    number: Mapped[int]
    """From 1, for each kind."""
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Computed anew for this hospital and its group only; None for all."""
    extract_id: Mapped[int | None] = mapped_column(ForeignKey("savings_run.id"))
    """Of a computation: the extract that it was made of."""
    status: Mapped[RunStatus] = mapped_column(String(10))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """Steps that are finished; a restart goes on behind them."""
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    facts: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON: of an extract the partitions with their digests, and what was left out in all."""
    fault_zh: Mapped[str | None] = mapped_column(Text)
    fault_en: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class ExtractedLine(Base):
    """What a hospital agreed to and took in of one supply, as one extract found it."""

    __tablename__ = "savings_extracted_line"
    __table_args__ = (money_range("non_winning_amount", minimum=-MONEY_MAX),)

    # No foreign keys: many rows are written at once from rows that have them.
    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hospital_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    supply_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    term_id: Mapped[int]
    strength_id: Mapped[int]
    group_lead_id: Mapped[int | None]
    """The lead hospital of the medical group that reported for it; itself, if it leads one."""
    base_volume: Mapped[int] = mapped_column(BigInteger)
    agreed_volume: Mapped[int] = mapped_column(BigInteger)
    winning_volume: Mapped[int] = mapped_column(BigInteger)
    non_winning_volume: Mapped[int] = mapped_column(BigInteger)
    non_winning_amount: Mapped[Decimal] = mapped_column(Money)


class LeftOut(Base):
    """Purchases that no line of a settlement covers, summed; each extract lists its own."""

    __tablename__ = "savings_left_out"
    __table_args__ = (money_range("amount", minimum=-MONEY_MAX),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("savings_run.id"), index=True)
    hospital: Mapped[str] = mapped_column(String(200))
    product: Mapped[str] = mapped_column(String(400))
    batch: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(30))
    """``outside-year``, ``other-batch``, ``without-agreement``, ``settled-elsewhere`` or
    ``unknown-hospital``."""
    lines: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Decimal] = mapped_column(Money)


class SavingsAssessment(Base):
    """The assessment of a hospital, or of one of its products where the document scores those."""

    __tablename__ = "savings_assessment"
    # A constraint of these columns would have a longer name than PostgreSQL takes.
    __table_args__ = (
        Index(
            "ix_savings_assessment_place",
            "settlement_id",
            "hospital_id",
            "term_id",
            "strength_id",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    term_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """0: of all batch-years."""
    strength_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """0: of the whole hospital."""
    status: Mapped[AssessmentStatus] = mapped_column(String(20))
    failed_because: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    """Why it is failed whatever the points are; None where points decide."""
    self_assessed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    self_assessed_at: Mapped[datetime | None] = mapped_column(Moment)
    visited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    visited_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class AssessmentEntry(Base):
    """What was found for one indicator of an assessment."""

    __tablename__ = "savings_assessment_entry"
    __table_args__ = (UniqueConstraint("assessment_id", "indicator"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("savings_assessment.id"))
    indicator: Mapped[str] = mapped_column(String(INDICATOR_LENGTH_MAX))
    self_points: Mapped[Decimal | None] = mapped_column(DecimalText)
    """None where the hospital did not assess itself."""
    self_note: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    """What the points rest on: platform, hospital system, vouchers."""
    on_site_points: Mapped[Decimal | None] = mapped_column(DecimalText)
    on_site_note: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))


class AssessmentEvidence(Base):
    """A file that a hospital hands in with its self-assessment, or the bureau after the visit."""

    __tablename__ = "savings_assessment_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("savings_assessment.id"), index=True)
    indicator: Mapped[str | None] = mapped_column(String(INDICATOR_LENGTH_MAX))
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, which is stored under it."""
    file_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime] = mapped_column(Moment)
