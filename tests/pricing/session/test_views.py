"""What each side sees: the maker nothing of the ceiling, the negotiators what is allowed."""

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.session import (
    Event,
    EventKind,
    MakerView,
    SessionRefusedError,
    Side,
    begin,
    maker_view,
    negotiators_view,
    session_rules,
    take,
)
from pricing.stated_rules import StatedRules

BOOK = "negotiation-nrdl-2023"
RULES = session_rules(StatedRules.of(BOOK))
PRICES = st.decimals(min_value="0.01", max_value="200", places=2)
EVENTS = st.lists(
    st.builds(Event, st.sampled_from(sorted(EventKind)), st.none() | PRICES), max_size=12
)


def sees(*words):
    return session_rules(StatedRules.of(BOOK, {"session.negotiators_see": list(words)}))


def bargaining(rules=RULES):
    session = begin(rules, ceiling=Decimal("87.65"))
    for kind, price in (("first-quote", 150), ("second-quote", 100), ("offer", 80)):
        session = take(session, Event(EventKind(kind), Decimal(price)))
    return session


def test_the_maker_sees_its_quotes_the_offers_and_what_it_may_do():
    view = maker_view(bargaining())
    assert view.quotes == (Decimal(150), Decimal(100))
    assert view.offers == (Decimal(80),)
    assert (view.standing, view.standing_side) == (Decimal(80), Side.NEGOTIATORS)
    assert EventKind.ACCEPT_OFFER in view.may
    assert EventKind.OFFER not in view.may
    assert "87.65" not in repr(view)


def test_the_maker_view_has_no_field_for_anything_else():
    assert {field.name for field in fields(MakerView)} == {
        *("state", "quotes", "offers", "standing", "standing_side", "agreed_price", "may"),
        *("zh", "en"),
    }


def test_the_negotiators_see_the_ceiling_once_it_is_open_and_the_limit_with_it():
    view = negotiators_view(bargaining())
    assert (view.ceiling, view.limit) == (Decimal("87.65"), Decimal("100.7975"))
    closed = negotiators_view(begin(RULES))
    assert (closed.ceiling, closed.limit) == (None, None)


def test_the_rule_decides_what_the_negotiators_see():
    without = negotiators_view(bargaining(sees("quotes", "offers")))
    assert (without.ceiling, without.limit) == (None, None)
    assert "87.65" not in repr(without)
    only_offers = negotiators_view(bargaining(sees("offers")))
    assert only_offers.quotes == ()
    assert only_offers.standing == Decimal(80)
    answered = take(bargaining(sees("offers")), Event(EventKind.QUOTE, Decimal(85)))
    assert negotiators_view(answered).standing is None
    assert negotiators_view(answered).standing_side is Side.MAKER
    only_quotes = negotiators_view(bargaining(sees("quotes")))
    assert only_quotes.offers == ()
    assert only_quotes.standing is None


def played(events, ceiling):
    """The states after each event, the events that were taken, and the session."""
    session, states = begin(RULES, ceiling=ceiling), []
    for one in events:
        try:
            session = take(session, one)
        except SessionRefusedError as refusal:
            if one.side is Side.MAKER:
                assert str(ceiling) not in refusal.zh + refusal.en
        states.append(session.state)
    return states, session


@given(EVENTS, PRICES, PRICES)
def test_two_ceilings_that_lead_to_the_same_events_look_the_same_to_the_maker(
    events, one_ceiling, other_ceiling
):
    _, one = played(events, one_ceiling)
    _, other = played(events, other_ceiling)
    assume(one.events == other.events and one.state == other.state)
    assert maker_view(one) == maker_view(other)


@given(EVENTS, PRICES)
def test_a_view_never_holds_the_ceiling_unless_somebody_said_that_price(events, ceiling):
    _, session = played(events, ceiling)
    said = {one.price for one in session.events}
    assume(ceiling not in said)
    view = maker_view(session)
    values = [*view.quotes, *view.offers, view.standing, view.agreed_price]
    assert ceiling not in values
    assert session.limit not in values or session.limit in said


def test_the_agreed_price_is_seen_by_both():
    session = take(bargaining(), Event(EventKind.ACCEPT_OFFER))
    assert maker_view(session).agreed_price == negotiators_view(session).agreed_price == 80
    assert replace(session, rules=sees("offers")).agreed_price == 80
