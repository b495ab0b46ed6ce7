"""What each side may see of a session: the screens take these and never the session itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.session.events import Event, EventKind, Side
from pricing.session.machine import STATE_WORDS, Session, State, allowed

QUOTES = frozenset({EventKind.FIRST_QUOTE, EventKind.SECOND_QUOTE, EventKind.QUOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerView:
    """What the maker may see: its own quotes and the offers made to it.

    Nothing in it is measured by the maximum payable price.

    Attributes:
        state: Where the session stands.
        quotes: The maker's own prices, in order.
        offers: The negotiators' prices, in order.
        standing: The price on the table.
        standing_side: Who named it.
        agreed_price: The price of the deal.
        may: What the maker may do now.
        zh: The state in Chinese.
        en: The state in English.
    """

    state: State
    quotes: tuple[Decimal, ...]
    offers: tuple[Decimal, ...]
    standing: Decimal | None
    standing_side: Side | None
    agreed_price: Decimal | None
    may: tuple[EventKind, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiatorsView:
    """What the negotiators may see, by the rule ``session.negotiators_see``.

    Attributes:
        state: Where the session stands.
        quotes: The maker's prices, in order; empty where the rule does not show them.
        offers: Their own prices, in order; empty where the rule does not show them.
        standing: The price on the table.
        standing_side: Who named it.
        agreed_price: The price of the deal.
        may: What the negotiators may do now.
        ceiling: The maximum payable price; None before it is opened, or where the rule hides it.
        limit: The highest second quote with which the talks go on; None as above.
        zh: The state in Chinese.
        en: The state in English.
    """

    state: State
    quotes: tuple[Decimal, ...]
    offers: tuple[Decimal, ...]
    standing: Decimal | None
    standing_side: Side | None
    agreed_price: Decimal | None
    may: tuple[EventKind, ...]
    ceiling: Decimal | None
    limit: Decimal | None
    zh: str
    en: str


def maker_view(session: Session) -> MakerView:
    """The maker's view of a session.

    Two sessions with the same events look the same, whatever the maximum payable price is, as long
    as it has led both to the same state.

    Examples:
        >>> from pricing.session import begin, session_rules
        >>> from pricing.stated_rules import StatedRules
        >>> rules = session_rules(StatedRules.of("negotiation-nrdl-2023"))
        >>> maker_view(begin(rules, ceiling=Decimal("9"))) == maker_view(begin(rules))
        True
    """
    zh, en = STATE_WORDS[session.state]
    side, price = session.standing or (None, None)
    return MakerView(
        state=session.state,
        quotes=_prices(session.events, QUOTES),
        offers=_prices(session.events, {EventKind.OFFER}),
        standing=price,
        standing_side=side,
        agreed_price=session.agreed_price,
        may=allowed(session, Side.MAKER),
        zh=zh,
        en=en,
    )


def negotiators_view(session: Session) -> NegotiatorsView:
    """The negotiators' view of a session: what the rule lets them see, and nothing else."""
    sees = session.rules.negotiators_see
    zh, en = STATE_WORDS[session.state]
    side, price = session.standing or (None, None)
    shown = (
        side is None
        or (side == Side.MAKER and "quotes" in sees)
        or (side == Side.NEGOTIATORS and "offers" in sees)
    )
    return NegotiatorsView(
        state=session.state,
        quotes=_prices(session.events, QUOTES) if "quotes" in sees else (),
        offers=_prices(session.events, {EventKind.OFFER}) if "offers" in sees else (),
        standing=price if shown else None,
        standing_side=side,
        agreed_price=session.agreed_price,
        may=allowed(session, Side.NEGOTIATORS),
        ceiling=session.ceiling if "ceiling" in sees else None,
        limit=session.limit if "ceiling" in sees else None,
        zh=zh,
        en=en,
    )


def _prices(events: Iterable[Event], kinds: Iterable[EventKind]) -> tuple[Decimal, ...]:
    wanted = frozenset(kinds)
    return tuple(
        event.price for event in events if event.kind in wanted and event.price is not None
    )
