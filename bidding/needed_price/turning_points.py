"""Prices at which the decision about a bid can turn, for a field ranked by price."""

from collections.abc import Iterator
from decimal import Decimal
from math import sqrt

from bidding.conditions import Conditions
from bidding.contender import Contender
from bidding.limit import Limit
from bidding.needed_price.trial import PriceTrial
from bidding.selection import cut_limit
from pricing.money import EXACT, UnitPrice, floor_to_step

_FINEST = Decimal("1E-9")
_LARGEST = 1e12


def turning_points(trial: PriceTrial) -> Iterator[UnitPrice]:
    """Prices to try, highest first.

    The decision turns where the bid passes a rival, meets the line that its rivals draw, or meets
    the line that it draws with them; there a little above and below, since the last is computed
    in floating point and only proposed: every proposal is tried exactly.
    """
    contender = trial.contender
    limits = {limit.shown: limit for limit in _limits(trial)}
    for price in declared_points(contender, trial.conditions):
        comparable = contender.scale.comparable(price.pack_price)
        limits.setdefault(comparable, Limit(comparable))
    if contender.highest_valid is not None:
        yield contender.highest_valid
    last: UnitPrice | None = None
    for shown in sorted(limits, reverse=True):
        price = contender.price_at(limits[shown])
        if price != last and price.pack_price > 0:
            yield price
        last = price


def declared_points(contender: Contender, conditions: Conditions) -> Iterator[UnitPrice]:
    """The bid's own price, and those at which a condition on the declared price turns."""
    if contender.valid:
        yield contender.pack
    for unit_price in (conditions.reference, cut_limit(contender, conditions)):
        if unit_price is not None:
            yield contender.price_of(unit_price)


def fixed_lines(conditions: Conditions) -> Iterator[Decimal]:
    """The comparable prices that suffice whatever the rivals bid."""
    yield from (line for line in (conditions.low, conditions.class_b) if line is not None)


def _limits(trial: PriceTrial) -> Iterator[Limit]:
    unit = _unit(trial)
    for price in trial.prices[: _within_reach(trial)]:
        yield Limit(price)
        yield Limit(EXACT.subtract(price, unit))
    yield from (Limit(line) for line in fixed_lines(trial.conditions))
    standing = trial.contender.stands_instead
    if standing is not None and standing.valid:
        yield Limit(standing.known)
        yield Limit(EXACT.subtract(standing.known, unit))
    if trial.prices:
        beyond = EXACT.add(trial.prices[-1], unit)
        lines = trial.lines_with(beyond)
        for limit in (lines.line, lines.zero_volume_below, lines.out_above):
            if limit is not None:
                yield limit
        for root in (*_roots(trial), *_switches(trial)):
            floor = floor_to_step(Decimal(repr(root)), unit)
            yield from (Limit(EXACT.fma(unit, Decimal(step), floor)) for step in (-1, 0, 1))


def _within_reach(trial: PriceTrial) -> int | None:
    """How many rivals the bid may be level with and still hold a place.

    Of n prices at most n / (1 + k^2) lie k deviations under their mean (Cantelli's inequality),
    so that no more places than that are freed by bids without volume.
    """
    if trial.places is None:
        return None
    deviations = trial.conditions.zero_volume_sds
    freed = 0 if deviations is None else int(trial.places / (1 + deviations * deviations)) + 1
    return trial.places + freed


def _unit(trial: PriceTrial) -> Decimal:
    decimals = trial.contender.scale.decimals
    return _FINEST if decimals is None else Decimal(1).scaleb(-decimals)


def _roots(trial: PriceTrial) -> Iterator[float]:
    """Where the bid meets a line of mean and deviation that it is itself part of.

    With n prices, of which the bid's is x and the others sum to S with squares Q, the mean less k
    deviations is ((S + x) - k sqrt(n (Q + x^2) - (S + x)^2)) / n. Setting a times that equal to x
    and squaring gives a quadratic equation in x.
    """
    conditions = trial.conditions
    lines = [
        (conditions.ratio_to_anchor, conditions.sds_below_mean),
        (Decimal(1), conditions.zero_volume_sds),
        (Decimal(1), conditions.out_above_sds),
    ]
    others = trial.prices if trial.places is None else trial.prices[: trial.places - 1]
    for ratio, deviations in lines:
        if ratio is not None and deviations is not None:
            yield from _meets([float(price) for price in others], float(ratio), float(deviations))


def _switches(trial: PriceTrial) -> Iterator[float]:
    """Where the bid's own price lifts the mean so far that the lowest price becomes extreme."""
    conditions = trial.conditions
    if conditions.extreme_below and conditions.share_of_mean is not None:
        others = trial.prices if trial.places is None else trial.prices[: trial.places - 1]
        count, total = len(others) + 1, float(sum(others))
        root = count * float(trial.prices[0]) / float(conditions.extreme_below) - total
        if 0 < root < _LARGEST:
            yield root


def _meets(others: list[float], ratio: float, deviations: float) -> Iterator[float]:
    count, total = len(others) + 1, sum(others)
    squares = sum(price * price for price in others)
    slope, k2 = 1 - count / ratio, deviations * deviations
    a = k2 * (count - 1) - slope * slope
    b = -2 * k2 * total - 2 * total * slope
    c = k2 * (count * squares - total * total) - total * total
    if a == 0:
        roots = [-c / b] if b else []
    else:
        inner = b * b - 4 * a * c
        spread = sqrt(inner) if inner > 0 else 0.0
        roots = [(-b - spread) / (2 * a), (-b + spread) / (2 * a)]
    yield from (root for root in roots if 0 < root < _LARGEST)
