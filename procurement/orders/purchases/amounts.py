"""What packs come to: minimal units, unit price and amount, exactly or not at all."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.money import EXACT, SIGNIFICANT_DIGITS, round_half_up
from procurement.database import MONEY_MAX
from procurement.errors import RefusedError

UNIT_PRICE_DECIMALS = 4
QUANTITY_MAX = 2**63 - 1


class TooMuchError(RefusedError):
    """A number of packs whose units or price no row can hold: refused, never wrapped."""

    def __init__(self, packs: int) -> None:
        """Keep the number."""
        super().__init__(
            zh=f"数量过大：{packs:,} 盒的数量或金额超出可记录的范围。",
            en=f"Too much: the units or the price of {packs:,} packs cannot be recorded.",
        )
        self.packs = packs


@dataclass(frozen=True, slots=True)
class Amounts:
    """What some packs come to.

    Attributes:
        quantity: Minimal units.
        unit_price: Yuan a minimal unit, half up to 0.0001.
        amount: Yuan, exact.
    """

    quantity: int
    unit_price: Decimal
    amount: Decimal


def amounts_of(*, packs: int, pack_units: int, pack_price: Decimal) -> Amounts:
    """Say what packs come to; a negative number of packs is a return.

    Raises:
        TooMuchError: Units beyond 64 bits, or more yuan than a row holds.

    Examples:
        >>> amounts_of(packs=3, pack_units=7, pack_price=Decimal("6.97"))
        Amounts(quantity=21, unit_price=Decimal('0.9957'), amount=Decimal('20.91'))
        >>> amounts_of(packs=2**62, pack_units=7, pack_price=Decimal("0.01"))
        Traceback (most recent call last):
        ...
        procurement.orders.purchases.amounts.TooMuchError: Too much: the units or the price of \
4,611,686,018,427,387,904 packs cannot be recorded.
    """
    quantity = packs * pack_units
    if abs(quantity) > QUANTITY_MAX:
        raise TooMuchError(packs)
    amount = EXACT.multiply(Decimal(packs), pack_price)
    if abs(amount) > MONEY_MAX:
        raise TooMuchError(packs)
    exact = SIGNIFICANT_DIGITS.divide(pack_price, Decimal(pack_units))
    return Amounts(quantity, round_half_up(exact, UNIT_PRICE_DECIMALS), amount)
