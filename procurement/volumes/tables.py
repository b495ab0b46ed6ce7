"""The tables of volume reporting: past purchases, reports, uploaded files, base volumes.

A national round has 46,000 reports with 2.8 million lines: lines are narrow, what few of them
have (explanations, parts of members) stands in tables of its own.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment, Money, money_range
from procurement.volumes.states import EventKind, ReportStatus, UploadKind, UploadStatus
from procurement.volumes.strengths import ConversionKind

REASON_LENGTH_MAX = 500
STRENGTH_LENGTH_MAX = 60


def _unique_by_brand(table: str, *columns: str) -> tuple[Index, Index]:
    """Unique with a brand and unique without: in a plain constraint two NULLs differ."""
    return (
        Index(
            f"uq_{table}_generic",
            *columns,
            unique=True,
            postgresql_where=text("brand_id IS NULL"),
            sqlite_where=text("brand_id IS NULL"),
        ),
        Index(
            f"uq_{table}_brand",
            *columns,
            "brand_id",
            unique=True,
            postgresql_where=text("brand_id IS NOT NULL"),
            sqlite_where=text("brand_id IS NOT NULL"),
        ),
    )


class PurchaseHistory(Base):
    """What a hospital bought of a strength in a year; rows of several brands add up."""

    __tablename__ = "purchase_history"
    __table_args__ = (
        *_unique_by_brand("purchase_history", "hospital_id", "strength_id", "year"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        money_range("amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The unique indexes are partial and find no hospital by itself.
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strength_id: Mapped[int] = mapped_column(ForeignKey("product_strength.id"))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The manufacturer; None where the source does not tell brands apart."""
    year: Mapped[int] = mapped_column(SmallInteger)
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Minimal units, returns subtracted."""
    amount: Mapped[Decimal | None] = mapped_column(Money)
    """Yuan, where the source has it."""


class VolumeUpload(Base):
    """A file that was uploaded: one hospital's form, a province's reports, past purchases."""

    __tablename__ = "volume_upload"
    __table_args__ = (
        Index("ix_volume_upload_round_id_id", "round_id", "id"),
        Index("ix_volume_upload_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[UploadKind] = mapped_column(String(10))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """None for past purchases, which belong to no round."""
    report_id: Mapped[int | None] = mapped_column(ForeignKey("volume_report.id"), index=True)
    """The report of a hospital's own form."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Who uploaded it."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    encoding: Mapped[str] = mapped_column(String(10))
    """``utf-8`` or ``gb18030``, as the user said; of no meaning for Excel files."""
    submits: Mapped[bool] = mapped_column(default=False)
    """Reports without faults are submitted on the hospitals' behalf."""
    status: Mapped[UploadStatus] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(default=0)
    """Row of the file up to which it was worked on; a restart goes on behind it."""
    total: Mapped[int] = mapped_column(default=0)
    """Rows of the file; an estimate until the end."""
    stored: Mapped[int] = mapped_column(default=0)
    """Rows that were taken over."""
    faults: Mapped[int] = mapped_column(default=0)
    """Rows with a fault."""
    submitted: Mapped[int] = mapped_column(default=0)
    """Reports that were submitted at the end."""
    last_report_id: Mapped[int] = mapped_column(default=0)
    """The last report that was worked on at the end; a restart goes on behind it."""
    refusal_zh: Mapped[str | None] = mapped_column(String(500))
    refusal_en: Mapped[str | None] = mapped_column(String(500))
    received_at: Mapped[datetime] = mapped_column(Moment)
    """By the database's clock: what counts against the reporting window."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class VolumeUploadPart(Base):
    """A piece of an uploaded file; the same file is kept once."""

    __tablename__ = "volume_upload_part"
    __table_args__ = (UniqueConstraint("sha256", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class VolumeUploadFault(Base):
    """A row of a file that could not be taken over, with its cells as they were."""

    __tablename__ = "volume_upload_fault"
    __table_args__ = (UniqueConstraint("upload_id", "row_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("volume_upload.id"))
    row_number: Mapped[int]
    """As a spreadsheet counts, the header being row 1 or above it."""
    hospital_id: Mapped[int | None]
    """Whose row it is, where that could be read."""
    cells: Mapped[str] = mapped_column(Text)
    """JSON: the cells by column, as typed."""
    faults: Mapped[str] = mapped_column(Text)
    """JSON: ``[column, zh, en]`` for each fault."""
    mended_at: Mapped[datetime | None] = mapped_column(Moment)


class VolumeReport(Base):
    """What one hospital, or a group through its lead hospital, reports for a round."""

    __tablename__ = "volume_report"
    __table_args__ = (
        UniqueConstraint("round_id", "hospital_id"),
        Index("ix_volume_report_list", "round_id", "changed_at", "id"),
        Index("ix_volume_report_status", "round_id", "status", "changed_at", "id"),
        Index("ix_volume_report_region", "round_id", "region", "status", "changed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The hospital, or the lead hospital of a group."""
    region: Mapped[str] = mapped_column(String(6))
    """The region of the round in which it lies."""
    status: Mapped[ReportStatus] = mapped_column(String(10), default=ReportStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""
    draft_page: Mapped[str | None] = mapped_column(String(64))
    """The page that saved last, every few seconds: to itself it is not stale."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    """Last change of status or numbers: lists show it and page by it."""
    submissions: Mapped[int] = mapped_column(default=0)
    """How often it was submitted; the last part of its number."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was submitted last; see `VolumeEvent.content`."""
    return_reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    correct_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when a returned report may be corrected, where that is after the window."""
    upload_id: Mapped[int | None] = mapped_column(index=True)
    """The bulk file that wrote it last; no key, as two tables cannot name each other."""


class VolumeLine(Base):
    """Need in one strength, by generic name or for one brand."""

    __tablename__ = "volume_line"
    __table_args__ = (
        *_unique_by_brand("volume_line", "report_id", "lot_strength_id"),
        CheckConstraint("quantity >= 0 AND demand >= quantity", name="demand_adds_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The unique indexes are partial and find no report by itself.
    report_id: Mapped[int] = mapped_column(ForeignKey("volume_report.id"), index=True)
    lot_strength_id: Mapped[int] = mapped_column(ForeignKey("lot_strength.id"))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The manufacturer; None = by generic name."""
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Need in this strength itself, minimal units a year."""
    demand: Mapped[int] = mapped_column(BigInteger)
    """What counts: the quantity and what is converted from another strength."""
    is_prefilled: Mapped[bool] = mapped_column(default=False)
    """Proposed from past purchases and not looked at since."""
    conversion_kind: Mapped[ConversionKind | None] = mapped_column(String(10))
    other_strength: Mapped[str | None] = mapped_column(String(STRENGTH_LENGTH_MAX))
    other_quantity: Mapped[int | None] = mapped_column(BigInteger)
    conversion_ratio: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Units of this strength for one of the other."""
    conversion_text: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    upload_id: Mapped[int | None]
    """The bulk file that the line is from, and its row: no key, to keep rows narrow."""
    upload_row: Mapped[int | None]


class VolumeExplanation(Base):
    """Why a hospital needs less of a product than it used."""

    __tablename__ = "volume_explanation"
    __table_args__ = (UniqueConstraint("report_id", "lot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("volume_report.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    reason_code: Mapped[str] = mapped_column(String(20))
    """One of `procurement.volumes.reasons.REASONS`."""
    reason_text: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))


class VolumeSplit(Base):
    """A member's part of a line that the lead hospital of its group reported."""

    __tablename__ = "volume_split"
    __table_args__ = (
        UniqueConstraint("line_id", "member_id"),
        CheckConstraint("volume >= 0", name="volume_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("volume_line.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    volume: Mapped[int] = mapped_column(BigInteger)


class VolumeEvent(Base):
    """Something that happened to a report; append-only."""

    __tablename__ = "volume_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("volume_report.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    submission: Mapped[int | None]
    """Of a submission its number, from 1."""
    content: Mapped[str | None] = mapped_column(Text)
    """Of a submission what was submitted, as canonical JSON; of another event None."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of ``content``."""
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("volume_upload.id"))
    happened_at: Mapped[datetime] = mapped_column(Moment)


class PaperKind(StrEnum):
    """What a paper is."""

    COMMITMENT = "commitment"
    """The stamped commitment letter (承诺书)."""
    STAMPED_FORM = "stamped-form"
    """The printed report with the hospital's stamp."""


class VolumePaper(Base):
    """A scanned paper that goes with a report; the newest of its kind counts."""

    __tablename__ = "volume_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("volume_report.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class AggregationRun(Base):
    """One aggregation of a round's accepted reports to base volumes; append-only."""

    __tablename__ = "aggregation_run"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """From 1; the last one counts."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the base volumes and of the reports that they are made of."""
    reports: Mapped[int]
    """Accepted reports that were added up."""
    hospitals: Mapped[int]
    """Hospitals that they stand for, members of groups included."""
    missing: Mapped[int]
    """Hospitals of the round's regions without an accepted report."""
    missing_ids: Mapped[str] = mapped_column(Text)
    """JSON: their ids, in order."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class BaseVolume(Base):
    """Base volume of a region, strength and brand as one run fixed it; append-only."""

    __tablename__ = "base_volume"
    __table_args__ = _unique_by_brand("base_volume", "run_id", "region", "lot_strength_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("aggregation_run.id"))
    region: Mapped[str] = mapped_column(String(6))
    lot_strength_id: Mapped[int] = mapped_column(ForeignKey("lot_strength.id"))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The manufacturer; None = reported by generic name."""
    volume: Mapped[int] = mapped_column(BigInteger)
    """Minimal units a year."""
    reports: Mapped[int]
    """How many reports it is made of."""
