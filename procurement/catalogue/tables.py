"""The tables of the catalogue: generic products, strengths, products, and files being imported.

A product is one pack of one strength: that is what has a price, a national drug code and an order
line. What belongs to its approval number (evaluation, originator) is the same in all packs of it.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bidding.bid_sheet import Category, DosageForm
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus
from procurement.database import Base, DecimalText, Moment


class GenericProduct(Base):
    """A generic product (通用名) in one dosage form."""

    __tablename__ = "generic_product"
    __table_args__ = (UniqueConstraint("name", "printed_form"),)

    id: Mapped[int] = mapped_column(primary_key=True)

    name: Mapped[str] = mapped_column(String(200))
    """Generic name (通用名), such as 阿那曲唑; of a consumable its generic name."""

    printed_form: Mapped[str] = mapped_column(String(60), default="")
    """Dosage form as documents print it, such as 口服常释剂型; empty where there is none."""

    dosage_form: Mapped[DosageForm | None] = mapped_column(String(30))
    """Kind of preparation that rules ask for; None for consumables and prepared pieces."""

    kind: Mapped[ProductKind] = mapped_column(String(30), default=ProductKind.CHEMICAL)

    category: Mapped[Category] = mapped_column(String(20), default=Category.GENERAL)
    """Category for the share of the base volume that is agreed."""

    unit: Mapped[str] = mapped_column(String(20), default="")
    """Minimal unit: 片, 粒, 支, 袋."""

    recorded_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class ProductStrength(Base):
    """A strength (规格) of a generic product."""

    __tablename__ = "product_strength"
    __table_args__ = (UniqueConstraint("generic_product_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"))
    label: Mapped[str] = mapped_column(String(60))
    """As printed, such as ``10mg`` or ``5ml:10mg``."""
    content: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Active content of a minimal unit; None where the label gives no single one."""
    content_unit: Mapped[str | None] = mapped_column(String(10))
    """Unit of the content: g, ml or IU (`procurement.catalogue.rules.Strength`)."""


class Product(Base):
    """A manufacturer's product: one pack of one strength."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint(
            "holder_id",
            "strength_id",
            "approval_number",
            "pack_units",
            "pack",
            name="uq_product_same_pack",  # the usual name would be too long for PostgreSQL
        ),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)

    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"), index=True)
    strength_id: Mapped[int] = mapped_column(ForeignKey("product_strength.id"), index=True)

    holder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Marketing authorisation holder (上市许可持有人); a hospital for its preparations."""
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who produces it, if not the holder itself."""

    brand: Mapped[str | None] = mapped_column(String(100))
    """Brand name (商品名)."""

    pack_units: Mapped[int]
    """Minimal units in a pack."""
    pack: Mapped[str] = mapped_column(String(100), default="")
    """The pack as printed, such as ``7片/板×2板/盒``; empty where nothing is printed."""

    approval_number: Mapped[str] = mapped_column(String(60), default="", index=True)
    """Approval or registration number in its normal form; empty where there is none."""
    drug_code: Mapped[str | None] = mapped_column(String(23), unique=True)
    """National drug code (国家医保药品代码)."""
    standard_code: Mapped[str | None] = mapped_column(String(14), index=True)
    """Drug standard code (药品本位码); the packs of a product may share it."""
    consumable_code: Mapped[str | None] = mapped_column(String(27), unique=True)
    """National consumable code (医用耗材代码)."""

    evaluation: Mapped[Evaluation] = mapped_column(String(20), default=Evaluation.NOT_APPLICABLE)
    evaluated_on: Mapped[date | None]
    is_originator: Mapped[bool] = mapped_column(default=False)
    is_reference: Mapped[bool] = mapped_column(default=False)
    """Reference preparation (参比制剂)."""

    status: Mapped[ProductStatus] = mapped_column(String(20), default=ProductStatus.ACTIVE)
    approved_on: Mapped[date | None]
    approval_ends_on: Mapped[date | None]
    """Last day of the approval."""

    recorded_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class CatalogueImport(Base):
    """A file uploaded for the catalogue: read and checked; a second step stores its rows."""

    __tablename__ = "catalogue_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    lines: Mapped[str] = mapped_column(Text)
    """JSON: the rows as read, in order, each with its number in the file."""
    faults: Mapped[str] = mapped_column(Text)
    """JSON: what is wrong, with row and column; empty list where the file can be stored."""
    line_count: Mapped[int]
    fault_count: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its rows went into the catalogue; None until then."""
    added: Mapped[int] = mapped_column(default=0)
    """Products that it brought."""
    changed: Mapped[int] = mapped_column(default=0)
    """Products that it changed."""
