"""The tables of the finder: stock of places, uploads, prices that are too high, and age limits."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base, Moment, Money, money_range
from procurement.pharmacies.finder.kinds import PriceLimitKind, StockLevel, StockSource

PRODUCT_LENGTH_MAX = 200
REASON_LENGTH_MAX = 300

_OPEN = text("settled_at IS NULL")
_LEAST = Decimal("0.0001")


class StockUpload(Base):
    """What a place reported at once."""

    __tablename__ = "stock_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who reported; a chain reports for all its places."""
    source: Mapped[StockSource] = mapped_column(String(10))
    file_name: Mapped[str] = mapped_column(String(200))
    """Empty for what a machine sent or a page posted."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the lines in canonical form."""
    is_whole: Mapped[bool]
    """The whole stock of each place named: what is not in it is no longer shown."""
    places: Mapped[int]
    lines: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    removed: Mapped[int]
    too_high: Mapped[int]
    """Lines whose price is above what is allowed."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment)


class PlaceStock(Base):
    """What one place has of one product, as it last said."""

    __tablename__ = "place_stock"
    __table_args__ = (
        UniqueConstraint(
            "place_id", "generic_product_id", "product", name="uq_place_stock_product"
        ),
        # The two questions of the public: who has it here, and what is there here.
        Index("ix_place_stock_drug_county", "generic_product_id", "county", "level", "place_id"),
        Index("ix_place_stock_county_drug", "county", "generic_product_id", "level", "place_id"),
        CheckConstraint("packs IS NULL OR packs >= 0", name="packs_not_negative"),
        money_range("price", minimum=_LEAST),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    county: Mapped[str] = mapped_column(String(6))
    """Of the place: kept here too, so that one index answers."""
    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    """The catalogue's pack, where the place named it by its code."""
    product: Mapped[str] = mapped_column(String(PRODUCT_LENGTH_MAX))
    """As people see it: brand, strength, pack, maker."""
    packs: Mapped[int | None]
    """How many; None where the place gives only the level."""
    level: Mapped[StockLevel] = mapped_column(String(10))
    price: Mapped[Decimal | None] = mapped_column(Money)
    """Sale price of a pack in yuan."""
    as_of: Mapped[date]
    """The day of which the place says so."""
    source: Mapped[StockSource] = mapped_column(String(10))
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("stock_upload.id"))
    upload: Mapped[StockUpload | None] = relationship()


class StockPriceFlag(Base):
    """A sale price above what is allowed, for the bureau to look into."""

    __tablename__ = "stock_price_flag"
    __table_args__ = (
        # One open matter for one product of one place.
        Index(
            "uq_stock_price_flag_open",
            "place_id",
            "product_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        money_range("price", minimum=_LEAST),
        money_range("allowed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    county: Mapped[str] = mapped_column(String(6), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    product: Mapped[str] = mapped_column(String(PRODUCT_LENGTH_MAX))
    price: Mapped[Decimal] = mapped_column(Money)
    """Sale price of a pack when it was last reported too high."""
    allowed: Mapped[Decimal] = mapped_column(Money)
    """The lowest price that it may not pass, for the same pack."""
    allowed_kind: Mapped[PriceLimitKind] = mapped_column(String(20))
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    """Where ``allowed`` stands."""
    as_of: Mapped[date]
    raised_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where the place itself brought the price down."""
    settled_why: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    """As the officer wrote it; of what settled itself a value of `Settled`."""


class StockAgeLimit(Base):
    """From how many days on a report of stock is marked as old, by a bureau's decision."""

    __tablename__ = "stock_age_limit"
    __table_args__ = (CheckConstraint("days > 0", name="days_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    days: Mapped[int]
    basis: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """The document, or why."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)
