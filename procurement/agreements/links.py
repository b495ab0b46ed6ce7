"""The pages of this stage that a round's page names."""

from procurement.agreements.follow_on.starting import FOLLOWABLE
from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink
from procurement.rounds.tables import RoundStatus

_AGREED = (
    RoundStatus.REGIONS_CHOSEN,
    RoundStatus.AGREEMENTS,
    RoundStatus.RUNNING,
    RoundStatus.FOLLOWED_ON,
    RoundStatus.ENDED,
)

LINKS = (
    *(
        RoundLink(zh=zh, en=en, path=path, action=action, statuses=_AGREED)
        for zh, en, path in (
            ("购销协议", "Agreements", "agreements"),
            ("配送企业", "Distributors", "distributors"),
        )
        # For parties every one of them may look; asked for these actions, which a party is not
        # refused in a public round, and bureaus are asked for their own.
        for action in (Action.COMMENT_DOCUMENT, Action.READ_AGREEMENT)
    ),
    RoundLink(
        zh="起草接续批次",
        en="Draft a follow-on round",
        path="follow-on",
        action=Action.FOLLOW_ON,
        statuses=FOLLOWABLE,
    ),
)
"""In the order in which they are named; to be installed with `procurement.rounds.hooks`."""
