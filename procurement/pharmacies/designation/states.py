"""The states of applications, designations and duties, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class DesignationScheme(StrEnum):
    """What a place is designated for."""

    DUAL_CHANNEL = "dual-channel"
    """Negotiated drugs, in hospital and pharmacy alike."""
    CONVENIENCE = "convenience"
    """A convenience pharmacy of a township or street."""


class ApplicationStatus(StrEnum):
    """Where an application stands; `APPLICATION_TRANSITIONS` says what may follow."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    """Its papers are to be checked."""
    CHECKED = "checked"
    """Its papers are in order; the place is to be visited."""
    VISITED = "visited"
    """The place was found in order; it is to be put on a public notice."""
    NOTICED = "noticed"
    """On a public notice, open to objections."""
    AGREED = "agreed"
    """The agreement is signed."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DesignationStatus(StrEnum):
    """Whether a designation holds; `DESIGNATION_TRANSITIONS` says what may follow."""

    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    ENDED = "ended"


class DesignationEventKind(StrEnum):
    """What happened to a designation."""

    AGREED = "agreed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TERMINATED = "terminated"
    """Ended by whoever designated."""
    EXITED = "exited"
    """Ended at the place's own wish."""
    EXPIRED = "expired"
    """The agreement ran out."""


class ObjectionStatus(StrEnum):
    """Where an objection to a notice stands."""

    RECEIVED = "received"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class AssessmentOutcome(StrEnum):
    """What a yearly assessment came to."""

    PASSED = "passed"
    CORRECT = "correct"
    """The place is to put something right."""
    FAILED = "failed"


class DutyStatus(StrEnum):
    """Where a hospital's duty to bring a drug in stands."""

    DUE = "due"
    BROUGHT_IN = "brought-in"
    EXPLAINED = "explained"
    """Not brought in, for a reason that the hospital gave."""
    OVERDUE = "overdue"
    """The last day has passed without drug and without reason."""
    LIFTED = "lifted"
    """The drug left the list, or the hospital's designation ended."""


_A = ApplicationStatus
_D = DesignationStatus
_U = DutyStatus

APPLICATION_TRANSITIONS: Mapping[ApplicationStatus, tuple[ApplicationStatus, ...]] = {
    _A.DRAFTED: (_A.SUBMITTED, _A.WITHDRAWN),
    _A.SUBMITTED: (_A.CHECKED, _A.DRAFTED, _A.REFUSED, _A.WITHDRAWN),
    _A.CHECKED: (_A.VISITED, _A.REFUSED, _A.WITHDRAWN),
    _A.VISITED: (_A.NOTICED, _A.REFUSED, _A.WITHDRAWN),
    _A.NOTICED: (_A.AGREED, _A.REFUSED, _A.WITHDRAWN),
    _A.AGREED: (),
    _A.REFUSED: (),
    _A.WITHDRAWN: (),
}
"""Submitted goes back to drafted where papers are missing: what was handed in is kept."""

DESIGNATION_TRANSITIONS: Mapping[DesignationStatus, tuple[DesignationStatus, ...]] = {
    _D.IN_FORCE: (_D.SUSPENDED, _D.ENDED),
    _D.SUSPENDED: (_D.IN_FORCE, _D.ENDED),
    _D.ENDED: (),
}

DUTY_TRANSITIONS: Mapping[DutyStatus, tuple[DutyStatus, ...]] = {
    _U.DUE: (_U.BROUGHT_IN, _U.EXPLAINED, _U.OVERDUE, _U.LIFTED),
    _U.EXPLAINED: (_U.BROUGHT_IN, _U.EXPLAINED, _U.LIFTED),
    _U.OVERDUE: (_U.BROUGHT_IN, _U.EXPLAINED, _U.LIFTED),
    # What is held no longer falls due again; the month's report says so.
    _U.BROUGHT_IN: (_U.BROUGHT_IN, _U.EXPLAINED, _U.LIFTED),
    # The drug or the hospital is back: no answer leads there, only the daily work.
    _U.LIFTED: (_U.DUE, _U.OVERDUE),
}

SCHEME_NAMES: Mapping[DesignationScheme, tuple[str, str]] = {
    DesignationScheme.DUAL_CHANNEL: ("“双通道”定点", "dual-channel designation"),
    DesignationScheme.CONVENIENCE: ("医保便民药店", "convenience pharmacy"),
}

