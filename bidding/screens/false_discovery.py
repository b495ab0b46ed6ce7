"""Control of the false discovery rate over all simulated screens and lots of a round.

A round of 50 lots under ten screens is 500 looks: at a limit of 5 % each, competition alone gives
25 flags. The step-up rule of Benjamini and Hochberg (J R Stat Soc B 57, 1995) keeps the expected
share of false flags among the flags at or below a chosen rate, for looks that are independent or
positively dependent. All looks of a round are one family, because the evaluator reads them as one
list; screens that simulate nothing are outside it and quote no chance. What is controlled is the
share of looks, not of lots: a rigged lot flagged by many screens raises the limit for the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bidding.screens.answer import Answer, ScreenResult, Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.measurement import Measurement

LOOK_ZH = "仅提示复核,不作认定"
LOOK_EN = "a prompt to look, not a finding"
SIDES = {Tail.LOW: Wording("偏低", "low"), Tail.HIGH: Wording("偏高", "high")}


@dataclass(frozen=True, slots=True)
class Discovery:
    """Which chances are small enough.

    Attributes:
        flagged: One truth value for each chance, in the order given.
        limit: The highest chance that is flagged; with no flag the limit for a single one.
    """

    flagged: tuple[bool, ...]
    limit: float


def benjamini_hochberg(chances: Sequence[float], *, rate: float) -> Discovery:
    """Flag the k smallest of m chances, k the largest with p(k) <= rate * k / m.

    Args:
        chances: Chances under competition, in any order.
        rate: Highest expected share of false flags among the flags, above 0 and below 1.

    Raises:
        ValueError: The rate is not between 0 and 1.

    Examples:
        >>> benjamini_hochberg([0.01, 0.9, 0.04, 0.03], rate=0.1).flagged
        (True, False, True, True)
        >>> benjamini_hochberg([0.5, 0.9, 0.04, 0.3], rate=0.1)
        Discovery(flagged=(False, False, False, False), limit=0.025)
    """
    if not 0 < rate < 1:
        raise ValueError(f"the false discovery rate {rate} is not between 0 and 1")
    if not chances:
        return Discovery((), rate)
    steps = [rate * k / len(chances) for k in range(1, len(chances) + 1)]
    met = [
        k
        for k, (chance, step) in enumerate(zip(sorted(chances), steps, strict=True))
        if chance <= step
    ]
    limit = steps[met[-1]] if met else steps[0]
    return Discovery(tuple(chance <= limit for chance in chances), limit)


def decide(measurements: Sequence[Measurement], *, rate: float) -> tuple[ScreenResult, ...]:
    """Answer every measurement of a round, in the order given.

    A chance that is as small as the simulation can show and still not small enough is *not
    assessable*: more draws might flag it, and silence would mislead.

    Args:
        measurements: All of the round, from all simulated screens.
        rate: Highest expected share of false flags among the flags.
    """
    discovery = benjamini_hochberg([one.chance for one in measurements], rate=rate)
    return tuple(
        _answer(one, flagged=flagged, limit=discovery.limit)
        for one, flagged in zip(measurements, discovery.flagged, strict=True)
    )


def _answer(one: Measurement, *, flagged: bool, limit: float) -> ScreenResult:
    if flagged:
        answer, reason = Answer.FLAGGED, _flagged_reason(one, limit)
    elif one.chance <= one.chance_min:
        answer, reason = Answer.NOT_ASSESSABLE, _coarse_reason(one, limit)
    else:
        answer, reason = Answer.NOT_FLAGGED, _unflagged_reason(one, limit)
    return ScreenResult(
        screen=one.screen,
        subject=one.subject,
        answer=answer,
        figure=one.figure,
        n=one.n,
        threshold=limit,
        chance=one.chance,
        reason=reason,
        bids=one.bids,
        details=one.details,
    )


def _flagged_reason(one: Measurement, limit: float) -> Wording:
    side = SIDES[one.tail]
    return Wording(
        f"{one.name.zh}为{one.figure:.4g}(n={one.n}),异常{side.zh}:模拟竞争下的概率为"
        f"{one.chance:.2g},不高于界限{limit:.2g};{LOOK_ZH}。",
        f"The {one.name.en} {one.figure:.4g} (n = {one.n}) is unusually {side.en}: its chance in "
        f"simulated competition is {one.chance:.2g}, not above the limit {limit:.2g}; {LOOK_EN}.",
    )


def _unflagged_reason(one: Measurement, limit: float) -> Wording:
    return Wording(
        f"{one.name.zh}为{one.figure:.4g}(n={one.n}),模拟竞争下的概率为{one.chance:.2g},"
        f"高于界限{limit:.2g}。",
        f"The {one.name.en} {one.figure:.4g} (n = {one.n}) has a chance of {one.chance:.2g} in "
        f"simulated competition, above the limit {limit:.2g}.",
    )


def _coarse_reason(one: Measurement, limit: float) -> Wording:
    return Wording(
        f"{one.name.zh}为{one.figure:.4g}(n={one.n}),模拟次数不足:最小可见概率{one.chance_min:.2g}"
        f"高于界限{limit:.2g},请增加模拟次数。",
        f"The {one.name.en} {one.figure:.4g} (n = {one.n}) is beyond every simulated field, but so "
        f"few draws show no chance below {one.chance_min:.2g} and the limit is {limit:.2g}; "
        f"simulate more.",
    )
