"""What deals cost a pool, and what is left of it, beside a plain count by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.model_file import parse_model
from pricing.stated_rules import StatedRules
from procurement.negotiations.pool.rules import (
    PoolTerms,
    agreement_years,
    pool_terms,
    run_pool,
    yearly_spend,
)
from tests.procurement.negotiations.outputs.models import model_of
from tests.procurement.negotiations.world import MODEL

OPEN = PoolTerms(None, None, ())
AMOUNTS = st.decimals(0, 10**9, places=2)
BOOK = "negotiation-rare-disease-jiangsu-2022"


def model(text=MODEL):
    return parse_model({"model.toml": text.encode()})


def test_the_spend_is_price_times_the_units_that_the_fund_pays():
    # 1000 and 1010 patients, of whom a fifth and two fifths take 12 units; the fund pays 70 %.
    first, second, _third = yearly_spend(model(), Decimal(120), payment_ratio=None) or ()
    assert (first, second) == (Decimal("201600.00"), Decimal("407232.00"))


def test_a_ratio_that_is_stated_takes_the_place_of_the_funds_part():
    first, second, _third = yearly_spend(model(), Decimal(120), payment_ratio=Decimal("0.5")) or ()
    assert (first, second) == (Decimal(144000), Decimal(290880))


def test_what_the_maker_pays_back_is_no_spend_of_the_pool():
    capped = MODEL + "[managed_entry]\ncap = 300_000\nrefund_share = 1.0\n"
    first, second, _third = yearly_spend(model(capped), Decimal(120), payment_ratio=None) or ()
    assert (first, second) == (Decimal("201600.00"), Decimal("300000.00"))


def test_a_drug_that_more_patients_use_when_it_is_cheaper_costs_what_they_use():
    elastic = MODEL + "[elasticity]\nvalue = -1.0\nreference_price = 240\n"
    first, _second, _third = yearly_spend(model(elastic), Decimal(120), payment_ratio=None) or ()
    # At half the price twice the share: 80 % from the second year on, half of it in the first.
    assert first == Decimal("403200.00")


def test_a_file_without_a_population_tells_no_spend():
    assert yearly_spend(model_of("tree"), Decimal(120), payment_ratio=None) is None


@pytest.mark.parametrize(("carries_over", "readings"), [(None, 2), (True, 1), (False, 1)])
def test_an_unknown_rule_leaves_both_readings(carries_over, readings):
    terms = PoolTerms(None, carries_over, ())
    course = run_pool(Decimal(10), [("A", (Decimal(4),))], years=1, terms=terms)
    assert len(course.readings) == readings


def test_rules_that_nobody_states_are_named():
    for book in (BOOK, "negotiation-nrdl-2023"):
        terms = pool_terms(StatedRules.of(book))
        assert [key for key, _, _ in terms.unknown] == ["pool.payment_ratio", "pool.carries_over"]
        assert (terms.payment_ratio, terms.carries_over) == (None, None)
    given_all = {"pool.payment_ratio": "0.9", "pool.carries_over": False}
    assert pool_terms(StatedRules.of(BOOK, given_all)) == PoolTerms(Decimal("0.9"), False, ())


def test_what_cannot_be_counted_is_said():
    spends = [("A", None), ("B", (Decimal(1),))]
    course = run_pool(Decimal(10), spends, years=2, terms=OPEN)
    assert (course.not_estimated, course.unforecast_from) == (("A",), 2)
    assert course.spend == (Decimal(1),)


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), max_size=5))
def test_what_is_left_is_what_a_plain_count_leaves(contribution, spends):
    named = [(str(number), spend) for number, spend in enumerate(spends)]
    course = run_pool(contribution, named, years=3, terms=OPEN)
    carried, beyond = Decimal(0), set()
    for year in range(3):
        spent = sum((spend[year] for spend in spends), Decimal(0))
        carried += contribution - spent
        assert course.spend[year] == spent
        assert course.apart is not None and course.carried is not None
        assert course.apart[year].balance == contribution - spent
        assert course.carried[year].balance == carried
        beyond |= {year + 1} if min(carried, contribution - spent) < 0 else set()
    assert set(course.beyond) == beyond


def test_a_begun_year_of_an_agreement_counts():
    assert agreement_years(date(2027, 1, 1), date(2027, 1, 2)) == 1
    assert agreement_years(date(2027, 7, 1), date(2029, 6, 30)) == 2
