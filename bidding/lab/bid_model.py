"""A model of bidding, fitted to the real fields of a round, from which fields are drawn.

For a bid of lot l, with y = ln(declared price ÷ its own ceiling) (or ÷ the median comparable
price of the lot, where that has no ceiling):

    generic      y = min(level_l + r, 0), and with a small probability above the ceiling instead
                 r ~ body (normal) | low tail | high tail (both exponential)
    originator   y = level_l + premium, the premium being normal

* level_l is the median of y over the lot's valid generic bids. Drawn anew, it is normal around
  the shrunken level (empirical Bayes): the prior is the normal of all lots' levels, and the
  sampling variance of a median of n bids is π/2 × body variance ÷ n. A lot without a ceiling
  keeps its own.
* r = (y − level_l) × √(n ÷ (n − 1)): the level is estimated from the same n bids.
* A residual under −ln 2 (less than half of the lot's level) is an extreme low one, a residual
  above ln 2 an extreme high one (a firm that holds its price). Their shares are the observed
  ones; beyond ±ln 2 they are exponential with the observed mean (maximum likelihood).
* The body is normal with mean 0 and the variance of the other residuals (moments).
* A generic bid above its ceiling is invalid and follows no level: the share of such bids is the
  observed one, and their y is exponential with the observed mean.
* The originator's premium is normal, with the median and the standard deviation of y − level_l;
  it may lead above the ceiling.
* As many originators bid as did. The number of generic bidders is 1 + Poisson(n − 1), n being
  the observed number; none where none was observed, and cut off where the arrays end.
* In a lot without a ceiling nothing else stops a price: none is above the highest real one.

Nobody in the model reacts to the document: there is no strategic bidding and no cost, and a
firm's bids in two lots are independent.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bidding.contender import Contender
from bidding.lab.competitions import Competition
from bidding.lab.field_arrays import ABSENT
from bidding.lab.lot_arrays import BoolArray, FloatArray, IntArray, LotArrays
from bidding.lab.simulated_fields import SimulatedBids

EXTREME = math.log(2)
"""A residual beyond this, either way, is extreme: half or double the level of the lot."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Bids beyond a threshold.

    Attributes:
        share: Share of generic bids.
        depth: Mean distance beyond the threshold, in logs.
    """

    share: float
    depth: float


@dataclass(frozen=True, slots=True)
class BidModel:
    """A fitted model of bidding.

    Attributes:
        scale: What a price is relative to: the lot's ceiling, or its median price, yuan. (lots,)
        level: Mean of a lot's level, in logs of the scale. (lots,)
        level_deviation: Its standard deviation. (lots,)
        has_ceiling: Whether the scale is a ceiling. (lots,)
        highest: Highest y of generic bids that follow the level. (lots,)
        generics: Observed generic bidders. (lots,)
        originators: Observed originators. (lots,)
        spread: Standard deviation of the body of residuals.
        low: Extreme low residuals.
        high: Extreme high residuals.
        above: y of generic bids above their ceilings.
        premium: Median residual of originators.
        premium_deviation: Standard deviation of their residuals.
        prior_mean: Mean of the lots' levels.
        prior_deviation: Standard deviation of the lots' levels, sampling error taken off.
    """

    scale: FloatArray
    level: FloatArray
    level_deviation: FloatArray
    has_ceiling: BoolArray
    highest: FloatArray
    generics: IntArray
    originators: IntArray
    spread: float
    low: Tail
    high: Tail
    above: Tail
    premium: float
    premium_deviation: float
    prior_mean: float
    prior_deviation: float

    @property
    def width(self) -> int:
        """Most bidders that a lot can have."""
        return width_for(int((self.generics + self.originators).max(initial=0)))


def width_for(bidders: int) -> int:
    """Most simulated bidders of a lot: two standard deviations more than the largest lot has.

    Examples:
        >>> width_for(25)
        36
    """
    return bidders + math.ceil(2 * math.sqrt(bidders)) + 1


@dataclass(frozen=True, slots=True)
class _LotBids:
    """What one lot tells the model.

    Attributes:
        scale: Ceiling or median comparable price, yuan.
        has_ceiling: Which of the two.
        generic: y of valid generic bids.
        above: y of generic bids above their ceilings.
        originator: y of originators' bids of known price.
        bidders: Generic bidders and originators, of known price or not.
    """

    scale: float
    has_ceiling: bool
    generic: FloatArray
    above: FloatArray
    originator: FloatArray
    bidders: tuple[int, int]

    @property
    def level(self) -> float | None:
        return float(np.median(self.generic)) if self.generic.size else None

    @property
    def highest(self) -> float:
        logs = np.concatenate([self.generic, self.originator])
        return 0.0 if self.has_ceiling or not logs.size else float(logs.max())

    @property
    def residuals(self) -> FloatArray:
        count = self.generic.size
        if count < 2:
            return np.empty(0)
        off = self.generic - np.median(self.generic)
        return np.asarray(off * math.sqrt(count / (count - 1)))


def fit(competitions: Sequence[Competition], lots: LotArrays) -> BidModel:
    """Fit the model to the fields of a round.

    Args:
        competitions: Ranked by the engine.
        lots: Their lots as arrays, in the same order.
    """
    sheets = [
        _lot_bids(competition, ceiling)
        for competition, ceiling in zip(competitions, lots.ceiling, strict=True)
    ]
    residuals = np.concatenate([np.empty(0), *(sheet.residuals for sheet in sheets)])
    body = residuals[np.abs(residuals) <= EXTREME]
    spread = math.sqrt(float(np.mean(body**2))) if body.size else 0.0
    prior_mean, prior_deviation = _prior(sheets, spread)
    levels = [_posterior(sheet, spread, prior_mean, prior_deviation) for sheet in sheets]
    premiums = np.concatenate(
        [np.empty(0)]
        + [sheet.originator - sheet.level for sheet in sheets if sheet.level is not None]
    )
    return BidModel(
        scale=np.array([sheet.scale for sheet in sheets]),
        level=np.array([level for level, _ in levels]),
        level_deviation=np.array([deviation for _, deviation in levels]),
        has_ceiling=np.array([sheet.has_ceiling for sheet in sheets], dtype=np.bool_),
        highest=np.array([sheet.highest for sheet in sheets]),
        generics=np.array([sheet.bidders[0] for sheet in sheets], dtype=np.int64),
        originators=np.array([sheet.bidders[1] for sheet in sheets], dtype=np.int64),
        spread=spread,
        low=_tail(-residuals, EXTREME),
        high=_tail(residuals, EXTREME),
        above=_tail(_under_ceilings(sheets), 0.0),
        premium=float(np.median(premiums)) if premiums.size else 0.0,
        premium_deviation=float(premiums.std(ddof=1)) if premiums.size > 1 else spread,
        prior_mean=prior_mean,
        prior_deviation=prior_deviation,
    )


def _lot_bids(competition: Competition, ceiling: float) -> _LotBids:
    competing = competition.competing
    priced = [bid for bid in competing if bid.comparable is not None]
    has_ceiling = not math.isnan(ceiling)
    prices = [float(bid.known) for bid in priced]
    scale = ceiling if has_ceiling else float(np.median(prices)) if prices else 1.0
    logs = np.array([math.log(_relative(bid, scale)) for bid in priced])
    originator = np.array([bid.bid.is_originator for bid in priced], dtype=np.bool_)
    valid = np.array([bid.valid for bid in priced], dtype=np.bool_)
    originators = sum(bid.bid.is_originator for bid in competing)
    return _LotBids(
        scale=scale,
        has_ceiling=has_ceiling,
        generic=logs[~originator & valid],
        above=logs[~originator & ~valid],
        originator=logs[originator],
        bidders=(len(competing) - originators, originators),
    )


def _relative(bid: Contender, scale: float) -> float:
    """Declared price ÷ own ceiling; where it has none, comparable price ÷ the lot's scale."""
    if bid.ceiling is None or bid.declared is None:
        return max(float(bid.known) / scale, np.finfo(np.float64).tiny)
    return float(bid.declared.exact) / float(bid.ceiling)


