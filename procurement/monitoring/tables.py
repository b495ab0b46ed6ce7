"""The tables of surveys, shortages, comparison and the quarterly report.

Answers, decisions about shortages, parameters and printed reports only grow.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment, Money, money_range
from procurement.monitoring.states import (
    Light,
    Link,
    ListKind,
    ProposalStatus,
    ReportStatus,
    ShortageStep,
    SurveyStatus,
)

TEXT_LENGTH_MAX = 500
NAME_LENGTH_MAX = 200


class MonitoringParameters(Base):
    """The thresholds that no source states, as a bureau gave them, each with its basis."""

    __tablename__ = "monitoring_parameters"
    __table_args__ = (UniqueConstraint("bureau_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    """From 1; the newest holds."""
    given: Mapped[str] = mapped_column(Text)
    """JSON: by name a value and its basis; a name that is missing is unknown."""
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class MonitoringSurvey(Base):
    """The survey of one month."""

    __tablename__ = "monitoring_survey"
    __table_args__ = (UniqueConstraint("bureau_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region: Mapped[str] = mapped_column(String(6))
    """Division whose links are asked."""
    month: Mapped[date]
    """First day of the month that is asked about."""
    status: Mapped[SurveyStatus] = mapped_column(String(10))
    closes_at: Mapped[datetime] = mapped_column(Moment)
    remind_days: Mapped[str] = mapped_column(String(40))
    """How many days before closing is reminded, joined with spaces."""
    note: Mapped[str] = mapped_column(String(TEXT_LENGTH_MAX))
    """What those who are asked should know."""
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class SurveyAddressee(Base):
    """An organisation that a survey asks."""

    __tablename__ = "survey_addressee"
    __table_args__ = (UniqueConstraint("survey_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("monitoring_survey.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    link: Mapped[Link] = mapped_column(String(15))
    answers: Mapped[int] = mapped_column(default=0)
    """How many revisions it sent; its newest one counts."""
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class SurveyAnswer(Base):
    """One sending of an organisation's lines; append-only, the newest revision counts."""

    __tablename__ = "survey_answer"
    __table_args__ = (UniqueConstraint("survey_id", "organisation_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("monitoring_survey.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    link: Mapped[Link] = mapped_column(String(15))
    revision: Mapped[int]
    lines: Mapped[int]
    """None of them: nothing to report."""
    file_name: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    """Empty for a form or a machine."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was sent."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment)


class SurveyLine(Base):
    """What was said about one drug in one month; append-only."""

    __tablename__ = "survey_line"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        money_range("price"),
        money_range("sale_price"),
        CheckConstraint("ordered IS NULL OR ordered >= 0", name="ordered_positive"),
        CheckConstraint("delivered IS NULL OR delivered >= 0", name="delivered_positive"),
        CheckConstraint("stock_days IS NULL OR stock_days >= 0", name="stock_days_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("survey_answer.id"))
    number: Mapped[int]
    """From 1."""
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    generic_product_id: Mapped[int | None] = mapped_column(
        ForeignKey("generic_product.id"), index=True
    )
    drug_code: Mapped[str] = mapped_column(String(23))
    """National drug code; empty in a lead of public opinion that names none."""
    drug: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    """Generic name as the sender wrote it, or as the catalogue has it."""
    maker: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    price: Mapped[Decimal | None] = mapped_column(Money)
    """Yuan a pack: what the link sells at (makers, distributors) or buys at (the others)."""
    sale_price: Mapped[Decimal | None] = mapped_column(Money)
    """Retail price of a pack, of pharmacies and leads."""
    ordered: Mapped[int | None] = mapped_column(BigInteger)
    """Packs."""
    delivered: Mapped[int | None] = mapped_column(BigInteger)
    """Packs."""
    stock_days: Mapped[int | None]
    """For how many days the stock lasts."""
    is_out_of_stock: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(TEXT_LENGTH_MAX))
    """Why it is short, or what the lead says."""
    source: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    """Where a lead was seen; empty else."""


class ShortageDecision(Base):
    """One decision about a drug of the shortage list; append-only, the newest counts."""

    __tablename__ = "shortage_decision"
    __table_args__ = (UniqueConstraint("bureau_id", "generic_product_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region: Mapped[str] = mapped_column(String(6))
    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"))
    number: Mapped[int]
    """From 1 for each drug of a bureau."""
    step: Mapped[ShortageStep] = mapped_column(String(10))
    light: Mapped[Light] = mapped_column(String(12))
    rise: Mapped[Decimal | None] = mapped_column(DecimalText)
    """By which part the price rose; None where it did not come to that."""
    has_substitute: Mapped[bool | None]
    signals: Mapped[str] = mapped_column(Text)
    """JSON: what the survey and the orders said, and the parameters that held."""
    reason: Mapped[str] = mapped_column(String(TEXT_LENGTH_MAX))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)


class ReferenceList(Base):
    """A list of prices of elsewhere, as it was imported; nobody changes it."""

    __tablename__ = "reference_list"
    __table_args__ = (UniqueConstraint("bureau_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ListKind] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    place: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    """Province or alliance."""
    document: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    """Number of the document that it comes from."""
    valid_from: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    lines: Mapped[int]
    matched: Mapped[int]
    """Lines of which the catalogue has the product of the same maker."""
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime] = mapped_column(Moment)


class ReferencePrice(Base):
    """One line of such a list."""

    __tablename__ = "reference_price"
    __table_args__ = (
        UniqueConstraint("list_id", "number"),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
        money_range("pack_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("reference_list.id"))
    number: Mapped[int]
    """Line of the file."""
    drug_code: Mapped[str] = mapped_column(String(23))
    generic: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    form: Mapped[str] = mapped_column(String(60))
    strength: Mapped[str] = mapped_column(String(60))
    maker: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    pack_units: Mapped[int]
    pack_price: Mapped[Decimal] = mapped_column(Money)
    generic_product_id: Mapped[int | None] = mapped_column(
        ForeignKey("generic_product.id"), index=True
    )
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The maker, where the platform knows it."""


class LinkageProposal(Base):
    """That a price be linked to a lower one elsewhere: a proposal, which changes no price."""

    __tablename__ = "linkage_proposal"
    __table_args__ = (
        UniqueConstraint("bureau_id", "price_id", "reference_id"),
        money_range("present_price"),
        money_range("proposed_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    """The own price, as it was when it was proposed."""
    reference_id: Mapped[int] = mapped_column(ForeignKey("reference_price.id"))
    """The lower one."""
    present_price: Mapped[Decimal] = mapped_column(Money)
    """Yuan a pack."""
    proposed_price: Mapped[Decimal] = mapped_column(Money)
    """Yuan for the own pack, at the unit price of the lower one."""
    basis: Mapped[str] = mapped_column(String(TEXT_LENGTH_MAX))
    status: Mapped[ProposalStatus] = mapped_column(String(12))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(TEXT_LENGTH_MAX), default="")
    version: Mapped[int] = mapped_column(default=1)


class QuarterlyReport(Base):
    """A quarterly report: asked for, made by a job, published by a second person."""

    __tablename__ = "quarterly_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    region: Mapped[str] = mapped_column(String(6))
    year: Mapped[int]
    quarter: Mapped[int]
    """1 to 4."""
    measures: Mapped[str] = mapped_column(Text)
    """What the bureau did and will do, in its own words."""
    measures_en: Mapped[str] = mapped_column(Text)
    parameters_id: Mapped[int | None] = mapped_column(ForeignKey("monitoring_parameters.id"))
    """Those that held when it was asked for."""
    status: Mapped[ReportStatus] = mapped_column(String(10))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    """Whatever was recorded until then is in it."""
    partitions: Mapped[str | None] = mapped_column(Text)
    """JSON: the partitions of purchase lines that it was computed from, with their digests."""
    content: Mapped[str | None] = mapped_column(Text)
    """JSON: every figure and sentence, in both languages."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the content."""
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str | None] = mapped_column(String(TEXT_LENGTH_MAX))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class QuarterlyReportFile(Base):
    """A report as PDF in one language; append-only."""

    __tablename__ = "quarterly_report_file"
    __table_args__ = (UniqueConstraint("report_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("quarterly_report.id"))
    language: Mapped[str] = mapped_column(String(2))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)
