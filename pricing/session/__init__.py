"""The session of the talks, pure: what may happen, and what each side may see of it.

`begin` makes a `Session`, `take` gives the next one or raises `SessionRefusedError` with a text in
both languages, `replay` makes one from its record. Screens show `maker_view` and `negotiators_view`
and never a session itself. The maximum payable price (谈判底价) comes with `begin` or, where the
keyholders open it during the session, as the event `EventKind.CEILING_OPENED`.
"""

from pricing.session.errors import SessionRefusedError
from pricing.session.events import EVENT_WORDS, PRICED, SIDE_OF, Event, EventKind, Side
from pricing.session.machine import (
    FINAL,
    STATE_WORDS,
    WAITING,
    Session,
    State,
    allowed,
    begin,
    replay,
    take,
)
from pricing.session.rules import SessionRules, session_rules
from pricing.session.views import MakerView, NegotiatorsView, maker_view, negotiators_view

__all__ = [
    "EVENT_WORDS",
    "FINAL",
    "PRICED",
    "SIDE_OF",
    "STATE_WORDS",
    "WAITING",
    "Event",
    "EventKind",
    "MakerView",
    "NegotiatorsView",
    "Session",
    "SessionRefusedError",
    "SessionRules",
    "Side",
    "State",
    "allowed",
    "begin",
    "maker_view",
    "negotiators_view",
    "replay",
    "session_rules",
    "take",
]