def _tail(logs: FloatArray, threshold: float) -> Tail:
    """The bids above a threshold; those of the low side come in with their sign turned."""
    beyond = logs[logs > threshold] - threshold
    if not beyond.size:
        return Tail(0.0, 0.0)
    return Tail(beyond.size / logs.size, float(beyond.mean()))


def _under_ceilings(sheets: Sequence[_LotBids]) -> FloatArray:
    """The y of all generic bids that have a ceiling, valid or not."""
    return np.concatenate(
        [np.empty(0)]
        + [logs for sheet in sheets if sheet.has_ceiling for logs in (sheet.generic, sheet.above)]
    )


def _prior(sheets: Sequence[_LotBids], spread: float) -> tuple[float, float]:
    """Mean and standard deviation of the levels of lots with a ceiling (method of moments)."""
    known = [(sheet.level, sheet.generic.size) for sheet in sheets if sheet.has_ceiling]
    levels = np.array([level for level, _ in known if level is not None])
    sampling = [_sampling_variance(spread, count) for level, count in known if level is not None]
    if not levels.size:
        return 0.0, spread
    variance = float(levels.var(ddof=1)) if levels.size > 1 else 0.0
    return float(levels.mean()), math.sqrt(max(variance - float(np.mean(sampling)), 0.0))


