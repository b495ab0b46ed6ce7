"""Of which requests nothing is told: those from which bids could be counted.

While bids are taken, the number of submissions sets the number of places. So what bidders do
leaves no trace: not what they ask of the pages of bids, not what they ask elsewhere, and not the
steps that everybody takes on the way there. It holds at all times: if it began with the bidding,
the change itself would tell something.
"""

from collections.abc import Mapping

from procurement.permissions import Actor, Role

BIDDERS_STAGE = "procurement.bids"
"""Every handler in it is withheld, also those that are still to be written."""

BIDDING = "/bidding"
"""Part of the addresses at which a negotiation takes sealed bids."""

ON_THE_WAY = ("/sign-in", "/sign-out", "/clock", "/static", "/health", "/ready", "/metrics")
"""Whoever is not signed in yet, the clock of a countdown, files; and what machines ask."""


def is_withheld(*, module: str, route: str, state: Mapping[str, object]) -> bool:
    """Tell whether nothing may be told of a request.

    Args:
        module: Where its handler is written.
        route: Its address as a template.
        state: What the edge noted of it; ``actor`` is who asked, and is missing where a request was
            refused before anybody knew.

    Returns:
        True if in doubt.

    Examples:
        >>> public = {"actor": Actor()}
        >>> is_withheld(module="procurement.rounds.pages", route="/rounds/{name:str}", state=public)
        False
        >>> is_withheld(module="procurement.bids.api.bids", route="/x", state=public)
        True
        >>> bidder = {"actor": Actor(person_id=1, roles=frozenset({Role.MANUFACTURER}))}
        >>> is_withheld(module="procurement.rounds.pages", route="/rounds/{name:str}", state=bidder)
        True
    """
    actor = state.get("actor")
    return (
        module == BIDDERS_STAGE
        or module.startswith(f"{BIDDERS_STAGE}.")
        or not module.startswith("procurement.")
        or route.startswith(ON_THE_WAY)
        or BIDDING in route
        or not isinstance(actor, Actor)
        or Role.MANUFACTURER in actor.roles
    )
