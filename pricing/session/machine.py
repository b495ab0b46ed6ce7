"""A session of the talks as a pure state machine: two quotes, bargaining, a deal or none.

Only the second quote can end the talks by its height: if it is above 115 % of the maximum payable
price they are over, within that both sides bargain, and a deal is only made at or under the maximum
payable price. A session is a value: `take` returns the next one, `replay` makes one from its
record.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pricing.money import EXACT
from pricing.session.errors import SessionRefusedError
from pricing.session.events import EVENT_WORDS, PRICED, Event, EventKind, Side
from pricing.session.rules import SessionRules


class State(StrEnum):
    """Where a session stands."""

    AWAITING_FIRST = "awaiting-first-quote"
    AWAITING_SECOND = "awaiting-second-quote"
    AWAITING_CEILING = "awaiting-ceiling"
    BARGAINING = "bargaining"
    AGREED = "agreed"
    ENDED_ABOVE = "ended-above-limit"
    ENDED_LEFT = "ended-without-deal"


STATE_WORDS: Mapping[State, tuple[str, str]] = {
    State.AWAITING_FIRST: ("等待第一次报价", "waiting for the first quote"),
    State.AWAITING_SECOND: ("等待第二次报价", "waiting for the second quote"),
    State.AWAITING_CEILING: (
        "两次报价已完成，等待开启谈判底价",
        "both quotes are made; the maximum payable price is to be opened",
    ),
    State.BARGAINING: ("磋商中", "bargaining"),
    State.AGREED: ("谈判成功", "agreed"),
    State.ENDED_ABOVE: (
        "第二次报价超出可磋商范围，谈判终止",
        "the second quote lies beyond the range for bargaining: the talks have ended",
    ),
    State.ENDED_LEFT: ("未达成一致，谈判结束", "the talks have ended without a deal"),
}
"""Each state in Chinese and English; fit for both sides."""

WAITING = frozenset({State.AWAITING_FIRST, State.AWAITING_SECOND, State.AWAITING_CEILING})
"""States in which one side or the keyholders are waited for; they may never come."""

FINAL = frozenset({State.AGREED, State.ENDED_ABOVE, State.ENDED_LEFT})
"""States in which nothing more can happen."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands; never shown as it is, see `views`.

    Attributes:
        rules: What governs it.
        state: Where it stands.
        events: What happened, in order.
        ceiling: The maximum payable price; None until it is opened.
        standing: The price on the table with the side that named it.
        agreed_price: The price of the deal.
    """

    rules: SessionRules
    state: State = State.AWAITING_FIRST
    events: tuple[Event, ...] = ()
    ceiling: Decimal | None = None
    standing: tuple[Side, Decimal] | None = None
    agreed_price: Decimal | None = None

    @property
    def limit(self) -> Decimal | None:
        """The highest second quote with which the talks go on, exact; None until opened."""
        return None if self.ceiling is None else EXACT.multiply(self.ceiling, self.rules.ends_above)

    @property
    def highest_deal(self) -> Decimal | None:
        """The highest price at which a deal may be made, exact; None until opened."""
        if self.ceiling is None:
            return None
        return EXACT.multiply(self.ceiling, self.rules.deal_at_most)

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen."""
        return self.state in FINAL


def begin(rules: SessionRules, *, ceiling: Decimal | None = None) -> Session:
    """A session before the first quote.

    Args:
        rules: What governs it.
        ceiling: The maximum payable price, where it is known from the start; else it comes as the
            event `EventKind.CEILING_OPENED`, at any time before the bargaining.

    Examples:
        >>> from pricing.session import session_rules
        >>> from pricing.stated_rules import StatedRules
        >>> rules = session_rules(StatedRules.of("negotiation-nrdl-2023"))
        >>> session = begin(rules, ceiling=Decimal("100"))
        >>> session = take(session, Event(EventKind.FIRST_QUOTE, Decimal("150")))
        >>> session = take(session, Event(EventKind.SECOND_QUOTE, Decimal("115")))
        >>> session.state
        <State.BARGAINING: 'bargaining'>
        >>> session = take(session, Event(EventKind.OFFER, Decimal("90")))
        >>> take(session, Event(EventKind.ACCEPT_OFFER)).agreed_price
        Decimal('90')
    """
    session = Session(rules)
    if ceiling is None:
        return session
    return replace(session, ceiling=_price(Event(EventKind.CEILING_OPENED, ceiling)))


def replay(
    rules: SessionRules, events: Iterable[Event], *, ceiling: Decimal | None = None
) -> Session:
    """The session that a record tells of.

    Raises:
        SessionRefusedError: The record holds an event that was not allowed.
    """
    session = begin(rules, ceiling=ceiling)
    for event in events:
        session = take(session, event)
    return session


def take(session: Session, event: Event) -> Session:
    """The session after an event.

    Raises:
        SessionRefusedError: The session does not allow it; it stands as before.
    """
    step = TRANSITIONS[session.state].get(event.kind)
    if step is None:
        raise _not_now(session, event)
    price = _price(event)
    return step(replace(session, events=(*session.events, event)), event, price)


def allowed(session: Session, side: Side) -> tuple[EventKind, ...]:
    """What a side may do now; a price that it names may still be refused."""
    return tuple(
        kind
        for kind in TRANSITIONS[session.state]
        if Event(kind).side == side and not _has_nothing_to_accept(session, kind)
    )


