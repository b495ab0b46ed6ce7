"""Following reports, obstacles, diagnoses, months: the rules by themselves, beside slow twins."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.dispensing import Dispensing, Use, obstacles
from procurement.pharmacies.rules.eligibility import is_covered_indication, is_diagnosis_code
from procurement.pharmacies.rules.following import (
    FINAL,
    PRESCRIPTION_TRANSITIONS,
    PrescriptionStatus,
    Report,
    follow,
)
from procurement.pharmacies.rules.registration import begun_months, months_after

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))

GOOD = Dispensing(
    at=AT,
    day=date(2026, 3, 6),
    valid_from=AT - timedelta(hours=1),
    valid_until=AT + timedelta(hours=71),
    last_moment_counts=True,
    use=Use(True, 3, 28, 1, date(2026, 2, 6)),
    review_due_on=date(2026, 3, 6),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(PrescriptionStatus), st.integers(0, 5)), min_size=1, max_size=9
    ),
    st.data(),
)
def test_what_reports_say_depends_neither_on_order_nor_on_repetition(raw, drawn):
    reports = [
        Report(str(number), status, AT + timedelta(minutes=minute), place=number)
        for number, (status, minute) in enumerate(raw)
    ]
    found = follow(drawn.draw(st.permutations([*reports, *reports[:3]])))
    assert found == follow(reports)
    # A slow twin: whatever was believed follows from what was believed before.
    believed = [one for one in reports if one.event not in found.contradictions]
    assert found.times == sum(one.status == PrescriptionStatus.DISPENSED for one in believed)
    assert len(believed) + len(found.contradictions) == len(reports)


def test_nothing_follows_what_is_over_and_everything_is_known():
    assert set(PRESCRIPTION_TRANSITIONS) == set(PrescriptionStatus)
    for status in FINAL:
        assert PRESCRIPTION_TRANSITIONS[status] == frozenset()
    with pytest.raises(ValueError, match="without a report"):
        follow([])


def test_a_reusable_prescription_comes_back():
    way = ("uploaded", "dispensed", "settled", "stock-checked", "dispensed", "settled", "closed")
    reports = [
        Report(str(number), PrescriptionStatus(status), AT + timedelta(minutes=number))
        for number, status in enumerate(way)
    ]
    found = follow(reports)
    assert (found.status, found.times, found.contradictions) == ("closed", 2, ())


def test_nothing_stands_against_what_is_in_order():
    assert obstacles(GOOD) == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"is_open": False}, "state"),
        ({"valid_from": AT + timedelta(seconds=1)}, "early"),
        ({"valid_until": AT - timedelta(seconds=1)}, "expired"),
        ({"valid_until": AT, "last_moment_counts": False}, "expired"),
        ({"is_registered_place": False}, "place"),
        ({"is_designated_place": False}, "designation"),
        ({"is_begun": False}, "begun"),
        ({"is_approved": False}, "registration"),
        ({"review_due_on": date(2026, 3, 5)}, "review"),
        ({"is_listed": False}, "list"),
        ({"is_indicated": False}, "indication"),
        ({"is_doctor_designated": False}, "doctor"),
        ({"use": Use(True, 1, 0, 1)}, "times"),
        ({"use": Use(False, 9, 0, 1)}, "times"),
        ({"use": Use(True, 3, 28, 1, date(2026, 2, 7))}, "interval"),
        ({"use": Use(True, 3, 28, 1, None, date(2026, 4, 2))}, "interval"),
    ],
)
def test_each_obstacle_is_named(changed, key):
    assert [one.key for one in obstacles(replace(GOOD, **changed))] == [key]


def test_borders_are_within():
    assert obstacles(replace(GOOD, valid_until=AT)) == ()
    assert obstacles(replace(GOOD, valid_from=AT)) == ()
    assert obstacles(replace(GOOD, use=Use(True, 3, 28, 1, date(2026, 2, 6)))) == ()


def test_all_obstacles_are_named_at_once():
    bad = replace(GOOD, is_open=False, is_listed=False, review_due_on=date(2026, 1, 1))
    assert [one.key for one in obstacles(bad)] == ["state", "review", "list"]


@pytest.mark.parametrize(
    ("code", "allowed", "is_covered"),
    [
        ("C34.9", ("C34",), True),
        ("C34", ("C34",), True),
        ("C34", ("C34.9",), False),
        ("C341", ("C34",), False),
        ("C34.91", ("C34.9",), True),
        ("C50.9", ("C34", "C50."), True),
        ("D34", ("C34",), False),
        ("", ("C34",), False),
        ("D34", (), True),
        ("C34.900X001", ("C34.900x001",), True),
        ("C34.900x001", ("c34.900",), True),
        ("c34.9", ("C34",), True),
    ],
)
def test_a_code_of_the_list_covers_its_subdivisions(code, allowed, is_covered):
    assert is_covered_indication(code, allowed) is is_covered


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("C34.900x001", True),
        ("C34.900X001", True),
        ("A17.000+", True),
        ("G01.0*", True),
        ("C34.", False),
        ("C34.900x00111", False),
        ("C34.9++", False),
        ("C34.ß", False),
    ],
)
def test_codes_of_the_national_version_are_codes(code, is_one):
    assert is_diagnosis_code(code) is is_one


@given(DAYS, st.integers(0, 48))
def test_begun_months_and_months_after_agree(day, months):
    last = months_after(day, months)
    assert begun_months(day, last) == months
    assert begun_months(day, last + timedelta(days=1)) == months + 1
