"""Several indications under one price, and agreements with list and net price apart."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.ceilings import (
    AtProbability,
    Basis,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Icer,
    Indication,
    InternationalPrice,
    Method,
    ReferencePrice,
    blend_weights,
    holds_at,
    net_price_at,
    priced,
)
from pricing.faults import ModelFaultsError
from pricing.managed_entry import Elasticity, ManagedEntry, OutcomeRebate, Tier
from tests.pricing.ceilings.models import basis_of, ceiling, outcome, plain_impact, small_budget


def indication(name, *, patients=100.0, worth=0.5, share=0.5, years=2):
    budget = small_budget(patients=patients, share=share, years=years)
    outcomes = (outcome("old", 10.0, 0, 1.0), outcome("new", 10.0, 1.0, 1.0 + worth))
    return Indication(name, budget, outcomes, "old", "new")


FIRST = indication("first line")
SECOND = indication("second line", patients=300.0, worth=0.1)
BOTH = Basis(50.0, (FIRST, SECOND))


def test_a_joint_budget_counts_all_indications():
    found = ceiling(BOTH, BudgetEveryYear((5000.0, 9000.0)))
    total = [
        sum(years)
        for years in zip(
            plain_impact(FIRST.budget, float(found.price)),
            plain_impact(SECOND.budget, float(found.price)),
            strict=True,
        )
    ]
    assert total[0] <= 5000
    assert total[0] > 5000 - 0.01 * 200
    assert found.binding_part == "1"


def test_the_indication_of_the_lowest_value_sets_the_price():
    found = ceiling(BOTH, Icer(1000))
    assert found.price == Decimal("100.00")
    assert found.binding_part == "second line: old"
    alone = [ceiling(Basis(50.0, (one,)), Icer(1000)).price for one in (FIRST, SECOND)]
    assert alone == [Decimal("500.00"), Decimal("100.00")]


def test_a_blend_weighs_the_ceilings_by_the_units_that_the_fund_pays():
    assert [weight.item() for weight in blend_weights(BOTH)] == [0.25, 0.75]
    found = ceiling(BOTH, Icer(1000, indications="blend"))
    assert found.price == Decimal("200.00")
    wider = ceiling(BOTH, Icer(1001, indications="blend"))
    assert found.shadow.value == pytest.approx(wider.exact - found.exact)


def test_a_blend_needs_both_models_of_every_indication():
    lame = replace(FIRST, budget=None)
    with pytest.raises(ModelFaultsError, match="of every indication"):
        ceiling(Basis(1.0, (lame, SECOND)), Icer(1000, indications="blend"))


def test_indications_of_different_years_have_no_joint_budget():
    longer = indication("third", years=3)
    with pytest.raises(ModelFaultsError, match="indications of 2, 3 years"):
        ceiling(Basis(1.0, (FIRST, longer)), BudgetCumulative(1.0))


def test_an_outcome_rebate_raises_the_list_price_and_not_the_net_price():
    agreement = ManagedEntry(outcome_rebate=OutcomeRebate(0.6, 0.5))
    constraint = BudgetCumulative(4000.0)
    plain = ceiling(basis_of(small_budget()), constraint)
    found = ceiling(basis_of(small_budget(), agreement=agreement), constraint)
    assert found.method is Method.DIVISION
    assert found.net_price == pytest.approx(float(plain.price), abs=0.01)
    assert float(found.price) == pytest.approx(float(plain.price) / 0.8, abs=0.02)


def test_tiers_lead_to_a_net_price_under_the_list_price():
    agreement = ManagedEntry(tiers=(Tier(20.0), Tier(None, discount=0.5)))
    basis = basis_of(small_budget(), agreement=agreement)
    found = ceiling(basis, BudgetCumulative(4000.0))
    assert found.method is Method.BRACKETING
    # 50 units a year: 20 at the list price and 30 at half of it.
    assert found.net_price == pytest.approx(float(found.price) * (20 + 30 / 2) / 50)
    assert priced(basis, float(found.price)).impact.sum() <= 4000


def test_a_cost_effectiveness_ceiling_is_one_of_the_net_price():
    agreement = ManagedEntry(tiers=(Tier(20.0), Tier(None, discount=0.5)))
    basis = Basis(50.0, (FIRST,), agreement=agreement)
    found = ceiling(basis, Icer(1000))
    assert found.net_price == pytest.approx(500.0, abs=0.01)
    assert float(found.price) == pytest.approx(500 / 0.7, abs=0.02)
    assert not holds_at(basis, Icer(1000), float(found.price) + 0.011)


@pytest.mark.parametrize(
    ("agreement", "expected"),
    [
        (ManagedEntry(), "40.00"),
        (ManagedEntry(outcome_rebate=OutcomeRebate(0.5, 0.5)), "53.33"),
        (ManagedEntry(tiers=(Tier(20.0), Tier(None, discount=0.5))), "57.14"),
    ],
)
def test_a_reference_price_can_limit_the_net_price(agreement, expected):
    basis = basis_of(small_budget(), agreement=agreement)
    listed = ReferencePrice(Fraction(40), basis="list")
    net = ReferencePrice(Fraction(40), basis="net")
    assert ceiling(basis, listed).price == Decimal("40.00")
    found = ceiling(basis, net)
    assert found.price == Decimal(expected)
    assert net_price_at(basis, float(found.price))[0] <= 40


def test_the_second_lowest_price_abroad_is_a_ceiling():
    abroad = InternationalPrice((("X", 9.999), ("Y", 4.0), ("Z", 30.0)), "rank-2")
    found = ceiling(basis_of(small_budget()), abroad)
    assert found.price == Decimal("9.99")
    assert found.exact == 9.999
    assert found.method is Method.GIVEN


@given(st.floats(0.01, 0.6), st.floats(-0.95, -0.05), st.floats(500, 20000))
def test_with_elastic_uptake_a_scan_over_all_cents_finds_the_same_ceiling(share, value, cap):
    budget = replace(small_budget(share=round(share, 3), years=1), patient_rounding="half-even")
    basis = basis_of(budget, elasticity=Elasticity(round(value, 3), 50.0, 0.9))
    found = ceiling(basis, BudgetCumulative(cap))
    cents = np.arange(60_000)
    holds = priced(basis, cents / 100).impact[0] <= cap + 1e-7
    if found.price is None:
        assert holds.all() or not holds.any()
        return
    start = int(holds.argmax())
    last = start + int((~holds[start:]).argmax()) - 1 if not holds[start:].all() else None
    assert last is None or last == int(found.price * 100)


def test_a_probability_of_being_worth_it_picks_the_draw():
    worth = np.linspace(0.0, 0.9, 10)
    outcomes = (outcome("old", 0, 0, 0), outcome("new", 0, 1, worth))
    basis = basis_of(outcomes=outcomes)
    found = ceiling(basis, Icer(1000, AtProbability(0.25)))
    assert found.price == Decimal("200.00")
    assert ceiling(basis, Icer(1000, AtProbability(0.0))).price == Decimal("0.00")


def test_a_draw_factor_makes_the_ceiling_one_of_the_mean():
    budget = replace(small_budget(), price_factor=np.array([0.8, 1.0, 1.2]))
    basis = basis_of(budget, factor=budget.price_factor)
    plain = ceiling(basis_of(small_budget()), BudgetEveryYear((4000.0,) * 2))
    found = [
        ceiling(basis, BudgetQuantile((4000.0,) * 2, AtProbability(probability))).exact
        for probability in (0.0, 0.34, 0.67)
    ]
    assert found == pytest.approx([plain.exact / factor for factor in (1.2, 1.0, 0.8)])
