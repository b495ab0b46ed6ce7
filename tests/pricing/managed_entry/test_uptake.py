"""Uptake that follows the price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget_impact import budget_impact
from pricing.draws import as_draws
from pricing.managed_entry import Elasticity, at_price, elastic_share
from tests.pricing.ceilings.models import small_budget


@given(st.floats(0, 1e6), st.floats(-3, 0), st.floats(0.01, 0.99))
def test_the_shares_of_the_mix_always_add_up_to_one(price, value, share):
    model = at_price(small_budget(share=share), price, Elasticity(value, 50.0))
    total = sum(one.share_with for one in model.treatments)
    assert total == pytest.approx(1)


def test_the_given_share_holds_at_the_reference_price():
    model = at_price(small_budget(share=0.3), 50.0, Elasticity(-0.7, 50.0))
    assert model.treatments[0].share_with[0] == pytest.approx(0.3)


def test_a_lower_price_brings_more_patients_up_to_the_limit():
    shares = elastic_share(
        as_draws(0.2), np.array([0.0, 1.0, 50.0, 200.0]), Elasticity(-0.5, 50.0, 0.8)
    )
    assert shares == pytest.approx([0.8, 0.8, 0.2, 0.1])


def test_a_share_of_nothing_stays_nothing_even_for_free():
    assert elastic_share(as_draws(0), as_draws(0), Elasticity(-2, 50.0)).tolist() == [0.0]


def test_without_elasticity_the_price_changes_no_patients():
    plain, fixed = (budget_impact(at_price(small_budget(), price)) for price in (1.0, 99.0))
    assert np.array_equal(plain.patients["new"][1], fixed.patients["new"][1])
