"""The page of this stage that a round's page names."""

from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink

LINKS = (
    RoundLink(
        zh="公告和证据",
        en="Publications and evidence",
        path="publications",
        action=Action.READ_ROUND,
    ),
)
"""To be installed with `procurement.rounds.hooks`."""
