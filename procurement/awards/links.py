"""The pages of this stage that a round's page names."""

from procurement.permissions import Action
from procurement.rounds.hooks import RoundLink
from procurement.rounds.tables import RoundStatus

_ANNOUNCED = (
    RoundStatus.ANNOUNCED,
    RoundStatus.AWARDED,
    RoundStatus.REGIONS_CHOSEN,
    RoundStatus.AGREEMENTS,
    RoundStatus.RUNNING,
    RoundStatus.FOLLOWED_ON,
    RoundStatus.ENDED,
)
_EVALUATED = (RoundStatus.EVALUATED, RoundStatus.SECOND_ANSWERS, *_ANNOUNCED)
_AWARDED = tuple(status for status in _ANNOUNCED if status != RoundStatus.ANNOUNCED)

LINKS = (
    RoundLink(
        zh="开标日进程",
        en="Day of the opening",
        path="evaluation",
        action=Action.READ_ROUND,
        statuses=(RoundStatus.OPENED, *_EVALUATED),
    ),
    RoundLink(
        zh="待答事项",
        en="Open questions",
        path="questions",
        action=Action.CALL_ANSWERS,
        statuses=(RoundStatus.EVALUATED, RoundStatus.SECOND_ANSWERS),
    ),
    RoundLink(
        zh="评审结果",
        en="Results",
        path="result",
        action=Action.READ_ROUND,
        statuses=_EVALUATED,
    ),
    RoundLink(
        zh="围标串标筛查",
        en="Collusion screens",
        path="screens",
        action=Action.READ_SCREENS,
        statuses=_EVALUATED,
    ),
    RoundLink(
        zh="拟中选公示",
        en="Notice of the selection",
        path="announcement",
        action=Action.READ_ROUND,
        statuses=_ANNOUNCED,
    ),
    # Every manufacturer may look; asked for this action, which none is refused in a public round.
    RoundLink(
        zh="我的告知书",
        en="My letters",
        path="letters",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=_ANNOUNCED,
    ),
    RoundLink(
        zh="告知书",
        en="Letters to bidders",
        path="letters",
        action=Action.READ_LETTER,
        statuses=_ANNOUNCED,
    ),
    RoundLink(
        zh="我的质疑",
        en="My objections",
        path="objections",
        action=Action.ACKNOWLEDGE_DOCUMENT,
        statuses=_ANNOUNCED,
    ),
    RoundLink(
        zh="质疑和答复",
        en="Objections",
        path="objections",
        action=Action.READ_OBJECTION,
        statuses=_EVALUATED,
    ),
    RoundLink(
        zh="中选结果",
        en="Award",
        path="award",
        action=Action.READ_ROUND,
        statuses=_AWARDED,
    ),
)
"""In the order in which they are named; to be installed with `procurement.rounds.hooks`."""
