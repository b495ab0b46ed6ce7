"""Need reported in a strength that the lot does not list: how it counts.

From the eleventh round on: an adult strength that did not pass the consistency evaluation is
converted by content; for a child strength the hospital may set its own ratio and explains it.
"""

from decimal import Decimal
from enum import StrEnum

from procurement.catalogue.rules import read_strength, strength_ratio


class ConversionKind(StrEnum):
    """Why need is reported in another strength."""

    ADULT = "adult"
    """An adult strength without consistency evaluation: by content."""
    CHILD = "child"
    """A child strength: by a ratio of the hospital's own, explained."""


CONVERSION_NAMES: dict[ConversionKind, tuple[str, str]] = {
    ConversionKind.ADULT: (
        "未过评的成人规格（按含量折算）",
        "adult strength without evaluation (by content)",
    ),
    ConversionKind.CHILD: (
        "儿童规格（自定折算比并说明）",
        "child strength (own ratio, explained)",
    ),
}
"""Each kind in Chinese and in English."""


def content_ratio(strength: str, of: str) -> Decimal | None:
    """Units of the lot's strength in one unit of another, by content; None where unreadable.

    Args:
        strength: The other strength, such as ``5mg``.
        of: The lot's strength, such as ``10mg``.

    Examples:
        >>> content_ratio("5mg", of="10mg")
        Decimal('0.5')
        >>> content_ratio("100IU", of="10mg") is None
        True
    """
    mine, base = read_strength(strength), read_strength(of)
    if mine is None or base is None:
        return None
    return strength_ratio(mine, base)


def needs_explanation(kind: ConversionKind, *, strength: str, of: str, ratio: Decimal) -> bool:
    """Whether a conversion must be explained in words.

    An adult strength needs none where the ratio is that of the contents; where the contents
    cannot be read from the strengths, somebody has to say where the ratio is from.

    Examples:
        >>> needs_explanation(ConversionKind.ADULT, strength="5mg", of="10mg", ratio=Decimal("0.5"))
        False
        >>> needs_explanation(ConversionKind.CHILD, strength="5mg", of="10mg", ratio=Decimal("0.5"))
        True
    """
    if kind is ConversionKind.CHILD:
        return True
    return content_ratio(strength, of) != ratio
