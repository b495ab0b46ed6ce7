"""The tables of the choice of regions: the clock, preferences, turns."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.awards.regions.ways import TurnWay
from procurement.database import Base, Moment

REASON_LENGTH_MAX = 500
REGION_LENGTH_MAX = 60


class RegionChoice(Base):
    """The choice of regions of one round: when it began, and how long a turn lasts."""

    __tablename__ = "region_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    minutes_per_turn: Mapped[int]
    with_spare: Mapped[bool]
    """Whether the document asks for spare suppliers."""
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the last region had its supplier; None while winners choose."""


class RegionPreference(Base):
    """One place in the list of regions that a winner prefers, for when it is silent."""

    __tablename__ = "region_preference"
    __table_args__ = (
        UniqueConstraint("awarded_bid_id", "spare", "position"),
        UniqueConstraint("awarded_bid_id", "spare", "region"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"))
    spare: Mapped[bool]
    position: Mapped[int]
    """From 1, most preferred first."""
    region: Mapped[str] = mapped_column(String(REGION_LENGTH_MAX))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime] = mapped_column(Moment)


class RegionTurn(Base):
    """One turn: whose it is, until when, and what became of it. It is decided once."""

    __tablename__ = "region_turn"
    __table_args__ = (
        UniqueConstraint("lot_id", "spare", "number"),
        # No region twice, whatever two requests do at the same time.
        UniqueConstraint("lot_id", "spare", "region"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("region_choice.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"), index=True)
    spare: Mapped[bool]
    number: Mapped[int]
    """From 1, of main and of spare regions each."""
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    """Until when the winner may choose, by the database's clock."""
    way: Mapped[TurnWay] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(REGION_LENGTH_MAX))
    """As the evaluation names it; None while it is not chosen, and where it was passed."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    """Why an officer assigned it."""
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
