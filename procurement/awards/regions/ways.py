"""How a turn of the choice of regions ended; pure, so that rules and tables share it."""

from enum import StrEnum


class TurnWay(StrEnum):
    """What became of a turn."""

    WAITING = "waiting"
    """It is the winner's turn."""
    CHOSEN = "chosen"
    """The winner chose in time."""
    PREFERENCE = "preference"
    """The winner was silent: its list of preferences chose."""
    ASSIGNED = "assigned"
    """The winner was silent and had no list that helped: an officer assigned, with a reason."""
    REST = "rest"
    """What was left to one winner alone."""
    PASSED = "passed"
    """A spare region: nothing was chosen."""


WAY_NAMES: dict[TurnWay, tuple[str, str]] = {
    TurnWay.WAITING: ("等待选择", "waiting"),
    TurnWay.CHOSEN: ("企业选择", "chosen"),
    TurnWay.PREFERENCE: ("逾时，按预先提交的志愿", "silent: by its list of preferences"),
    TurnWay.ASSIGNED: ("逾时，由采购办指定", "silent: assigned by the bureau"),
    TurnWay.REST: ("剩余地区", "what was left"),
    TurnWay.PASSED: ("放弃", "passed"),
}
