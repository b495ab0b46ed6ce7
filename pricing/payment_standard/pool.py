"""A money pool of its own for rare-disease drugs: what it can bear, year by year.

The drug is paid from contributions made for it and never from the basic fund, so its highest price
is what the pool can pay in every year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.faults import Fault, FaultList, ModelFaultsError
from pricing.money import CENT, EXACT, exact_sum, floor_to_step
from pricing.stated_rules import StatedRules

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PoolRules:
    """What governs a pool.

    Attributes:
        payment_ratio: Part of the cost that the pool pays.
        carries_over: What is left of a year is there in the next.
        clauses: How the rules are cited.
    """

    payment_ratio: Decimal
    carries_over: bool
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolYear:
    """One year of a pool, in yuan, exact.

    Attributes:
        available: What is there: the contribution, and what was carried over.
        spend: What the pool pays.
        balance: What is left; below zero where the pool does not suffice.
    """

    available: Decimal
    spend: Decimal
    balance: Decimal


def pool_rules(rules: StatedRules) -> PoolRules:
    """Read the rules of a pool.

    Raises:
        RuleNotStatedError: No source states one of them, and no option supplies it.

    Examples:
        >>> options = {"pool.payment_ratio": "0.9", "pool.carries_over": True}
        >>> rules = StatedRules.of("negotiation-rare-disease-jiangsu-2022", options)
        >>> pool_rules(rules).payment_ratio
        Decimal('0.9')
    """
    ratio = rules.decimal("pool.payment_ratio")
    carries_over = rules.required("pool.carries_over") is True
    cited = ("pool.own", "pool.payment_ratio", "pool.carries_over")
    return PoolRules(ratio, carries_over, tuple(map(rules.cite, cited)))


def pool_years(
    price: Decimal, units: Sequence[Decimal], contributions: Sequence[Decimal], rules: PoolRules
) -> tuple[PoolYear, ...]:
    """Run a pool at a price.

    Args:
        price: Yuan per unit.
        units: Units used in each year.
        contributions: Yuan that the pool receives in each year.
        rules: What governs it.

    Raises:
        ModelFaultsError: The years differ, or a number is negative.

    Examples:
        >>> rules = PoolRules(Decimal(1), True, ())
        >>> years = pool_years(Decimal(10), [Decimal(5)] * 2, [Decimal(60), Decimal(45)], rules)
        >>> [str(year.balance) for year in years]
        ['10', '5']
    """
    _check(units, contributions)
    years: list[PoolYear] = []
    carried = ZERO
    for used, contribution in zip(units, contributions, strict=True):
        available = EXACT.add(contribution, carried)
        spend = EXACT.multiply(EXACT.multiply(used, price), rules.payment_ratio)
        balance = EXACT.subtract(available, spend)
        years.append(PoolYear(available, spend, balance))
        carried = balance if rules.carries_over else ZERO
    return tuple(years)


def highest_pool_price(
    units: Sequence[Decimal], contributions: Sequence[Decimal], rules: PoolRules
) -> Decimal:
    """The highest price, to the cent, at which the pool suffices in every year.

    Args:
        units: Units used in each year.
        contributions: Yuan that the pool receives in each year.
        rules: What governs it.

    Raises:
        ModelFaultsError: Nothing is used, or the pool pays nothing: every price would do.

    Examples:
        >>> rules = PoolRules(Decimal(1), False, ())
        >>> highest_pool_price([Decimal(3), Decimal(4)], [Decimal(100), Decimal(100)], rules)
        Decimal('25.00')
    """
    _check(units, contributions)
    prices = [
        EXACT.divide(money, EXACT.multiply(used, rules.payment_ratio))
        for used, money in _spans(units, contributions, rules.carries_over)
        if used > 0 and rules.payment_ratio > 0
    ]
    if not prices:
        zh, en = "资金池不支付任何用量", "the pool pays for no units: no price is too high"
        raise ModelFaultsError([Fault("units", zh, en)])
    return floor_to_step(min(prices), CENT)


def _spans(
    units: Sequence[Decimal], contributions: Sequence[Decimal], carries_over: bool
) -> list[tuple[Decimal, Decimal]]:
    """Units and money that must fit: of each year, or from the first year up to each."""
    if not carries_over:
        return list(zip(units, contributions, strict=True))
    ends = range(1, len(units) + 1)
    return [(exact_sum(units[:end]), exact_sum(contributions[:end])) for end in ends]


def _check(units: Sequence[Decimal], contributions: Sequence[Decimal]) -> None:
    faults = FaultList()
    if len(units) != len(contributions) or not units:
        zh = f"用量 {len(units)} 年，筹资 {len(contributions)} 年：须相同"
        en = f"{len(units)} years of units, {len(contributions)} of contributions: expected as many"
        faults.add("contributions", zh, en)
    for name, values in (("units", units), ("contributions", contributions)):
        for year, value in enumerate(values, start=1):
            if not value.is_finite() or value < 0:
                zh, en = f"{value}：须不小于 0", f"{value}: expected a number from 0"
                faults.add(f"{name}[{year}]", zh, en)
    faults.raise_if_any()
