"""What can happen in a session of the talks, and who does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    """Who acts in a session."""

    MAKER = "maker"
    NEGOTIATORS = "negotiators"
    KEYHOLDERS = "keyholders"


class EventKind(StrEnum):
    """What happens; the first two and `QUOTE` are the maker's prices, `OFFER` the negotiators'."""

    FIRST_QUOTE = "first-quote"
    SECOND_QUOTE = "second-quote"
    CEILING_OPENED = "ceiling-opened"
    OFFER = "offer"
    QUOTE = "quote"
    ACCEPT_OFFER = "accept-offer"
    ACCEPT_QUOTE = "accept-quote"
    MAKER_LEAVES = "maker-leaves"
    NEGOTIATORS_LEAVE = "negotiators-leave"


SIDE_OF: Mapping[EventKind, Side] = {
    EventKind.FIRST_QUOTE: Side.MAKER,
    EventKind.SECOND_QUOTE: Side.MAKER,
    EventKind.CEILING_OPENED: Side.KEYHOLDERS,
    EventKind.OFFER: Side.NEGOTIATORS,
    EventKind.QUOTE: Side.MAKER,
    EventKind.ACCEPT_OFFER: Side.MAKER,
    EventKind.ACCEPT_QUOTE: Side.NEGOTIATORS,
    EventKind.MAKER_LEAVES: Side.MAKER,
    EventKind.NEGOTIATORS_LEAVE: Side.NEGOTIATORS,
}
"""Whose act each kind is: the platform lets nobody else record it."""

PRICED = frozenset(
    {
        EventKind.FIRST_QUOTE,
        EventKind.SECOND_QUOTE,
        EventKind.CEILING_OPENED,
        EventKind.OFFER,
        EventKind.QUOTE,
    }
)
"""Kinds that name a price."""

EVENT_WORDS: Mapping[EventKind, tuple[str, str]] = {
    EventKind.FIRST_QUOTE: ("第一次报价", "first quote"),
    EventKind.SECOND_QUOTE: ("第二次报价", "second quote"),
    EventKind.CEILING_OPENED: ("开启谈判底价", "maximum payable price opened"),
    EventKind.OFFER: ("谈判组还价", "offer of the negotiators"),
    EventKind.QUOTE: ("企业再报价", "further quote of the maker"),
    EventKind.ACCEPT_OFFER: ("企业接受还价", "the maker accepts the offer"),
    EventKind.ACCEPT_QUOTE: ("谈判组接受报价", "the negotiators accept the quote"),
    EventKind.MAKER_LEAVES: ("企业退出谈判", "the maker walks away"),
    EventKind.NEGOTIATORS_LEAVE: ("谈判组结束谈判", "the negotiators walk away"),
}
"""Each kind in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: What.
        price: Yuan per unit, where the kind names a price.

    Examples:
        >>> Event(EventKind.FIRST_QUOTE, Decimal("53680")).side
        <Side.MAKER: 'maker'>
    """

    kind: EventKind
    price: Decimal | None = None

    @property
    def side(self) -> Side:
        """Whose act it is."""
        return SIDE_OF[self.kind]
