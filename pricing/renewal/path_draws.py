"""Price paths of many draws at once: what `price_path` does, on arrays with draws as last axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pricing.faults import Fault, ModelFaultsError
from pricing.renewal.cut_table import CutTable
from pricing.renewal.outcome import Route
from pricing.renewal.path import IN_SCOPE_COST, Prospects, fund_ratio
from pricing.stated_rules import StatedRules

Draws = NDArray[np.float64]

SIMPLE, REGULAR, RENEGOTIATE = (
    list(Route).index(route) for route in (Route.SIMPLE, Route.REGULAR, Route.RENEGOTIATE)
)


@dataclass(frozen=True, slots=True)
class PathDraws:
    """Price paths by draw.

    Attributes:
        years: Years since the start of each row of `price`, 0 first.
        price: Standard [row, draw]; NaN from an open renegotiation on.
        route: Position in `Route` [renewal, draw]; once on the regular list, or in an open
            renegotiation, always.
    """

    years: tuple[int, ...]
    price: Draws
    route: NDArray[np.int64]

    def quantile(self, q: float) -> Draws:
        """The price by row at a quantile; draws whose price is open are left out."""
        return np.asarray(np.nanquantile(self.price, q, axis=-1), dtype=np.float64)

    def frequency(self, route: Route) -> Draws:
        """Part of the draws that take a route, by renewal."""
        return np.asarray((self.route == list(Route).index(route)).mean(axis=-1))


@dataclass(slots=True)
class _Market:
    """What the draws have come to before a renewal."""

    price: Draws
    unchanged: NDArray[np.int64]
    is_regular: NDArray[np.bool_]


def path_draws(
    prospects: Prospects,
    units: Draws,
    expected_units: Draws,
    rules: Sequence[StatedRules],
    scope_units: Draws | None = None,
) -> PathDraws:
    """Simulate the renewals of a drug for every draw.

    Args:
        prospects: The drug at the start.
        units: Units in scope [year, draw].
        expected_units: Units a year behind the company's budget [agreement, draw].
        rules: The rules of each renewal, in order; the last ones hold for all renewals after.
        scope_units: Units a year that changes of scope add [agreement, draw], NaN where the scope
            does not change; None: it never does.

    Raises:
        ModelFaultsError: The years do not fit the agreements.
        RuleNotStatedError: A renewal needs a rule that nobody states.

    Examples:
        >>> from decimal import Decimal
        >>> paths = path_draws(
        ...     Prospects(price=Decimal(100)),
        ...     np.array([[1.3e6, 1e6], [1.3e6, 1e6]]),
        ...     np.array([[1e6, 1e6]]),
        ...     [StatedRules.of("nrdl-renewal-2025")],
        ... )
        >>> paths.price[-1].tolist()
        [95.0, 100.0]
    """
    agreements, draws = expected_units.shape[0], np.broadcast(units[0], expected_units[0]).size
    years = rules[0].count("agreement.years")
    if units.shape[0] != agreements * years:
        zh, en = f"须有 {agreements * years} 年", f"expected {agreements * years} years"
        raise ModelFaultsError([Fault("units", zh, en)])
    market = _Market(
        price=np.full(draws, float(prospects.price)),
        unchanged=np.ones(draws, dtype=np.int64),
        is_regular=np.zeros(draws, dtype=np.bool_),
    )
    prices, routes = [market.price], []
    for number in range(agreements):
        governing = rules[min(number, len(rules) - 1)]
        mean = units[number * years : (number + 1) * years].mean(axis=0)
        scope = None if scope_units is None else scope_units[number]
        following = expected_units[number + 1] if number + 1 < agreements else None
        forecast = _Forecast(mean, expected_units[number], scope, following)
        year = (number + 1) * years
        routes.append(_renew_all(prospects, forecast, governing, market, year))
        prices.append(market.price)
    marks = tuple(range(0, (agreements + 1) * years, years))
    return PathDraws(marks, np.stack(prices), np.stack(routes))


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Units a year of one agreement, by draw."""

    mean: Draws
    expected: Draws
    scope: Draws | None
    following: Draws | None

    @property
    def higher(self) -> Draws:
        return np.asarray(np.maximum(self.mean, self.expected))

    @property
    def ratio_a(self) -> Draws:
        return np.asarray(self.mean / self.expected)

    @property
    def ratio_b(self) -> Draws | None:
        return None if self.scope is None else np.asarray(self.scope / self.higher)


