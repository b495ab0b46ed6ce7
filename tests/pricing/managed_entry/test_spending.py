"""From list price to net price, compared with one unit after the other."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget_impact import budget_impact
from pricing.draws import as_draws
from pricing.managed_entry import (
    ManagedEntry,
    OutcomeRebate,
    Tier,
    Use,
    joint_use,
    list_of,
    net_of,
    spending,
    use_of,
)
from tests.pricing.ceilings.models import small_budget

TIERS = (Tier(10.0), Tier(25.0, discount=0.2), Tier(None, discount=0.5))


def use(units, *, fund_part=1.0, payable=None, factor=1.0):
    units = np.asarray(units, dtype=float)[:, np.newaxis]
    payable = units if payable is None else np.asarray(payable, dtype=float)[:, np.newaxis]
    return Use(units, payable, as_draws(fund_part), as_draws(factor))


def unit_by_unit(agreement, units, price):
    """What whole units cost, each at the price of its tier."""
    total = 0.0
    for number in range(int(units)):
        for tier in agreement.tiers or (Tier(None),):
            if tier.up_to is None or number < tier.up_to:
                own = price * (1 - tier.discount)
                total += own if tier.price is None else min(price, tier.price)
                break
    rebate = agreement.outcome_rebate
    return total * (1 if rebate is None else 1 - (1 - rebate.response) * rebate.rebate)


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
    st.floats(0, 1000),
    st.sampled_from([(), TIERS, (Tier(20.0), Tier(None, price=30.0))]),
    st.sampled_from([None, OutcomeRebate(0.7, 0.4)]),
    st.sampled_from([(), (500.0,)]),
    st.sampled_from([1.0, 0.5]),
)
def test_spending_equals_a_count_unit_by_unit(units, price, tiers, rebate, cap, refund_share):
    agreement = ManagedEntry(cap, refund_share, tiers, None, rebate)
    found = spending(agreement, use(units, fund_part=0.8), price)
    for year, count in enumerate(units):
        spent = unit_by_unit(agreement, count, price) * 0.8
        refund = refund_share * max(0.0, spent - cap[0]) if cap else 0.0
        net = np.broadcast_to(found.net, (len(units), 1))[year, 0]
        assert net == pytest.approx(spent - refund, abs=1e-6)


@given(st.floats(0, 1000), st.floats(0.1, 100))
def test_a_higher_list_price_never_lowers_the_net_price(price, more):
    agreement = ManagedEntry((800.0,), 0.5, TIERS, None, OutcomeRebate(0.5, 0.5))
    units = use([30, 50])
    low, high = (net_of(agreement, units, one)[0] for one in (price, price + more))
    assert low <= high + 1e-9


@given(st.floats(1, 500))
def test_the_list_price_of_a_net_price_has_that_net_price(net):
    agreement = ManagedEntry((), 1.0, TIERS, None, OutcomeRebate(0.5, 0.5))
    units = use([30, 50])
    found = list_of(agreement, units, net)
    assert found is not None
    assert net_of(agreement, units, found)[0] == pytest.approx(net, rel=1e-9)
    assert found > net


def test_a_full_refund_keeps_the_net_price_down_at_any_list_price():
    agreement = ManagedEntry(cap=(100.0,))
    assert list_of(agreement, use([10]), 10.0) is None
    assert net_of(agreement, use([10]), 1e9)[0] == pytest.approx(10.0)


def test_units_beyond_the_dose_cap_are_free():
    budget = small_budget(patients=100, years=1, share=0.5)
    drug = replace(budget.treatments[0], units_a_year=as_draws(12))
    twelve = replace(budget, treatments=(drug, budget.treatments[1]))
    agreement = ManagedEntry(dose_cap_units=9)
    found = use_of(twelve, budget_impact(twelve), agreement)
    assert found.units.item() == 600
    assert found.payable.item() == 450
    assert net_of(agreement, found, 50.0)[0] == pytest.approx(37.5)


def test_indications_share_the_tiers_of_one_agreement():
    agreement = ManagedEntry(tiers=(Tier(10.0), Tier(None, discount=1.0)))
    both = joint_use([use([8], fund_part=1.0), use([8], fund_part=0.5)])
    assert both.units.item() == 16
    assert both.fund_part.item() == pytest.approx(0.75)
    assert spending(agreement, both, 10.0).net.item() == pytest.approx(10 * 10 * 0.75)


def test_a_drug_that_nobody_uses_has_the_plain_net_price():
    agreement = ManagedEntry(cap=(5.0,), outcome_rebate=OutcomeRebate(0.5, 1.0))
    assert net_of(agreement, use([0, 0]), 10.0)[0] == 5.0
