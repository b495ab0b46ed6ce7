"""The page of the choice of regions, as a round's page names it."""

from procurement.awards.regions.subjects import SHOWN_IN
from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink
from procurement.rounds.tables import RoundStatus

LINKS = (
    # Every manufacturer may look; asked for this action, which none is refused in a public round.
    RoundLink(
        zh="选区",
        en="Choice of regions",
        path="regions",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=(RoundStatus.AWARDED,),
    ),
    RoundLink(
        zh="选区",
        en="Choice of regions",
        path="regions",
        action=Action.RUN_REGION_CHOICE,
        statuses=(RoundStatus.AWARDED,),
    ),
    RoundLink(
        zh="选区结果",
        en="Regions and suppliers",
        path="regions",
        action=Action.READ_ROUND,
        statuses=SHOWN_IN,
    ),
)
"""In the order in which they are named; to be installed with `procurement.rounds.hooks`."""
