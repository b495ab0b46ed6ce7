"""What a lot saves: agreed volume times ceiling less price, against the document's own ceilings."""

from dataclasses import dataclass
from decimal import Decimal

from bidding.bid_sheet import Lot
from bidding.comparable_price import dose_price_ratio
from bidding.report import LotReport, Status
from pricing.money import EXACT, to_cents


@dataclass(frozen=True, slots=True)
class Savings:
    """Spend and savings of one lot in the first year, in yuan to the cent.

    While winners have not chosen their regions only bounds are known: all volume at the dearest
    winner's price, and all of it at the cheapest one's.

    Attributes:
        at_ceiling: Agreed volume at the ceilings.
        least: Savings if the dearest winner supplied everything.
        most: Savings if the cheapest winner supplied everything.
    """

    at_ceiling: Decimal
    least: Decimal
    most: Decimal


def savings_of(lot: Lot, report: LotReport, base: Decimal) -> Savings | None:
    """What a lot saves against its ceilings.

    Prices of other strengths follow from the winner's comparable price by the price ratio.

    Args:
        lot: The lot, with a ceiling for its main strength or for each of its strengths.
        report: Its report.
        base: Base of the price ratio for contents (1.7).

    Returns:
        None where nothing was agreed, or a strength has no ceiling.
    """
    prices = [
        outcome.comparable_price
        for outcome in report.outcomes
        if outcome.status is Status.SELECTED and outcome.comparable_price is not None
    ]
    if not prices or not report.allocations:
        return None
    at_ceiling = units = Decimal(0)
    for allocation in report.allocations:
        strength = lot.strengths.get(allocation.strength)
        if strength is None or strength.price_ceiling is None:
            return None
        factor = dose_price_ratio(strength.ratio, base)
        units = EXACT.fma(factor, Decimal(allocation.agreed_volume), units)
        volume = Decimal(allocation.agreed_volume)
        at_ceiling = EXACT.fma(strength.price_ceiling, volume, at_ceiling)
    spends = [EXACT.multiply(units, price) for price in (max(prices), min(prices))]
    least, most = (to_cents(EXACT.subtract(at_ceiling, spend)) for spend in spends)
    return Savings(to_cents(at_ceiling), least, most)
