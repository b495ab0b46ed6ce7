"""From a model and its report to the figures that outputs show."""

from collections.abc import Iterator
from types import MappingProxyType

from pricing.ceilings import Basis, ceiling_of, combine, without_probability
from pricing.model_file import Evaluated, Model
from pricing.negotiation_report import OutcomeUncertainty, Report, Runs
from procurement.negotiations.outputs.by_indication import budget_tables, strategy_rows
from procurement.negotiations.outputs.chances import (
    acceptability_of,
    overrun_of,
    plane_of,
    uncertain_rows,
)
from procurement.negotiations.outputs.figures import Bar, Dossier, Tornado
from procurement.negotiations.outputs.heat_map import heat_map_of
from procurement.negotiations.outputs.limits import ceiling_row
from procurement.negotiations.outputs.lines import price_lines, ratio_lines
from procurement.negotiations.outputs.register import currency_of, effect_unit, register_of
from procurement.negotiations.outputs.said import Said

POLICIES = MappingProxyType(
    {
        "strict-min": Said("取各上限的最低者", "the lowest of the ceilings"),
        "fund-binding-economics-cap": Said(
            "以基金上限为准，不超过经济性上限", "the fund's lowest ceiling, capped by the economics"
        ),
        "weighted-geometric-mean": Said("加权几何平均", "weighted geometric mean"),
        "expert-corridor": Said(
            "最低者与中位数之间的专家区间", "a point between the lowest and the median"
        ),
    }
)
"""Policies of combination in words."""


def dossier_of(model: Model, report: Report) -> Dossier:
    """Return the figures of a run.

    Args:
        model: The model.
        report: What `run_model` found.
    """
    runs = Runs(model, 0, report.seed)
    worked, basis = runs.worked(), runs.basis()
    constraints = worked.whole.constraints
    combined, found = report.base.combined, report.base.ceilings
    decides = list(zip(constraints, found, combined.binding, strict=True))
    budgets = budget_tables(worked, report)
    outcomes = _outcomes(report)
    highest = max([report.price, *(one.exact for one in found if one.exact is not None)])
    return Dossier(
        title=report.title,
        drug=_drug(model),
        unit=report.unit,
        price=report.price,
        ceiling=combined.price,
        policy=POLICIES[combined.policy],
        why=None if combined.why is None else Said(*combined.why),
        is_unlimited=all(one.why is not None and one.why.cause.limits_nothing for one in found),
        money=currency_of(model),
        model_hash=report.digest,
        seed=report.seed,
        draws=report.draws,
        ceilings=[ceiling_row(one, ceiling, binds=binds) for one, ceiling, binds in decides],
        budgets=budgets,
        lines=price_lines(
            basis, constraints, [ceiling for _, ceiling, binds in decides if binds], 1.5 * highest
        ),
        strategies=list(strategy_rows(basis)),
        ratios=ratio_lines(basis),
        effect_unit=effect_unit(model),
        threshold=report.threshold,
        impact_tornado=_tornado(report, "impact", sum(budgets[0].impact) if budgets else None),
        ceiling_tornado=_tornado(report, "ceiling", _plain_ceiling(basis, worked.whole)),
        plane=None if outcomes is None else plane_of(basis, report, outcomes),
        acceptability=None if outcomes is None else acceptability_of(basis, report, outcomes),
        overrun=overrun_of(report, constraints),
        heat=heat_map_of(basis, constraints),
        uncertain=list(uncertain_rows(report)),
        information=[(one.input, one.value, one.method) for one in outcomes.evppi]
        if outcomes is not None
        else [],
        register=register_of(model),
        notes=list(_notes(report, basis)),
    )


def _drug(model: Model) -> str:
    """The name of the drug: its treatment, its strategy, or what the model is called."""
    return model.negotiated.name or model.negotiated_strategy or model.title


def _outcomes(report: Report) -> OutcomeUncertainty | None:
    """The draws of the first outcome model; further indications have tables only."""
    found = report.uncertainty.outcomes if report.uncertainty is not None else ()
    return found[0][1] if found else None


def _tornado(report: Report, result: str, base: float | None) -> Tornado | None:
    bars = report.tornado.get(result)
    if not bars or base is None:
        return None
    return Tornado(
        base=base,
        bars=[Bar(one.input, one.low, one.high, one.at_low, one.at_high) for one in bars],
    )


def _plain_ceiling(basis: Basis, evaluated: Evaluated) -> float | None:
    """The ceiling without probabilities, which is what a one-way analysis varies."""
    plain = [ceiling_of(basis, without_probability(one)) for one in evaluated.constraints]
    return combine(plain, evaluated.combination).exact


def _notes(report: Report, basis: Basis) -> Iterator[Said]:
    if len(basis.indications) > 1:
        yield Said(
            "多个适应症共用一个价格；成本效果平面和可接受曲线为第一个有产出模型的适应症。",
            "Several indications share one price; plane and acceptability are those of the first.",
        )
    if not basis.is_affine:
        yield Said(
            "协议或价格弹性使预算影响不是价格的直线函数；图中为逐点计算的曲线。",
            "An agreement or an elasticity bends the impact: curves are worked out point by point.",
        )
    if report.draws == 0:
        yield Said(
            "模型没有不确定的输入，或未要求抽样，因此没有概率敏感性分析。",
            "Nothing is uncertain, or no draws were asked for: there is no probabilistic analysis.",
        )
