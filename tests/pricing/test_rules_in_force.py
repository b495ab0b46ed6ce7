"""On every day the rulebook holds that began last."""

from datetime import date

import pytest

from pricing.rules_in_force import NoRulebookError, rulebook_in_force, standard_rulebook


@pytest.mark.parametrize(
    ("series", "day", "rulebook"),
    [
        ("nrdl-renewal", "2022-07-01", "nrdl-renewal-2022"),
        ("nrdl-renewal", "2023-06-30", "nrdl-renewal-2022"),
        ("nrdl-renewal", "2030-01-01", "nrdl-renewal-2026"),
        ("negotiation-nrdl", "2023-06-30", "negotiation-nrdl-2022"),
        ("negotiation-nrdl", "2026-10-01", "negotiation-nrdl-2023"),
        ("credit", "2025-07-01", "credit-2025"),
    ],
)
def test_the_latest_that_has_begun_holds(series, day, rulebook):
    assert rulebook_in_force(series, date.fromisoformat(day)) == rulebook


@pytest.mark.parametrize(
    ("region", "day", "rulebook"),
    [
        (None, "2020-12-31", "standard-national-2019"),
        (None, "2021-01-01", "standard-national-2021"),
        ("xian", "2026-01-01", "standard-xian-2019"),
        ("heilongjiang", "2019-06-01", "standard-national-2019"),
        ("heilongjiang", "2020-06-01", "standard-heilongjiang-2020"),
        ("heilongjiang", "2022-06-01", "standard-heilongjiang-2022"),
        ("jiangsu", "2024-01-01", "standard-national-2021"),
    ],
)
def test_a_region_s_own_rules_go_before_the_national_ones(region, day, rulebook):
    assert standard_rulebook(region, date.fromisoformat(day)) == rulebook


def test_a_day_before_all_of_them_is_refused_with_those_there_are():
    with pytest.raises(NoRulebookError, match="nrdl-renewal-2022"):
        rulebook_in_force("nrdl-renewal", date(2022, 6, 30))
    with pytest.raises(NoRulebookError, match="another series"):
        rulebook_in_force("weather", date(2022, 6, 30))
    with pytest.raises(NoRulebookError, match="standard-national-2019"):
        standard_rulebook("xian", date(2018, 12, 7))
