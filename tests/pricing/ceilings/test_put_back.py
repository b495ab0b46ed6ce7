"""Every ceiling holds at its price and fails a cent above, for any model."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.ceilings import (
    AtProbability,
    BudgetCumulative,
    BudgetEveryYear,
    BudgetQuantile,
    Cause,
    CostNeutral,
    Icer,
    Method,
)
from pricing.draws import as_draws
from pricing.managed_entry import Elasticity, ManagedEntry, OutcomeRebate, Tier
from tests.pricing.ceilings.models import (
    basis_of,
    ceiling,
    outcome,
    plain_impact,
    plain_noise,
    small_budget,
    treatment,
    with_price,
)

PRICE_MAX = 1_000_000

shares = st.floats(0.01, 0.9).map(lambda one: round(one, 4))
money = st.floats(0, 500).map(lambda one: round(one, 2))


@st.composite
def budgets(draw, years=3):
    without = draw(st.sampled_from([0.0, 0.05]))
    share = draw(shares)
    return replace(
        small_budget(years=years),
        eligible=np.array(draw(st.lists(st.floats(1, 5000), min_size=years, max_size=years)))[
            :, np.newaxis
        ],
        curve=np.array(draw(st.lists(st.floats(0.1, 1), min_size=years, max_size=years)))[
            :, np.newaxis
        ],
        payment_ratio=as_draws(draw(st.sampled_from([1.0, 0.7, 0.55]))),
        treatments=(
            treatment(
                "new",
                price=50.0,
                other=draw(money),
                offset=draw(money),
                units=draw(st.sampled_from([1.0, 2.5, 12.0])),
                without=without * share,
                with_=share,
            ),
            treatment("old", price=draw(money), without=1 - without * share, with_=1 - share),
        ),
        patient_rounding=draw(st.sampled_from(["none", "half-even"])),
    )


def twin_holds(constraint, budget, price):
    impacts = plain_impact(budget, price)
    if isinstance(constraint, BudgetCumulative):
        caps, impacts = [constraint.cap], [sum(impacts)]
    elif isinstance(constraint, CostNeutral):
        caps = [0.0] * len(impacts)
        if constraint.over == "cumulative":
            caps, impacts = [0.0], [sum(impacts)]
    else:
        caps = constraint.cap
    return all(
        impact <= cap + plain_noise(budget, price, cap)
        for impact, cap in zip(impacts, caps, strict=True)
    )


@st.composite
def fund_constraints(draw):
    return draw(
        st.sampled_from(
            [
                BudgetEveryYear(tuple(draw(st.lists(st.floats(0, 1e5), min_size=3, max_size=3)))),
                BudgetCumulative(draw(st.floats(0, 3e5))),
                CostNeutral(),
                CostNeutral("every-year"),
            ]
        )
    )


@given(budgets(), fund_constraints())
def test_an_affine_ceiling_holds_and_fails_a_cent_above_by_the_slow_twin(budget, constraint):
    found = ceiling(basis_of(budget), constraint)
    if found.price is None:
        assert found.why.cause in (Cause.TOO_DEAR_FREE, Cause.NO_VOLUME, Cause.NO_VOLUME_FAILS)
        if found.why.cause is not Cause.NO_VOLUME:
            assert not twin_holds(constraint, budget, 0.0)
        return
    assume(found.price < PRICE_MAX)
    assert found.method is Method.DIVISION
    assert found.put_back.holds
    assert found.put_back.fails_above
    price = float(found.price)
    assert twin_holds(constraint, budget, price)
    assert not twin_holds(constraint, budget, price + 0.01 + 1e-6)


@given(budgets(), st.floats(0, 2e4))
def test_a_scan_over_all_cents_finds_the_same_ceiling(budget, cap):
    constraint = BudgetEveryYear((cap,) * 3)
    found = ceiling(basis_of(budget), constraint)
    top = 3000 if found.price is None else int(found.price * 100) + 200
    assume(top < 20_000)
    prices = np.arange(top + 1) / 100
    at_zero, at_one = (np.array(plain_impact(budget, price)) for price in (0.0, 1.0))
    lines = at_zero[:, np.newaxis] + (at_one - at_zero)[:, np.newaxis] * prices
    holds = (lines <= cap + plain_noise(budget, 200.0, cap)).all(axis=0)
    if found.price is None:
        assert found.why.cause is Cause.NO_VOLUME or not holds[0]
    else:
        assert int(np.flatnonzero(holds)[-1]) == int(found.price * 100)


agreements = st.builds(
    ManagedEntry,
    cap=st.one_of(st.just(()), st.floats(1e3, 1e5).map(lambda one: (one,) * 3)),
    refund_share=st.sampled_from([1.0, 0.5]),
    tiers=st.sampled_from(
        [
            (),
            (Tier(100.0), Tier(1000.0, discount=0.2), Tier(None, discount=0.5)),
            (Tier(500.0), Tier(None, price=20.0)),
        ]
    ),
    dose_cap_units=st.sampled_from([None, 2.0]),
    outcome_rebate=st.sampled_from([None, OutcomeRebate(0.6, 0.5)]),
)
elasticities = st.one_of(
    st.none(), st.floats(-0.9, 0).map(lambda value: Elasticity(round(value, 3), 50.0, 0.95))
)


@given(budgets(), fund_constraints(), agreements, elasticities)
def test_any_ceiling_stands_when_it_is_put_back(budget, constraint, agreement, elasticity):
    basis = basis_of(budget, agreement=agreement, elasticity=elasticity)
    found = ceiling(basis, constraint)
    if found.price is None:
        assert found.why.en
        assert found.why.zh
        return
    assert found.put_back.holds
    assert found.put_back.fails_above
    assert found.net_price <= float(found.price) * (1 + 1e-12)
    assert float(found.price) <= found.exact * (1 + 1e-12) + 1e-9


@given(
    st.lists(
        st.tuples(st.floats(0, 1000), st.floats(0, 3), st.sampled_from([0.0, 0.0, 1.5])),
        min_size=1,
        max_size=4,
    ),
    st.tuples(st.floats(0, 1000), st.floats(0, 3)),
    st.floats(1, 5000),
)
def test_an_icer_ceiling_is_the_last_price_without_a_better_strategy(others, new, threshold):
    outcomes = [outcome("new", new[0], 1.0, new[1])]
    outcomes += [
        outcome(f"other {number}", cost, units, effect)
        for number, (cost, effect, units) in enumerate(others)
    ]
    found = ceiling(basis_of(outcomes=outcomes), Icer(threshold))

    def is_best(price):
        own = threshold * new[1] - new[0] - price
        return all(
            own >= threshold * effect - cost - price * units - 1e-7
            for cost, effect, units in others
        )

    if found.price is not None:
        assert is_best(float(found.price))
        assert not is_best(float(found.price) + 0.010001)
    elif found.why.cause is Cause.TOO_DEAR_FREE:
        assert not is_best(1e-6)
    elif found.why.cause is Cause.CROSSED:
        assert not any(is_best(price / 10) for price in range(0, 100_000, 7))


@given(
    budgets(),
    st.integers(1, 60).flatmap(
        lambda draws: st.lists(st.floats(0.5, 1.5), min_size=draws, max_size=draws)
    ),
    st.sampled_from([0.0, 0.05, 0.1, 0.29, 0.5, 0.99]),
    st.floats(0, 1e5),
)
def test_a_quantile_ceiling_equals_a_search_on_the_overrun_probability(
    budget, factors, probability, cap
):
    spread = np.array(factors)
    budget = replace(budget, eligible=budget.eligible * spread, price_factor=spread[::-1].copy())
    basis = basis_of(budget, factor=budget.price_factor)
    constraint = BudgetQuantile((cap,) * 3, AtProbability(probability), year=2)
    found = ceiling(basis, constraint)

    def overruns(price):
        impacts = np.array([plain_impact(budget, price, draw)[1] for draw in range(len(factors))])
        over = impacts > cap + plain_noise(budget, price, cap)
        return np.count_nonzero(over) / len(factors)

    if found.price is None:
        assert overruns(0.0) > probability or found.why.cause is Cause.NO_VOLUME
        return
    # Beyond, the digits of binary numbers are coarser than a cent of what a patient costs.
    assume(found.price < PRICE_MAX)
    assert found.method is Method.ORDER_STATISTIC
    assert overruns(float(found.price)) <= probability + 1e-12
    assert overruns(float(found.price) + 0.010001) > probability


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5])
def test_bracketing_finds_the_order_statistic_too(probability):
    spread = np.random.default_rng(3).lognormal(0, 0.3, 500)
    budget = small_budget()
    budget = replace(budget, eligible=budget.eligible * spread)
    constraint = BudgetQuantile((5000.0, 5000.0), AtProbability(probability))
    affine = ceiling(basis_of(budget), constraint)
    # A cap that is never reached makes the models non-affine without changing them.
    unused = ManagedEntry(cap=(1e15, 1e15))
    bracketed = ceiling(basis_of(budget, agreement=unused), constraint)
    assert bracketed.method is Method.BRACKETING
    assert bracketed.price == affine.price
    assert bracketed.exact == pytest.approx(affine.exact, rel=1e-9)


@given(budgets(), fund_constraints())
def test_the_shadow_value_is_a_finite_difference(budget, constraint):
    assume(not isinstance(constraint, CostNeutral))
    basis = basis_of(budget)
    found = ceiling(basis, constraint)
    assume(found.price is not None and found.exact > 1)
    step = 1e-4
    cap = constraint.cap
    more = cap + step if isinstance(cap, float) else tuple(one + step for one in cap)
    wider = ceiling(basis, replace(constraint, cap=more))
    difference = (wider.exact - found.exact) / step
    # Where two years bind nearly alike, the other one may take over within the step.
    assert difference <= found.shadow.value * (1 + 1e-3) + 1e-6
    bound = ceiling(basis, replace(constraint, cap=more)).binding_part == found.binding_part
    assert not bound or difference == pytest.approx(found.shadow.value, rel=1e-3, abs=1e-6)


def test_the_shadow_value_of_a_bracketed_ceiling_is_a_finite_difference():
    budget = small_budget(years=1)
    basis = basis_of(budget, elasticity=Elasticity(-0.5, 50.0))
    found = ceiling(basis, BudgetCumulative(4000.0))
    wider = ceiling(basis, BudgetCumulative(4004.0))
    assert found.shadow.value == pytest.approx((wider.exact - found.exact) / 4, rel=1e-2)


def test_putting_back_uses_the_models_and_not_their_inverse():
    budget = small_budget(years=1)
    found = ceiling(basis_of(budget), BudgetCumulative(1000.0))
    price = float(found.price)
    assert found.put_back.left == pytest.approx(1000 - plain_impact(budget, price)[0])
    assert plain_impact(with_price(budget, 1.0), price) == plain_impact(budget, price)
