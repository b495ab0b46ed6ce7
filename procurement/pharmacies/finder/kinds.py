"""Levels of stock, where a report of stock comes from, and limits that a sale price may pass."""

from enum import StrEnum


class StockLevel(StrEnum):
    """How much of a drug a place has, in words that people use."""

    IN_STOCK = "in-stock"
    FEW = "few"
    """A little: call before you go."""
    ORDERED = "ordered"
    """None now; it is on its way."""
    NONE = "none"


LEVEL_NAMES = {
    StockLevel.IN_STOCK: ("有货", "in stock"),
    StockLevel.FEW: ("少量", "only a few"),
    StockLevel.ORDERED: ("已订货", "ordered"),
    StockLevel.NONE: ("无货", "none"),
}
"""How people call them, in both languages."""

LEVEL_ORDER = tuple(LEVEL_NAMES)
"""Whoever has it comes first."""


class StockSource(StrEnum):
    """How the platform knows what a place has."""

    UPLOAD = "upload"
    """The place reported it, by page, file or interface."""
    MOVEMENT = "movement"
    """From the place's stock count (3501)."""


SOURCE_NAMES = {
    StockSource.UPLOAD: ("机构上报", "reported by the place"),
    StockSource.MOVEMENT: ("商品盘存（3501）", "stock count (3501)"),
}
"""How people call them, in both languages."""


class PriceLimitKind(StrEnum):
    """What a sale price was compared with."""

    PAYMENT_STANDARD = "payment-standard"
    WINNING = "winning"


LIMIT_NAMES = {
    PriceLimitKind.PAYMENT_STANDARD: ("医保支付标准", "payment standard"),
    PriceLimitKind.WINNING: ("中选价", "winning price"),
}
"""How people call them, in both languages."""


class Settled(StrEnum):
    """Why a price that was too high no longer is, without anybody deciding so."""

    PRICE_DOWN = "price-down"
    NOT_LISTED = "not-listed"


SETTLED_NAMES = {
    Settled.PRICE_DOWN: ("机构已下调价格", "the place brought the price down"),
    Settled.NOT_LISTED: ("机构不再上报该药品", "the place reports the product no more"),
}
"""How people call them, in both languages."""
