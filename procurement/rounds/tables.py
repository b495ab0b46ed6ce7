"""The tables of rounds: facts, lots, timetable, participants and the record of their steps."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment, Money, money_range
from procurement.rounds.status import (
    ParticipantPart,
    ProposalStatus,
    RoundEventKind,
    RoundStatus,
    SimulationStatus,
    Step,
)

__all__ = [
    "Lot",
    "LotStrength",
    "ParticipantPart",
    "ProposalStatus",
    "Round",
    "RoundEvent",
    "RoundEventKind",
    "RoundParticipant",
    "RoundRegion",
    "RoundSimulation",
    "RoundStatus",
    "SimulationStatus",
    "Step",
    "StepProposal",
]


class Round(Base):
    """One round: the facts to evaluate, and the rules that apply to them."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)

    name: Mapped[str] = mapped_column(String(100), unique=True)
    """Short name that commands and addresses use, such as ``national-3-2020``."""

    title: Mapped[str] = mapped_column(String(300))
    """Title of the procurement document."""

    rulebook: Mapped[str] = mapped_column(String(100))
    """Id of the rulebook in force when the round was published."""

    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of that rulebook's text: the round keeps these rules from its publication on."""

    opened_on: Mapped[date]
    """Day of the opening in China; of a draft without a timetable, the day it was drafted."""

    facts: Mapped[str] = mapped_column(Text)
    """The whole round folder as one JSON document, as written; ``{}`` until publication."""

    facts_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``facts``."""

    imported_at: Mapped[datetime] = mapped_column(Moment)
    """When it was stored: imported, or first drafted."""

    status: Mapped[RoundStatus] = mapped_column(
        String(20), default=RoundStatus.IMPORTED, server_default=RoundStatus.IMPORTED.value
    )

    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The lead bureau; None for an imported round."""

    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The officer who drafted it."""

    follows_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """The round that this one follows on."""

    options: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON: values for the rules that the rulebook leaves open."""

    is_inquiry: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A follow-on inquiry: declarations against a benchmark price instead of bids."""

    volume_opens_at: Mapped[datetime | None] = mapped_column(Moment)
    volume_closes_at: Mapped[datetime | None] = mapped_column(Moment)
    comments_close_at: Mapped[datetime | None] = mapped_column(Moment)
    bidding_opens_at: Mapped[datetime | None] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    """Bids must be acknowledged before this moment, by the database's clock."""
    opens_at: Mapped[datetime | None] = mapped_column(Moment)
    """Shares are accepted from this moment on."""
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    outage_shift_minutes: Mapped[int] = mapped_column(default=120, server_default="120")
    """By how much the outage rule moves closing and opening."""

    outage_shifted_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the outage rule moved them; it does so once."""

    quorum: Mapped[int | None]
    """How many keyholders open the bids together (k of n)."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class RoundRegion(Base):
    """A province (or city) that takes part in a round."""

    __tablename__ = "round_region"
    __table_args__ = (UniqueConstraint("round_id", "region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    region: Mapped[str] = mapped_column(String(6))


class RoundParticipant(Base):
    """A keyholder or observer whom the round names."""

    __tablename__ = "round_participant"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    part: Mapped[ParticipantPart] = mapped_column(String(20))
    seat: Mapped[int]
    """Place among the participants of the same part, from 1: a keyholder's share index."""


class Lot(Base):
    """A lot (采购品种) of a round that the platform conducts."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    code: Mapped[str] = mapped_column(String(30))
    """Identifier in the round, such as ``L01``."""
    generic_product_id: Mapped[int | None] = mapped_column(ForeignKey("generic_product.id"))
    product: Mapped[str] = mapped_column(String(200))
    """Generic name and dosage form, as the document prints it."""
    unit: Mapped[str] = mapped_column(String(20))
    """Minimal unit: 片, 粒, 支, 袋."""
    dosage_form: Mapped[str | None] = mapped_column(String(30))
    """`bidding.bid_sheet.DosageForm`, where a rule needs it."""
    category: Mapped[str] = mapped_column(String(20), default="general")
    """`bidding.bid_sheet.Category`."""
    daily_dose: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Minimal units of the main strength a day, where a rule compares daily cost."""
    by_brand: Mapped[bool] = mapped_column(default=False)
    """Hospitals may report by brand."""
    failed_reason: Mapped[str | None] = mapped_column(String(300))
    """Why the lot was withdrawn or failed; None while it stands."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class LotStrength(Base):
    """A strength (规格) of a lot with its ceiling."""

    __tablename__ = "lot_strength"
    __table_args__ = (
        UniqueConstraint("lot_id", "strength"),
        money_range("price_ceiling"),
        money_range("benchmark_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    strength: Mapped[str] = mapped_column(String(60))
    strength_ratio: Mapped[Decimal] = mapped_column(DecimalText)
    """Content relative to the lot's main strength."""
    price_ceiling: Mapped[Decimal | None] = mapped_column(Money)
    """Maximum valid declared price (最高有效申报价), yuan per unit of this strength."""
    benchmark_price: Mapped[Decimal | None] = mapped_column(Money)
    """Benchmark of a follow-on inquiry, yuan per unit."""


class RoundEvent(Base):
    """A change of a round's status or timetable, or the end of a lot; append-only."""

    __tablename__ = "round_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[RoundEventKind] = mapped_column(String(20), default=RoundEventKind.STATUS)
    status_from: Mapped[str] = mapped_column(String(20))
    status_to: Mapped[str] = mapped_column(String(20))
    """Equal to ``status_from`` where the event is not about the status."""
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    """The lot that failed; None where the event is about the whole round."""
    reason: Mapped[str | None] = mapped_column(String(500))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who did it, or confirmed it; None for the timetable."""
    second_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who had proposed it, where four eyes are needed."""
    happened_at: Mapped[datetime] = mapped_column(Moment)


class StepProposal(Base):
    """What one officer proposes and another confirms, byte for byte the same."""

    __tablename__ = "step_proposal"
    __table_args__ = (
        # At most one open proposal for the same step about the same thing.
        Index(
            "uq_step_proposal_open",
            "round_id",
            "step",
            "about",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    step: Mapped[Step] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(100), default="")
    """What within the round: a lot's code, an amendment's number; empty for the whole round."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why, in the proposer's words; part of what is confirmed."""
    content: Mapped[str] = mapped_column(Text)
    """What is proposed, as canonical JSON."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``content``."""
    status: Mapped[ProposalStatus] = mapped_column(String(20), default=ProposalStatus.OPEN)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who confirmed or withdrew it; None while it is open, and where it lapsed."""
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class RoundSimulation(Base):
    """A run of the lab on the ceilings of a draft, with its assumptions and its answer."""

    __tablename__ = "round_simulation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    assumptions: Mapped[str] = mapped_column(Text)
    """JSON of `procurement.rounds.simulation.Assumptions`: all that the run depends on."""
    sheet: Mapped[str] = mapped_column(Text)
    """The draft's lots and options as they were when the run was asked for."""
    status: Mapped[SimulationStatus] = mapped_column(String(20), default=SimulationStatus.WAITING)
    answer: Mapped[str | None] = mapped_column(Text)
    """JSON of the figures; None until it is done."""
    fault_zh: Mapped[str | None] = mapped_column(Text)
    fault_en: Mapped[str | None] = mapped_column(Text)
    """Why it failed; None unless it did."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
