"""A session: two quotes, bargaining within the range, a deal only at or under the ceiling."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelError
from pricing.session import (
    EVENT_WORDS,
    FINAL,
    PRICED,
    SIDE_OF,
    STATE_WORDS,
    WAITING,
    Event,
    EventKind,
    SessionRefusedError,
    Side,
    State,
    allowed,
    begin,
    replay,
    session_rules,
    take,
)
from pricing.stated_rules import StatedRules

BOOK = "negotiation-nrdl-2023"
RULES = session_rules(StatedRules.of(BOOK))
CEILING = Decimal("100.00")


def event(kind, price=None):
    return Event(EventKind(kind), None if price is None else Decimal(str(price)))


def played(*events, rules=RULES, ceiling=CEILING):
    return replay(rules, [event(*one) for one in events], ceiling=ceiling)


def quoted(first, second, **more):
    return played(("first-quote", first), ("second-quote", second), **more)


@pytest.mark.parametrize("first", ["0.01", "100", "115", "115.01", "9999999"])
def test_a_first_quote_never_ends_the_talks_whatever_its_height(first):
    assert played(("first-quote", first)).state is State.AWAITING_SECOND


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ("99.99", State.BARGAINING),
        ("100", State.BARGAINING),
        ("115", State.BARGAINING),
        ("115.00", State.BARGAINING),
        ("115.01", State.ENDED_ABOVE),
        ("400", State.ENDED_ABOVE),
    ],
)
def test_only_a_second_quote_above_115_percent_ends_the_talks(second, state):
    session = quoted("500", second)
    assert session.state is state
    assert session.is_over == (state is State.ENDED_ABOVE)


def test_the_limit_is_exact_where_cents_do_not_divide():
    ceiling = Decimal("33.33")
    assert quoted("50", "38.3295", ceiling=ceiling).state is State.BARGAINING
    assert quoted("50", "38.3296", ceiling=ceiling).state is State.ENDED_ABOVE


def test_a_deal_is_made_at_the_ceiling_but_not_above_it():
    bargaining = quoted("150", "115")
    at = take(take(bargaining, event("quote", "100")), event("accept-quote"))
    assert (at.state, at.agreed_price) == (State.AGREED, Decimal("100"))
    above = take(bargaining, event("quote", "100.01"))
    with pytest.raises(SessionRefusedError) as refusal:
        take(above, event("accept-quote"))
    assert refusal.value.code == "quote-too-high"
    with pytest.raises(SessionRefusedError) as refusal:
        take(bargaining, event("offer", "100.01"))
    assert refusal.value.code == "offer-too-high"


def test_the_maker_accepts_an_offer_and_the_deal_is_at_that_price():
    session = played(
        ("first-quote", 150),
        ("second-quote", 112),
        ("offer", 80),
        ("quote", 108),
        ("offer", 95),
        ("accept-offer",),
    )
    assert (session.state, session.agreed_price) == (State.AGREED, Decimal(95))
    assert session.standing is None


def test_a_second_quote_under_the_ceiling_may_be_accepted_at_once():
    session = take(quoted(120, 97), event("accept-quote"))
    assert session.agreed_price == Decimal(97)


def test_nobody_accepts_a_price_of_their_own():
    with pytest.raises(SessionRefusedError) as refusal:
        take(take(quoted(120, 97), event("offer", 90)), event("accept-quote"))
    assert refusal.value.code == "nothing-to-accept"
    with pytest.raises(SessionRefusedError):
        take(quoted(120, 97), event("accept-offer"))


@pytest.mark.parametrize("kind", ["maker-leaves", "negotiators-leave"])
def test_either_side_may_walk_away_from_the_bargaining(kind):
    session = take(quoted(120, 110), event(kind))
    assert (session.state, session.agreed_price) == (State.ENDED_LEFT, None)


@pytest.mark.parametrize("kind", ["maker-leaves", "negotiators-leave"])
@pytest.mark.parametrize("quotes", [0, 1, 2])
def test_either_side_may_end_a_session_in_which_somebody_does_not_come(kind, quotes):
    named = [("first-quote", 500), ("second-quote", 400)][:quotes]
    waiting = played(*named, ceiling=None)
    assert waiting.state in WAITING
    assert EventKind(kind) in allowed(waiting, event(kind).side)
    ended = take(waiting, event(kind))
    assert (ended.state, ended.standing) == (State.ENDED_LEFT, None)


@pytest.mark.parametrize("second", ["115", "115.01"])
def test_the_ceiling_may_be_opened_before_or_after_the_quotes(second):
    opened, quotes = ("ceiling-opened", CEILING), [("first-quote", 200), ("second-quote", second)]
    orders = [[opened, *quotes], [quotes[0], opened, quotes[1]], [*quotes, opened]]
    states = {played(*order, ceiling=None).state for order in orders}
    assert states == {quoted(200, second).state}
    assert played(*quotes, ceiling=None).state is State.AWAITING_CEILING


def test_the_ceiling_is_opened_once():
    with pytest.raises(SessionRefusedError) as refusal:
        played(("ceiling-opened", 90))
    assert refusal.value.code == "already-opened"


@pytest.mark.parametrize(
    ("kind", "price", "code"),
    [
        ("first-quote", None, "price-needed"),
        ("first-quote", "0", "price-not-positive"),
        ("first-quote", "-1", "price-not-positive"),
        ("first-quote", "NaN", "price-not-positive"),
        ("first-quote", "Infinity", "price-not-positive"),
        ("maker-leaves", "5", "price-not-wanted"),
        ("second-quote", "5", "not-now"),
        ("offer", "5", "not-now"),
    ],
)
def test_what_is_not_allowed_is_refused_in_both_languages_and_changes_nothing(kind, price, code):
    before = begin(RULES, ceiling=CEILING)
    with pytest.raises(SessionRefusedError) as refusal:
        take(before, event(kind, price))
    assert refusal.value.code == code
    assert refusal.value.zh.startswith(EVENT_WORDS[EventKind(kind)][0])
    assert str(refusal.value) == refusal.value.en
    assert before == begin(RULES, ceiling=CEILING)


def test_a_refusal_names_what_this_side_may_do_now_and_nothing_of_the_others():
    with pytest.raises(SessionRefusedError) as refusal:
        take(played(("first-quote", 500)), event("offer", 80))
    assert refusal.value.en.endswith("expected: the negotiators walk away.")
    with pytest.raises(SessionRefusedError) as refusal:
        take(played(("first-quote", 500)), event("first-quote", 80))
    assert refusal.value.en.endswith("expected: second quote, the maker walks away.")
    assert "第二次报价、企业退出谈判" in refusal.value.zh


def test_nothing_happens_after_the_end():
    for session in (quoted(200, 200), take(quoted(120, 90), event("accept-quote"))):
        for kind in EventKind:
            with pytest.raises(SessionRefusedError):
                take(session, Event(kind, Decimal(1) if kind in PRICED else None))
        assert all(allowed(session, side) == () for side in Side)


@pytest.mark.parametrize(
    ("option", "first", "state"),
    [
        (None, "100", State.AWAITING_SECOND),
        ("second-quote", "100", State.AWAITING_SECOND),
        ("bargaining", "115", State.BARGAINING),
        ("bargaining", "115.01", State.AWAITING_SECOND),
    ],
)
def test_what_follows_a_first_quote_within_the_range_is_left_to_an_option(option, first, state):
    options = {} if option is None else {"session.first_within": option}
    rules = session_rules(StatedRules.of(BOOK, options))
    assert played(("first-quote", first), rules=rules).state is state


def test_the_rules_are_cited_and_none_of_them_passes_for_verified():
    assert "session.ends_above" in RULES.clauses
    assert not RULES.is_verified
    with pytest.raises(ModelError, match="2 quotes"):
        session_rules(StatedRules.of(BOOK, {"session.quotes": 3}))


def test_every_kind_and_state_has_words_and_every_kind_a_side():
    assert EVENT_WORDS.keys() == SIDE_OF.keys() == set(EventKind)
    assert STATE_WORDS.keys() == set(State)
    assert {state for state in State if state.value.startswith(("agreed", "ended"))} == FINAL


PRICES = st.decimals(min_value="0.01", max_value="200", places=2)
EVENTS = st.lists(
    st.builds(Event, st.sampled_from(sorted(EventKind)), st.none() | PRICES), max_size=12
)


END = {
    "accept-offer": "agreed",
    "accept-quote": "agreed",
    "maker-leaves": "ended-without-deal",
    "negotiators-leave": "ended-without-deal",
}


def twin(events, ceiling):
    """What a clerk with paper would say: (outcome, price), from the events that were allowed."""
    kinds = [one.kind.value for one in events]
    prices = {kind: one.price for kind, one in zip(kinds, events, strict=True)}
    if "second-quote" in kinds and prices["second-quote"] * 100 > ceiling * 115:
        return "ended-above-limit", None
    for kind in END.keys() & set(kinds):
        # Who accepts takes the price that was named last.
        named = [one.price for one in events if one.price is not None]
        return END[kind], named[-1] if kind.startswith("accept") else None
    waiting = {0: "awaiting-first-quote", 1: "awaiting-second-quote"}
    quotes = sum(kind in ("first-quote", "second-quote") for kind in kinds)
    return waiting.get(quotes, "bargaining"), None


@given(EVENTS, PRICES)
def test_any_sequence_of_events_leads_where_a_clerk_with_paper_says(events, ceiling):
    session, taken = begin(RULES, ceiling=ceiling), []
    for one in events:
        try:
            session = take(session, one)
        except SessionRefusedError:
            continue
        taken.append(one)
    assert session.events == tuple(taken)
    assert (session.state.value, session.agreed_price) == twin(taken, ceiling)
    assert session == replay(RULES, taken, ceiling=ceiling)
    if session.agreed_price is not None:
        assert session.agreed_price <= ceiling
        assert sum(one.kind == "second-quote" for one in taken) == 1


@given(EVENTS, PRICES)
def test_what_is_allowed_is_what_is_not_refused_for_its_time(events, ceiling):
    session = begin(RULES, ceiling=ceiling)
    for one in events:
        may = one.kind in allowed(session, one.side)
        try:
            session = take(session, one)
        except SessionRefusedError as refusal:
            assert not may or refusal.code not in ("not-now", "nothing-to-accept")
        else:
            assert may
