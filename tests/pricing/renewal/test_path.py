"""The price over 2, 4 and 8 years: forecast spending feeds the renewals, their prices feed back."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.renewal import (
    Agreement,
    Prospects,
    Route,
    path_document,
    path_draws,
    price_path,
)
from pricing.stated_rules import RuleNotStatedError, StatedRules

HALVED = {"halving.method": "each"}


def rules(year=2023, options=HALVED):
    return StatedRules.of(f"nrdl-renewal-{year}", options if year > 2022 else {})


def agreement(units, expected, scope=None):
    pair = units if isinstance(units, tuple) else (units, units)
    return Agreement(
        units=tuple(map(Decimal, pair)),
        expected_units=Decimal(expected),
        scope_units=None if scope is None else Decimal(scope),
    )


def prospects(price="100", **more):
    ratio = {"payment_ratio": Decimal(1)}
    return Prospects(price=Decimal(price), **(ratio | more))


MILLION = 10**6


def test_a_cut_lowers_the_spending_that_the_next_renewal_sees():
    # 210 million a year at 100 yuan, 195 after a cut of 7 %: the column changes.
    steady = agreement("2100000", "1800000")
    path = price_path(prospects(), [steady] * 4, [rules()])
    cells = [step.renewal.cell_a for step in path.steps[:3]]
    assert [cell and cell.column for cell in cells] == [1, 0, 0]
    cuts = [step.renewal.cut for step in path.steps]
    assert cuts == [Decimal("0.07"), Decimal("0.025"), Decimal("0.025"), Decimal(0)]
    assert path.steps[1].facts.spend == Decimal("2100000") * 93
    assert path.price_after(0) == 100
    assert path.price_after(2) == 93
    assert path.price_after(4) == Decimal("90.675")
    assert path.price_after(8) == path.price_after(6) == Decimal("88.408125")


def test_the_eighth_year_ends_on_the_regular_list():
    path = price_path(prospects(), [agreement(MILLION, 800_000)] * 6, [rules()])
    assert [step.year for step in path.steps] == [2, 4, 6, 8]
    assert path.steps[-1].renewal.route is Route.REGULAR
    assert path.price_after(12) == path.price_after(8)


def test_two_unchanged_agreements_lead_to_the_regular_list_until_2024():
    calm = [agreement(MILLION, MILLION)] * 4
    assert [len(price_path(prospects(), calm, [rules(year)]).steps) for year in (2022, 2024)] == [
        2,
        2,
    ]
    assert len(price_path(prospects(), calm, [rules(2025)]).steps) == 4


def test_another_maker_s_drug_ends_the_path_on_the_regular_list():
    path = price_path(prospects(generic_from_year=3), [agreement(MILLION, 800_000)] * 4, [rules()])
    assert path.steps[-1].year == 4
    assert path.steps[-1].renewal.steps[0].key == "regular.non_exclusive"


def test_a_renegotiation_leaves_the_price_open_or_takes_the_assumed_cut():
    bursting = [agreement(3 * MILLION, MILLION), *[agreement(MILLION, MILLION)] * 3]
    path = price_path(prospects(), bursting, [rules()])
    assert path.is_open
    assert path.price_after(0) == 100
    assert path.price_after(2) is None
    assumed = price_path(prospects(renegotiated_cut=Decimal("0.4")), bursting, [rules()])
    assert not assumed.is_open
    assert assumed.price_after(2) == 60


def test_a_change_of_scope_sets_b_and_counts_against_the_original_scope_apart():
    grows = [agreement(MILLION, MILLION, scope=300_000), agreement(MILLION, 1_300_000)]
    (first, _) = price_path(prospects(), grows, [rules()]).steps
    assert first.facts.ratio_b == Decimal("0.3")
    assert first.facts.spend_increase == 30 * MILLION
    assert first.facts.budget_growth == 0
    assert first.renewal.cut == Decimal("0.05")


def test_growth_of_the_next_budget_beyond_double_is_renegotiated():
    doubles = [agreement(MILLION, MILLION), agreement(MILLION, 2_000_001)]
    path = price_path(prospects(), doubles, [rules()])
    assert path.steps[0].renewal.steps[-1].key == "simple.growth_until"
    assert path.is_open


def test_the_share_of_sales_and_the_base_of_the_columns_are_those_of_the_year():
    above = [agreement(3 * MILLION, "2500000")]
    old = price_path(prospects(payment_ratio=None), above, [rules(2024)]).steps[0]
    assert old.facts.spend == 3 * MILLION * 65
    new = price_path(prospects(payment_ratio=Decimal("0.5")), above, [rules(2025)]).steps[0]
    assert new.facts.spend == 300 * MILLION
    assert new.actual == 150 * MILLION


def test_each_renewal_may_have_rules_of_its_own():
    grows = [agreement("2500000", "2000000")] * 2
    path = price_path(prospects(), grows, [rules(2024), rules(2025)])
    assert [step.renewal.rulebook for step in path.steps] == [
        "nrdl-renewal-2024",
        "nrdl-renewal-2025",
    ]


def test_an_unknown_rule_stops_the_path_by_name():
    grows = agreement(MILLION, 800_000, scope=200_000)
    open_rules = [rules(options={})]
    with pytest.raises(RuleNotStatedError, match=r"halving\.method"):
        price_path(prospects(), [grows] * 3, open_rules)


@pytest.mark.parametrize(
    ("about", "agreements", "where"),
    [
        ({}, [], "agreements"),
        ({"payment_ratio": Decimal("1.1")}, [agreement(1, 1)], "payment_ratio"),
        ({"renegotiated_cut": Decimal(2)}, [agreement(1, 1)], "renegotiated_cut"),
        ({}, [agreement((1, 1, 1), 1)], "agreements[0].units"),
        ({}, [agreement(1, 1), agreement(-1, 1)], "agreements[1].units"),
        ({}, [agreement(1, 1, scope=-1)], "agreements[0].units"),
        ({}, [agreement(1, 0)], "agreements[0].expected_units"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused_at_its_place(about, agreements, where):
    with pytest.raises(ModelFaultsError) as refusal:
        price_path(prospects(**about), agreements, [rules()])
    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_path_as_a_document_tells_price_cells_and_clauses():
    document = path_document(price_path(prospects(), [agreement(MILLION, 800_000)] * 2, [rules()]))
    assert document["price_after"] == {"2": "95", "4": "92.625", "8": "92.625"}
    assert document["open"] is False
    steps = document["steps"]
    assert isinstance(steps, list)
    first, _ = steps
    assert first["ratio_a"] == "1.25"
    assert first["renewal"]["cell_a"] == {
        "row": 2,
        "column": 1,
        "cut": "0.05",
        "ratio_above": "1.1",
        "ratio_until": "1.4",
        "spend_above": "0",
        "spend_until": "200000000",
    }


UNITS = st.integers(1, 60).map(lambda number: Decimal(number) * 100_000)
AGREEMENTS = st.lists(
    st.builds(
        Agreement,
        units=st.tuples(UNITS, UNITS),
        expected_units=UNITS,
        scope_units=st.none() | UNITS,
    ),
    min_size=1,
    max_size=5,
)
FORMS = {"year": st.sampled_from(range(2022, 2027)), "agreements": AGREEMENTS}


def by_hand(price, agreements, year, assumed):
    """A slow loop in floats, written from the formulas; None where the price is open."""
    prices, unchanged, done = [price], 1, False
    for number, one in enumerate(agreements):
        listed = 2 * (number + 1)
        if done or price is None:
            prices.append(price)
            continue
        mean, expected = float(sum(one.units)) / 2, float(one.expected_units)
        scope = None if one.scope_units is None else float(one.scope_units)
        if (year > 2022 and listed >= 8) or (year < 2025 and unchanged >= 2 and scope is None):
            done = True
            prices.append(price)
            continue
        higher = max(mean, expected)
        growth = 0.0
        if number + 1 < len(agreements):
            growth = (float(agreements[number + 1].expected_units) - (scope or 0)) / higher - 1
        b = 0.0 if scope is None else scope / higher
        if mean / expected > 2 or growth > 1 or b > 1:
            cut = assumed
        else:
            cuts = [
                percent(mean / expected - 1, mean * price, year),
                0 if scope is None else percent(b, scope * price, year),
            ]
            if year > 2022 and listed >= 4:
                cuts = [cut / 2 for cut in cuts]
            cut = 1 - (1 - cuts[0]) * (1 - cuts[1])
        unchanged = unchanged + 1 if cut == 0 and scope is None else 1
        price = None if cut is None else price * (1 - cut)
        prices.append(price)
    return prices


def percent(excess, money, year):
    # Just above an edge in floats is the edge itself in decimals.
    if excess <= 0.1 + 1e-12:
        return 0.0
    base = 5 if excess <= 0.4 + 1e-12 else 10 if excess <= 0.7 + 1e-12 else 15
    tiers = (2, 10, 20, 40) if year < 2025 else (3, 15, 30, 60)
    column = sum(money > tier * 1e8 + 1e-6 for tier in tiers)
    return (base + (0, 2, 4, 6, 10)[column]) / 100


@given(**FORMS, assumed=st.sampled_from([None, Decimal("0.3")]))
def test_any_path_is_what_a_slow_loop_says(year, agreements, assumed):
    path = price_path(prospects(renegotiated_cut=assumed), agreements, [rules(year)])
    slow = by_hand(100.0, agreements, year, None if assumed is None else float(assumed))
    for number, price in enumerate(slow):
        after = path.price_after(2 * number)
        assert (after is None) == (price is None)
        assert after is None or price is None or float(after) == pytest.approx(price, rel=1e-12)


@given(**FORMS, assumed=st.sampled_from([None, Decimal("0.3")]))
def test_prices_never_rise_and_stay_above_zero(year, agreements, assumed):
    path = price_path(prospects(renegotiated_cut=assumed), agreements, [rules(year)])
    prices = [path.price_after(2 * number) for number in range(len(agreements) + 1)]
    known = [price for price in prices if price is not None]
    assert known == sorted(known, reverse=True)
    assert all(price > 0 for price in known)


def test_draws_take_the_same_way_as_exact_paths():
    generator = np.random.default_rng(5)
    count, draws = 4, 300
    # Odd numbers keep every ratio off the edges, where floats and decimals part.
    units = np.asarray(generator.integers(1, 4000, (2 * count, draws)) * 1009, dtype=np.float64)
    expected = np.asarray(generator.integers(1, 4000, (count, draws)) * 1013, dtype=np.float64)
    scope = np.where(generator.random((count, draws)) < 0.4, units[:count] / 3, np.nan)
    for year in range(2022, 2027):
        for assumed in (None, Decimal("0.25")):
            about = prospects(renegotiated_cut=assumed, payment_ratio=Decimal("0.7"))
            paths = path_draws(about, units, expected, [rules(year)], scope)
            for draw in range(draws):
                told = [
                    Agreement(
                        units=(Decimal(units[2 * one, draw]), Decimal(units[2 * one + 1, draw])),
                        expected_units=Decimal(expected[one, draw]),
                        scope_units=None
                        if np.isnan(scope[one, draw])
                        else Decimal(scope[one, draw]),
                    )
                    for one in range(count)
                ]
                exact = price_path(about, told, [rules(year)])
                for row, years in enumerate(paths.years):
                    price = exact.price_after(years)
                    drawn = paths.price[row, draw]
                    assert (
                        np.isnan(drawn) if price is None else drawn == pytest.approx(float(price))
                    )
                for number, step in enumerate(exact.steps):
                    assert list(Route)[paths.route[number, draw]] is step.renewal.route


def test_draws_are_summed_up_by_quantile_and_route():
    units = np.array([[1.0e6, 1.3e6, 3e6]] * 2)
    paths = path_draws(prospects(), units, np.full((1, 3), 1e6), [rules()])
    assert paths.price[0].tolist() == [100.0, 100.0, 100.0]
    assert paths.quantile(0.0).tolist() == [100.0, 95.0]
    assert paths.frequency(Route.RENEGOTIATE).tolist() == pytest.approx([1 / 3])
    assert paths.frequency(Route.SIMPLE).tolist() == pytest.approx([2 / 3])


def test_a_draw_that_is_open_stays_open_and_never_reaches_the_regular_list():
    units = np.array([[3e6, 1e6]] * 2 + [[1e6, 1e6]] * 6)
    paths = path_draws(prospects(), units, np.full((4, 2), 1e6), [rules(2025)])
    assert np.isnan(paths.price[1:, 0]).all()
    assert {list(Route)[code] for code in paths.route[:, 0]} == {Route.RENEGOTIATE}
    assert list(Route)[paths.route[-1, 1]] is Route.REGULAR


def test_draws_that_do_not_fit_the_agreements_are_refused():
    with pytest.raises(ModelFaultsError, match="expected 4 years"):
        path_draws(prospects(), np.ones((3, 1)), np.ones((2, 1)), [rules()])
