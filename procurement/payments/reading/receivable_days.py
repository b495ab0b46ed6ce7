"""Receivable days: how long companies wait for their money; pure, exact, weighted by amount.

Days run from the day on which the hospital accepted the goods. What a red invoice takes back counts
with its sign, so that goods that were sent back weigh nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

BANDS = (30, 60, 90, 180)
"""Last days of the bands of age; what is older is in one more."""

_TENTH = Decimal("0.1")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """An amount of goods with the day on which it was paid, if it was.

    Attributes:
        accepted_on: When the hospital accepted the goods.
        paid_on: When the bank reported the payment, or a prepayment was cleared; None while open.
        amount: In yuan; below zero on a red invoice.
    """

    accepted_on: date
    paid_on: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long somebody waited, and waits.

    Attributes:
        paid: Amount that was paid in the period.
        paid_days: Mean days from acceptance to payment of that; None where nothing was paid.
        open: Amount that is open at the end of the period.
        open_days: Mean age of that; None where nothing is open.
        bands: The open amount by age: up to 30, 60, 90, 180 days, and above.
        oldest: Days since the oldest acceptance that is not paid; None where nothing is open.
    """

    paid: Decimal
    paid_days: Decimal | None
    open: Decimal
    open_days: Decimal | None
    bands: tuple[Decimal, ...]
    oldest: int | None


@dataclass
class _Sum:
    amount: Decimal = _ZERO
    weighted: Decimal = _ZERO
    bands: list[Decimal] = field(default_factory=lambda: [_ZERO] * (len(BANDS) + 1))
    oldest: int | None = None

    def add(self, days: int, amount: Decimal) -> None:
        """Count an amount with its days."""
        self.amount += amount
        self.weighted += amount * days
        self.bands[band_of(days)] += amount
        if amount > 0:
            self.oldest = max(days, self.oldest or 0)

    @property
    def mean(self) -> Decimal | None:
        """Mean days; None where nothing is left to weigh with."""
        if self.amount <= 0:
            return None
        return (self.weighted / self.amount).quantize(_TENTH, ROUND_HALF_UP)


def waiting_of(pieces: Iterable[Piece], *, since: date, until: date) -> Waiting:
    """Compute how long payment took and takes.

    Args:
        pieces: Goods accepted until then, each part with its payment.
        since: First day of the period in which payments count.
        until: Its last day; what is paid later is open.

    Examples:
        >>> accepted = date(2026, 9, 1)
        >>> pieces = [
        ...     Piece(accepted, date(2026, 10, 1), Decimal(300)),
        ...     Piece(accepted, None, Decimal(100)),
        ... ]
        >>> found = waiting_of(pieces, since=date(2026, 10, 1), until=date(2026, 10, 31))
        >>> str(found.paid_days), str(found.open_days), found.oldest
        ('30.0', '60.0', 60)
    """
    paid, still = _Sum(), _Sum()
    for piece in pieces:
        if piece.accepted_on > until:
            continue
        if piece.paid_on is None or piece.paid_on > until:
            still.add((until - piece.accepted_on).days, piece.amount)
        elif piece.paid_on >= since:
            paid.add((piece.paid_on - piece.accepted_on).days, piece.amount)
    return Waiting(
        paid=paid.amount,
        paid_days=paid.mean,
        open=still.amount,
        open_days=still.mean,
        bands=tuple(still.bands),
        oldest=still.oldest,
    )


def band_of(days: int) -> int:
    """Return the number of the band of age, from 0.

    Examples:
        >>> [band_of(days) for days in (0, 30, 31, 180, 181)]
        [0, 0, 1, 3, 4]
    """
    return sum(days > last for last in BANDS)
