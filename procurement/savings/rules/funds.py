"""Parts of an amount that add up to it to the cent."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

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
