"""The tables of an agreement and of uptake, and what is wrong with bad ones."""

import pytest

from pricing.faults import ModelFaultsError
from pricing.managed_entry import (
    Elasticity,
    ManagedEntry,
    OutcomeRebate,
    Tier,
    read_elasticity,
    read_managed_entry,
)


def faults_of(read, table, **more):
    with pytest.raises(ModelFaultsError) as caught:
        read(table, **more)
    return {fault.where: fault.en for fault in caught.value.faults}


def test_a_whole_agreement_is_read():
    table = {
        "cap": [100.0, 200.0],
        "refund_share": 0.5,
        "tiers": [{"up_to": 10.0}, {"up_to": 20, "discount": 0.1}, {"price": 3.0}],
        "dose_cap_units": 12,
        "outcome_rebate": {"response": 0.6, "rebate": 0.5},
    }
    assert read_managed_entry(table, years=2) == ManagedEntry(
        (100.0, 200.0),
        0.5,
        (Tier(10.0), Tier(20.0, 0.1), Tier(None, price=3.0)),
        12.0,
        OutcomeRebate(0.6, 0.5),
    )


@pytest.mark.parametrize(
    ("table", "where", "said"),
    [
        ({"cap": [1.0]}, "cap", "has 1 years: expected 2"),
        ({"cap": -1.0}, "cap", "is negative"),
        ({"cap": "much"}, "cap", "'much'"),
        ({"caps": 1.0}, "caps", "unknown key"),
        ({"refund_share": 1.5}, "refund_share", "at most 1"),
        ({"tiers": []}, "tiers", "a list of tables"),
        ({"tiers": [{"up_to": 5}, {"up_to": 9}]}, "tiers.2.up_to", "the last tier has an end"),
        ({"tiers": [{"discount": 0.1}, {}]}, "tiers.1.up_to", "only the last tier"),
        ({"tiers": [{"up_to": 5}, {"up_to": 5}, {}]}, "tiers", "ends that do not grow"),
        ({"tiers": [{"discount": 0.1, "price": 3.0}]}, "tiers.1.price", "one of the two"),
        ({"tiers": [{"discount": 1.1}]}, "tiers.1.discount", "at most 1"),
        ({"outcome_rebate": {"response": 0.5}}, "outcome_rebate.rebate", "is missing"),
        ({"outcome_rebate": 0.5}, "outcome_rebate", "expected a table"),
        ({"dose_cap_units": True}, "dose_cap_units", "expected a number"),
    ],
)
def test_a_bad_agreement_says_where_and_what_was_expected(table, where, said):
    assert said in faults_of(read_managed_entry, table, years=2)[where]


def test_every_fault_is_named_at_once():
    found = faults_of(read_managed_entry, {"refund_share": 2.0, "cap": [1.0], "x": 1}, years=2)
    assert set(found) == {"refund_share", "cap", "x"}


def test_uptake_that_follows_the_price_is_read():
    assert read_elasticity({"value": -0.4, "share_max": 0.6}, price=9.0) == Elasticity(
        -0.4, 9.0, 0.6
    )


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ({"value": 0.4}, "value"),
        ({}, "value"),
        ({"value": -1, "share_max": 0}, "share_max"),
        ({"value": -1, "reference_price": 0}, "reference_price"),
    ],
)
def test_uptake_that_would_grow_with_the_price_is_refused(table, where):
    assert where in faults_of(read_elasticity, table, price=9.0)
