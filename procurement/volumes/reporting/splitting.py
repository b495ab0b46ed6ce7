"""How a group's need is divided among its members: always adding up, exactly."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)


def propose_split(total: int, weights: Mapping[Member, int]) -> dict[Member, int]:
    """Divide a quantity by past use: largest remainders get the units that are left over.

    No source says how a lead hospital divides; this is a proposal that it can change. Members
    without any known use share evenly.

    Args:
        total: What is to be divided, 0 or more.
        weights: Past use of each member, 0 or more. Equal remainders: the earlier member first.

    Returns:
        Each member's part; they add up to ``total``.

    Raises:
        ValueError: There is no member, or a number is negative.

    Examples:
        >>> propose_split(100, {"a": 1, "b": 1, "c": 1})
        {'a': 34, 'b': 33, 'c': 33}
        >>> propose_split(10, {"a": 0, "b": 0})
        {'a': 5, 'b': 5}
    """
    if not weights or total < 0 or min(weights.values()) < 0:
        raise ValueError("expected members, and no negative number")
    whole = sum(weights.values())
    counted = dict(weights) if whole else dict.fromkeys(weights, 1)
    whole = whole or len(weights)
    parts = {member: total * weight // whole for member, weight in counted.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(counted, key=lambda member: total * counted[member] % whole, reverse=True)
    for member in by_remainder[:left]:
        parts[member] += 1
    return parts


def split_gap(total: int, parts: Mapping[Member, int]) -> int:
    """How much the parts lack (positive) or exceed (negative) the total; 0 = exact.

    Examples:
        >>> split_gap(100, {"a": 60, "b": 30})
        10
    """
    return total - sum(parts.values())
