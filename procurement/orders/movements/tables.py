"""The tables of stock movements."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus

REASON_LENGTH_MAX = 500

_LIVE = text("status <> 'deleted'")


class MovementFile(Base):
    """Movements that a hospital sent at once, by file or by machine."""

    __tablename__ = "movement_file"
    __table_args__ = (
        # The same file twice is refused.
        Index("uq_movement_file_hospital_id_digest", "hospital_id", "digest", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[MovementKind] = mapped_column(String(4))
    counted_in: Mapped[CountedIn] = mapped_column(String(5))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file; of what a machine sent, of its content in canonical form."""
    file_name: Mapped[str] = mapped_column(String(200))
    """Empty for what a machine sent."""
    lines: Mapped[int]
    matched: Mapped[int]
    """Lines that are the same goods as on the platform, when the file was taken in."""
    counted: Mapped[int]
    """Lines that became purchases off the platform."""
    unclear: Mapped[int]
    """Lines that are listed and not counted."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment)


class StockMovement(Base):
    """One record of the national interface; no patient's name or number is kept."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        Index(
            "uq_stock_movement_live",
            "hospital_id",
            "record_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_stock_movement_hospital_id_happened_on", "hospital_id", "happened_on"),
        Index("ix_stock_movement_hospital_id_status", "hospital_id", "status"),
        # Returns and deletions find what they are about by its serial.
        Index("ix_stock_movement_hospital_id_serial", "hospital_id", "serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("movement_file.id"), index=True)
    line: Mapped[int]
    """As the file counts, from 1, the heading included; of a machine's list, its place."""
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[MovementKind] = mapped_column(String(4))
    record_key: Mapped[str] = mapped_column(String(80))
    """What makes the record the same: kind and ``fixmedins_bchno``, of counts also the day."""
    code: Mapped[str] = mapped_column(String(50))
    """``med_list_codg``: the national code; empty for a deletion."""
    own_code: Mapped[str] = mapped_column(String(30))
    """``fixmedins_hilist_id``: how the hospital calls the product."""
    name: Mapped[str] = mapped_column(String(200))
    """``fixmedins_hilist_name``."""
    serial: Mapped[str] = mapped_column(String(30))
    """``fixmedins_bchno``: the hospital's own number of the record (批次流水号)."""
    original_serial: Mapped[str] = mapped_column(String(50))
    """``medins_prod_purc_no`` or ``medins_prod_sel_no`` of a return; empty elsewhere."""
    note_number: Mapped[str] = mapped_column(String(50))
    """``dynt_no``: number of the delivery note (随货单号)."""
    seller: Mapped[str] = mapped_column(String(200))
    """``spler_name``."""
    maker: Mapped[str] = mapped_column(String(200))
    """``prodentp_name`` (in some regions ``prdr_name``)."""
    approval_number: Mapped[str] = mapped_column(String(100))
    """``aprvno``."""
    batch_number: Mapped[str] = mapped_column(String(30))
    """``manu_lotnum``."""
    invoice_code: Mapped[str] = mapped_column(String(50))
    """``purc_invo_codg``."""
    invoice_number: Mapped[str] = mapped_column(String(50))
    """``purc_invo_no``."""
    happened_on: Mapped[date]
    """The day in China of ``invdate``, ``inv_chg_time``, ``purc_retn_stoin_time`` or
    ``sel_retn_time``; of a deletion, the day on which it came."""
    quantity: Mapped[Decimal | None] = mapped_column(DecimalText)
    """As sent, in what the file is counted in; None for a deletion."""
    price: Mapped[Decimal | None] = mapped_column(DecimalText)
    """``finl_trns_pric`` or ``pric`` as sent, yuan, up to six decimals."""
    units: Mapped[int | None] = mapped_column(BigInteger)
    """Minimal units, where the product's pack is known and the number is whole."""
    fields: Mapped[str] = mapped_column(Text)
    """JSON: all other fields, without those that name a patient, a prescriber or a clerk."""
    status: Mapped[MovementStatus] = mapped_column(String(10))
    reason_zh: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """Why it has this status; empty where that goes without saying."""
    reason_en: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    """The catalogue's product, where one fits."""
    delivery_line_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_line.id"), index=True)
    """What was delivered through the platform."""
    original_id: Mapped[int | None] = mapped_column(ForeignKey("stock_movement.id"), index=True)
    """The purchase that is returned, or the record that is deleted."""
