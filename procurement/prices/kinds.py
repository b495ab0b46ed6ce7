"""The kinds of prices that the chain keeps."""

from enum import StrEnum


class PriceKind(StrEnum):
    """What a price is."""

    LISTING = "listing"
    """At which the product is listed for purchase (挂网价)."""
    WINNING = "winning"
    """At which it was selected in a round (中选价)."""
    PAYMENT_STANDARD = "payment-standard"
    """Up to which the fund pays (医保支付标准)."""
    HOSPITAL = "hospital"
    """At which one hospital buys (医院采购价)."""


PRICE_KIND_NAMES: dict[PriceKind, tuple[str, str]] = {
    PriceKind.LISTING: ("挂网价", "listing price"),
    PriceKind.WINNING: ("中选价", "winning price"),
    PriceKind.PAYMENT_STANDARD: ("医保支付标准", "payment standard"),
    PriceKind.HOSPITAL: ("医院采购价", "hospital price"),
}
"""Each kind in Chinese and in English, as pages print it."""
