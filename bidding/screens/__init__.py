"""Collusion screens (围标串标筛查): a prompt to look at a file, never a finding.

Read this before any result:

- On one public labelled set (798 Japanese auctions) the simple screens had an area under the curve
  of 0.44 to 0.57: close to chance. Published accuracies of 80 to 90 % come from training on the
  same market.
- So a flag says only where to look. Results go to the evaluator and to nobody else, and firms are
  never ranked by them in public.
- No threshold is proven. The default flag is the chance of the figure under simulated competition
  (`competitive_null`), with the false discovery rate of the round controlled (`false_discovery`).
- Every screen answers flagged, not flagged or not assessable, and states how many prices it saw.

One module, one page in docs/screens and one row here for each screen.
"""

from collections.abc import Mapping

import numpy as np

from bidding.screens import (
    altrd,
    cv,
    diffp,
    digital_traces,
    disqualified,
    ks,
    kurtosis,
    links,
    missing_bids,
    rd,
    rotation,
    same_price,
    skewness,
    spd,
    subgroups,
    win_rate,
)
from bidding.screens.answer import Answer, ScreenResult
from bidding.screens.false_discovery import decide
from bidding.screens.measurement import Measurement, Screen, Simulation
from bidding.screens.screened_lot import NO_RECORDS, Evidence, Records, ScreenedRound

__all__ = ["SCREENS", "Answer", "Records", "ScreenResult", "ScreenedRound", "screen_round"]

SCREENS: dict[str, Screen] = {
    "cv": cv.SCREEN,
    "spd": spd.SCREEN,
    "diffp": diffp.SCREEN,
    "rd": rd.SCREEN,
    "altrd": altrd.SCREEN,
    "kurtosis": kurtosis.SCREEN,
    "skewness": skewness.SCREEN,
    "ks": ks.SCREEN,
    "subgroups": subgroups.SCREEN,
    "missing_bids": missing_bids.SCREEN,
    "same_price": same_price.SCREEN,
    "disqualified": disqualified.SCREEN,
    "win_rate": win_rate.SCREEN,
    "rotation": rotation.SCREEN,
    "digital_traces": digital_traces.SCREEN,
    "links": links.SCREEN,
}


def screen_round(
    screened_round: ScreenedRound,
    *,
    generator: np.random.Generator,
    draws: int,
    rate: float,
    records: Records = NO_RECORDS,
    screens: Mapping[str, Screen] = SCREENS,
) -> tuple[ScreenResult, ...]:
    """Run every screen on a round.

    Args:
        screened_round: The opened round; the order of its lots and bids does not matter.
        generator: Source of randomness; the same seed gives the same results.
        draws: Simulated fields for each figure. A single flag among m simulated looks needs a
            chance of rate / m, so that 10 / rate for each lot and screen is a fair number: 20,000
            for 30 lots, 9 screens and a rate of 0.1 take a few seconds.
        rate: Highest expected share of false flags among the flags of simulated screens.
        records: Earlier rounds, digital traces and ties of firms, where they are known.
        screens: The screens to run, for other parameters than the default ones: replace the
            ``assess`` of a screen by its module's function with other ``limits``.

    Returns:
        All answers in the order of ``screens``, within a screen by lot, bidder or round; never in
        the order of figures.

    Raises:
        ValueError: ``draws`` is below 1, or ``rate`` not between 0 and 1.

    Examples:
        >>> from decimal import Decimal
        >>> from bidding.screens.screened_lot import ScreenedBid, ScreenedLot
        >>> def bid(name, price, selected):
        ...     return ScreenedBid(name, name, None, Decimal(price), None, selected, True, False)
        >>> lot = ScreenedLot("L01", (bid("A", "0.35", True), bid("B", "0.35", False)), 1)
        >>> results = screen_round(
        ...     ScreenedRound("example", (lot,)),
        ...     generator=np.random.default_rng(1),
        ...     draws=100,
        ...     rate=0.1,
        ... )
        >>> for result in results:
        ...     if result.screen in ("cv", "same_price"):
        ...         print(result.screen, result.subject.name, result.answer, result.reason.en)
        cv L01 not-assessable Not assessable: fewer than 4 valid prices (n = 2).
        same_price L01 flagged Among 2 bidders, some under different control opened exactly the \
same price (0.35 yuan); a prompt to look, not a finding.
    """
    evidence = Evidence(screened_round, records)
    simulation = Simulation(generator, draws)
    outcomes = [
        outcome for screen in screens.values() for outcome in screen.assess(evidence, simulation)
    ]
    measurements = [outcome for outcome in outcomes if isinstance(outcome, Measurement)]
    decided = iter(decide(measurements, rate=rate))
    return tuple(
        next(decided) if isinstance(outcome, Measurement) else outcome for outcome in outcomes
    )
