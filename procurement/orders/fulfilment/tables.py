"""The tables of fulfilment: notices and their answers, what is treated apart, who takes over."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment
from procurement.orders.fulfilment.states import (
    ExemptReason,
    NoticeAbout,
    NoticeKind,
    NoticeStatus,
)

TEXT_MAX = 1000
DOCUMENT_MAX = 300


class FulfilmentNotice(Base):
    """One step against somebody whose fulfilment falls behind, from what was measured to its end.

    A durable job finds what crosses a threshold (``found``); an officer issues it, or drops it.
    """

    __tablename__ = "fulfilment_notice"
    __table_args__ = (Index("ix_fulfilment_notice_region_status", "region", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(String(20))
    about: Mapped[NoticeAbout] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The hospital, manufacturer or distributor that answers."""
    region: Mapped[str] = mapped_column(String(6))
    """Division code of where it is about; bureaus whose region covers it act."""
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    term_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_term.id"), index=True)
    supply_id: Mapped[int | None] = mapped_column(ForeignKey("agreed_supply.id"))
    """The supply of a manufacturer, where it is about one."""
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    """The product of a hospital, where it is about one."""

    measure: Mapped[str] = mapped_column(String(40))
    """What was measured: `procurement.orders.fulfilment.rules.crossings.Measure`."""
    measured: Mapped[Decimal | None] = mapped_column(DecimalText)
    """As measured, half up to four decimals."""
    threshold: Mapped[Decimal | None] = mapped_column(DecimalText)
    measured_on: Mapped[date]
    """The last day that counts."""
    rulebook: Mapped[str] = mapped_column(String(100))
    """Id of the rulebook with the threshold; empty where an officer gives his own reason."""
    clause: Mapped[str] = mapped_column(String(120))
    """The rule's clause and key."""
    is_verified: Mapped[bool]
    """Whether a source states the rule."""
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    """What was found and by which rule, in both languages."""

    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What the notice is about: the same crossing, found again, is the same notice."""
    status: Mapped[NoticeStatus] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes, so that a stale page cannot overwrite a newer one."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("fulfilment_notice.id"), unique=True)
    """The step before, which was escalated."""
    found_at: Mapped[datetime] = mapped_column(Moment)
    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Who issued it; None while it is only found."""
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    demand: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    """What the bureau asks for, where and when a talk is held."""
    due_on: Mapped[date | None]
    """Last day to answer, or to put it right."""
    decision: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    """Why it was settled, escalated or dropped."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("credit_matter.id"))
    """The matter of credit rating into which it was escalated."""


class FulfilmentAnswer(Base):
    """What the other side answers to a notice, or the minutes of a talk; append-only."""

    __tablename__ = "fulfilment_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("fulfilment_notice.id"), index=True)
    text: Mapped[str] = mapped_column(String(TEXT_MAX))
    document: Mapped[str] = mapped_column(String(DOCUMENT_MAX))
    """Papers that prove it, by title and number; empty where there are none."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(Moment)


class FulfilmentExemption(Base):
    """A product that is treated apart for a while (临床需求变化、短缺、急救、季节性用药)."""

    __tablename__ = "fulfilment_exemption"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    region: Mapped[str] = mapped_column(String(6))
    """Division code: for hospitals within it."""
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """For this hospital only; None for all of the region."""
    reason: Mapped[ExemptReason] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(TEXT_MAX))
    """What happened, in the officer's words."""
    document: Mapped[str] = mapped_column(String(DOCUMENT_MAX))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class FulfilmentParameter(Base):
    """A rule that texts leave open, as somebody decided it for a region; append-only."""

    __tablename__ = "fulfilment_parameter"
    __table_args__ = (Index("ix_fulfilment_parameter_key_region", "key", "region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(60))
    """A key of the vocabulary ``fulfilment``."""
    value: Mapped[str] = mapped_column(Text)
    """JSON, as the vocabulary reads it."""
    basis: Mapped[str] = mapped_column(String(DOCUMENT_MAX))
    """The document or decision that says so."""
    in_force_from: Mapped[date]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class SupplyReplacement(Base):
    """Somebody else supplies a region because the winner's supply fails (替补供应)."""

    __tablename__ = "supply_replacement"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supply_id: Mapped[int] = mapped_column(ForeignKey("agreed_supply.id"), index=True)
    """The supply that failed."""
    by_awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"))
    """The spare supplier of the region, or another region's winner."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The manufacturer that takes over."""
    is_spare: Mapped[bool]
    """It is the region's spare supplier (备供企业)."""
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    """The price at which hospitals order, of the chain of prices."""
    distributor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region: Mapped[str] = mapped_column(String(60))
    """As the supply names it."""
    reason: Mapped[str] = mapped_column(String(TEXT_MAX))
    document: Mapped[str] = mapped_column(String(DOCUMENT_MAX))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("fulfilment_notice.id"))
    """The notice to the supplier that failed, where there was one."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while no end is decided."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)
    end_reason: Mapped[str] = mapped_column(String(TEXT_MAX), default="")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class ConsortiumMember(Base):
    """A firm that shares a winner's volume as a member of its joint bid (联合体); append-only.

    What is bought from it under the winner's supply counts to the same volume.
    """

    __tablename__ = "consortium_member"
    __table_args__ = (UniqueConstraint("awarded_bid_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"))
    """The bid that stands for the joint bid."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    document: Mapped[str] = mapped_column(String(DOCUMENT_MAX))
    """The document that names the members."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
