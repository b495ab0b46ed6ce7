"""How the mix moves from that without the drug to that with it: 0 to 1 by year.

Year 1 is the first. A share in year t is without + (with - without) x curve(t).
"""

import numpy as np
from numpy.typing import ArrayLike

from pricing.draws import Draws, by_year


def linear_curve(years_to_full: Draws, *, years: int) -> Draws:
    """The part t / years_to_full, at most 1.

    Examples:
        >>> from pricing.draws import as_draws
        >>> linear_curve(as_draws(4), years=5)[:, 0]
        array([0.25, 0.5 , 0.75, 1.  , 1.  ])
    """
    return np.minimum(_year_numbers(years) / years_to_full, 1.0)


def step_curve(years_to_full: Draws, *, years: int) -> Draws:
    """Nothing before the year ``years_to_full``, all from then on.

    Examples:
        >>> from pricing.draws import as_draws
        >>> step_curve(as_draws(2), years=3)[:, 0]
        array([0., 1., 1.])
    """
    return np.asarray(_year_numbers(years) >= years_to_full, dtype=np.float64)


def logistic_curve(steepness: Draws, half_at: Draws, *, years: int) -> Draws:
    """The part 1 / (1 + exp(-steepness x (t - half_at))).

    Examples:
        >>> from pricing.draws import as_draws
        >>> logistic_curve(as_draws(1), as_draws(2), years=3)[:, 0].round(3)
        array([0.269, 0.5  , 0.731])
    """
    return np.asarray(1 / (1 + np.exp(-steepness * (_year_numbers(years) - half_at))))


def table_curve(parts: ArrayLike) -> Draws:
    """The parts as given, one for each year.

    Examples:
        >>> table_curve([0.2, 0.7, 1])[:, 0]
        array([0.2, 0.7, 1. ])
    """
    return by_year(parts)


def _year_numbers(years: int) -> Draws:
    return by_year(np.arange(1, years + 1))
