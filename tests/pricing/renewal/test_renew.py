"""A renewal: its route by year, its cut, and the rules that it names."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.renewal import (
    RenewalFacts,
    Route,
    after_failed_class_1,
    after_failed_scope_change,
    renew,
)
from pricing.stated_rules import RuleNotStatedError, StatedRules

YI = 10**8
YEARS = range(2022, 2027)


def rules(year=2023, **options):
    named = {"halving": "halving.method", "decimals": "price.decimals"}
    named |= {"failure": "class_1.after_failure"}
    given_options = {named[name]: value for name, value in options.items()}
    return StatedRules.of(f"nrdl-renewal-{year}", given_options)


def facts(a="1.25", *, spend=3 * YI, years=2, price="100", b=None, increase=None, **more):
    return RenewalFacts(
        price=Decimal(price),
        ratio_a=Decimal(a),
        spend=Decimal(spend),
        years_listed=years,
        ratio_b=None if b is None else Decimal(b),
        spend_increase=None if increase is None else Decimal(increase),
        **more,
    )


def growth(value):
    return {"budget_growth": Decimal(value)}


ROUTES = [
    # The regular list, by year.
    (2022, {"non_exclusive": True, "a": "9"}, "regular", "regular.non_exclusive"),
    (2026, {"non_exclusive": True, "a": "9"}, "regular", "regular.non_exclusive"),
    (2022, {"unchanged_cycles": 2}, "regular", "regular.unchanged_cycles"),
    (2023, {"unchanged_cycles": 2}, "regular", "regular.unchanged_cycles"),
    (2024, {"unchanged_cycles": 3}, "regular", "regular.unchanged_cycles"),
    (2025, {"unchanged_cycles": 2}, "simple", None),
    (2023, {"unchanged_cycles": 1}, "simple", None),
    (2023, {"unchanged_cycles": 2, "b": "0.05"}, "simple", None),
    (2022, {"years": 8}, "simple", None),
    (2023, {"years": 8}, "regular", "regular.years"),
    (2023, {"years": 7}, "simple", None),
    (2025, {"years": 12, "a": "9"}, "regular", "regular.years"),
    # Simple renewal and its limits, which belong to it.
    (2022, {"a": "2.0"}, "simple", "simple.ratio_a_until"),
    (2022, {"a": "2.01"}, "renegotiate", "simple.ratio_a_until"),
    (2023, {"a": "1", "b": "1.0", "increase": 1}, "simple", "simple.scope_growth_until"),
    (2023, {"a": "1", "b": "1.01", "increase": 1}, "renegotiate", "simple.scope_growth_until"),
    (2023, growth("1.0"), "simple", "simple.growth_until"),
    (2023, growth("1.001"), "renegotiate", "simple.growth_until"),
    (2023, growth("-0.4"), "simple", "simple.growth_until"),
    (2023, {"major_change": True}, "renegotiate", "simple.major_changes"),
    # At the company's wish.
    (2022, {"asks_renegotiation": True}, "renegotiate", "renegotiation.at_wish"),
    (2023, {"asks_renegotiation": True}, "renegotiate", "renegotiation.at_wish"),
    (2023, {"asks_renegotiation": True, "class_1": True}, "renegotiate", "class_1.may_ask"),
    (2022, {"asks_renegotiation": True, "class_1": True}, "renegotiate", "renegotiation.at_wish"),
]


@pytest.mark.parametrize(("year", "about", "route", "key"), ROUTES)
def test_the_route_follows_the_rules_of_the_year(year, about, route, key):
    about = dict(about)
    renewal = renew(facts(about.pop("a", "1.25"), **about), rules(year))
    assert renewal.route.value == route
    assert key is None or key in {step.key for step in renewal.steps}
    assert (renewal.price is None) == (route == "renegotiate") == (renewal.cut is None)


def test_with_a_change_of_scope_the_original_scope_must_pass_first():
    both = facts("1", b="0.3", increase=1, **growth("1.5"))
    renewal = renew(both, rules())
    assert renewal.route is Route.RENEGOTIATE
    assert [step.key for step in renewal.steps][-2:] == [
        "simple.original_scope_first",
        "simple.growth_until",
    ]


def test_the_regular_list_leaves_the_payment_standard_as_it_is():
    renewal = renew(facts("1.9", years=8, price="123.45"), rules())
    assert (renewal.cut, renewal.price) == (Decimal(0), Decimal("123.45"))
    assert not renewal.is_verified


@pytest.mark.parametrize(
    ("year", "spend", "cut"),
    [
        (2022, 2 * YI, "0.05"),
        (2022, 2 * YI + 1, "0.07"),
        (2024, 40 * YI, "0.11"),
        (2024, 40 * YI + 1, "0.15"),
        (2025, 2 * YI + 1, "0.05"),
        (2025, 3 * YI, "0.05"),
        (2025, 3 * YI + 1, "0.07"),
        (2026, 60 * YI, "0.11"),
        (2026, 60 * YI + 1, "0.15"),
    ],
)
def test_the_columns_are_those_of_the_year(year, spend, cut):
    renewal = renew(facts(spend=spend), rules(year))
    assert renewal.cut == Decimal(cut)
    assert renewal.price == 100 * (1 - Decimal(cut))


BOTH = {"b": "0.3", "increase": YI}


def test_two_cuts_follow_one_another():
    renewal = renew(facts(**BOTH), rules())
    assert (renewal.cut, renewal.price) == (Decimal("0.1165"), Decimal("88.35"))
    assert renewal.cell_a is not None and renewal.cell_a.cut == Decimal("0.07")
    assert renewal.cell_b is not None and renewal.cell_b.cut == Decimal("0.05")


@pytest.mark.parametrize("year", range(2023, 2027))
@pytest.mark.parametrize(("method", "cut"), [("combined", "0.05825"), ("each", "0.059125")])
def test_from_the_fourth_year_both_cuts_are_halved_as_the_option_says(year, method, cut):
    spend = 4 * YI
    renewal = renew(facts(years=4, spend=spend, **BOTH), rules(year, halving=method))
    assert (renewal.cut, renewal.halved) == (Decimal(cut), True)
    assert "halving.method" in {step.key for step in renewal.steps}


@pytest.mark.parametrize("year", range(2023, 2027))
def test_without_the_option_it_is_refused_by_name_but_only_where_the_readings_differ(year):
    with pytest.raises(RuleNotStatedError) as refusal:
        renew(facts(years=4, **BOTH), rules(year))
    assert refusal.value.key == "halving.method"
    assert renew(facts(years=4, spend=4 * YI), rules(year)).cut == Decimal("0.035")
    only_b = facts("1.1", years=4, b="0.3", increase=YI)
    assert renew(only_b, rules(year)).cut == Decimal("0.025")
    neither = renew(facts("1.1", years=4, b="0.1", increase=YI), rules(year))
    assert (neither.cut, neither.halved) == (Decimal(0), False)


def test_2022_halves_nothing():
    renewal = renew(facts(years=7, **BOTH), rules(2022))
    assert (renewal.cut, renewal.halved) == (Decimal("0.1165"), False)


@pytest.mark.parametrize(
    ("year", "a", "may"),
    [
        (2022, "1.25", False),
        (2023, "1.1", False),
        (2023, "1.11", True),
        (2023, "2.0", True),
        (2026, "1.5", True),
    ],
)
def test_a_class_1_drug_may_ask_within_its_range_and_is_renewed_if_it_does_not(year, a, may):
    renewal = renew(facts(a, class_1=True), rules(year))
    assert (renewal.route, renewal.may_ask) == (Route.SIMPLE, may)
    assert not renew(facts(a), rules(year)).may_ask


def test_a_class_1_drug_that_asks_aims_at_a_cut_not_above_simple_renewal():
    renewal = renew(facts(class_1=True, asks_renegotiation=True), rules())
    assert renewal.simple_cut == Decimal("0.07")
    assert renewal.steps[-1].key == "class_1.cut_at_most"
    assert "7%" in renewal.steps[-1].zh


def test_what_follows_its_failure_is_unknown_unless_an_option_says_it():
    asked = facts(class_1=True, asks_renegotiation=True)
    with pytest.raises(RuleNotStatedError, match=r"class_1\.after_failure"):
        after_failed_class_1(asked, rules())
    assert after_failed_class_1(asked, rules(failure="removal")) is None
    renewed = after_failed_class_1(asked, rules(failure="simple-renewal"))
    assert renewed is not None and renewed.cut == Decimal("0.07")


def test_a_failed_change_of_scope_renews_the_original_scope():
    renewal = after_failed_scope_change(facts(b="1.5", increase=YI), rules())
    assert (renewal.route, renewal.cut) == (Route.SIMPLE, Decimal("0.07"))
    assert renewal.cell_b is None


def test_the_price_is_exact_unless_an_option_names_its_decimals():
    odd = facts(price="33.33", **BOTH)
    assert renew(odd, rules()).price == Decimal("29.447055")
    assert renew(odd, rules(decimals=2)).price == Decimal("29.45")


def test_the_added_budget_is_needed_where_the_cut_by_b_depends_on_it():
    with pytest.raises(ModelFaultsError, match="spend_increase"):
        renew(facts(b="0.3"), rules())
    assert renew(facts(b="0.1"), rules()).cut == Decimal("0.07")
    assert renew(facts(b="1.5"), rules()).route is Route.RENEGOTIATE


@pytest.mark.parametrize(
    ("about", "where"),
    [
        ({"price": "0"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"a": "-0.1"}, "ratio_a"),
        ({"a": "Infinity"}, "ratio_a"),
        ({"b": "-1"}, "ratio_b"),
        ({"spend": -1}, "spend"),
        ({"increase": -1}, "spend_increase"),
        ({"years": -1}, "years_listed"),
        ({"unchanged_cycles": -1}, "unchanged_cycles"),
        ({"budget_growth": Decimal("NaN")}, "budget_growth"),
    ],
)
def test_facts_that_cannot_be_are_refused_at_their_name(about, where):
    about = dict(about)
    with pytest.raises(ModelFaultsError) as refusal:
        renew(facts(about.pop("a", "1.25"), **about), rules())
    assert [fault.where for fault in refusal.value.faults] == [where]


def test_conditions_whose_facts_are_missing_are_named():
    assert renew(facts(), rules()).not_given == ("unchanged_cycles", "budget_growth")
    assert renew(facts(), rules(2025)).not_given == ("budget_growth",)
    told = facts(unchanged_cycles=1, **growth("0.2"))
    assert renew(told, rules()).not_given == ()


@pytest.mark.parametrize("year", YEARS)
def test_every_step_names_a_rule_of_the_book_in_both_languages(year):
    governing = rules(year) if year == 2022 else rules(year, halving="each")
    renewal = renew(facts(years=6, class_1=True, **BOTH, **growth("0.5")), governing)
    for step in renewal.steps:
        assert step.zh and step.en.isascii()
        assert governing.knows(step.key)
        assert step.clause in renewal.clauses
    assert len(renewal.clauses) == len(set(renewal.clauses))


RATIO = st.decimals(min_value=0, max_value="2.5", places=2)
MONEY = st.decimals(min_value=0, max_value=70 * YI, places=0)


def cut_by_hand(year, a, spend, b, increase, listed, method):
    """Route and percent, written down from the notice."""
    if year > 2022 and listed >= 8:
        return "regular", Decimal(0)
    if a > 2 or (b is not None and b > 1):
        return "renegotiate", None

    def percent(excess, money):
        if excess <= Decimal("0.1"):
            return Decimal(0)
        base = 5 if excess <= Decimal("0.4") else 10 if excess <= Decimal("0.7") else 15
        tiers = (2, 10, 20, 40) if year < 2025 else (3, 15, 30, 60)
        column = sum(money > tier * YI for tier in tiers)
        return Decimal(base + (0, 2, 4, 6, 10)[column])

    cut_a = percent(a - 1, spend)
    cut_b = Decimal(0) if b is None else percent(b, increase)
    if year > 2022 and listed >= 4:
        if method == "each":
            return "simple", 100 - (100 - cut_a / 2) * (100 - cut_b / 2) / 100
        return "simple", (100 - (100 - cut_a) * (100 - cut_b) / 100) / 2
    return "simple", 100 - (100 - cut_a) * (100 - cut_b) / 100


@given(
    year=st.sampled_from(YEARS),
    a=RATIO,
    spend=MONEY,
    b=st.none() | RATIO,
    increase=MONEY,
    listed=st.integers(0, 10),
    method=st.sampled_from(["combined", "each"]),
)
def test_any_renewal_is_what_the_notice_says(year, a, spend, b, increase, listed, method):
    governing = rules(year) if year == 2022 else rules(year, halving=method)
    renewal = renew(
        facts(str(a), spend=spend, years=listed, b=b, increase=increase, price="80"), governing
    )
    route, percent = cut_by_hand(year, a, spend, b, increase, listed, method)
    assert renewal.route.value == route
    assert renewal.cut == (None if percent is None else percent / 100)
    if renewal.cut is not None and renewal.price is not None:
        assert renewal.price == 80 * (1 - renewal.cut)
        assert 0 <= renewal.cut <= Decimal("0.4375")
