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


class StandardStep(StrEnum):
    """From which step of the chain a payment standard comes."""

    NEGOTIATED = "negotiated"
    """What a catalogue negotiation led to: talks, renewal or bidding."""
    WINNING = "winning"
    """The winning price of the product itself."""
    NON_WINNING = "non-winning"
    """The rules for products that did not win, by region."""
    UNKNOWN = "unknown"
    """No price or no rule says it."""


STANDARD_STEP_NAMES: dict[StandardStep, tuple[str, str]] = {
    StandardStep.NEGOTIATED: ("谈判支付标准", "negotiated standard"),
    StandardStep.WINNING: ("中选价", "winning price"),
    StandardStep.NON_WINNING: ("未中选药品规则", "rules for products that did not win"),
    StandardStep.UNKNOWN: ("未知", "unknown"),
}
"""Each step in Chinese and in English."""

NEGOTIATED_WAYS = frozenset({"talks", "renewal", "bidding"})
"""Clauses of payment standards that a catalogue negotiation led to: by which way."""

FOLLOWING_WAYS = frozenset({"talks", "renewal"})
"""Those that take the price of a national round. The rule speaks of negotiated drugs; whether it
holds for drugs listed by bidding no source states: they keep their standard."""
