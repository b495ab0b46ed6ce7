"""The tables of a session and of what follows from it."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base, Moment, Money, money_range
from procurement.negotiations.kinds import Party, SessionStatus
from procurement.negotiations.tables import Dossier


class Session(Base):
    """The talk in which a price is settled, one for each dossier."""

    __tablename__ = "negotiation_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), unique=True)
    dossier: Mapped[Dossier] = relationship()
    starts_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(200))
    status: Mapped[SessionStatus] = mapped_column(String(20), default=SessionStatus.SCHEDULED)
    manifest: Mapped[str] = mapped_column(Text)
    """What the price is sealed under: canonical JSON, signed by the bureau."""
    manifest_digest: Mapped[str] = mapped_column(String(64))
    scheduled_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheduled_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Envelope(Base):
    """The maximum payable price, sealed like a bid; its digest is published at once."""

    __tablename__ = "negotiation_envelope"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"), unique=True)
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON of `bidding.sealing.Envelope`, byte for byte."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    wrapped_key: Mapped[str] = mapped_column(Text)
    """The dossier's work key, sealed with the envelope's content key."""
    sealed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed_at: Mapped[datetime] = mapped_column(Moment)


class SharePost(Base):
    """A keyholder's share for an envelope, posted when the session begins."""

    __tablename__ = "negotiation_share_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The signed post, sealed with the installation's key."""
    fits: Mapped[bool]
    posted_at: Mapped[datetime] = mapped_column(Moment)


class Opening(Base):
    """An envelope that its quorum opened, for the negotiators of its session only."""

    __tablename__ = "negotiation_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"), unique=True)
    seats: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Price and content key, sealed with the installation's key until the session has ended."""
    opened_at: Mapped[datetime] = mapped_column(Moment)


class SessionEvent(Base):
    """What happened in a session, in order: `pricing.session.EventKind` and its price."""

    __tablename__ = "negotiation_session_event"
    __table_args__ = (UniqueConstraint("session_id", "number"), money_range("price"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    price: Mapped[Decimal | None] = mapped_column(Money)
    """Yuan per priced unit; None where none is named, and of the envelope's opening."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(Moment)


class Deal(Base):
    """The agreement that is signed on the spot."""

    __tablename__ = "negotiation_deal"
    __table_args__ = (money_range("price"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"), unique=True)
    price: Mapped[Decimal] = mapped_column(Money)
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON of what both sign."""
    digest: Mapped[str] = mapped_column(String(64))
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)


class DealSignature(Base):
    """One side's signature under a deal."""

    __tablename__ = "negotiation_deal_signature"
    __table_args__ = (UniqueConstraint("deal_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("negotiation_deal.id"))
    party: Mapped[Party] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Moment)


class SessionRecord(Base):
    """How a session ended, with the envelope opened: all that it takes to check it again."""

    __tablename__ = "negotiation_session_record"
    __table_args__ = (money_range("maximum_price"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("negotiation_session.id"), unique=True)
    outcome: Mapped[SessionStatus] = mapped_column(String(20))
    reason_zh: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    maximum_price: Mapped[Decimal] = mapped_column(Money)
    content_key: Mapped[str] = mapped_column(String(130))
    """Hexadecimal: opens the envelope, and with it the calculation."""
    closed_at: Mapped[datetime] = mapped_column(Moment)


class Standard(Base):
    """A payment standard that a campaign led to, and by which way."""

    __tablename__ = "negotiation_standard"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), unique=True)
    way: Mapped[str] = mapped_column(String(20))
    """talks, renewal or bidding."""
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
