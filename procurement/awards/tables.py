"""The tables from the evaluation to the award; all of them only grow."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.awards.states import Instance, PriceSource, ServedPaper, ServiceWay, Verdict
from procurement.database import Base, Moment, Money, money_range
from procurement.rounds.tables import Round

BID_LENGTH_MAX = 500
"""Of a bid's identifier in the sheet: the organisation's name, and a product's."""


class EvaluationReport(Base):
    """One evaluation of a round (评审报告), kept as written; triggers refuse any change."""

    __tablename__ = "evaluation_report"

    id: Mapped[int] = mapped_column(primary_key=True)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)

    round: Mapped[Round] = relationship()

    report: Mapped[str] = mapped_column(Text)
    """The report as one JSON document, byte for byte as the evaluation wrote it."""

    report_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``report``."""

    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rulebook that was applied."""

    code_version: Mapped[str] = mapped_column(String(100))
    """Version of the code that evaluated."""

    evaluated_at: Mapped[datetime] = mapped_column(Moment)


class EvaluatedSheet(Base):
    """What a report was made of: the sheet, the answers, and who was left out; as it was then."""

    __tablename__ = "evaluated_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("evaluation_report.id"), unique=True)
    facts: Mapped[str] = mapped_column(Text)
    """Canonical text of sheet and answers (`procurement.rounds.folder.facts`)."""
    facts_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``facts``."""
    owners: Mapped[str] = mapped_column(Text)
    """JSON: for each bid its lot, its name and the id of its organisation."""
    left_out: Mapped[str] = mapped_column(Text)
    """JSON: bids that were opened and do not count, each with its reason in both languages."""


class AnswerDraft(Base):
    """What an officer proposes that the bureau answers, for another officer to confirm."""

    __tablename__ = "answer_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    question: Mapped[str] = mapped_column(String(20))
    """`bidding.bid_sheet.QuestionKind`: tie or withdraw."""
    answers: Mapped[str] = mapped_column(Text)
    """JSON: yes or no by bid."""
    reason: Mapped[str] = mapped_column(Text)
    """By which facts the officers decide, or with which letter the bidder withdrew."""
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)


class AwardAnswer(Base):
    """What the bureau answered after the opening, by two officers; the newest of a bid counts."""

    __tablename__ = "award_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("answer_draft.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    bid: Mapped[str] = mapped_column(String(BID_LENGTH_MAX))
    question: Mapped[str] = mapped_column(String(20))
    answer: Mapped[bool]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)


class AwardNotice(Base):
    """A notice of the provisional selection (拟中选公示); the newest of a round counts."""

    __tablename__ = "award_notice"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """From 1; an objection that was upheld leads to the next."""
    report_id: Mapped[int] = mapped_column(ForeignKey("evaluation_report.id"))
    announced_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    """Objections are received before this moment, by the database's clock."""
    announced_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Objection(Base):
    """An objection to a notice, in real name (实名质疑)."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("award_notice.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    """The lot that it is about; None where it is about the whole round."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(Moment)


class ObjectionFile(Base):
    """A file that was handed in with an objection."""

    __tablename__ = "objection_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, which is stored under it."""
    file_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))


class ObjectionAppeal(Base):
    """The objector is not content with the answer."""

    __tablename__ = "objection_appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(Moment)


class ObjectionAnswer(Base):
    """The answer to an objection, or to the appeal that followed it."""

    __tablename__ = "objection_answer"
    __table_args__ = (UniqueConstraint("objection_id", "instance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"))
    instance: Mapped[Instance] = mapped_column(String(20))
    verdict: Mapped[Verdict] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(Moment)


class ObjectionService(Base):
    """A paper was served on the objector (送达)."""

    __tablename__ = "objection_service"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    paper: Mapped[ServedPaper] = mapped_column(String(20))
    way: Mapped[ServiceWay] = mapped_column(String(20))
    served_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where the platform served it."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Award(Base):
    """The final selection of a round (中选结果), fixed by two officers from one report."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("award_notice.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("evaluation_report.id"))
    report_digest: Mapped[str] = mapped_column(String(64))
    starts_on: Mapped[date]
    """First day of the procurement cycle, on which the winning prices begin to hold."""
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    awarded_at: Mapped[datetime] = mapped_column(Moment)


class AwardedBid(Base):
    """A bid that was selected, frozen from the report."""

    __tablename__ = "awarded_bid"
    __table_args__ = (
        UniqueConstraint("award_id", "lot_id", "bid"),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
        money_range("pack_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    bid: Mapped[str] = mapped_column(String(BID_LENGTH_MAX))
    """Its identifier in the lot."""
    strength: Mapped[str] = mapped_column(String(60))
    """The strength whose price stands."""
    pack_units: Mapped[int]
    pack_price: Mapped[Decimal] = mapped_column(Money)
    """Yuan for a pack of that strength, as declared or accepted after the opening."""
    unit_price: Mapped[str] = mapped_column(String(60))
    """Exact quotient of pack price and units, as a fraction or a decimal."""
    agreed_volume: Mapped[int | None] = mapped_column(BigInteger)
    """Minimal units in the first year; None while the regions are not chosen."""
    regions: Mapped[int | None]
    """How many regions it is to supply; None where regions do not decide."""
    rank: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(30))
    """`bidding.report.Status`: selected, or selected without volume."""
    ends_on: Mapped[date | None]
    """Last day of the lot's cycle; None where no rule tells it."""


class AwardedPrice(Base):
    """The price of one strength and pack of a winner; the standing one is among them."""

    __tablename__ = "awarded_price"
    __table_args__ = (
        UniqueConstraint("awarded_bid_id", "lot_strength_id", "pack_units"),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
        money_range("pack_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"))
    lot_strength_id: Mapped[int] = mapped_column(ForeignKey("lot_strength.id"))
    strength: Mapped[str] = mapped_column(String(60))
    pack_units: Mapped[int]
    pack_price: Mapped[Decimal] = mapped_column(Money)
    unit_price: Mapped[str] = mapped_column(String(60))
    source: Mapped[PriceSource] = mapped_column(String(20))
