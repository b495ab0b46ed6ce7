"""What a plan is for, and where it stands."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class PlanScope(StrEnum):
    """Who may be chosen by a plan."""

    DESIGNATION = "designation"
    """Open pharmacies that may be designated; those that are designated are kept."""
    DRUG = "drug"
    """Designated pharmacies that are to carry a drug; those that carry it are kept."""


SCOPE_NAMES: Mapping[PlanScope, tuple[str, str]] = {
    PlanScope.DESIGNATION: ("还应定点哪些药店", "which pharmacies to designate further"),
    PlanScope.DRUG: ("还应由哪些定点药店配备该药", "which designated pharmacies to carry a drug"),
}


class PlanStatus(StrEnum):
    """Where a plan stands; `PLAN_TRANSITIONS` says what may follow."""

    WAITING = "waiting"
    DONE = "done"


PLAN_NAMES: Mapping[PlanStatus, tuple[str, str]] = {
    PlanStatus.WAITING: ("计算中", "being computed"),
    PlanStatus.DONE: ("已完成", "done"),
}

PLAN_TRANSITIONS: Mapping[PlanStatus, frozenset[PlanStatus]] = {
    PlanStatus.WAITING: frozenset({PlanStatus.DONE}),
    PlanStatus.DONE: frozenset(),
}


class PlanStepError(RefusedError):
    """A plan cannot go from one state into another."""

    def __init__(self, present: PlanStatus, wanted: PlanStatus) -> None:
        """Name both states.

        Args:
            present: Where it stands.
            wanted: Where it was to go.
        """
        now, then = PLAN_NAMES[present], PLAN_NAMES[wanted]
        super().__init__(
            zh=f"覆盖方案为“{now[0]}”，不能改为“{then[0]}”。",
            en=f"The plan is {now[1]}: it cannot become {then[1]}.",
        )


def require_plan_step(present: PlanStatus, wanted: PlanStatus) -> None:
    """Refuse a step that no plan takes.

    Raises:
        PlanStepError: It does not follow.

    Examples:
        >>> require_plan_step(PlanStatus.WAITING, PlanStatus.DONE)
    """
    if wanted not in PLAN_TRANSITIONS[present]:
        raise PlanStepError(present, wanted)