APPLICATION_STATUS_NAMES: Mapping[ApplicationStatus, tuple[str, str]] = {
    _A.DRAFTED: ("草稿", "drafted"),
    _A.SUBMITTED: ("已提交，待材料审核", "submitted, to be checked"),
    _A.CHECKED: ("材料合格，待现场核查", "papers in order, to be visited"),
    _A.VISITED: ("现场合格，待公示", "visited, to be put on notice"),
    _A.NOTICED: ("公示中", "on public notice"),
    _A.AGREED: ("已签协议", "agreed"),
    _A.REFUSED: ("不予通过", "refused"),
    _A.WITHDRAWN: ("已撤回", "withdrawn"),
}

DESIGNATION_STATUS_NAMES: Mapping[DesignationStatus, tuple[str, str]] = {
    _D.IN_FORCE: ("有效", "in force"),
    _D.SUSPENDED: ("中止", "suspended"),
    _D.ENDED: ("终止", "ended"),
}

EVENT_NAMES: Mapping[DesignationEventKind, tuple[str, str]] = {
    DesignationEventKind.AGREED: ("签订协议", "agreement signed"),
    DesignationEventKind.SUSPENDED: ("中止协议", "suspended"),
    DesignationEventKind.RESUMED: ("恢复协议", "resumed"),
    DesignationEventKind.TERMINATED: ("解除协议", "terminated"),
    DesignationEventKind.EXITED: ("主动退出", "left at its own wish"),
    DesignationEventKind.EXPIRED: ("协议到期", "agreement ran out"),
}

OUTCOME_NAMES: Mapping[AssessmentOutcome, tuple[str, str]] = {
    AssessmentOutcome.PASSED: ("合格", "passed"),
    AssessmentOutcome.CORRECT: ("限期整改", "to be corrected"),
    AssessmentOutcome.FAILED: ("不合格", "failed"),
}

OBJECTION_NAMES: Mapping[ObjectionStatus, tuple[str, str]] = {
    ObjectionStatus.RECEIVED: ("待核实", "to be looked into"),
    ObjectionStatus.UPHELD: ("异议成立", "upheld"),
    ObjectionStatus.DISMISSED: ("异议不成立", "dismissed"),
}

DUTY_NAMES: Mapping[DutyStatus, tuple[str, str]] = {
    _U.DUE: ("待配备", "due"),
    _U.BROUGHT_IN: ("已配备", "brought in"),
    _U.EXPLAINED: ("已说明理由", "reason given"),
    _U.OVERDUE: ("逾期", "overdue"),
    _U.LIFTED: ("已免除", "lifted"),
}


class StepNotPossibleError(RefusedError):
    """Something cannot go this way from where it stands."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Keep both, each by its names in Chinese and English."""
        super().__init__(
            zh=f"现为“{present[0]}”，不能改为“{wanted[0]}”。请刷新页面后查看。",
            en=f"This is {present[1]} and cannot become {wanted[1]}. Reload the page.",
        )


def require_application_step(present: ApplicationStatus, wanted: ApplicationStatus) -> None:
    """Refuse a step of an application that does not follow.

    Examples:
        >>> require_application_step(ApplicationStatus.DRAFTED, ApplicationStatus.SUBMITTED)
    """
    if wanted not in APPLICATION_TRANSITIONS[present]:
        raise StepNotPossibleError(
            APPLICATION_STATUS_NAMES[present], APPLICATION_STATUS_NAMES[wanted]
        )


def require_designation_step(present: DesignationStatus, wanted: DesignationStatus) -> None:
    """Refuse a step of a designation that does not follow.

    Examples:
        >>> require_designation_step(DesignationStatus.IN_FORCE, DesignationStatus.SUSPENDED)
    """
    if wanted not in DESIGNATION_TRANSITIONS[present]:
        raise StepNotPossibleError(
            DESIGNATION_STATUS_NAMES[present], DESIGNATION_STATUS_NAMES[wanted]
        )


def require_duty_step(present: DutyStatus, wanted: DutyStatus) -> None:
    """Refuse a step of a duty that does not follow.

    Examples:
        >>> require_duty_step(DutyStatus.OVERDUE, DutyStatus.BROUGHT_IN)
    """
    if wanted not in DUTY_TRANSITIONS[present]:
        raise StepNotPossibleError(DUTY_NAMES[present], DUTY_NAMES[wanted])
