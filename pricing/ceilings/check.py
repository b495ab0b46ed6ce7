"""Whether a constraint can be asked of the models that are there."""

from pricing.ceilings.basis import Basis
from pricing.ceilings.constraints import (
    BudgetEveryYear,
    BudgetQuantile,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    label,
)
from pricing.faults import FaultList


def check_fits(basis: Basis, constraint: Constraint) -> None:
    """Refuse a constraint that needs a model which is not there.

    Raises:
        ModelFaultsError: Which model, or which year, is missing.
    """
    faults = FaultList()
    path = f"constraint.{label(constraint)}"
    if _needs_outcomes(constraint):
        if not any(one.outcomes for one in basis.indications):
            zh, en = "需要 [cost_effectiveness]，模型中没有", "needs [cost_effectiveness]"
            faults.add(path, zh, f"{en}, which the model does not have")
        _check_strategies(basis, faults)
    elif not isinstance(constraint, ReferencePrice | InternationalPrice):
        _check_years(basis, constraint, path, faults)
    blends = isinstance(constraint, Icer) and constraint.indications == "blend"
    if blends and not all(one.budget and one.outcomes for one in basis.indications):
        zh = "加权需要每个适应症都有 [population] 和 [cost_effectiveness]"
        en = "a blend needs [population] and [cost_effectiveness] of every indication"
        faults.add(path, zh, en)
    if not basis.budgets and (basis.agreement.needs_population or basis.elasticity):
        zh = "[managed_entry] 的上限、分档、剂量上限和 [elasticity] 需要 [population]"
        en = "a cap, tiers, a dose cap and [elasticity] need [population]"
        faults.add("managed_entry", zh, en)
    faults.raise_if_any()


def _check_strategies(basis: Basis, faults: FaultList) -> None:
    for one in basis.indications:
        names = [outcome.strategy for outcome in one.outcomes]
        if names and (one.negotiated not in names or len(names) < 2):
            faults.add(
                "cost_effectiveness",
                f"方案为 {'、'.join(names)}；应包括 {one.negotiated} 和至少一个对照",
                f"strategies {', '.join(names)}: expected {one.negotiated} and at least another",
            )


def _needs_outcomes(constraint: Constraint) -> bool:
    if isinstance(constraint, CostNeutral):
        return constraint.over == "outcome"
    return isinstance(constraint, Icer)


def _check_years(basis: Basis, constraint: Constraint, path: str, faults: FaultList) -> None:
    years = {budget.years for budget in basis.budgets}
    if not years:
        zh, en = (
            "需要 [population]，模型中没有",
            "needs [population], which the model does not have",
        )
        faults.add(path, zh, en)
    elif len(years) > 1:
        counts = ", ".join(map(str, sorted(years)))
        zh, en = (
            f"各适应症的年数不同（{counts}）",
            f"indications of {counts} years: expected the same",
        )
        faults.add("indication", zh, en)
    elif isinstance(constraint, BudgetEveryYear | BudgetQuantile):
        (count,) = years
        if len(constraint.cap) != count:
            zh = f"给出 {len(constraint.cap)} 年；应为 {count} 年"
            faults.add(f"{path}.cap", zh, f"has {len(constraint.cap)} years: expected {count}")
        if isinstance(constraint, BudgetQuantile) and (constraint.year or 1) > count:
            zh = f"为 {constraint.year}；模型只有 {count} 年"
            faults.add(f"{path}.year", zh, f"is {constraint.year}: expected at most {count}")
