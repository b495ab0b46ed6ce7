"""The ceiling for other caps and thresholds than those of the model."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pricing.ceilings import (
    Basis,
    BudgetCumulative,
    BudgetEveryYear,
    Constraint,
    Icer,
    ceiling_of,
)
from procurement.negotiations.outputs.figures import HeatMap

CAP_PARTS = (0.6, 0.8, 1.0, 1.2, 1.4)
THRESHOLD_PARTS = (0.5, 0.75, 1.0, 1.5, 2.0)


def heat_map_of(basis: Basis, constraints: Sequence[Constraint]) -> HeatMap | None:
    """The lower of the fund's and the economics' ceiling for caps and thresholds around the own.

    Only the first cap and the first threshold without a probability take part; all else is left
    out, so that the map shows what these two do.

    Args:
        basis: The models, in one draw.
        constraints: Of the model.
    """
    caps = [one for one in constraints if isinstance(one, BudgetEveryYear | BudgetCumulative)]
    limits = [one for one in constraints if isinstance(one, Icer) and one.at is None]
    if not caps or not limits:
        return None
    cap, limit = caps[0], limits[0]
    fund = [_ceiling(basis, _scaled(cap, part)) for part in CAP_PARTS]
    thresholds = [part * limit.threshold for part in THRESHOLD_PARTS]
    worth = [_ceiling(basis, replace(limit, threshold=one)) for one in thresholds]
    own = _single(cap)
    return HeatMap(
        caps=[part * (own or 1.0) for part in CAP_PARTS],
        thresholds=thresholds,
        prices=[[_lower(one, other) for one in fund] for other in worth],
        budget_binds=[[_binds(one, other) for one in fund] for other in worth],
        cap=own or 1.0,
        threshold=limit.threshold,
        is_relative=own is None,
    )


def _single(cap: BudgetEveryYear | BudgetCumulative) -> float | None:
    """The one amount of a cap; none where the years differ."""
    if isinstance(cap, BudgetCumulative):
        return cap.cap
    return cap.cap[0] if len(set(cap.cap)) == 1 else None


def _scaled(
    cap: BudgetEveryYear | BudgetCumulative, part: float
) -> BudgetEveryYear | BudgetCumulative:
    if isinstance(cap, BudgetCumulative):
        return replace(cap, cap=part * cap.cap)
    return replace(cap, cap=tuple(part * one for one in cap.cap))


def _ceiling(basis: Basis, constraint: Constraint) -> float | None:
    """A ceiling: infinite where nothing is limited, none where no price will do."""
    found = ceiling_of(basis, constraint)
    if found.price is not None:
        return float(found.price)
    return math.inf if found.why is not None and found.why.cause.limits_nothing else None


def _lower(fund: float | None, worth: float | None) -> float | None:
    if fund is None or worth is None:
        return None
    lower = min(fund, worth)
    return lower if math.isfinite(lower) else None


def _binds(fund: float | None, worth: float | None) -> bool:
    return fund is None or (worth is not None and fund <= worth)
