"""A ceiling that does not exist says why."""

from dataclasses import replace

import numpy as np
import pytest

from pricing.ceilings import (
    AtProbability,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Cause,
    CostNeutral,
    Icer,
    ReferencePrice,
)
from pricing.draws import as_draws
from pricing.faults import ModelFaultsError
from pricing.managed_entry import Elasticity, ManagedEntry
from tests.pricing.ceilings.models import basis_of, ceiling, outcome, small_budget, treatment


def why(basis, constraint):
    found = ceiling(basis, constraint)
    assert found.price is None
    assert found.exact is None
    return found.why


def test_a_drug_that_is_never_cost_effective_says_so():
    outcomes = (outcome("old", 100, 0, 1.0), outcome("new", 400, 1, 1.01))
    said = why(basis_of(outcomes=outcomes), Icer(20_000))
    assert said.cause is Cause.TOO_DEAR_FREE
    assert said.en == "icer: never cost-effective, even free: 100 yuan of net benefit short of old"
    assert "即使免费也不具成本效果" in said.zh


def test_a_drug_without_positive_volume_says_so():
    budget = small_budget(share=0.0)
    assert why(basis_of(budget), BudgetCumulative(1.0)).cause is Cause.NO_VOLUME
    outcomes = (outcome("old", 100, 0, 1), outcome("new", 50, 0, 1))
    said = why(basis_of(outcomes=outcomes), Icer(20_000))
    assert said.cause is Cause.NO_VOLUME
    assert "no positive volume" in said.en


def test_a_drug_without_volume_whose_other_costs_fail_says_by_how_much():
    outcomes = (outcome("old", 100, 0, 1), outcome("new", 150, 0, 1))
    said = why(basis_of(outcomes=outcomes), Icer(20_000))
    assert said.cause is Cause.NO_VOLUME_FAILS
    assert "50 yuan short of old" in said.en


def test_an_impact_above_the_cap_even_at_price_zero_names_the_year():
    budget = small_budget(other=100.0, old_price=0.0)
    budget = replace(budget, eligible=np.array([[100.0], [200.0]]))
    said = why(basis_of(budget), BudgetEveryYear((1000.0, 1000.0)))
    assert said.cause is Cause.TOO_DEAR_FREE
    assert "year 2: 7000 yuan short" in said.en
    assert "第 2 年" in said.zh


def test_a_drug_that_is_used_less_than_before_is_limited_only_from_below():
    drug = treatment("new", price=10.0, without=0.5, with_=0.1)
    old = treatment("old", price=1.0, without=0.5, with_=0.9)
    budget = replace(small_budget(), treatments=(drug, old))
    assert why(basis_of(budget), BudgetCumulative(1e6)).cause is Cause.ONLY_FROM_BELOW


def test_alternatives_with_the_drug_can_leave_no_price():
    """Another strategy with more of the drug is better unless the drug is dear."""
    outcomes = (
        outcome("old", 0, 0, 1.0),
        outcome("new", 0, 1, 1.1),
        outcome("more", 0, 2, 1.5),
    )
    said = why(basis_of(outcomes=outcomes), Icer(1000))
    assert said.cause is Cause.CROSSED
    assert "400" in said.en


def test_a_refund_of_all_excess_keeps_any_price_under_the_cap():
    agreement = ManagedEntry(cap=(1000.0, 1000.0))
    said = why(basis_of(small_budget(), agreement=agreement), BudgetEveryYear((1200.0,) * 2))
    assert said.cause is Cause.NEVER_FAILS


def test_an_overrun_that_is_too_likely_even_for_free_says_so():
    spread = np.array([0.5, 1.0, 2.0, 4.0])
    budget = small_budget(other=100.0, old_price=0.0)
    budget = replace(budget, eligible=budget.eligible * spread)
    constraint = BudgetQuantile((5000.0, 5000.0), AtProbability(0.25))
    said = why(basis_of(budget), constraint)
    assert said.cause is Cause.TOO_DEAR_FREE
    assert "3000 yuan short" in said.en


@pytest.mark.parametrize(
    ("basis", "constraint", "said"),
    [
        (basis_of(small_budget()), Icer(1.0), "needs \\[cost_effectiveness\\]"),
        (basis_of(small_budget()), CostNeutral("outcome"), "needs \\[cost_effectiveness\\]"),
        (basis_of(small_budget()), BudgetEveryYear((1.0,)), "has 1 years: expected 2"),
        (basis_of(outcomes=(outcome("new", 1, 1, 1),)), Icer(1.0), "at least another"),
        (
            basis_of(outcomes=(outcome("new", 1, 1, 1), outcome("old", 1, 1, 1))),
            BudgetCumulative(1.0),
            "needs \\[population\\]",
        ),
        (
            basis_of(agreement=ManagedEntry(cap=(1.0,))),
            ReferencePrice(as_draws(1)[0]),
            "need \\[population\\]",
        ),
        (
            basis_of(elasticity=Elasticity(-1, 1.0)),
            ReferencePrice(as_draws(1)[0]),
            "need \\[population\\]",
        ),
    ],
)
def test_a_constraint_without_its_model_is_refused(basis, constraint, said):
    with pytest.raises(ModelFaultsError, match=said):
        ceiling(basis, constraint)
