"""How one price is shared between fund and patient under a payment standard."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.faults import FaultList
from pricing.money import EXACT
from pricing.trailing_zeros import without_trailing_zeros

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The parts of one price, in yuan, exact; the fund's and the patient's make the price.

    Attributes:
        self_paid_difference: What is above the standard; the patient pays it.
        shared_part: What the standard covers.
        first_self_paid: The patient's first part of it.
        fund: What the fund pays.
        patient_total: What the patient pays in all.
    """

    self_paid_difference: Decimal
    shared_part: Decimal
    first_self_paid: Decimal
    fund: Decimal
    patient_total: Decimal


def split_price(
    price: Decimal,
    *,
    standard: Decimal,
    fund_ratio: Decimal,
    first_self_paid: Decimal = ZERO,
) -> Split:
    """Share a price between fund and patient.

    Args:
        price: In yuan.
        standard: Payment standard in yuan; a price below it is shared as a whole.
        fund_ratio: Part that the fund pays of what is shared, after what the patient pays first.
        first_self_paid: Part of the shared sum that the patient pays first.

    Raises:
        ModelFaultsError: A price is negative, or a part is not from 0 to 1.

    Examples:
        >>> split = split_price(Decimal(10), standard=Decimal(8), fund_ratio=Decimal("0.80"))
        >>> split.self_paid_difference, split.fund, split.patient_total
        (Decimal('2'), Decimal('6.4'), Decimal('3.6'))
    """
    _check(price, standard, fund_ratio, first_self_paid)
    shared = min(price, standard)
    first = EXACT.multiply(shared, first_self_paid)
    fund = EXACT.multiply(EXACT.subtract(shared, first), fund_ratio)
    return Split(
        self_paid_difference=without_trailing_zeros(EXACT.subtract(price, shared)),
        shared_part=without_trailing_zeros(shared),
        first_self_paid=without_trailing_zeros(first),
        fund=without_trailing_zeros(fund),
        patient_total=without_trailing_zeros(EXACT.subtract(price, fund)),
    )


def added_share(patient_share: Decimal, added: Decimal) -> Decimal:
    """A patient's share after points are added; it ends at the whole.

    Raises:
        ModelFaultsError: A share is not from 0 to 1.

    Examples:
        >>> added_share(Decimal("0.30"), Decimal("0.10"))
        Decimal('0.40')
    """
    faults = FaultList()
    for name, share in (("patient_share", patient_share), ("added", added)):
        _check_share(faults, name, share)
    faults.raise_if_any()
    return min(EXACT.add(patient_share, added), ONE)


def _check(price: Decimal, standard: Decimal, fund_ratio: Decimal, first: Decimal) -> None:
    faults = FaultList()
    for name, amount in (("price", price), ("standard", standard)):
        if not amount.is_finite() or amount < 0:
            faults.add(name, f"{amount}：须不小于 0", f"{amount}: expected a price from 0")
    for name, share in (("fund_ratio", fund_ratio), ("first_self_paid", first)):
        _check_share(faults, name, share)
    faults.raise_if_any()


def _check_share(faults: FaultList, name: str, share: Decimal) -> None:
    if not share.is_finite() or not ZERO <= share <= ONE:
        faults.add(name, f"{share}：须在 0 与 1 之间", f"{share}: expected 0 to 1")
