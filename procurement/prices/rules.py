"""What a price of one pack says of another pack, and which of several prices holds on a day."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from bidding.comparable_price import dose_price_ratio
from pricing.money import EXACT, SIGNIFICANT_DIGITS, round_half_up

CENTS = 2
"""Decimals of a pack price: what can be paid. No source says how a converted one is rounded; half
up is this platform's, and the exact factor is kept beside the price."""


class Dated(Protocol):
    """Something with days and a version."""

    @property
    def starts_on(self) -> date:
        """First day."""

    @property
    def ends_on(self) -> date | None:
        """Last day, if known."""

    @property
    def version(self) -> int:
        """Place in its series."""


D = TypeVar("D", bound=Dated)


def pack_factor(
    *, pack_ratio: Decimal, content_ratio: Decimal, pack_base: Decimal, strength_base: Decimal
) -> Decimal:
    """By how much dearer a pack is than another of the same product (差比价规则).

    Args:
        pack_ratio: Its minimal units relative to the other pack's.
        content_ratio: Content of its minimal unit relative to the other's.
        pack_base: ``conversion.pack_base`` of the rulebook, 1.95 by NDRC 2011 No. 2452.
        strength_base: ``conversion.strength_base``, 1.7 there.

    Returns:
        The factor of the pack price, to 28 significant digits.

    Examples:
        >>> two, one = Decimal(2), Decimal(1)
        >>> bases = {"pack_base": Decimal("1.95"), "strength_base": Decimal("1.7")}
        >>> pack_factor(pack_ratio=two, content_ratio=one, **bases)
        Decimal('1.95')
        >>> pack_factor(pack_ratio=two, content_ratio=two, **bases)
        Decimal('3.315')
    """
    packs = dose_price_ratio(pack_ratio, pack_base)
    contents = dose_price_ratio(content_ratio, strength_base)
    return SIGNIFICANT_DIGITS.multiply(packs, contents).normalize(SIGNIFICANT_DIGITS)


def converted_price(pack_price: Decimal, factor: Decimal) -> Decimal:
    """A pack price times a factor, to the cent.

    Examples:
        >>> converted_price(Decimal("6.97"), Decimal("1.95"))
        Decimal('13.59')
    """
    return round_half_up(EXACT.multiply(pack_price, factor), CENTS)


def valid_on(versions: Iterable[D], day: date) -> D | None:
    """The version of one series that holds on a day.

    The newest version that has begun decides, also where it has ended: an older price does not
    come back to life.

    Args:
        versions: Of one series, in any order.
        day: The day.

    Returns:
        The version, or None where no price holds.
    """
    begun = [one for one in versions if one.starts_on <= day]
    newest = max(begun, key=lambda one: one.version, default=None)
    if newest is None or (newest.ends_on is not None and newest.ends_on < day):
        return None
    return newest


def series_of(parts: Mapping[str, object]) -> str:
    """Name a series: the hash of what its prices are prices of.

    Examples:
        >>> series_of({"kind": "winning", "pack_units": 7})[:12]
        '7cf547e90be5'
    """
    return _hash(parts)


def price_digest(facts: Mapping[str, object], *, previous: str) -> str:
    """Chain a version to the one before it.

    Args:
        facts: What the version says; values that JSON can hold.
        previous: Digest of the version before, empty for the first.
    """
    return _hash({**facts, "previous_digest": previous})


def _hash(parts: Mapping[str, object]) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
