"""Numbers that look like a slip: a warning beside the field, never a refusal."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

SUSPICIOUS_TIMES = 3
"""Need beyond this many times past use is worth a second look. Ours, from no document."""

COMMON_PACKS = (6, 7, 10, 12, 14, 20, 21, 24, 28, 30, 36, 48, 50, 60, 100)
"""Units in usual packs, tried where the packs of a product are not known."""

NEAR_PARTS = 20
"""A multiple within a twentieth suggests that packs and units were mixed up. Ours too."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """What looks odd, in both languages."""

    code: str
    zh: str
    en: str


def warn(demand: int | Fraction, mean: Fraction | None, packs: Iterable[int] = ()) -> Oddity | None:
    """Say what looks odd about a need beside past use, if anything does.

    Args:
        demand: Reported need, minimal units.
        mean: Mean past use, minimal units; None or 0 where nothing can be compared.
        packs: Units in the product's packs, where known.

    Returns:
        The warning, or None.

    Examples:
        >>> odd = warn(350, Fraction(8400))
        >>> odd.code if odd else None
        'packs'
        >>> odd = warn(30_000, Fraction(8400))
        >>> odd.code if odd else None
        'much-more'
        >>> warn(9_000, Fraction(8400)) is None
        True
    """
    if not mean or not demand or mean <= demand * 2 <= mean * 2 * SUSPICIOUS_TIMES:
        return None
    sizes = tuple(packs) or COMMON_PACKS
    need, used = _whole(demand, mean)
    fewer = next((size for size in sizes if _is_near(need * size, used)), None)
    if fewer is not None and fewer > 1 and demand < mean:
        return Oddity(
            "packs",
            f"需求量乘以 {fewer} 接近以往年均用量：是否按盒填写？请按最小制剂单位填报。",
            f"The need times {fewer} is near past use: typed in packs? Report minimal units.",
        )
    if demand <= SUSPICIOUS_TIMES * mean:
        return None
    more = next((size for size in sizes if _is_near(used * size, need)), None)
    if more is not None:
        return Oddity(
            "multiplied",
            f"需求量约为以往年均用量的 {more} 倍，恰为常见包装数量：以往用量或需求量是否按盒计？",
            f"The need is about {more} times past use, a usual pack: is one of them in packs?",
        )
    return Oddity(
        "much-more",
        f"需求量超过以往年均用量的 {SUSPICIOUS_TIMES} 倍，请核对单位。",
        f"The need is more than {SUSPICIOUS_TIMES} times past use; check the unit.",
    )


def _whole(demand: int | Fraction, mean: Fraction) -> tuple[int, int]:
    """Both in the same small unit: whole numbers compare exactly and fast."""
    need = Fraction(demand)
    common = need.denominator * mean.denominator
    return int(need * common), int(mean * common)


def _is_near(value: int, target: int) -> bool:
    return abs(value - target) * NEAR_PARTS <= target
