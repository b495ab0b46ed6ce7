"""Apportionment: whole units in given proportions, adding up to the unit (largest remainders)."""

from collections.abc import Sequence
from fractions import Fraction


def apportion_whole(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole number in proportion to whole weights: `apportion`, for many parts.

    Examples:
        >>> apportion_whole(10, [1, 1, 1])
        [4, 3, 3]
    """
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        order = sorted(
            range(len(parts)), key=lambda index: (-(total * weights[index] % whole), index)
        )
        for index in order[:left]:
            parts[index] += 1
    return parts


def apportion(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide a whole number in proportion to weights.

    Each part is rounded down; the units that are left go to the largest remainders, earlier
    parts first among equal ones.

    Args:
        total: Units to divide, zero or more.
        weights: Zero or more each, not all zero unless ``total`` is zero.

    Examples:
        >>> apportion(10, [Fraction(1), Fraction(1), Fraction(1)])
        [4, 3, 3]
        >>> apportion(0, [Fraction(0)])
        [0]
    """
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights, Fraction(0))
    exact = [weight * total / whole for weight in weights]
    parts = [int(part) for part in exact]
    left = total - sum(parts)
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[:left]:
        parts[index] += 1
    return parts
