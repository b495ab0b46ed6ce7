"""The table of prices: it only grows, a new price of the same thing is its next version."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment, Money, money_range
from procurement.prices.kinds import PriceKind


class Price(Base):
    """One price of one pack, from a day on; the newest version that has begun is the price."""

    __tablename__ = "price"
    __table_args__ = (
        UniqueConstraint("series", "version"),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
        CheckConstraint(
            "generic_product_id IS NOT NULL OR lot_strength_id IS NOT NULL", name="of_something"
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        money_range("pack_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PriceKind] = mapped_column(String(20))

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The marketing authorisation holder whose product it is."""
    generic_product_id: Mapped[int | None] = mapped_column(
        ForeignKey("generic_product.id"), index=True
    )
    """The generic product; None where the catalogue does not know it."""
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    """The pack in the catalogue, where the price is that of one."""
    lot_strength_id: Mapped[int | None] = mapped_column(index=True)
    """The strength of a lot that it was selected in; rounds stand above prices: a plain id."""
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The hospital that buys at it; None for all other kinds."""
    region: Mapped[str] = mapped_column(String(6))
    """Division code of where it holds; ``000000`` = everywhere."""

    strength: Mapped[str] = mapped_column(String(60))
    pack_units: Mapped[int]
    """Minimal units in the pack."""
    pack_price: Mapped[Decimal] = mapped_column(Money)
    """Yuan per pack; the unit price is its exact quotient."""

    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while no end is known."""
    source: Mapped[str] = mapped_column(String(300))
    """The document or decision that it comes from."""
    clause: Mapped[str] = mapped_column(String(120))
    """The clause of it; empty where there is none."""

    converted_from_id: Mapped[int | None] = mapped_column(ForeignKey("price.id"))
    """The price that this one was converted from by the price ratio rules (差比价规则)."""
    factor: Mapped[Decimal | None] = mapped_column(DecimalText)
    """By which the pack price was multiplied, before it was rounded to the cent."""

    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The bureau that leads the round or decided; it sees the price whatever is disclosed."""
    is_public: Mapped[bool] = mapped_column(server_default=false())
    """Anybody may see it; else only the manufacturer, the hospital and the bureau."""

    series: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it is a price of: the versions of one thing share it."""
    version: Mapped[int]
    """From 1, without a gap."""
    previous_digest: Mapped[str] = mapped_column(String(64))
    """``digest`` of the version before; empty for the first."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of this version's facts with ``previous_digest``: a changed row breaks the chain."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)
