"""What the interface says of warnings and exemptions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from procurement.orders.fulfilment.states import ExemptReason, NoticeAbout, NoticeKind
from procurement.orders.fulfilment.tables import FulfilmentExemption, FulfilmentNotice

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
"""An id in a body, within what the database can hold."""


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """A notice.

    Attributes:
        id: Names it in addresses.
        kind: remind, interview, warn or deadline.
        about: hospital, manufacturer or distributor.
        organisation_id: Who answers.
        region: Division code.
        term_id: Of agreements, where it is about one.
        lot_id: The product, where it is about one.
        measure: What was measured.
        measured: As measured; null where it is no number.
        threshold: The limit; null where there is none.
        measured_on: The last day that counts.
        rulebook: The rulebook with the threshold.
        clause: Of the rule.
        verified: Whether a source states the rule.
        finding: What was found, in Chinese.
        status: found, dropped, open, answered, settled or escalated.
        version: Counts changes; send it back with the next one.
        demand: What the bureau asks for.
        due_on: Last day to answer.
        decision: Why it ended as it did.
        follows_id: The step before.
        matter_id: The matter of credit rating that it became.
    """

    id: int
    kind: str
    about: str
    organisation_id: int
    region: str
    term_id: int | None
    lot_id: int | None
    measure: str
    measured: str | None
    threshold: str | None
    measured_on: date
    rulebook: str
    clause: str
    verified: bool
    finding: str
    status: str
    version: int
    demand: str
    due_on: date | None
    decision: str
    follows_id: int | None
    matter_id: int | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some notices.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[NoticeEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An answer.

    Attributes:
        id: Names it.
        text: What was answered.
        document: Papers that prove it.
        answered_at: When.
    """

    id: int
    text: str
    document: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeDetail:
    """A notice with its answers.

    Attributes:
        notice: The notice.
        answers: In order.
    """

    notice: NoticeEntry
    answers: list[AnswerEntry]


@dataclass(frozen=True, slots=True)
class DemandBody:
    """What is asked for with a notice.

    Attributes:
        kind: The step.
        demand: What is asked for; where and when a talk is held.
        due_on: Last day to answer; needed where no rule of the region states the days.
        version: Of the notice as it was read; null to not compare.
    """

    kind: NoticeKind
    demand: str
    due_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RaisedBody:
    """A notice about something that no threshold found.

    Attributes:
        about: hospital, manufacturer or distributor.
        organisation_id: Who answers.
        region: Division code.
        finding: What was found.
        basis: The document or rule that it rests on.
        kind: The step.
        demand: What is asked for.
        due_on: Last day to answer.
    """

    about: NoticeAbout
    organisation_id: Id
    region: str
    finding: str
    basis: str
    kind: NoticeKind
    demand: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """A decision in words.

    Attributes:
        decision: Why.
        version: Of the notice as it was read; null to not compare.
    """

    decision: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An answer to a notice.

    Attributes:
        text: What is answered.
        document: Papers that prove it, by title and number.
        version: Of the notice as it was read; null to not compare.
    """

    text: str
    document: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EscalationBody:
    """The next step.

    Attributes:
        decision: Why the step before was not enough.
        kind: The step, behind the present one in the ladder.
        demand: What is asked for.
        due_on: Last day to answer.
        version: Of the notice as it was read; null to not compare.
    """

    decision: str
    kind: NoticeKind
    demand: str
    due_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class BreachBody:
    """A matter of credit rating that a notice becomes.

    Attributes:
        decision: Why the warnings were not enough.
        matter: Fields of the matter, as strings: grade and reason, document, found_on …
        version: Of the notice as it was read; null to not compare.
    """

    decision: str
    matter: dict[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ExemptionBody:
    """A product that is treated apart.

    Attributes:
        lot_id: The product.
        region: Division code.
        reason: demand-changed, shortage, emergency or seasonal.
        text: What happened.
        document: The paper that proves it.
        starts_on: First day.
        ends_on: Last day.
        hospital_id: For one hospital; null for all of the region.
    """

    lot_id: Id
    region: str
    reason: ExemptReason
    text: str
    document: str
    starts_on: date
    ends_on: date
    hospital_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ExemptionEntry:
    """An exemption.

    Attributes:
        id: Names it in addresses.
        lot_id: The product.
        region: Division code.
        hospital_id: For one hospital; null for all.
        reason: Why.
        starts_on: First day.
        ends_on: Last day.
        revoked_at: When it was ended early; null while it holds.
    """

    id: int
    lot_id: int
    region: str
    hospital_id: int | None
    reason: str
    starts_on: date
    ends_on: date
    revoked_at: datetime | None


def notice_entry(notice: FulfilmentNotice) -> NoticeEntry:
    """A notice as the interface gives it."""
    return NoticeEntry(
        id=notice.id,
        kind=notice.kind,
        about=notice.about,
        organisation_id=notice.organisation_id,
        region=notice.region,
        term_id=notice.term_id,
        lot_id=notice.lot_id,
        measure=notice.measure,
        measured=None if notice.measured is None else f"{notice.measured:f}",
        threshold=None if notice.threshold is None else f"{notice.threshold:f}",
        measured_on=notice.measured_on,
        rulebook=notice.rulebook,
        clause=notice.clause,
        verified=notice.is_verified,
        finding=notice.zh,
        status=notice.status,
        version=notice.version,
        demand=notice.demand,
        due_on=notice.due_on,
        decision=notice.decision,
        follows_id=notice.follows_id,
        matter_id=notice.matter_id,
    )


def exemption_entry(row: FulfilmentExemption) -> ExemptionEntry:
    """An exemption as the interface gives it."""
    return ExemptionEntry(
        row.id,
        row.lot_id,
        row.region,
        row.hospital_id,
        row.reason,
        row.starts_on,
        row.ends_on,
        row.revoked_at,
    )
