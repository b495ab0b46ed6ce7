"""A report as one JSON document: the contract of ``jicai ceiling --json``."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pricing.ceilings import Ceiling, CombinedCeiling, Priced
from pricing.draws import Draws
from pricing.negotiation_report.joint import ImpactResult
from pricing.negotiation_report.report import (
    CeilingSet,
    CostEffectiveness,
    OutcomeUncertainty,
    Overrun,
    Report,
    Uncertainty,
)
from pricing.sensitivity import Acceptability, Bar, Summary

Document = dict[str, object]


def report_json(report: Report) -> Document:
    """The report as plain values: prices as strings, results of models as numbers, absent as null.

    Args:
        report: Of a run.
    """
    document: Document = {
        "title": report.title,
        "digest": report.digest,
        "price": f"{Decimal(repr(report.price)):f}",
        "unit": report.unit,
        "draws": report.draws,
        "seed": report.seed,
        "budget_impact": {name: _impact(one) for name, one in report.budget_impact.items()},
        "managed_entry": {name: _agreed(one) for name, one in report.managed_entry.items()},
        "cost_effectiveness": _outcomes(report.cost_effectiveness),
        **_ceilings(report.base),
        "scenario_ceilings": {name: _ceilings(one) for name, one in report.scenarios.items()},
    }
    if report.indications:
        document["indications"] = {
            one.name: {
                "budget_impact": None if one.budget_impact is None else _impact(one.budget_impact),
                "cost_effectiveness": _outcomes(one.cost_effectiveness),
            }
            for one in report.indications
        }
    if report.uncertainty is not None:
        document |= _uncertainty(report.uncertainty)
    if report.tornado:
        document["tornado"] = [
            _bar(result, bar) for result, bars in report.tornado.items() for bar in bars
        ]
    return document


def _impact(impact: ImpactResult) -> Document:
    return {
        "eligible": _years(impact.eligible, impact),
        "patients": {name: _years(one[1], impact) for name, one in impact.patients.items()},
        "patients_without": {name: _years(one[0], impact) for name, one in impact.patients.items()},
        "without": _years(impact.without, impact),
        "with": _years(impact.with_, impact),
        "impact": _years(impact.impact, impact),
        "offsets": _years(impact.offsets, impact),
        "patient_view": _years(impact.patient_view, impact),
        "cumulative": _number(impact.cumulative[0]),
    }


def _agreed(found: Priced) -> Document:
    impact = [float(year[0]) for year in found.impact] if found.impact.ndim > 1 else []
    refund = [float(year[0]) for year in found.refund] if found.refund.ndim > 1 else []
    return {
        "net_price": float(found.net_price[0]),
        "impact": impact,
        "refund": refund or [0.0] * len(impact),
        "cumulative": sum(impact) if impact else None,
    }


def _years(values: Draws, impact: ImpactResult) -> list[float | None]:
    """The first draw of each year; what is the same in all years is repeated."""
    years = len(impact.impact)
    column = values[:, 0] if values.ndim > 1 else values[:1]
    return [_number(value) for value in (column if len(column) == years else [column[0]] * years)]


def _outcomes(found: CostEffectiveness | None) -> Document | None:
    if found is None:
        return None
    return {
        "strategies": {
            one.strategy: {"cost": one.cost, "effect": one.effect} for one in found.strategies
        },
        "increment": {
            "cost": found.increment.cost,
            "effect": found.increment.effect,
            "icer": found.increment.icer,
        },
        "frontier": [
            {
                "strategy": row.strategy,
                "cost": row.cost,
                "effect": row.effect,
                "status": row.status,
                "icer": row.icer,
            }
            for row in found.frontier
        ],
    }


def _ceilings(found: CeilingSet) -> Document:
    combined = found.combined
    return {
        "ceilings": [
            _ceiling(one, found.ceilings, combined, index)
            for index, one in enumerate(found.ceilings)
        ],
        "ceiling": None if combined.price is None else f"{combined.price:f}",
        "combination": {
            "policy": combined.policy,
            "exact": combined.exact,
            "corridor": None if combined.corridor is None else list(combined.corridor),
            "why": None if combined.why is None else combined.why[0],
            "why_en": None if combined.why is None else combined.why[1],
        },
    }


def _ceiling(
    ceiling: Ceiling, ceilings: Sequence[Ceiling], combined: CombinedCeiling, index: int
) -> Document:
    shadow, back, why = ceiling.shadow, ceiling.put_back, ceiling.why
    price = None if ceiling.price is None else f"{ceiling.price:f}"
    return {
        "kind": ceiling.kind,
        "name": ceiling.name,
        "price": price,
        "exact": ceiling.exact,
        "binding": combined.binding[index],
        "list_price": price,
        "net_price": ceiling.net_price,
        "method": ceiling.method,
        "part": ceiling.binding_part,
        "shadow": None
        if shadow is None
        else {
            "of": shadow.of,
            "value": shadow.value,
            "combined": combined.shadow(ceilings, index),
        },
        "put_back": None
        if back is None
        else {"holds": back.holds, "fails_above": back.fails_above, "left": back.left},
        "cause": None if why is None else why.cause,
        "why": None if why is None else why.zh,
        "why_en": None if why is None else why.en,
    }


def _uncertainty(found: Uncertainty) -> Document:
    outcomes = dict(found.outcomes)
    only = next(iter(outcomes.values())) if len(outcomes) == 1 else None
    document: Document = {
        "uncertainty": {
            "impact": None if found.budget is None else list(map(_summary, found.budget.impact)),
            "cumulative": None if found.budget is None else _summary(found.budget.cumulative),
            **_outcome_summaries(only),
            "ceilings": {name: _summary(one) for name, one in found.ceilings},
        },
        "overrun": [_overrun(one) for one in found.overruns],
        "ceac": [_acceptability(row) for row in only.acceptability] if only else [],
        "evpi": only.evpi if only else None,
        "evppi": [
            {"input": one.input, "value": one.value, "method": one.method} for one in only.evppi
        ]
        if only
        else [],
    }
    if len(outcomes) > 1:
        document["uncertainty_of_indications"] = {
            name: {
                **_outcome_summaries(one),
                "ceac": [_acceptability(row) for row in one.acceptability],
                "evpi": one.evpi,
            }
            for name, one in outcomes.items()
        }
    return document


def _outcome_summaries(found: OutcomeUncertainty | None) -> Document:
    if found is None:
        return {"cost": None, "effect": None, "icer": None}
    return {
        "cost": {name: _summary(one) for name, one in found.cost},
        "effect": {name: _summary(one) for name, one in found.effect},
        "increment": {
            "cost": _summary(found.increment_cost),
            "effect": _summary(found.increment_effect),
        },
        "icer": _summary(found.icer),
        "quadrants": found.plane.quadrants,
    }


def _summary(found: Summary | None) -> Document | None:
    if found is None:
        return None
    return {"mean": found.mean, "sd": found.sd, "q025": found.q025, "q975": found.q975}


def _overrun(found: Overrun) -> Document:
    curve = zip(found.curve.prices, found.curve.probability, strict=True)
    return {
        "constraint": found.constraint,
        "year": found.year,
        "cap": found.cap,
        "probability": found.probability,
        "curve": [{"price": _number(price), "probability": _number(part)} for price, part in curve],
    }


def _acceptability(found: Acceptability) -> Document:
    return {
        "threshold": found.threshold,
        "probability": _plain(found.probability),
        "preferred": found.preferred,
        "expected_loss": _plain(found.expected_loss),
        "evpi": found.evpi,
    }


def _bar(result: str, bar: Bar) -> Document:
    return {
        "result": result,
        "input": bar.input,
        "low": bar.low,
        "high": bar.high,
        "at_low": bar.at_low,
        "at_high": bar.at_high,
    }


def _plain(values: Mapping[str, float]) -> dict[str, float]:
    return dict(values)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