def _price(event: Event) -> Decimal:
    """The price of an event, checked; zero for a kind that names none."""
    if event.kind not in PRICED:
        if event.price is not None:
            raise SessionRefusedError(
                "price-not-wanted", event, zh="此操作不带价格。", en="it names no price."
            )
        return Decimal(0)
    if event.price is None:
        raise SessionRefusedError("price-needed", event, zh="须填写价格。", en="expected a price.")
    if not event.price.is_finite() or event.price <= 0:
        raise SessionRefusedError(
            "price-not-positive", event, zh="价格须大于零。", en="expected a price above zero."
        )
    return event.price


def _not_now(session: Session, event: Event) -> SessionRefusedError:
    zh, en = STATE_WORDS[session.state]
    may = [EVENT_WORDS[kind] for kind in allowed(session, event.side)]
    expected_zh = "、".join(words[0] for words in may) or "无"
    expected_en = ", ".join(words[1] for words in may) or "nothing"
    return SessionRefusedError(
        "not-now",
        event,
        zh=f"目前不能进行（{zh}）；可以：{expected_zh}。",
        en=f"not possible now ({en}); expected: {expected_en}.",
    )


def _first_quote(session: Session, event: Event, price: Decimal) -> Session:
    session = replace(session, standing=(Side.MAKER, price), state=State.AWAITING_SECOND)
    # No source says whether a first quote within the range opens the bargaining: a rule does.
    opens = session.rules.first_within == "bargaining"
    if opens and session.limit is not None and price <= session.limit:
        return replace(session, state=State.BARGAINING)
    return session


def _second_quote(session: Session, event: Event, price: Decimal) -> Session:
    session = replace(session, standing=(Side.MAKER, price))
    return _after_quotes(session, price)


def _after_quotes(session: Session, quote: Decimal) -> Session:
    """Where two quotes lead: only the second one is measured."""
    if session.limit is None:
        return replace(session, state=State.AWAITING_CEILING)
    if quote > session.limit:
        return replace(session, state=State.ENDED_ABOVE, standing=None)
    return replace(session, state=State.BARGAINING)


def _opened(session: Session, event: Event, price: Decimal) -> Session:
    if session.ceiling is not None:
        raise SessionRefusedError(
            "already-opened",
            event,
            zh="谈判底价已开启。",
            en="the maximum payable price is open already.",
        )
    session = replace(session, ceiling=price)
    if session.state is State.AWAITING_CEILING and session.standing is not None:
        return _after_quotes(session, session.standing[1])
    return session


def _offer(session: Session, event: Event, price: Decimal) -> Session:
    if session.highest_deal is not None and price > session.highest_deal:
        raise SessionRefusedError(
            "offer-too-high",
            event,
            zh="还价不得高于谈判底价。",
            en="an offer must not be above the maximum payable price.",
        )
    return replace(session, standing=(Side.NEGOTIATORS, price))


def _quote(session: Session, event: Event, price: Decimal) -> Session:
    return replace(session, standing=(Side.MAKER, price))


def _accept(session: Session, event: Event, price: Decimal) -> Session:
    if session.standing is None or session.standing[0] == event.side:
        raise SessionRefusedError(
            "nothing-to-accept",
            event,
            zh="对方没有待接受的价格。",
            en="the other side has no price on the table.",
        )
    named = session.standing[1]
    if session.highest_deal is None or named > session.highest_deal:
        raise SessionRefusedError(
            "quote-too-high",
            event,
            zh="报价高于谈判底价，不能成交。",
            en="the quote is above the maximum payable price: no deal can be made at it.",
        )
    return replace(session, state=State.AGREED, agreed_price=named, standing=None)


def _leave(session: Session, event: Event, price: Decimal) -> Session:
    return replace(session, state=State.ENDED_LEFT, standing=None)


def _has_nothing_to_accept(session: Session, kind: EventKind) -> bool:
    if kind not in (EventKind.ACCEPT_OFFER, EventKind.ACCEPT_QUOTE):
        return False
    return session.standing is None or session.standing[0] == Event(kind).side


Step = Callable[[Session, Event, Decimal], Session]

TRANSITIONS: Mapping[State, Mapping[EventKind, Step]] = {
    State.AWAITING_FIRST: {
        EventKind.FIRST_QUOTE: _first_quote,
        EventKind.CEILING_OPENED: _opened,
        EventKind.MAKER_LEAVES: _leave,
        EventKind.NEGOTIATORS_LEAVE: _leave,
    },
    State.AWAITING_SECOND: {
        EventKind.SECOND_QUOTE: _second_quote,
        EventKind.CEILING_OPENED: _opened,
        EventKind.MAKER_LEAVES: _leave,
        EventKind.NEGOTIATORS_LEAVE: _leave,
    },
    State.AWAITING_CEILING: {
        EventKind.CEILING_OPENED: _opened,
        EventKind.MAKER_LEAVES: _leave,
        EventKind.NEGOTIATORS_LEAVE: _leave,
    },
    State.BARGAINING: {
        EventKind.OFFER: _offer,
        EventKind.QUOTE: _quote,
        EventKind.ACCEPT_OFFER: _accept,
        EventKind.ACCEPT_QUOTE: _accept,
        EventKind.MAKER_LEAVES: _leave,
        EventKind.NEGOTIATORS_LEAVE: _leave,
    },
    State.AGREED: {},
    State.ENDED_ABOVE: {},
    State.ENDED_LEFT: {},
}
"""What may happen in each state, and what it leads to."""
