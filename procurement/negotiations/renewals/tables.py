"""The tables of renewals and of non-exclusive bidding."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class Renewal(Base):
    """What the rules say about a renewal, computed by one officer and confirmed by another."""

    __tablename__ = "negotiation_renewal"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), unique=True)
    facts: Mapped[str] = mapped_column(Text)
    """JSON of what the rules were applied to."""
    outcome: Mapped[str] = mapped_column(Text)
    """JSON: route, cut, price, clauses and the steps that explain them."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of facts, outcome and rulebook: what the second officer confirms."""
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class Bidding(Base):
    """Bidding of the makers of one non-exclusive drug (竞价)."""

    __tablename__ = "negotiation_bidding"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("negotiation_campaign.id"), index=True)
    product: Mapped[str] = mapped_column(String(200))
    strength: Mapped[str] = mapped_column(String(60))
    pack_units: Mapped[int]
    closes_at: Mapped[datetime] = mapped_column(Moment)
    willingness: Mapped[bytes] = mapped_column(LargeBinary)
    """What the fund is willing to pay, sealed with the installation's key until the opening."""
    outcome: Mapped[str | None] = mapped_column(Text)
    """JSON: willingness, bids, payment standard and why; None until it is opened."""
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)


class BiddingBid(Base):
    """A maker's bid, sealed with the installation's key until the opening; the newest counts."""

    __tablename__ = "negotiation_bidding_bid"
    __table_args__ = (UniqueConstraint("bidding_id", "dossier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bidding_id: Mapped[int] = mapped_column(ForeignKey("negotiation_bidding.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