def _posterior(
    sheet: _LotBids, spread: float, prior_mean: float, prior_deviation: float
) -> tuple[float, float]:
    """Mean and standard deviation of a lot's level, given its bids and those of all lots."""
    level = sheet.level
    if level is None:
        return prior_mean, prior_deviation
    sampling = _sampling_variance(spread, sheet.generic.size)
    if not sheet.has_ceiling:
        return level, math.sqrt(sampling)
    prior = prior_deviation**2
    weight = prior / (prior + sampling) if prior + sampling else 1.0
    return prior_mean + weight * (level - prior_mean), math.sqrt(weight * sampling)


def _sampling_variance(spread: float, count: int) -> float:
    return math.pi / 2 * spread**2 / count


def simulate(model: BidModel, draws: int, generator: np.random.Generator) -> SimulatedBids:
    """Draw fields of bids.

    Args:
        model: Fitted.
        draws: How many fields of every lot.
        generator: Of random numbers.

    Returns:
        Arrays (draws, lots, bids); originators come first.
    """
    lots, width = len(model.scale), model.width
    sure = np.minimum(model.generics, 1)
    more = generator.poisson(model.generics - sure, (draws, lots))
    competing = model.originators + sure + more
    np.minimum(competing, width, out=competing)
    level = model.level + model.level_deviation * generator.standard_normal((draws, lots))
    logs = _residuals(model, (draws, lots, width), generator)
    logs += level[..., None]
    np.minimum(logs, model.highest[:, None], out=logs)
    _raise_above_ceilings(model, logs, generator)
    front = int(model.originators.max(initial=0))
    premium = generator.normal(model.premium, model.premium_deviation, (draws, lots, front))
    premium += level[..., None]
    highest = np.where(model.has_ceiling, np.inf, model.highest)
    np.minimum(premium, highest[:, None], out=premium)
    index = np.arange(width)
    originator = np.broadcast_to(index < model.originators[:, None], logs.shape)
    logs[..., :front] = np.where(originator[..., :front], premium, logs[..., :front])
    price = np.exp(logs, out=logs)
    price *= model.scale[:, None]
    price[index >= competing[..., None]] = ABSENT
    return SimulatedBids(price, originator, competing)


def _raise_above_ceilings(
    model: BidModel, logs: FloatArray, generator: np.random.Generator
) -> None:
    """Let some generic bids be above their ceilings."""
    above = generator.random(logs.shape) < model.above.share
    above &= model.has_ceiling[:, None]
    logs[above] = generator.exponential(model.above.depth, np.count_nonzero(above))


def _residuals(
    model: BidModel, shape: tuple[int, int, int], generator: np.random.Generator
) -> FloatArray:
    """Residuals of generic bids: body, or one of the tails."""
    residuals = generator.standard_normal(shape)
    residuals *= model.spread
    kind = generator.random(shape)
    low = kind < model.low.share
    high = kind >= 1 - model.high.share
    residuals[low] = -EXTREME - generator.exponential(model.low.depth, np.count_nonzero(low))
    residuals[high] = EXTREME + generator.exponential(model.high.depth, np.count_nonzero(high))
    return residuals
