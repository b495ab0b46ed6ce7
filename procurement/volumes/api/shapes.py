"""What the interface takes and gives; decimals are strings, volumes whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report of a list.

    Attributes:
        id: Of the report.
        hospital: Name of the hospital.
        division: Its administrative division.
        status: ``draft``, ``submitted``, ``returned`` or ``accepted``.
        changed_at: Last change of status or numbers.
        submissions: How often it was submitted.
    """

    id: int
    hospital: str
    division: str
    status: str
    changed_at: datetime
    submissions: int


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some reports, and where to go on."""

    items: list[ReportEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ConversionBody:
    """Need in a strength that the lot does not list.

    Attributes:
        kind: ``adult`` (by content) or ``child`` (own ratio).
        strength: The other strength.
        quantity: In its minimal units.
        ratio: Units of the lot's strength for one of the other.
        explanation: Where the ratio is from.
    """

    kind: str
    strength: str
    quantity: int
    ratio: Decimal
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class LineBody:
    """Need in one strength.

    Attributes:
        lot: Code of the lot.
        strength: Label of the strength.
        quantity: Minimal units a year; null takes the line away.
        brand: Name or credit code of the manufacturer; null = by generic name.
        conversion: What is converted from another strength.
    """

    lot: str
    strength: str
    quantity: int | None
    brand: str | None = None
    conversion: ConversionBody | None = None


@dataclass(frozen=True, slots=True)
class ExplanationBody:
    """Why less of a product is needed.

    Attributes:
        lot: Code of the lot.
        reason: One of the reason codes.
        text: In writing.
    """

    lot: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class LinesBody:
    """Lines and explanations to write; others stay as they are."""

    version: int
    lines: list[LineBody]
    explanations: list[ExplanationBody] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """Need in one strength beside past use.

    Attributes:
        lot: Code of the lot.
        product: Its generic name.
        strength: Label of the strength.
        unit: Minimal unit.
        brand: Name of the manufacturer; null = by generic name.
        demand: What counts; null where nothing was filled in.
        uses: Past use by year; null where it is not known.
    """

    lot: str
    product: str
    strength: str
    unit: str
    brand: str | None
    demand: int | None
    uses: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """A product of a report.

    Attributes:
        lot: Code of the lot.
        ratio: Need as a share of the mean past use; null where that is not known or nothing.
        minimum: Least need without an explanation; null where no source states it.
        needs_explanation: The need is below the line.
        reason: Code of the reason that was given.
        explanation: The explanation that was given.
    """

    lot: str
    ratio: Decimal | None
    minimum: int | None
    needs_explanation: bool
    reason: str | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report.

    Attributes:
        id: Of the report.
        number: Of its last submission; null where it was never sent.
        hospital: Name of the hospital.
        status: ``draft``, ``submitted``, ``returned`` or ``accepted``.
        version: For changes: send it back.
        due_at: Until when it is taken.
        digest: SHA-256 of what was submitted last.
        return_reason: Why it was returned.
        lines: Every strength that is asked for.
        products: Every product beside its past use.
    """

    id: int
    number: str | None
    hospital: str
    status: str
    version: int
    due_at: datetime | None
    digest: str | None
    return_reason: str | None
    lines: list[LineAnswer]
    products: list[ProductAnswer]


@dataclass(frozen=True, slots=True)
class VersionBody:
    """The version that was read."""

    version: int


@dataclass(frozen=True, slots=True)
class ReturnBody:
    """What is to be corrected.

    Attributes:
        version: As it was read.
        reason: The hospital reads it.
        correct_until: Until when it may be sent again, where that is after the window.
    """

    version: int
    reason: str
    correct_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartBody:
    """A hospital's part of a line.

    Attributes:
        lot: Code of the lot.
        strength: Label of the strength.
        hospital: Credit code of the hospital.
        volume: Its part.
        brand: Name of the manufacturer; null = by generic name.
    """

    lot: str
    strength: str
    hospital: str
    volume: int
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class SplitBody:
    """How a report is split; the parts of each line add up to it."""

    version: int
    parts: list[PartBody]


@dataclass(frozen=True, slots=True)
class UploadAnswer:
    """A file of many rows, and how far the work on it is.

    Attributes:
        id: Of the upload.
        filename: As it was sent.
        sha256: Of its bytes.
        status: ``queued``, ``running``, ``done`` or ``refused``.
        done: Row of the file up to which it was worked on.
        total: Rows of the file; an estimate until the end.
        stored: Rows that were taken over.
        faults: Rows with a fault.
        submitted: Reports that were submitted.
        refusal: Why the file as a whole cannot be read.
        received_at: When it was received, by the database's clock.
    """

    id: int
    filename: str
    sha256: str
    status: str
    done: int
    total: int
    stored: int
    faults: int
    submitted: int
    refusal: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The newest files."""

    items: list[UploadAnswer]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class FaultEntry:
    """A faulty row of a file.

    Attributes:
        row: As a spreadsheet counts; null where no row of the file is at fault.
        cells: As typed, by column.
        faults: What is wrong, by column.
    """

    row: int | None
    cells: Mapping[str, str]
    faults: list[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class FaultPage:
    """Some faulty rows, and where to go on."""

    items: list[FaultEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class BaseVolumeEntry:
    """A base volume.

    Attributes:
        region: Code of the region.
        lot: Code of the lot.
        product: Its generic name.
        strength: Label of the strength.
        strength_ratio: Content relative to the lot's main strength.
        brand: Name of the manufacturer; null = reported by generic name.
        base_volume: Minimal units a year.
        reports: How many reports it is made of.
    """

    region: str
    lot: str
    product: str
    strength: str
    strength_ratio: Decimal
    brand: str | None
    base_volume: int
    reports: int


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """An aggregation.

    Attributes:
        number: From 1; the last one counts.
        digest: SHA-256 of the volumes and of the reports that they are made of.
        reports: Accepted reports that were added up.
        hospitals: Hospitals that they stand for.
        missing: Hospitals without an accepted report.
        made_at: When.
    """

    number: int
    digest: str
    reports: int
    hospitals: int
    missing: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class BaseVolumePage:
    """The base volumes of a round; without an aggregation there are none."""

    run: RunAnswer | None
    items: list[BaseVolumeEntry]
    next_cursor: str | None = None
