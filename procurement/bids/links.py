"""The pages of this stage that a round's page names."""

from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink
from procurement.rounds.tables import RoundStatus

_DRAFTED = (RoundStatus.DRAFT, RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)
_TAKING = (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
_PUBLISHED = tuple(
    status
    for status in RoundStatus
    if status not in (*_DRAFTED, RoundStatus.IMPORTED, RoundStatus.CANCELLED)
)
_AFTER_EVALUATION = tuple(
    status
    for status in _PUBLISHED
    if status not in (*_TAKING, RoundStatus.CLOSED, RoundStatus.OPENED)
)
_AFTER_CLOSING = tuple(status for status in _PUBLISHED if status not in _TAKING)

LINKS = (
    RoundLink(zh="密钥", en="Keys", path="keys", action=Action.REHEARSE),
    RoundLink(
        zh="演练开启",
        en="Rehearsal",
        path="rehearsal",
        action=Action.REHEARSE,
        statuses=_DRAFTED,
    ),
    # Every manufacturer may apply; asked for this action, which none is refused in a public round.
    RoundLink(
        zh="申报材料",
        en="Eligibility papers",
        path="papers",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=_PUBLISHED,
    ),
    RoundLink(
        zh="材料审核",
        en="Check of papers",
        path="papers",
        action=Action.READ_PAPERS,
        statuses=_PUBLISHED,
    ),
    RoundLink(
        zh="密封申报",
        en="Sealed bid",
        path="bid",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=_TAKING,
    ),
    RoundLink(
        zh="我的回执",
        en="My receipts",
        path="receipts",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=_PUBLISHED,
    ),
    RoundLink(
        zh="申报日志", en="Log of bids", path="log", action=Action.READ_LOG, statuses=_PUBLISHED
    ),
    RoundLink(
        zh="开标",
        en="Opening",
        path="opening",
        action=Action.READ_LOG,
        statuses=_AFTER_CLOSING,
    ),
    RoundLink(
        zh="二次答复",
        en="Second answers",
        path="answers",
        action=Action.READ_LOG,
        statuses=_AFTER_EVALUATION,
    ),
)
"""In the order in which they are named; to be installed with `procurement.rounds.hooks`."""
