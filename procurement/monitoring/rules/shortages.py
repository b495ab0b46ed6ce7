"""When a drug is a candidate of the shortage list, and which light it has; pure.

The source says: where the price of a drug in short supply rose a little it is listed directly;
where it rose much and there are substitutes, with a yellow or red light to buyers; where there is
none, on condition of a promise. It states no numbers: they are parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.monitoring.rules.parameters import Name, Thresholds
from procurement.monitoring.states import Light


@dataclass(frozen=True, slots=True)
class SupplySignals:
    """What was said about a drug.

    Attributes:
        institutions: Hospitals and pharmacies that said something about it.
        out_of_stock: Those of them that have none.
        stock_days: For how many days each one's stock lasts, where it said so.
        ordered: Packs that they ordered.
        delivered: Packs that were delivered.
        leads: Leads of public opinion.
        stated_days: Institutions of which a number of days is known.
        stated_deliveries: Institutions that gave both what they ordered and what came.
    """

    institutions: int = 0
    out_of_stock: int = 0
    stock_days: Sequence[int] = ()
    ordered: int = 0
    delivered: int = 0
    leads: int = 0
    stated_days: int = 0
    stated_deliveries: int = 0

    @property
    def out_of_stock_share(self) -> Fraction | None:
        """Part of the institutions that have none."""
        return Fraction(self.out_of_stock, self.institutions) if self.institutions else None

    @property
    def delivery_rate(self) -> Fraction | None:
        """Delivered by ordered."""
        return Fraction(self.delivered, self.ordered) if self.ordered else None

    @property
    def median_days(self) -> Fraction | None:
        """Median of the days.

        Examples:
            >>> SupplySignals(stock_days=(30, 10, 0, 5)).median_days
            Fraction(15, 2)
        """
        days = sorted(self.stock_days)
        if not days:
            return None
        return Fraction(days[(len(days) - 1) // 2] + days[len(days) // 2], 2)


def candidate_signs(signals: SupplySignals, thresholds: Thresholds) -> list[Name]:
    """Return the thresholds by which a drug is a candidate; those that are unknown judge nothing.

    Examples:
        >>> from procurement.monitoring.rules.parameters import Given
        >>> some = SupplySignals(institutions=4, out_of_stock=1, ordered=10, delivered=9)
        >>> candidate_signs(some, Thresholds())
        []
        >>> candidate_signs(some, Thresholds({
        ...     Name.OUT_OF_STOCK_SHARE: Given(Decimal("0.25"), "x"),
        ...     Name.DELIVERY_RATE: Given(Decimal("0.9"), "x"),
        ... }))
        [<Name.OUT_OF_STOCK_SHARE: 'out-of-stock-share'>]
    """
    share, days, rate = signals.out_of_stock_share, signals.median_days, signals.delivery_rate
    share_min, days_max, rate_min = (
        thresholds.value(name)
        for name in (Name.OUT_OF_STOCK_SHARE, Name.STOCK_DAYS, Name.DELIVERY_RATE)
    )
    found = []
    if share is not None and share_min is not None and share >= Fraction(share_min):
        found.append(Name.OUT_OF_STOCK_SHARE)
    if days is not None and days_max is not None and days <= Fraction(days_max):
        found.append(Name.STOCK_DAYS)
    if rate is not None and rate_min is not None and rate < Fraction(rate_min):
        found.append(Name.DELIVERY_RATE)
    return found


def light_of(rise: Decimal, *, has_substitute: bool, thresholds: Thresholds) -> Light | None:
    """Return the light of a drug in short supply; None where a threshold that decides is unknown.

    Args:
        rise: By which part its price rose; below zero for a fall.
        has_substitute: Whether buyers can take something else.
        thresholds: Those that are known.

    Examples:
        >>> from procurement.monitoring.rules.parameters import Given
        >>> known = Thresholds({Name.RISE_SMALL: Given(Decimal("0.1"), "x"),
        ...                     Name.RISE_RED: Given(Decimal("0.5"), "x")})
        >>> [str(light_of(Decimal(rise), has_substitute=True, thresholds=known))
        ...  for rise in ("0.1", "0.11", "0.5")]
        ['none', 'yellow', 'red']
        >>> str(light_of(Decimal("0.2"), has_substitute=False, thresholds=known))
        'conditional'
        >>> light_of(Decimal("0.2"), has_substitute=True, thresholds=Thresholds()) is None
        True
    """
    small, red = thresholds.value(Name.RISE_SMALL), thresholds.value(Name.RISE_RED)
    if rise <= 0 or (small is not None and rise <= small):
        return Light.NONE
    if small is None:
        return None
    if not has_substitute:
        return Light.CONDITIONAL
    if red is None:
        return None
    return Light.RED if rise >= red else Light.YELLOW
