"""Parts of an amount that add up to it to the cent."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from procurement.savings.rules.exact import cents, less


def split_funds(amount: Decimal, employee_part: Decimal | Fraction) -> tuple[Decimal, Decimal]:
    """The parts of the employee and the resident fund.

    Args:
        amount: What is paid.
        employee_part: The employee fund's exact part of it, in yuan; it is rounded to the cent.

    Returns:
        The employee fund's part, and the remainder, which is the resident fund's.

    Examples:
        >>> amount = Decimal("251100.00")
        >>> split_funds(amount, Fraction(amount) * Fraction("2.89") / Fraction("16.09"))
        (Decimal('45101.24'), Decimal('205998.76'))
    """
    employee = cents(employee_part)
    return employee, less(amount, employee)


def share_out(amount: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Divide an amount of whole cents by weights, so that the parts add up to it.

    Cents that are left over go to the largest remainders, the earlier one first.

    Args:
        amount: In whole cents, zero or more.
        weights: Zero or more each, at least one above zero.

    Raises:
        ValueError: No weight is above zero, or one is below it.

    Examples:
        >>> [str(part) for part in share_out(Decimal("100.00"), [1, 1, 1])]
        ['33.34', '33.33', '33.33']
    """
    weight = sum(weights)
    if weight <= 0 or min(weights) < 0:
        raise ValueError("expected weights from 0, at least one above it")
    left = int(amount * 100)
    quotas = [divmod(left * one, weight) for one in weights]
    parts = [whole for whole, _ in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-quotas[place][1], place))
    for place in by_remainder[: left - sum(parts)]:
        parts[place] += 1
    return tuple(Decimal(part).scaleb(-2) for part in parts)


def cent_parts(amounts: Sequence[Decimal], whole: Decimal) -> tuple[Decimal, ...]:
    """Exact amounts to the cent, so that they add up to what is paid for all of them.

    Each is rounded down; the cents that are missing go to the largest remainders, the earlier one
    first.

    Args:
        amounts: Exact; some may be below zero, where bases were netted.
        whole: In whole cents, their sum rounded to the cent, or the sum of them rounded each.

    Raises:
        ValueError: It is neither.

    Examples:
        >>> parts = cent_parts([Decimal("0.333")] * 3, Decimal("1.00"))
        >>> [str(part) for part in parts]
        ['0.34', '0.33', '0.33']
        >>> [str(part) for part in cent_parts([Decimal("1.5"), Decimal("-0.25")], Decimal("1.25"))]
        ['1.50', '-0.25']
    """
    quotas = [Fraction(amount) * 100 for amount in amounts]
    parts = [floor(quota) for quota in quotas]
    missing = int(whole * 100) - sum(parts)
    if not 0 <= missing <= len(parts):
        raise ValueError(f"{whole} is not what the amounts come to")
    by_remainder = sorted(
        range(len(parts)), key=lambda place: (-(quotas[place] - parts[place]), place)
    )
    for place in by_remainder[:missing]:
        parts[place] += 1
    return tuple(Decimal(part).scaleb(-2) for part in parts)
