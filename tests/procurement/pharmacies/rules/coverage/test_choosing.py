"""Choosing pharmacies: as good as trying every set, whatever the order of the rows."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from procurement.pharmacies.rules.coverage import neighbourhoods
from procurement.pharmacies.rules.coverage.choosing import choose_pharmacies
from procurement.pharmacies.rules.coverage.exact import cheapest_cover
from procurement.pharmacies.rules.coverage.problem import Cover
from procurement.pharmacies.rules.coverage.reach import distance_km, reach_of
from procurement.pharmacies.rules.coverage.relaxing import relax
from procurement.pharmacies.rules.coverage.task import County, CoverageTask, Pharmacy, Reason
from procurement.pharmacies.rules.distance import great_circle_km
from tests.procurement.pharmacies.rules.coverage.brute_force import least_value

DEGREES = st.integers(0, 80).map(lambda step: step / 100)
UNLIMITED = st.just(False)


@st.composite
def tasks(draw, *, capacities=UNLIMITED):
    """Small tasks of every kind."""
    counties = [
        County(
            f"c{number}",
            31 + draw(DEGREES),
            118 + draw(DEGREES),
            draw(st.sampled_from([None, None, 0, 1, 2, 3])),
            draw(st.sampled_from([0, 10, 20])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    has_costs, is_limited = draw(st.booleans()), draw(capacities)
    pharmacies = []
    for number in range(draw(st.integers(0, 8))):
        is_eligible = draw(st.integers(0, 5)) > 0
        pharmacies.append(
            Pharmacy(
                f"p{number}",
                draw(st.sampled_from(counties)).name,
                31 + draw(DEGREES),
                118 + draw(DEGREES),
                is_eligible,
                is_eligible and draw(st.integers(0, 4)) == 0,
                Decimal(draw(st.integers(0, 20))) / 4 if has_costs else None,
                draw(st.sampled_from([None, 5, 15, 30])) if is_limited else None,
            )
        )
    within = draw(st.sampled_from([None, 15.0, 30.0, 60.0]))
    return CoverageTask(counties, pharmacies, within, draw(st.sampled_from([1, 1, 2])))


@settings(max_examples=120, deadline=None)
@given(tasks())
def test_no_other_set_of_pharmacies_does_it_with_less(task):
    plan = choose_pharmacies(task)
    assert plan.optimal and plan.gap == 0 and plan.bound == plan.value
    assert plan.value == least_value(task)


@settings(max_examples=60, deadline=None)
@given(tasks(), st.lists(st.integers(10**13, 2 * 10**13), min_size=8, max_size=8))
def test_costs_of_billions_with_four_decimals_are_chosen_exactly(task, costs):
    pharmacies = [
        replace(one, cost=Decimal(cost) / 10_000)
        for one, cost in zip(task.pharmacies, costs, strict=False)
    ]
    dear = replace(task, pharmacies=pharmacies)
    plan = choose_pharmacies(dear)
    assert plan.optimal and plan.bound == plan.value == least_value(dear)


@pytest.mark.parametrize("unit", [1, 10**13, 2 * 10**17])
def test_the_relaxed_bound_is_true_however_large_the_costs(unit):
    rows = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]))
    cover = Cover(rows, np.array([1, 1, 1]), np.array([3, 4, 4]) * unit)
    relaxed = relax(cover, seconds=9)
    assert 0 < relaxed.bound <= 7 * unit
    assert not relaxed.fixed_in(8 * unit).any() and not relaxed.fixed_out(8 * unit).any()


@settings(max_examples=60, deadline=None)
@given(tasks(capacities=st.just(True)))
def test_with_capacities_too_no_other_set_does_it_with_less(task):
    plan = choose_pharmacies(task)
    assert plan.optimal
    assert plan.value == least_value(task)


@settings(max_examples=60, deadline=None)
@given(tasks(capacities=st.booleans()), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(task, random):
    counties, pharmacies = list(task.counties), list(task.pharmacies)
    random.shuffle(counties)
    random.shuffle(pharmacies)
    shuffled = replace(task, counties=counties, pharmacies=pharmacies)
    assert choose_pharmacies(shuffled) == choose_pharmacies(task)


@settings(max_examples=60, deadline=None)
@given(tasks(capacities=st.booleans()))
def test_kept_ones_stay_nobody_ineligible_comes_in_and_each_county_has_what_it_needs(task):
    plan = choose_pharmacies(task)
    by_name = {one.name: one for one in task.pharmacies}
    assert set(plan.kept) == {one.name for one in task.pharmacies if one.is_kept}
    assert set(plan.chosen) == {*plan.kept, *plan.further}
    assert not set(plan.kept) & set(plan.further)
    assert all(by_name[one].is_eligible for one in plan.chosen)
    short = {one.county for one in plan.uncovered}
    for county in plan.covered:
        assert len(county.by) >= county.needed or county.county in short


def test_a_county_that_cannot_be_covered_is_named_with_its_reason():
    counties = [
        County("near", 32.0, 118.0),
        County("far", 33.0, 118.0),
        County("two", 32.0, 119.0, minimum=2),
        County("barred", 32.0, 120.0),
    ]
    pharmacies = [
        Pharmacy("a", "near", 32.01, 118.0),
        Pharmacy("b", "two", 32.0, 119.01),
        Pharmacy("c", "barred", 32.0, 120.01, is_eligible=False),
    ]
    plan = choose_pharmacies(CoverageTask(counties, pharmacies, within_km=20))
    reasons = {one.county: one for one in plan.uncovered}
    assert {name: one.reason for name, one in reasons.items()} == {
        "far": Reason.TOO_FAR,
        "two": Reason.TOO_FEW,
        "barred": Reason.NONE_ELIGIBLE,
    }
    assert reasons["far"].nearest == "a" and reasons["far"].nearest_km == pytest.approx(110.1, 0.01)
    assert (reasons["two"].eligible, reasons["two"].needed) == (1, 2)
    # As far as it can be covered it is: the one pharmacy that reaches it is chosen.
    assert plan.chosen == ("a", "b") and plan.optimal
    nobody = choose_pharmacies(CoverageTask(counties[:1], []))
    assert nobody.uncovered[0].reason is Reason.NONE_THERE and nobody.optimal


def test_patients_beyond_all_capacity_are_named():
    counties = [County("a", 32.0, 118.0, patients=100), County("b", 32.1, 118.0, patients=50)]
    pharmacies = [
        Pharmacy("small", "a", 32.0, 118.0, capacity=60),
        Pharmacy("large", "b", 32.1, 118.0, capacity=70),
    ]
    own = choose_pharmacies(CoverageTask(counties, pharmacies))
    assert [(one.county, one.reason, one.patients_left) for one in own.uncovered] == [
        ("a", Reason.CAPACITY, 40)
    ]
    both = choose_pharmacies(CoverageTask(counties, pharmacies, within_km=30))
    assert sum(one.patients_left for one in both.uncovered) == 20


def test_costs_decide_where_they_are_given_and_the_number_where_not():
    county = [County("a", 32.0, 118.0), County("b", 32.1, 118.0)]
    between = Pharmacy("between", "a", 32.05, 118.0)
    apart = [Pharmacy("west", "a", 32.0, 118.0), Pharmacy("east", "b", 32.1, 118.0)]
    fewest = choose_pharmacies(CoverageTask(county, [between, *apart], within_km=6))
    assert fewest.further == ("between",)
    priced = [
        replace(one, cost=Decimal(cost))
        for one, cost in zip([between, *apart], ("3", "1.25", "1.5"), strict=True)
    ]
    cheapest = choose_pharmacies(CoverageTask(county, priced, within_km=6))
    assert cheapest.further == ("east", "west") and cheapest.value == Decimal("2.75")


def test_a_pharmacy_exactly_at_the_distance_covers():
    county, pharmacy = County("a", 32.0, 118.0), Pharmacy("p", "a", 32.0, 118.3)
    km = great_circle_km(32.0, 118.0, other_latitude=32.0, other_longitude=118.3)
    arrays = [np.array([value]) for value in (32.0, 118.0, 32.0, 118.3)]
    assert float(distance_km(*arrays)[0]) == pytest.approx(km, abs=1e-9)
    exact = float(distance_km(*arrays)[0])
    assert choose_pharmacies(CoverageTask([county], [pharmacy], within_km=exact)).chosen == ("p",)
    short = CoverageTask([county], [pharmacy], within_km=exact - 1e-6)
    assert choose_pharmacies(short).chosen == ()


def _grid(side, *, seed, within_km):
    random = np.random.default_rng(seed)
    counties = [
        County(f"c{row:02}{column:02}", 30 + row * 0.2, 115 + column * 0.2)
        for row in range(side)
        for column in range(side)
    ]
    pharmacies = [
        Pharmacy(
            f"p{number:04}",
            counties[0].name,
            30 + float(random.uniform(0, side * 0.2)),
            115 + float(random.uniform(0, side * 0.2)),
        )
        for number in range(side * side * 3)
    ]
    return CoverageTask(counties, pharmacies, within_km=within_km)


def test_a_large_task_gets_a_true_bound_where_time_runs_out():
    task = _grid(20, seed=3, within_km=35.0)
    quick = choose_pharmacies(task, seconds=0.2)
    slow = choose_pharmacies(task, seconds=8)
    assert quick.bound <= slow.value <= quick.value
    assert slow.gap <= quick.gap < 1
    assert slow.optimal is (slow.gap == 0)
    assert all(one.by for one in quick.covered if one.county not in _names(quick.uncovered))


def _names(uncovered):
    return {one.county for one in uncovered}


def test_choosing_pieces_anew_never_makes_a_choice_worse():
    task = _grid(12, seed=5, within_km=30.0)
    reach = reach_of(task)
    needs = np.minimum(1, reach.sum(axis=1)).astype(np.int64)
    cover = Cover(reach, needs, np.ones(reach.shape[1], dtype=np.int64))
    everything = np.arange(cover.column_count, dtype=np.int64)
    better = neighbourhoods.improve(cover, everything, seconds=20)
    assert cover.covers(better)
    assert cheapest_cover(cover, seconds=20).cost <= len(better) < len(everything)
