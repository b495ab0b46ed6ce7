"""Eligible patients by year: a funnel with growth, or cohorts."""

from collections.abc import Iterable

import numpy as np

from pricing.draws import Draws


def funnel(size: Draws, growth: Draws, factors: Iterable[Draws], *, years: int) -> Draws:
    """Eligible patients of a population that grows: size x (1 + growth)^(t-1) x the factors.

    Args:
        size: People in the first year.
        growth: A year, as a fraction.
        factors: Prevalence, diagnosed, treated, eligible and the like, each 0 to 1.
        years: Number of years; the first is year 1.

    Returns:
        Patients by [year, draw], not rounded.

    Examples:
        >>> from pricing.draws import as_draws
        >>> half = as_draws(0.5)
        >>> funnel(as_draws(1000), as_draws(0.1), [half, half], years=2)
        array([[250.],
               [275.]])
    """
    first = np.prod(np.broadcast_arrays(size, *factors), axis=0)
    passed = np.arange(years, dtype=np.float64)[:, np.newaxis]
    return np.asarray(first * (1 + growth) ** passed, dtype=np.float64)


def cohorts(incident: Draws, prevalent: Draws, exits: Draws) -> Draws:
    """Eligible patients from those who come, are there and leave, all by [year, draw].

    Where the prevalent of a year are not known (NaN), they are the eligible of the year before.

    Examples:
        >>> from pricing.draws import by_year
        >>> unknown = float("nan")
        >>> cohorts(by_year([10, 10]), by_year([100, unknown]), by_year([5, 20]))
        array([[105.],
               [ 95.]])
    """
    years, draws = np.broadcast_shapes(incident.shape, prevalent.shape, exits.shape)
    eligible = np.empty((years, draws))
    there = np.broadcast_to(prevalent, (years, draws))
    change = np.broadcast_to(incident - exits, (years, draws))
    before = np.zeros(draws)
    for year in range(years):
        known = np.where(np.isnan(there[year]), before, there[year])
        before = known + change[year]
        eligible[year] = before
    return eligible


def stacked_cohorts(entering: Draws, retention: Draws) -> Draws:
    """Eligible patients as a stack of yearly cohorts, each smaller as it grows older.

    Args:
        entering: Patients who enter in a year, by [year, draw].
        retention: Part of a cohort still there in its first, second, ... year, by [age, draw];
            nobody stays beyond the last.

    Examples:
        >>> from pricing.draws import by_year
        >>> stacked_cohorts(by_year([100, 10, 0]), by_year([1, 0.5]))
        array([[100.],
               [ 60.],
               [  5.]])
    """
    years, draws = entering.shape[0], np.broadcast_shapes(entering.shape[1:], retention.shape[1:])
    eligible = np.zeros((years, *draws))
    for age in range(min(years, retention.shape[0])):
        eligible[age:] += entering[: years - age] * retention[age]
    return eligible


def grown(first: Draws, growth: Draws, *, years: int) -> Draws:
    """A number of people by [year, draw] that grows by the same fraction a year.

    Examples:
        >>> from pricing.draws import as_draws
        >>> grown(as_draws(100), as_draws(0.1), years=2).round(6)
        array([[100.],
               [110.]])
    """
    return funnel(first, growth, (), years=years)
