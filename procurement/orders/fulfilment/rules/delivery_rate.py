"""Monthly delivery rates of suppliers, and where they stay too low."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from procurement.china_days import first_moment

PACKS = "packs"
PACKS_IN_TIME = "packs-in-time"
ORDERS = "orders"
ORDERS_IN_TIME = "orders-in-time"
MEASURES = (PACKS, PACKS_IN_TIME, ORDERS, ORDERS_IN_TIME)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in China.

    Examples:
        >>> str(Month(2027, 1).before(1)), Month(2027, 1).first.isoformat()
        ('2026-12', '2027-01-01')
    """

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    def before(self, months: int) -> "Month":
        """So many months before."""
        place = self.year * 12 + self.number - 1 - months
        return Month(place // 12, place % 12 + 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.before(-1).first - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it."""
        return first_moment(self.first), first_moment(self.before(-1).first)


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What became of a line of an order.

    Attributes:
        order: Names the order.
        packs: Ordered, less what the hospital cancelled; of an order that was declined, all.
        delivered: Packs that were accepted.
        in_time: Of them, those that arrived by the order's limit, or without a limit.
    """

    order: int
    packs: int
    delivered: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the orders of a month.

    Attributes:
        packs: Ordered.
        delivered: Of them accepted.
        in_time: Of these in time.
        orders: With anything ordered.
        full: Orders that were delivered in full.
        full_in_time: Orders that were delivered in full and in time.

    Examples:
        >>> month = Delivered(packs=20, delivered=18, in_time=10, orders=2, full=1, full_in_time=1)
        >>> [str(month.rate(measure)) for measure in MEASURES]
        ['9/10', '1/2', '1/2', '1/2']
    """

    packs: int = 0
    delivered: int = 0
    in_time: int = 0
    orders: int = 0
    full: int = 0
    full_in_time: int = 0

    def rate(self, measure: str) -> Fraction | None:
        """The delivery rate; None where nothing was ordered: no rate, neither a low one.

        Args:
            measure: ``packs``: delivered by ordered packs; ``orders``: orders delivered in full by
                all orders; with ``-in-time`` only what arrived by the order's limit counts.
        """
        parts = {
            PACKS: (self.delivered, self.packs),
            PACKS_IN_TIME: (self.in_time, self.packs),
            ORDERS: (self.full, self.orders),
            ORDERS_IN_TIME: (self.full_in_time, self.orders),
        }
        part, whole = parts[measure]
        return Fraction(part, whole) if whole else None


def delivered_of(lines: Iterable[OrderedLine]) -> Delivered:
    """Sum up the lines of a month's orders.

    Examples:
        >>> delivered_of([OrderedLine(1, 10, 10, 10), OrderedLine(2, 10, 8, 0)]).full
        1
    """
    ordered = [one for one in lines if one.packs]
    orders = {one.order for one in ordered}
    short = {one.order for one in ordered if one.delivered < one.packs}
    late = {one.order for one in ordered if one.in_time < one.packs}
    return Delivered(
        packs=sum(one.packs for one in ordered),
        delivered=sum(one.delivered for one in ordered),
        in_time=sum(one.in_time for one in ordered),
        orders=len(orders),
        full=len(orders - short),
        full_in_time=len(orders - late),
    )


def flagged_months(
    rates: Sequence[Fraction | Decimal | None], *, rate_min: Decimal, months_in_row: int
) -> tuple[int, ...]:
    """Months at whose end a supplier stands flagged, from 1.

    Args:
        rates: By month; None where nothing was ordered, which ends a row.
        rate_min: A rate below it is too low; the limit itself is enough.
        months_in_row: How many months in a row make a flag.

    Examples:
        >>> rates = [Decimal(one) for one in ("0.91", "0.89", "0.88", "0.87")]
        >>> flagged_months(rates, rate_min=Decimal("0.90"), months_in_row=3)
        (4,)
        >>> flagged_months(rates, rate_min=Decimal("0.90"), months_in_row=1)
        (2, 3, 4)
    """
    limit = Fraction(rate_min)
    flagged, row = [], 0
    for place, rate in enumerate(rates, 1):
        row = row + 1 if rate is not None and Fraction(rate) < limit else 0
        if row >= months_in_row:
            flagged.append(place)
    return tuple(flagged)
