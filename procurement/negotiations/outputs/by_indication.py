"""Budget tables and strategies of a model, or of each of its indications under the one price."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pricing.budget_impact import BudgetImpact, budget_impact
from pricing.ceilings import Basis, Priced, net_price_at
from pricing.cost_effectiveness import frontier
from pricing.draws import Draws
from pricing.model_file import Evaluated
from pricing.model_file.budget_layout import FunnelLayout
from pricing.negotiation_report import Report
from pricing.negotiation_report.joint import ImpactResult
from pricing.negotiation_report.runs import Worked
from procurement.negotiations.outputs.figures import BudgetTable, StrategyRow
from procurement.negotiations.outputs.said import Said

BASE = Said("基准", "base")


def budget_tables(worked: Worked, report: Report) -> list[BudgetTable]:
    """The plain scenario first, then the others, then each of several indications."""
    plain = worked.whole
    tables = [
        _agreed(
            _table(_named(scenario), impact, _at(plain, scenario)),
            report.managed_entry.get(scenario),
        )
        for scenario, impact in report.budget_impact.items()
    ]
    own = [
        _table(Said(name, name), budget_impact(part.budget), part)
        for name, part in worked.parts
        if name and part.budget is not None
    ]
    return [*tables, *own]


def _named(scenario: str) -> Said:
    return BASE if scenario == "base" else Said(scenario, scenario)


def _at(plain: Evaluated, scenario: str) -> Evaluated:
    return plain if scenario == "base" else plain.model.at(scenario=scenario)


def _table(name: Said, impact: ImpactResult | BudgetImpact, evaluated: Evaluated) -> BudgetTable:
    years = len(impact.impact)
    return BudgetTable(
        name=name,
        eligible=_yearly(impact.eligible, years),
        patients=[
            (treatment, _yearly(without, years), _yearly(with_, years))
            for treatment, (without, with_) in impact.patients.items()
        ],
        without=_yearly(impact.without, years),
        with_=_yearly(impact.with_, years),
        impact=_yearly(impact.impact, years),
        offsets=_yearly(impact.offsets, years),
        patient_view=_yearly(impact.patient_view, years),
        members=_members(evaluated, years),
    )


def _agreed(table: BudgetTable, priced: Priced | None) -> BudgetTable:
    """A table with what an agreement makes of it."""
    if priced is None:
        return table
    agreed = _yearly(priced.impact, table.years)
    refund = [float(one) for one in np.broadcast_to(priced.refund[..., 0], (table.years,))]
    return replace(table, agreed=agreed, refund=refund if any(refund) else ())


def _yearly(values: Draws, years: int) -> list[float]:
    """The plain values by year; one that is the same in all years is repeated."""
    found = [float(row[0]) for row in values]
    return found * years if len(found) == 1 else found


def _members(evaluated: Evaluated, years: int) -> Sequence[float]:
    """The people whom the funnel starts from, by year; empty where cohorts are given."""
    layout = evaluated.model.budget_layout
    if layout is None or not isinstance(layout.population, FunnelLayout):
        return ()
    size = float(evaluated.values[layout.population.size][0])
    growth = float(evaluated.values[layout.population.growth][0])
    return [size * (1 + growth) ** year for year in range(years)]


def strategy_rows(basis: Basis) -> Iterator[StrategyRow]:
    """The strategies of each indication by rising cost, at the price under discussion."""
    net = float(net_price_at(basis, basis.price)[0])
    for one in basis.indications:
        names = [outcome.strategy for outcome in one.outcomes]
        costs = [float(outcome.cost_at(net)[0]) for outcome in one.outcomes]
        effects = [float(outcome.effect[0]) for outcome in one.outcomes]
        for row in frontier(costs, effects, names) if names else ():
            yield StrategyRow(
                name=f"{one.name}: {row.strategy}" if one.name else row.strategy,
                cost=row.cost,
                effect=row.effect,
                status=row.status,
                icer=row.icer,
                is_negotiated=row.strategy == one.negotiated,
            )
