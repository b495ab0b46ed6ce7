"""What the interface says of designation."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import Criterion


@dataclass(frozen=True, slots=True)
class CriterionEntry:
    """What a place must show.

    Attributes:
        name: Names it in statements and findings.
        form: count, share, area or need.
        zh: What is asked, in Chinese.
        en: The same in English.
        wanted_zh: What is wanted.
        wanted_en: The same in English.
        key: Of the rule.
        basis: Who states it.
        is_given: The call gives it; the rulebook does not state it for certain.
    """

    name: str
    form: str
    zh: str
    en: str
    wanted_zh: str
    wanted_en: str
    key: str
    basis: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class CallEntry:
    """A call for applications.

    Attributes:
        id: Names it in addresses.
        scheme: dual-channel or convenience.
        region: Division code.
        title: What it is called.
        document: Number of the local document.
        rulebook: Id of the document that it rests on.
        rulebook_digest: SHA-256 of that document.
        opens_on: First day of applications.
        closes_on: Last day of applications.
        notice_days: How many days a notice runs.
        hospital: What a hospital must show.
        pharmacy: What a pharmacy must show.
    """

    id: int
    scheme: str
    region: str
    title: str
    document: str
    rulebook: str
    rulebook_digest: str
    opens_on: date
    closes_on: date
    notice_days: int | None
    hospital: list[CriterionEntry]
    pharmacy: list[CriterionEntry]


@dataclass(frozen=True, slots=True)
class CallList:
    """Calls under which applications are taken."""

    items: list[CallEntry]


@dataclass(frozen=True, slots=True)
class ApplicationEntry:
    """An application.

    Attributes:
        id: Names it in addresses.
        call_id: Its call.
        place: Code of the place.
        status: drafted, submitted, checked, visited, noticed, agreed, refused or withdrawn.
        statements: What the place states, by criterion; shares as decimals.
        reason: Why it was given back, refused or withdrawn.
        submitted_at: When it was handed in.
        version: Counts changes; send it back with the next one.
    """

    id: int
    call_id: int
    place: str
    status: str
    statements: dict[str, str]
    reason: str
    submitted_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """Applications that one sees."""

    items: list[ApplicationEntry]


@dataclass(frozen=True, slots=True)
class NoticeEntryShape:
    """A public notice.

    Attributes:
        id: Names it in addresses.
        call_id: Its call.
        public_on: First day.
        objections_until: Last day of objections.
        places: Codes of the places on it.
    """

    id: int
    call_id: int
    public_on: date
    objections_until: date
    places: list[str]


@dataclass(frozen=True, slots=True)
class EventEntry:
    """What happened to a designation, and from which day on."""

    kind: str
    happens_on: date
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class DesignationEntry:
    """A designation.

    Attributes:
        id: Names it in addresses.
        place: Code of the place.
        name: Of the place.
        county: Division code.
        scheme: dual-channel or convenience.
        agreement: Its number, or that of the published list.
        starts_on: First day.
        ends_on: Last day; null while no end is known.
        status: in-force, suspended or ended.
        version: Counts changes; send it back with the next one.
    """

    id: int
    place: str
    name: str
    county: str
    scheme: str
    agreement: str
    starts_on: date
    ends_on: date | None
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class DesignationLife:
    """A designation with what happened to it, oldest first."""

    designation: DesignationEntry
    events: list[EventEntry]


@dataclass(frozen=True, slots=True)
class DesignationList:
    """Designated places, some at a time."""

    items: list[DesignationEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """A yearly assessment that was recorded."""

    id: int
    year: int
    outcome: str
    reason: str
    corrects_id: int | None


def criterion_entry(one: Criterion) -> CriterionEntry:
    """Say a criterion."""
    zh, en = one.wanted
    return CriterionEntry(
        one.name, one.form, one.zh, one.en, zh, en, one.key, one.basis, one.is_given
    )


def application_entry(row: DesignationApplication, place: Place) -> ApplicationEntry:
    """Say an application."""
    return ApplicationEntry(
        id=row.id,
        call_id=row.call_id,
        place=place.institution_code,
        status=row.status,
        statements=json.loads(row.statements),
        reason=row.reason,
        submitted_at=row.submitted_at,
        version=row.version,
    )


def designation_entry(row: Designation, place: Place) -> DesignationEntry:
    """Say a designation."""
    return DesignationEntry(
        id=row.id,
        place=place.institution_code,
        name=place.name,
        county=place.county,
        scheme=row.scheme,
        agreement=row.agreement,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=row.status,
        version=row.version,
    )


def event_entry(row: DesignationEvent) -> EventEntry:
    """Say what happened to a designation."""
    return EventEntry(row.kind, row.happens_on, row.reason, row.document)


def call_head(row: DesignationCall) -> dict[str, Any]:
    """Return what a call's entry takes from its row as it is."""
    names = ("id", "scheme", "region", "title", "document", "rulebook", "rulebook_digest")
    return {name: getattr(row, name) for name in (*names, "opens_on", "closes_on")}
