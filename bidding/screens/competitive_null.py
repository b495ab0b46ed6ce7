"""Simulated competition: what a figure looks like when bidders decide alone.

Model. The generic bidders of a lot draw their prices independently from one lognormal distribution,

    ln b_i = mu + sigma * z_i,    sigma = center * exp(variation * w),    z_i, w ~ N(0, 1).

Each simulated field is scaled to the geometric mean of the generic prices found, which takes the
place of mu. The standard deviation of log prices, sigma, differs from product to product (a young
generic is priced less alike than an old one); ``center`` and ``variation`` are taken from the
*other* lots of the round, by medians and quartiles, so that a few rigged lots cannot hide each
other. Originators price apart from generics, often many times higher; their prices are held as
found, or their distance alone would raise most flags.

What the model leaves out: generics are alike (no cost leader), prices are not cut at the ceiling,
costs are not shared. A small chance therefore says "unusual under this model", and no more.
Prompts to look, never findings.

Sources: the lognormal is the usual first model of bids; the correction of log variances for the
size of each sample follows the idea of Smyth, Stat Appl Genet Mol Biol 3 (2004), with quantiles in
place of moments; the chance counts the observation itself, so that it is never 0 (Phipson and
Smyth, Stat Appl Genet Mol Biol 9, 2010).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from bidding.screens.prices import Formula, Prices

SIGMA_MAX = 20.0
"""Limit on a drawn sigma: beyond it prices leave the range of floating-point numbers."""

NOTHING_HELD: Prices = np.empty(0)

IQR_OF_NORMAL = 1.3489795
"""Interquartile range of a standard normal variable."""


class Tail(StrEnum):
    """The side on which a figure is unusual."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Spread:
    """How far log prices lie apart.

    Attributes:
        center: Median over lots of the standard deviation of log prices; no unit.
        variation: Standard deviation over lots of the logarithm of that standard deviation; 0 for
            the plain model, in which all lots are spread alike.
    """

    center: float
    variation: float = 0.0


def competitive_prices(
    n: int,
    generator: np.random.Generator,
    draws: int,
    spread: Spread,
    held: Prices = NOTHING_HELD,
) -> Prices:
    """Draw competitive fields.

    Args:
        n: Bidders drawn in a field.
        generator: Source of randomness; its state moves on.
        draws: Number of fields.
        spread: From the other lots, see `estimate_spread`.
        held: Prices that are not drawn but stand in every field, shape ``(m,)``.

    Returns:
        Prices of shape ``(draws, n + m)``, each row sorted, in units of the geometric mean of the
        drawn ones.

    Examples:
        >>> fields = competitive_prices(4, np.random.default_rng(1), 1000, Spread(0.3))
        >>> fields.shape, bool((np.diff(fields) >= 0).all())
        ((1000, 4), True)
        >>> bool(np.allclose(np.log(fields).mean(axis=1), 0))
        True
    """
    scale = spread.center * np.exp(spread.variation * generator.standard_normal(draws))
    log_prices = np.minimum(scale, SIGMA_MAX)[:, None] * generator.standard_normal((draws, n))
    log_prices -= np.mean(log_prices, axis=1, keepdims=True)
    fixed = np.broadcast_to(held, (draws, held.size))
    return np.sort(np.concatenate([np.exp(log_prices), fixed], axis=1), axis=1)


def competitive_null(
    figure: Formula,
    n: int,
    generator: np.random.Generator,
    draws: int,
    spread: Spread,
    held: Prices = NOTHING_HELD,
) -> Prices:
    """Return the figure of simulated competitive fields, shape ``(draws,)``.

    Args:
        figure: From sorted prices to the figure.
        n: As in `competitive_prices`, and so the rest.
        generator: See there.
        draws: See there.
        spread: See there.
        held: See there.

    Examples:
        >>> def ratio(prices):
        ...     return prices[..., -1] / prices[..., 0]
        >>> null = competitive_null(ratio, 5, np.random.default_rng(1), 2000, Spread(0.3))
        >>> round(float(np.median(null)), 1)
        2.0
    """
    return figure(competitive_prices(n, generator, draws, spread, held))


def tail_probability(observed: float, null: Prices, tail: Tail) -> float:
    """Return the chance of a figure at least as extreme, counting the observation itself.

    Examples:
        >>> tail_probability(0.1, np.array([0.1, 0.2, 0.3, 0.4]), Tail.LOW)
        0.4
        >>> tail_probability(0.5, np.array([0.1, 0.2, 0.3, 0.4]), Tail.HIGH)
        0.2
    """
    extreme = null <= observed if tail is Tail.LOW else null >= observed
    return (1 + int(np.count_nonzero(extreme))) / (1 + null.size)


def estimate_spread(
    fields: Iterable[Prices], *, fields_min: int = 5, prices_min: int = 3
) -> Spread | None:
    """Estimate how far log prices lie apart, from the prices of other lots.

    The standard deviation s of n log prices scatters around sigma like the square root of a
    chi-squared variable with n - 1 degrees of freedom. The median of that scatter is divided out,
    and its width is taken off the width found between the lots; what is left is ``variation``.

    Args:
        fields: Sorted prices of generics in each other lot. Lots with fewer than ``prices_min``
            prices, and lots in which all prices are equal, tell nothing and are left out.
        fields_min: With fewer usable lots there is no estimate.
        prices_min: Fewest prices of a usable lot.

    Returns:
        The spread, or None where too few lots are usable.

    Examples:
        >>> generator = np.random.default_rng(1)
        >>> fields = competitive_prices(6, generator, 400, Spread(0.3, 0.5))
        >>> spread = estimate_spread(fields)
        >>> round(spread.center, 1), round(spread.variation, 1)
        (0.3, 0.5)
    """
    usable = [np.log(prices) for prices in fields if prices.size >= prices_min]
    usable = [logs for logs in usable if logs[-1] > logs[0]]
    if len(usable) < fields_min:
        return None
    freedom = np.array([logs.size - 1 for logs in usable])
    found = np.array([0.5 * np.log(np.var(logs, ddof=1)) for logs in usable])
    q1, median, q3 = (
        0.5 * np.log(stats.chi2.ppf(level, freedom) / freedom) for level in (0.25, 0.5, 0.75)
    )
    centred = found - median
    low, center, high = np.quantile(centred, (0.25, 0.5, 0.75))
    width = ((high - low) / IQR_OF_NORMAL) ** 2
    noise = float(np.mean(((q3 - q1) / IQR_OF_NORMAL) ** 2))
    return Spread(float(np.exp(center)), float(np.sqrt(max(0.0, width - noise))))
