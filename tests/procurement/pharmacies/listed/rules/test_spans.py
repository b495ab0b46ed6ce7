"""Periods of a drug, compared day by day with what they cover."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.listed.rules.spans import OverlapError, Span, first_overlap, place

FIRST = date(2022, 1, 1)
HORIZON = 40


@st.composite
def spans(draw):
    start = draw(st.integers(0, HORIZON - 1))
    length = draw(st.one_of(st.none(), st.integers(0, 12)))
    day = FIRST + timedelta(days=start)
    return Span(day, None if length is None else day + timedelta(days=length))


def days_of(span):
    """Its days up to a horizon beyond every start and end that is drawn."""
    every = (FIRST + timedelta(days=number) for number in range(2 * HORIZON))
    return {day for day in every if span.covers(day)}


@given(spans(), spans())
def test_two_spans_meet_where_a_day_is_in_both(one, other):
    assert one.meets(other) == bool(days_of(one) & days_of(other)) == other.meets(one)


@given(st.lists(spans(), max_size=6))
def test_an_overlap_is_found_wherever_there_is_one(drawn):
    found = first_overlap(drawn)
    pairs = [
        (i, j) for j in range(len(drawn)) for i in range(j) if days_of(drawn[i]) & days_of(drawn[j])
    ]
    assert (found is None) == (not pairs)
    assert found is None or found in pairs


@given(st.lists(spans(), max_size=6), st.booleans())
def test_periods_that_were_placed_one_after_the_other_never_overlap(drawn, cuts):
    held: list[Span] = []
    for new in drawn:
        before = set().union(*map(days_of, held)) if held else set()
        try:
            found = place(new, held, cuts=cuts)
        except OverlapError as refused:
            assert days_of(refused.held) & days_of(new) and refused.held in held
            continue
        if found is not None:
            was, becomes = found
            assert cuts and was.starts_on == becomes.starts_on
            held[held.index(was)] = becomes
        held.append(new)
        assert first_overlap(held) is None
        # Nothing that was covered before the new period begins is lost.
        assert {day for day in before if day < new.starts_on} <= set().union(*map(days_of, held))
