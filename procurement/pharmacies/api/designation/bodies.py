"""What the interface of designation is told."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from msgspec import Meta

from procurement.pharmacies.designation.states import (
    AssessmentOutcome,
    DesignationEventKind,
    DesignationScheme,
)

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
"""An id in a body, within what the database can hold."""
Text = Annotated[str, Meta(max_length=2_000)]
Short = Annotated[str, Meta(max_length=300)]
Texts = dict[str, Text]


@dataclass(frozen=True, slots=True)
class GivenBody:
    """What a call gives for a rule.

    Attributes:
        value: As a rulebook's file would have it.
        basis: The document that states it.
    """

    value: Any
    basis: Short


@dataclass(frozen=True, slots=True)
class CallBody:
    """A call to open; see the attributes of a call.

    Attributes:
        given: What the rulebook leaves open, by key of the vocabulary.
    """

    scheme: DesignationScheme
    region: Short
    title: Short
    rulebook: Short
    opens_on: date
    closes_on: date
    document: Short = ""
    given: dict[str, GivenBody] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApplyBody:
    """Which place applies.

    Attributes:
        place: Its code.
    """

    place: Short


@dataclass(frozen=True, slots=True)
class StatementsBody:
    """What a place states.

    Attributes:
        statements: By criterion: whole numbers, percentages, square metres, yes or no.
        version: As last seen.
    """

    statements: Texts
    version: Id


@dataclass(frozen=True, slots=True)
class VersionBody:
    """A step without further words.

    Attributes:
        version: As last seen.
        reason: Where one may be given.
    """

    version: Id
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class CheckBody:
    """What a check found.

    Attributes:
        met: For each criterion yes or no.
        is_passed: Whether the application goes on.
        version: As last seen.
        notes: For each criterion what was seen.
        reason: Why it does not pass.
        gives_back: Give papers back to be completed, instead of refusing them.
        visited_on: Day of a visit.
    """

    met: Texts
    is_passed: bool
    version: Id
    notes: Texts = field(default_factory=dict)
    reason: Text = ""
    gives_back: bool = False
    visited_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeBody:
    """A notice to publish.

    Attributes:
        application_ids: Whose places.
        objections_until: Last day of objections; null for the least that the rules allow.
    """

    application_ids: list[Id]
    objections_until: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementBody:
    """An agreement that was signed.

    Attributes:
        agreement: Its number.
        starts_on: First day.
        version: Of the application.
        ends_on: Last day.
    """

    agreement: Short
    starts_on: date
    version: Id
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What is decided about a designation.

    Attributes:
        kind: suspended, resumed, terminated or exited.
        happens_on: First day on which it counts.
        reason: Why.
        document: Number of the decision.
        version: As last seen.
    """

    kind: DesignationEventKind
    happens_on: date
    reason: Text
    document: Short
    version: Id


@dataclass(frozen=True, slots=True)
class AssessmentBody:
    """A yearly assessment.

    Attributes:
        year: The year that is assessed.
        met: For each criterion yes or no.
        outcome: passed, correct or failed.
        notes: For each criterion what was seen.
        reason: Why it did not pass.
    """

    year: Annotated[int, Meta(ge=2000, le=2200)]
    met: Texts
    outcome: AssessmentOutcome
    notes: Texts = field(default_factory=dict)
    reason: Text = ""
