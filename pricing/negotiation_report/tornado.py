"""One input at a time, on the impact, on the ratio and on the ceilings themselves."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pricing.ceilings import (
    Basis,
    Cause,
    Ceiling,
    Combination,
    Constraint,
    InternationalPrice,
    ReferencePrice,
    Why,
    ceiling_of,
    combine,
    draws_own_ceilings,
    given_price,
    label,
    labels,
    net_price_at,
    priced,
    without_probability,
)
from pricing.cost_effectiveness import Increment
from pricing.draws import Draws
from pricing.model_file import Evaluated
from pricing.model_file.budget_layout import PRICE
from pricing.negotiation_report.runs import Runs, Worked, basis_of
from pricing.sensitivity import Bar, Range, one_way

LOW, HIGH = 0.025, 0.975
"""Each uncertain input is varied between these quantiles of its distribution."""


def tornado_of(runs: Runs) -> dict[str, list[Bar]]:
    """Bars by result: ``impact`` (of all years), ``icer``, ``ceiling``, and each constraint's own.

    A constraint that is measured on draws is varied as it is at single points, without probability.
    All points are worked out together, but for inputs of constraints, agreement or elasticity:
    these are single numbers, so that their points are worked out one by one.
    """
    ranges = {path: Range(*ends) for path, ends in runs.ranges(LOW, HIGH).items()}

    def evaluate(points: Mapping[str, Draws]) -> dict[str, Draws]:
        plain = runs.plain()

        def single(at: int) -> Worked:
            return runs.at({path: values[at : at + 1] for path, values in points.items()})

        found = _at_points(runs.at(points), plain, 2 * len(ranges), single)
        for number, (path, one) in enumerate(ranges.items()):
            for at in (2 * number, 2 * number + 1) if _moves_terms(runs, path, one) else ():
                for name, value in _alone(single(at)).items():
                    found[name][at] = value[0]
        return found

    return one_way(evaluate, ranges)


def _alone(moved: Worked) -> dict[str, Draws]:
    """Every result at one point, under the terms that hold there."""
    return _at_points(moved, moved.whole, 1, lambda _: moved)


def _moves_terms(runs: Runs, path: str, one: Range) -> bool:
    """Whether an input is one of the constraints', the agreement's or the elasticity's."""
    if path not in runs.model.inputs or path == PRICE:
        return False
    return any(
        _terms(runs.model.at({path: value})) != _terms(runs.plain())
        for value in (one.low, one.high)
    )


def _terms(evaluated: Evaluated) -> tuple[object, ...]:
    return evaluated.constraints, evaluated.managed_entry, evaluated.elasticity


def _at_points(
    worked: Worked, terms: Evaluated, count: int, single: Callable[[int], Worked]
) -> dict[str, Draws]:
    """Every result at every point, under the constraints and the agreement of ``terms``."""
    basis = basis_of(worked, terms)
    found = _results(basis)
    constraints = [without_probability(one) for one in terms.constraints]
    if constraints:
        prices = [
            _ceilings(basis, one, count, lambda at: basis_of(single(at), terms))
            for one in constraints
        ]
        found |= dict(zip(labels(constraints), prices, strict=True))
        found["ceiling"] = _combined(constraints, prices, terms.combination)
    return {name: np.array(np.broadcast_to(values, count)) for name, values in found.items()}


def _results(basis: Basis) -> dict[str, Draws]:
    found: dict[str, Draws] = {}
    if basis.budgets:
        found["impact"] = np.asarray(priced(basis, basis.price).impact.sum(axis=0))
    indication = basis.indications[0]
    if indication.outcomes and len(basis.indications) == 1:
        net = net_price_at(basis, basis.price) * basis.factor
        increment = Increment.between(
            indication.outcome(indication.negotiated), indication.outcome(indication.reference)
        )
        found["icer"] = increment.ratio(net)
    return found


def _ceilings(
    basis: Basis, constraint: Constraint, count: int, single: Callable[[int], Basis]
) -> Draws:
    """A constraint's ceiling at each point.

    It is minus infinity where no price will do, plus infinity where any will.
    """
    if isinstance(constraint, ReferencePrice | InternationalPrice):
        if constraint.basis == "list":
            return np.full(count, float(given_price(constraint)))
    elif basis.is_affine:
        return np.broadcast_to(draws_own_ceilings(basis, constraint).upper, count)
    return np.array([_at_point(single(at), constraint) for at in range(count)])


def _at_point(basis: Basis, constraint: Constraint) -> float:
    found = ceiling_of(basis, constraint)
    if found.exact is not None:
        return found.exact
    return np.inf if found.why is not None and found.why.cause.limits_nothing else -np.inf


def _combined(
    constraints: Sequence[Constraint], prices: Sequence[Draws], combination: Combination
) -> Draws:
    found = []
    for at in range(len(prices[0])):
        ceilings = [
            _as_ceiling(one, float(price[at]))
            for one, price in zip(constraints, prices, strict=True)
        ]
        exact = combine(ceilings, combination).exact
        found.append(np.nan if exact is None else exact)
    return np.array(found)


def _as_ceiling(constraint: Constraint, price: float) -> Ceiling:
    if np.isfinite(price):
        return Ceiling(constraint.kind, label(constraint), exact=price)
    cause = Cause.NEVER_FAILS if price > 0 else Cause.TOO_DEAR_FREE
    return Ceiling(constraint.kind, label(constraint), why=Why(cause, "", ""))
