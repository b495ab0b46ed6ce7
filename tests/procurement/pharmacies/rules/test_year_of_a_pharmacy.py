"""Convenience pharmacies, prescriptions and registrations, by their documents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.pharmacies.rules.convenience import PharmacyYear, standing
from procurement.pharmacies.rules.prescriptions import is_valid
from procurement.pharmacies.rules.registration import coverage

JIANGSU = StatedRules.of("pharmacy-jiangsu-2023")
GOOD = PharmacyYear([True] * 4, Decimal("0.85"), Decimal(10_000), Decimal("8.90"), Decimal("8.90"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (True, True, 0, ())),
        ({"completion": Decimal("0.8499")}, (True, False, 0, ())),
        ({"sales": Decimal("9999.99")}, (True, False, 0, ())),
        ({"reported_quarters": [True, False, True, True]}, (True, True, 0, ())),
        (
            {"reported_quarters": [False, True, True, False]},
            (False, False, 2, ("removal.silent_quarters",)),
        ),
        ({"price": Decimal("8.91")}, (False, False, 2, ("pharmacy.price_at_most",))),
        (
            {"price": Decimal(9), "reported_quarters": [False] * 4},
            (False, False, 2, ("removal.silent_quarters", "pharmacy.price_at_most")),
        ),
    ],
)
def test_a_year_keeps_or_costs_the_sign(change, expected):
    found = standing(replace(GOOD, **change), JIANGSU)
    assert (found.keeps_sign, found.is_preferred, found.blocked_years, found.because) == expected


def test_without_stated_hours_nobody_guesses_how_long_a_prescription_is_valid():
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    with pytest.raises(RuleNotStatedError, match=r"prescription\.valid_hours"):
        is_valid(moment, moment, StatedRules.of("dual-suzhou-2022"))


def test_whether_the_last_moment_counts_may_be_decided_otherwise():
    rules = StatedRules.of("dual-guangzhou-2022", {"prescription.last_moment_counts": False})
    wrote = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert not is_valid(wrote, wrote + timedelta(hours=72), rules)
    assert is_valid(wrote, wrote + timedelta(hours=72, seconds=-1), rules)


def test_a_review_is_overdue_after_the_twelfth_month():
    rules = StatedRules.of("dual-suzhou-2022")
    covered = [
        coverage(
            registered_pharmacy="P1", used="P1", months_since_review=months, rules=rules
        ).is_covered
        for months in (0, 12, 13)
    ]
    assert covered == [True, True, False]
