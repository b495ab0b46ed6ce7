"""The tables of convenience pharmacies: counters, checks of prices, years."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment, Money, money_range
from procurement.pharmacies.convenience.states import CounterKind
from procurement.pharmacies.rules.zero_markup import PriceOutcome, PurchaseSource


class ConvenienceCounter(Base):
    """A pack that a convenience pharmacy sells at its counter of winners and negotiated drugs."""

    __tablename__ = "convenience_counter"
    __table_args__ = (
        UniqueConstraint("place_id", "product_id"),
        money_range("sale_price"),
        money_range("stated_purchase_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[CounterKind] = mapped_column(String(12))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    """The pack."""
    sale_price: Mapped[Decimal] = mapped_column(Money)
    """Yuan per pack, as the pharmacy shows it."""
    stated_purchase_price: Mapped[Decimal | None] = mapped_column(Money)
    """Yuan per pack, as the pharmacy states it; an accepted order goes before it."""
    as_of: Mapped[date]
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)


class ConvenienceCheck(Base):
    """A check of a sale price on a day; rows are never changed."""

    __tablename__ = "convenience_check"
    __table_args__ = (
        money_range("sale_price"),
        money_range("purchase_price"),
        money_range("limit_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    sale_price: Mapped[Decimal] = mapped_column(Money)
    purchase_price: Mapped[Decimal | None] = mapped_column(Money)
    purchase_source: Mapped[PurchaseSource] = mapped_column(String(10))
    limit_price: Mapped[Decimal | None] = mapped_column(Money)
    """The winning price or payment standard in force on the day."""
    price_id: Mapped[int | None] = mapped_column(ForeignKey("price.id"))
    outcome: Mapped[PriceOutcome] = mapped_column(String(20))
    checked_on: Mapped[date]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime] = mapped_column(Moment)


class ConvenienceYear(Base):
    """How a convenience pharmacy stood in a year; the newest row counts, none is changed."""

    __tablename__ = "convenience_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    designation_id: Mapped[int] = mapped_column(ForeignKey("designation.id"), index=True)
    year: Mapped[int]
    rulebook: Mapped[str] = mapped_column(String(60))
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    facts: Mapped[str] = mapped_column(Text)
    """JSON: quarters reported, completion, sales, the dearest price beside its limit."""
    keeps_sign: Mapped[bool]
    is_preferred: Mapped[bool]
    blocked_years: Mapped[int]
    because: Mapped[str] = mapped_column(Text)
    """Keys of the rules that cost the sign, one a line."""
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime] = mapped_column(Moment)
