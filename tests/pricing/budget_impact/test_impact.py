"""The budget impact equals a plain loop in exact fractions, and is affine in the price."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget_impact import (
    BudgetModel,
    BudgetTreatment,
    budget_impact,
    per_member_per_month,
)
from pricing.budget_impact.impact import whole_patients
from pricing.draws import as_draws, by_year
from pricing.faults import ModelFaultsError
from tests.pricing.budget_impact.twin import Drug, Twin, half_even, impact

PARTS = st.integers(0, 100).map(lambda part: Fraction(part, 100))
MONEY = st.integers(0, 10**6).map(lambda cents: Fraction(cents, 100))


@st.composite
def drugs(draw):
    count = draw(st.integers(1, 4))
    cuts = [sorted(draw(st.lists(PARTS, min_size=count - 1, max_size=count - 1))) for _ in "ab"]
    shares = [
        [b - a for a, b in zip([Fraction(0), *cut], [*cut, Fraction(1)], strict=True)]
        for cut in cuts
    ]
    return [
        Drug(
            name,
            price=draw(MONEY),
            units=draw(st.integers(0, 400).map(lambda n: Fraction(n, 4))),
            other=draw(MONEY),
            offset=draw(MONEY),
            without=shares[0][number],
            with_=shares[1][number],
        )
        for number, name in enumerate("ABCD"[:count])
    ]


@st.composite
def twins(draw):
    years = draw(st.integers(1, 6))
    return Twin(
        eligible=[Fraction(draw(st.integers(0, 10**8)), 100) for _ in range(years)],
        curve=[draw(PARTS) for _ in range(years)],
        ratio=draw(PARTS),
        drugs=draw(drugs()),
        rounded=draw(st.booleans()),
    )


def treatment(drug: Drug) -> BudgetTreatment:
    numbers = (drug.price, drug.units, drug.other, drug.offset, drug.without, drug.with_)
    return BudgetTreatment(drug.name, *(as_draws(float(number)) for number in numbers))


def model(twin: Twin) -> BudgetModel:
    return BudgetModel(
        years=len(twin.eligible),
        eligible=by_year([float(number) for number in twin.eligible]),
        curve=by_year([float(number) for number in twin.curve]),
        payment_ratio=as_draws(float(twin.ratio)),
        treatments=tuple(treatment(drug) for drug in twin.drugs),
        patient_rounding="half-even" if twin.rounded else "none",
        negotiated=twin.drugs[0].name,
    )


def close(found, expected, scale=1.0):
    return abs(found - float(expected)) <= 1e-9 * max(abs(float(expected)), scale)


@given(twin=twins())
def test_it_equals_the_plain_loop(twin):
    found = budget_impact(model(twin))
    for year in range(len(twin.eligible)):
        by_loop = impact(twin, year)
        scale = float(abs(by_loop["without"]) + abs(by_loop["with"])) + 1e6
        assert close(found.without[year, 0], by_loop["without"], scale)
        assert close(found.with_[year, 0], by_loop["with"], scale)
        assert close(found.impact[year, 0], by_loop["impact"], scale)
        assert close(found.offsets[year, 0], by_loop["offsets"], scale)
        assert close(found.patient_view[year, 0], by_loop["patient_view"], scale)


@given(twin=twins(), price=st.integers(0, 10**6))
def test_it_is_affine_in_the_negotiated_price(twin, price):
    base = budget_impact(model(twin))
    repriced = replace(twin, drugs=[replace(twin.drugs[0], price=Fraction(price)), *twin.drugs[1:]])
    found = budget_impact(model(repriced))
    scale = np.abs(found.with_) + np.abs(found.without) + price * np.abs(base.paid_units) + 1e6
    affine = base.at_zero_price + price * base.paid_units
    assert (np.abs(found.impact - affine) <= 1e-9 * scale).all()


@given(twin=twins())
def test_fund_and_patients_together_pay_all(twin):
    whole = budget_impact(model(replace(twin, ratio=Fraction(1))))
    parts = budget_impact(model(twin))
    scale = np.abs(whole.with_) + np.abs(whole.without) + 1
    assert (np.abs(parts.impact + parts.patient_view - whole.impact) <= 1e-9 * scale).all()


@given(twin=twins())
def test_the_same_mix_has_no_impact(twin):
    same = replace(twin, drugs=[replace(drug, with_=drug.without) for drug in twin.drugs])
    assert not budget_impact(model(same)).impact.any()


@given(twin=twins(), draws=st.integers(2, 5))
def test_every_draw_is_computed_for_itself(twin, draws):
    base = model(twin)
    factors = np.linspace(0.5, 1.5, draws)
    whole = budget_impact(replace(base, eligible=base.eligible * factors))
    for number in range(draws):
        one = budget_impact(replace(base, eligible=base.eligible * factors[number]))
        assert np.array_equal(whole.impact[:, number], one.impact[:, 0])
        assert np.array_equal(whole.patients["A"][1][:, number], one.patients["A"][1][:, 0])


def test_draws_beyond_one_chunk_are_joined_and_what_is_certain_stays_one():
    zero, one = as_draws(0), as_draws(1)
    prices = np.arange(20_000, dtype=np.float64)
    drug = BudgetTreatment("A", prices, one, zero, zero, zero, one)
    old = BudgetTreatment("B", one, one, zero, zero, one, zero)
    base = BudgetModel(1, by_year([100]), by_year([1]), one, (drug, old), "half-even", "A")
    found = budget_impact(base)
    assert np.array_equal(found.impact[0], 100 * prices - 100)
    assert found.eligible.shape == (1, 1)
    assert np.array_equal(found.cumulative, found.impact[0])


def test_an_uncertain_price_enters_as_a_factor_of_its_mean():
    zero, one = as_draws(0), as_draws(1)
    drug = BudgetTreatment("A", as_draws(10), one, zero, zero, zero, one)
    old = BudgetTreatment("B", zero, one, zero, zero, one, zero)
    base = BudgetModel(1, by_year([5]), by_year([1]), one, (drug, old), "none", "A")
    found = budget_impact(replace(base, price_factor=as_draws([0.5, 2.0])))
    assert found.impact.tolist() == [[25.0, 100.0]]
    assert found.paid_units.tolist() == [[2.5, 10.0]]


@given(
    halves=st.lists(st.integers(0, 10**7), min_size=1, max_size=20),
    noise=st.integers(-3, 3),
)
def test_a_half_beside_which_binary_fractions_lie_goes_to_the_even_number(halves, noise):
    exact = np.array(halves) + 0.5
    nearby = exact + noise * np.spacing(exact)
    expected = [float(half_even(Fraction(half) + Fraction(1, 2))) for half in halves]
    assert whole_patients(nearby).tolist() == expected


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"share_with": as_draws(0.9)}, "treatment.*.share_with"),
        ({"share_without": as_draws(-0.5)}, "treatment.A.share_without"),
        ({"price": as_draws(-1)}, "treatment.A.price"),
        ({"other_cost": as_draws(-1)}, "treatment.A.other_cost"),
        ({"offset": as_draws(float("nan"))}, "treatment.A.offset"),
    ],
)
def test_a_treatment_without_meaning_is_refused_with_its_path(change, where):
    zero, one = as_draws(0), as_draws(1)
    drug = BudgetTreatment("A", one, one, zero, zero, zero, one)
    old = BudgetTreatment("B", one, one, zero, zero, one, zero)
    base = BudgetModel(
        1, by_year([5]), by_year([1]), one, (replace(drug, **change), old), "none", "A"
    )
    with pytest.raises(ModelFaultsError) as refused:
        budget_impact(base)
    assert where in [fault.where for fault in refused.value.faults]


def test_years_that_do_not_fit_and_a_missing_drug_are_refused_together():
    zero, one = as_draws(0), as_draws(1)
    drug = BudgetTreatment("A", one, one, zero, zero, one, one)
    base = BudgetModel(3, by_year([5, 6]), by_year([1]), one, (drug,), "none", "Z")
    with pytest.raises(ModelFaultsError) as refused:
        budget_impact(base)
    assert [fault.where for fault in refused.value.faults] == ["treatment", "eligible"]


def test_an_impact_is_spread_over_members_and_months():
    assert per_member_per_month(as_draws(120_000), as_draws(500_000)).tolist() == [0.02]
