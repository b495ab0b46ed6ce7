"""What the interface of awards answers: reports, notices, awards, objections and letters."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from procurement.awards.report_view import Fields

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """What became of one bid; null where it is not known, or not the reader's to see."""

    bid: str
    manufacturer: str
    strength: str
    declared_price: str | None
    comparable_price: str | None
    rank: int | None
    status: str
    selected: bool
    offer_price: str | None
    needed_price: str | None
    needed_pack_price: str | None
    clause: str
    reason: str
    reason_en: str
    regions: int | None
    region_names: list[str] | None
    spare_regions: list[str] | None
    agreed_volume: int | None


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One step of the explanation, with its figures as exact decimals."""

    code: str
    clause: str
    bid: str | None
    numbers: dict[str, str | int]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question that is still open."""

    lot: str
    bid: str
    question: str
    by: str
    price: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class LotEntry:
    """What was decided in one lot."""

    lot: str
    product: str
    bidders: int
    places: int | None
    share: str | None
    cycle_years: int | None
    ends_on: str | None
    base_volume: int
    agreed_volume: int | None
    outcomes: list[OutcomeEntry]
    pending: list[QuestionEntry]
    steps: list[StepEntry]


@dataclass(frozen=True, slots=True)
class LeftOutEntry:
    """A bid that was opened and does not count, with its reason."""

    lot: str
    bid: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EvaluationAnswer:
    """The newest report of a round.

    Attributes:
        report_digest: SHA-256 of the whole report as stored.
        rulebook: The rulebook that was applied.
        rulebook_digest: SHA-256 of it, with amendments.
        facts_digest: SHA-256 of sheet and answers; null for imported rounds.
        evaluated_at: When.
        scope: ``all``, ``selected`` (own bids, and of others who is selected) or ``own``.
        lots: As far as the reader may see them.
        left_out: Bids that do not count; only the own ones where the reader does not see all.
    """

    report_digest: str
    rulebook: str
    rulebook_digest: str
    facts_digest: str | None
    evaluated_at: datetime
    scope: str
    lots: list[LotEntry]
    left_out: list[LeftOutEntry]


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """A notice of the provisional selection."""

    number: int
    report_digest: str
    announced_at: datetime
    closes_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The notices of a round, the oldest first."""

    items: list[NoticeEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """The price of one strength of a winner; the unit price is exact, perhaps a fraction."""

    strength: str
    pack_units: int
    pack_price: str
    unit_price: str
    source: str


@dataclass(frozen=True, slots=True)
class WinnerEntry:
    """A winner; without prices where the rulebook does not disclose them to the reader."""

    lot: str
    product: str
    bid: str
    organisation_id: int
    organisation: str
    status: str
    rank: int | None
    regions: int | None
    agreed_volume: int | None
    ends_on: date | None
    prices: list[PriceEntry] | None


@dataclass(frozen=True, slots=True)
class AwardAnswer:
    """The award of a round."""

    notice: int
    report_digest: str
    starts_on: date
    awarded_at: datetime
    winners: list[WinnerEntry]


@dataclass(frozen=True, slots=True)
class LetterBidEntry:
    """What a letter tells of one bid; texts in Chinese and in English."""

    bid: str
    status: str
    strength: str | None
    declared_price: str | None
    comparable_price: str | None
    conversion_zh: str
    conversion_en: str
    rank: int | None
    clause: str
    reason_zh: str
    reason_en: str
    needed_price: str | None
    needed_pack_price: str | None


@dataclass(frozen=True, slots=True)
class LetterAnswer:
    """A letter to a bidder about a lot in which it was not selected."""

    round: str
    organisation_id: int
    organisation: str
    lot: str
    product: str
    bidders: int
    places: int | None
    bids: list[LetterBidEntry]
    notice: int
    issued_at: datetime
    objections_until: datetime
    report_digest: str
    rulebook: str
    rulebook_digest: str
    checks_zh: list[str]
    checks_en: list[str]


@dataclass(frozen=True, slots=True)
class LetterEntry:
    """Names a letter."""

    organisation_id: int
    lot: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Letters by addressee and lot."""

    items: list[LetterEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of an objection."""

    id: int
    name: str
    digest: str
    bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """The answer to an objection, or to an appeal."""

    verdict: str
    text: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class AppealEntry:
    """An appeal with its answer, if there is one."""

    text: str
    person: str
    filed_at: datetime
    answer: AnswerEntry | None


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A paper that was served on the objector."""

    paper: str
    way: str
    served_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionEntry:
    """An objection, with what became of it."""

    id: int
    notice_id: int
    lot: str | None
    organisation: str
    person: str
    text: str
    filed_at: datetime
    files: list[FileEntry]
    services: list[ServiceEntry]
    answer: AnswerEntry | None
    appeal: AppealEntry | None


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """The objections of a round that the reader may see, the oldest first."""

    items: list[ObjectionEntry]
    next_cursor: str | None = None


def shaped(shape: type[Shape], found: Fields, **given: Any) -> Shape:  # noqa: ANN401
    """Return an entry made of those fields of a report that it has.

    Examples:
        >>> shaped(LetterEntry, {"organisation_id": 1, "lot": "L01", "more": 2})
        LetterEntry(organisation_id=1, lot='L01')
    """
    names = {field.name for field in fields(shape)}  # type: ignore[arg-type]
    return shape(**{**{name: found[name] for name in names - set(given)}, **given})


def lot_entry(lot: Fields) -> LotEntry:
    """Return a lot of a report as the interface answers it."""
    return shaped(
        LotEntry,
        lot,
        outcomes=[shaped(OutcomeEntry, one) for one in lot["outcomes"]],
        pending=[shaped(QuestionEntry, one) for one in lot["pending"]],
        steps=[shaped(StepEntry, one) for one in lot["steps"]],
    )
