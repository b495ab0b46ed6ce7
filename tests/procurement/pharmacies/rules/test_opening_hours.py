"""Opening hours read back as written; what cannot be is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.opening_hours import (
    Span,
    hours_json,
    hours_of_json,
    hours_text,
    parse_opening_hours,
)


@st.composite
def days(draw):
    ends = sorted(draw(st.lists(st.integers(0, 1440), max_size=6, unique=True)))
    return tuple(Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=False))


weeks = st.dictionaries(st.integers(1, 7), days())


@given(weeks, st.sampled_from(["zh", "en"]))
def test_a_week_reads_back_from_text_and_from_the_database(week, language):
    week = dict(sorted(week.items()))
    assert parse_opening_hours(hours_text(week, language=language)) == (week, ())
    assert hours_of_json(hours_json(week)) == week


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("周一 9:00-8:00", 1),
        ("周一 9:00-9:00", 1),
        ("周一 22:00-06:00", 1),
        ("周一 9:00-25:00", 1),
        ("周一 9:60-10:00", 1),
        ("周一 9:00-12:00,11:00-13:00", 1),
        ("周一 9:00-12:00; 周一 13:00-14:00", 1),
        ("周五至周一 9:00-12:00", 1),
        ("每天 9:00-12:00", 1),
        ("周一 上午", 1),
        ("周一", 1),
        ("周一 9:00-8:00; Foo 1; 周二 x", 3),
        ("周一 9:00-10:00;" * 100, 1),
    ],
)
def test_every_fault_of_opening_hours_is_said(text, count):
    assert len(parse_opening_hours(text)[1]) == count


@pytest.mark.parametrize(
    "text",
    [
        "周一至周日 24小时",
        "Mon-Sun 24h",
        "星期一、星期三 08:00–18:00；周日 休息",
        "",
        "周一~周五 8:00至18:00",
    ],
)
def test_usual_ways_of_writing_are_read(text):
    assert parse_opening_hours(text)[1] == ()


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_reader(text):
    parse_opening_hours(text)
