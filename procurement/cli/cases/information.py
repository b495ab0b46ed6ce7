"""The value of perfect information on one decision with a normal incremental net benefit."""

import re

import numpy as np

from pricing.sensitivity import acceptability, evpi_of_normal
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given

DRAWS = 2_000_000
DRAWS_MAX = 10_000_000


def answers(case: Case) -> Answers:
    """By the formula, and by draws: ``evpi_mc_2e6`` takes two million.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    given = Given(case)
    mean = given.table.number("inb_mean")
    sd = given.table.number("inb_sd", above=0.0)
    seed = int(given.table.number("seed", default=1.0, at_least=0.0))
    draws = given.table.number("draws", default=float(DRAWS), at_least=1.0, at_most=DRAWS_MAX)
    given.check()

    def by_draws(name: re.Match[str]) -> Result:
        asked = float(name[1])
        if not 1 <= asked <= DRAWS_MAX:
            return None
        return drawn_evpi(mean, sd, draws=int(asked), seed=seed)

    return Answers(
        {
            "evpi_exact": evpi_of_normal(mean, sd),
            "evpi": evpi_of_normal(mean, sd),
            "evpi_mc": lambda: drawn_evpi(mean, sd, draws=int(draws), seed=seed),
        },
        {r"evpi_mc_(\d+(?:e\d+)?)": by_draws},
    )


def drawn_evpi(mean: float, sd: float, *, draws: int, seed: int) -> float:
    """The same from draws of the net benefit over the strategy that is there.

    Examples:
        >>> round(drawn_evpi(1.0, 5**0.5, draws=1_000_000, seed=1), 2)
        0.48
    """
    benefit = np.random.default_rng(seed).normal(mean, sd, draws)
    benefits = np.stack([np.zeros(draws), benefit])
    return acceptability(benefits, ["old", "new"], threshold=1.0).evpi
