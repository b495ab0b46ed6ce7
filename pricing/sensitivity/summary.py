"""What many draws say in four numbers."""

from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws


@dataclass(frozen=True, slots=True)
class Summary:
    """A result over all draws.

    Attributes:
        mean: Its mean.
        sd: Its standard deviation, with n - 1.
        q025: The value that 2.5 % of the draws stay below.
        q975: The value that 97.5 % of them stay below.
    """

    mean: float
    sd: float
    q025: float
    q975: float


def summarise(values: Draws) -> Summary | None:
    """Mean, standard deviation and the two quantiles of a result.

    Draws in which the result is not a number (a ratio without a difference) are left out.

    Returns:
        The summary; nothing where no draw is left.

    Examples:
        >>> summarise(np.arange(1.0, 42.0))
        Summary(mean=21.0, sd=11.979148550710939, q025=2.0, q975=40.0)
    """
    finite = np.isfinite(values)
    kept = values if finite.all() else values[finite]
    if not kept.size:
        return None
    q025, q975 = np.quantile(kept, [0.025, 0.975])
    sd = float(kept.std(ddof=1)) if kept.size > 1 else 0.0
    return Summary(float(kept.mean()), sd, float(q025), float(q975))
