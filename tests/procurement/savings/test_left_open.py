"""What texts leave open, in the ways in which people write it."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.savings.folder.left_open import plain_left_open
from procurement.savings.folder.years import Year, breaks_of, parse_year

BANDS = {"80": {"ratio": "0.5"}, "60": {"ratio": "0.4"}, "0": {"ratio": "0"}}


@pytest.mark.parametrize(
    "raw",
    [
        {"80": "0.5", "60": "0.4", "0": "0"},
        {"60": Decimal("0.4"), "80": Decimal("0.5")},
        {">=80": Decimal("0.5"), "60-80": Decimal("0.4"), "<60": 0},
        [[80, Decimal("0.5")], [60, Decimal("0.4")], [0, 0]],
        [{"min": 80, "ratio": "0.5"}, {"min": 60, "max": 80, "ratio": "0.4"}],
    ],
)
def test_bands_may_be_written_in_several_ways(raw):
    assert plain_left_open("bands", raw) == BANDS


def test_an_edge_may_lie_below_its_band():
    bands = plain_left_open("bands", {">80": "0.5", "70": "0.4"})
    assert bands == {">80": {"ratio": "0.5"}, "70": {"ratio": "0.4"}, "0": {"ratio": "0"}}


@pytest.mark.parametrize(
    ("key", "raw", "expected"),
    [
        ("rounding", "half_up_cent", "half_up_cent"),
        ("rounding", "cent-half-up", "half_up_cent"),
        ("rounding", 2, "half_up_cent"),
        ("rounding", "half_up_cent_line", "half_up_cent_line"),
        ("rounding", "none", "not_rounded"),
        ("rounding", "bankers", "bankers"),
        ("follow_on", True, "earns"),
        ("follow_on", "none", "nothing"),
        ("follow_on", "maybe", "maybe"),
        ("negative_base", "floor-each", "floor_each"),
        ("completion_unit", "hospital", "institution"),
    ],
)
def test_words_are_brought_to_those_of_the_rulebooks(key, raw, expected):
    assert plain_left_open(key, raw) == expected


def test_a_year_is_a_calendar_year_or_has_two_days():
    assert parse_year("2024") == Year(date(2024, 1, 1), date(2024, 12, 31))
    span = parse_year("2022-11-30..2023-11-29")
    assert span is not None
    assert (span.days, span.next_day) == (365, date(2023, 11, 30))
    assert parse_year({"starts_on": "2024-01-01", "ends_on": date(2024, 1, 1)}) is not None
    with pytest.raises(ValueError, match="is before"):
        parse_year("2024-02-01..2024-01-01")


def test_between_two_breaks_every_day_belongs_to_the_same_years():
    one = Year(date(2024, 1, 1), date(2024, 12, 31))
    other = Year(date(2024, 7, 1), date(2025, 6, 30))
    assert breaks_of([one, other]) == [
        date(2024, 1, 1),
        date(2024, 7, 1),
        date(2025, 1, 1),
        date(2025, 7, 1),
    ]
