"""Who may see prices after the opening: a value of the rulebook (public, parties, court)."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.rules import RoundRules
from procurement.bids.periods import BIDS
from procurement.bids.tables import OpenedBid
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.tables import Round

RULE = "disclosure.prices"


class Disclosure(StrEnum):
    """Who sees all prices besides those who conduct and observe the round."""

    PUBLIC = "public"
    PARTIES = "parties"
    """Every bidder of the round."""
    COURT = "court"
    """Nobody, unless a court asks."""
    UNKNOWN = "unknown"
    """No source states it and the round did not decide it: treated as the narrowest."""


def disclosure_of(session: Session, *, round_: Round) -> Disclosure:
    """Return who may see prices of a round once they are open."""
    in_force = rules_in_force(session, round_=round_)
    rules = RoundRules(in_force.rulebook, in_force.options)
    if not rules.knows(RULE):
        return Disclosure.UNKNOWN
    word = rules.word(RULE)
    return Disclosure.UNKNOWN if word is None else Disclosure(word)


def is_party(session: Session, *, round_id: int, organisation_id: int | None) -> bool:
    """Tell whether an organisation's bid was opened in a round."""
    own = (
        select(OpenedBid.id)
        .where(OpenedBid.round_id == round_id, OpenedBid.sitting == BIDS)
        .where(OpenedBid.organisation_id == organisation_id)
        .limit(1)
    )
    return organisation_id is not None and session.scalar(own) is not None