def _renew_all(
    prospects: Prospects,
    forecast: _Forecast,
    rules: StatedRules,
    market: _Market,
    year: int,
) -> NDArray[np.int64]:
    """One renewal of every draw; the market is as it is afterwards."""
    shape = market.price.shape
    listed = prospects.years_listed + year
    changes = np.zeros(shape, dtype=np.bool_)
    if forecast.scope is not None:
        changes |= ~np.isnan(forecast.scope)
    generic = prospects.generic_from_year
    shared = generic is not None and generic <= year
    becomes_regular = _regular(rules, market, changes, listed, shared)
    market.is_regular = market.is_regular | becomes_regular
    # What follows an open renegotiation is open, too.
    simple = _is_simple(forecast, rules, changes) & ~np.isnan(market.price)
    cut = _cuts(prospects, forecast, rules, market, listed, simple & ~market.is_regular)
    route = np.where(market.is_regular, REGULAR, np.where(simple, SIMPLE, RENEGOTIATE))
    assumed = prospects.renegotiated_cut
    renegotiated = np.nan if assumed is None else float(assumed)
    cut = np.where(route == RENEGOTIATE, renegotiated, np.where(route == REGULAR, 0.0, cut))
    market.unchanged = np.where((cut == 0) & ~changes, market.unchanged + 1, 1)
    market.price = market.price * (1.0 - cut)
    return np.asarray(route, dtype=np.int64)


def _regular(
    rules: StatedRules,
    market: _Market,
    changes: NDArray[np.bool_],
    listed: int,
    shared: bool,
) -> NDArray[np.bool_]:
    years = cast("int | None", rules.value("regular.years"))
    by_years = years is not None and listed >= years
    by_generic = shared and rules.flag("regular.non_exclusive")
    cycles = cast("int | None", rules.value("regular.unchanged_cycles"))
    everybody = np.full(market.price.shape, by_years or by_generic)
    is_open = np.isnan(market.price)
    if cycles is not None:
        everybody = everybody | ((market.unchanged >= cycles) & ~changes)
    return np.asarray(everybody & ~is_open)


def _is_simple(
    forecast: _Forecast, rules: StatedRules, changes: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    simple = forecast.ratio_a <= float(rules.decimal("simple.ratio_a_until"))
    if forecast.following is not None:
        scope = 0.0 if forecast.scope is None else np.nan_to_num(forecast.scope)
        growth = (forecast.following - scope) / forecast.higher - 1.0
        simple = simple & (growth <= float(rules.decimal("simple.growth_until")))
    if forecast.ratio_b is not None:
        within = forecast.ratio_b <= float(rules.decimal("simple.scope_growth_until"))
        simple = simple & (within | ~changes)
    return np.asarray(np.broadcast_to(simple, changes.shape))


def _cuts(
    prospects: Prospects,
    forecast: _Forecast,
    rules: StatedRules,
    market: _Market,
    listed: int,
    matters: NDArray[np.bool_],
) -> Draws:
    table = _Table.of(rules.table("cut.table"))
    share = 1.0
    if rules.word("cut.base") != IN_SCOPE_COST:
        share = float(fund_ratio(prospects.payment_ratio, rules))
    cut_a = table.cut(table.ratio_a, forecast.ratio_a, forecast.mean * market.price * share)
    cut_b = np.zeros_like(market.price)
    if forecast.scope is not None and forecast.ratio_b is not None:
        added = forecast.scope * market.price * share
        has_scope = ~np.isnan(forecast.scope)
        cut_b = np.where(has_scope, table.cut(table.ratio_b, forecast.ratio_b, added), 0.0)
    whole = 1.0 - (1.0 - cut_a) * (1.0 - cut_b)
    years = cast("int | None", rules.value("halving.from_years"))
    if years is None or listed < years:
        return np.asarray(whole)
    if not np.any((cut_a > 0) & (cut_b > 0) & matters):
        return np.asarray(whole / 2.0)
    each = rules.word("halving.method") == "each"
    return np.asarray(1.0 - (1.0 - cut_a / 2) * (1.0 - cut_b / 2) if each else whole / 2.0)


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of cuts as arrays."""

    columns: Draws
    ratio_a: Draws
    ratio_b: Draws
    cuts: Draws

    @classmethod
    def of(cls, value: Mapping[str, object]) -> "_Table":
        table = CutTable.of(value)
        edges = (table.columns, table.ratio_a, table.ratio_b, table.cuts)
        return cls(*(np.array(edge, dtype=np.float64) for edge in edges))

    def cut(self, edges: Draws, ratio: Draws, spend: Draws) -> Draws:
        # Beyond the last row there is no cell; those draws are renegotiated anyway.
        row = np.minimum(np.searchsorted(edges, ratio, side="left"), len(edges) - 1)
        return np.asarray(self.cuts[row, np.searchsorted(self.columns, spend, side="left")])
