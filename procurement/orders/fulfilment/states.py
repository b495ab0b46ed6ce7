"""The states of warnings about fulfilment, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class NoticeKind(StrEnum):
    """A step of the ladder against bad fulfilment, from the lowest."""

    REMIND = "remind"
    """Reminded in writing (提醒)."""
    INTERVIEW = "interview"
    """Called to a talk (约谈)."""
    WARN = "warn"
    """Warned (告诫)."""
    DEADLINE = "deadline"
    """Told to put it right by a day (限期整改)."""


class NoticeAbout(StrEnum):
    """Whose fulfilment a notice is about."""

    HOSPITAL = "hospital"
    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"


class NoticeStatus(StrEnum):
    """Where a notice stands; `NOTICE_TRANSITIONS` says what may follow."""

    FOUND = "found"
    """The job found it; no officer has looked at it."""
    DROPPED = "dropped"
    """An officer looked at it and lets it be, with a reason."""
    OPEN = "open"
    """It was issued and waits for an answer."""
    ANSWERED = "answered"
    """The other side answered; the bureau decides."""
    SETTLED = "settled"
    """The bureau accepts that it is put right or explained."""
    ESCALATED = "escalated"
    """It went on to the next step, or into a matter of credit rating."""


class ExemptReason(StrEnum):
    """Why a drug is treated apart for a while."""

    DEMAND_CHANGED = "demand-changed"
    SHORTAGE = "shortage"
    EMERGENCY = "emergency"
    SEASONAL = "seasonal"


_S = NoticeStatus

NOTICE_TRANSITIONS: Mapping[NoticeStatus, tuple[NoticeStatus, ...]] = {
    _S.FOUND: (_S.OPEN, _S.DROPPED),
    _S.DROPPED: (),
    # Escalated without an answer: who keeps silent does not stop the ladder.
    _S.OPEN: (_S.ANSWERED, _S.SETTLED, _S.ESCALATED),
    # Answered again: a second paper before the bureau decides.
    _S.ANSWERED: (_S.ANSWERED, _S.SETTLED, _S.ESCALATED),
    _S.SETTLED: (),
    _S.ESCALATED: (),
}
"""For each status of a notice, what may follow it."""

KIND_NAMES: Mapping[NoticeKind, tuple[str, str]] = {
    NoticeKind.REMIND: ("提醒", "reminder"),
    NoticeKind.INTERVIEW: ("约谈", "talk"),
    NoticeKind.WARN: ("告诫", "warning"),
    NoticeKind.DEADLINE: ("限期整改", "deadline to put it right"),
}
ABOUT_NAMES: Mapping[NoticeAbout, tuple[str, str]] = {
    NoticeAbout.HOSPITAL: ("医疗机构", "hospital"),
    NoticeAbout.MANUFACTURER: ("生产企业", "manufacturer"),
    NoticeAbout.DISTRIBUTOR: ("配送企业", "distributor"),
}
STATUS_NAMES: Mapping[NoticeStatus, tuple[str, str]] = {
    _S.FOUND: ("待处理", "found, not issued"),
    _S.DROPPED: ("不予处理", "dropped"),
    _S.OPEN: ("待答复", "waits for an answer"),
    _S.ANSWERED: ("已答复", "answered"),
    _S.SETTLED: ("已办结", "settled"),
    _S.ESCALATED: ("已升级处理", "escalated"),
}
EXEMPT_NAMES: Mapping[ExemptReason, tuple[str, str]] = {
    ExemptReason.DEMAND_CHANGED: ("临床需求变化", "demand changed"),
    ExemptReason.SHORTAGE: ("短缺药品", "shortage"),
    ExemptReason.EMERGENCY: ("急救药品", "emergency drug"),
    ExemptReason.SEASONAL: ("季节性用药", "seasonal drug"),
}


class WrongNoticeStateError(RefusedError):
    """A notice cannot go from where it stands to there."""

    def __init__(self, present: NoticeStatus, wanted: NoticeStatus) -> None:
        """Name both."""
        now, then = STATUS_NAMES[present], STATUS_NAMES[wanted]
        super().__init__(
            zh=f"该通知{now[0]}，不能改为“{then[0]}”。",
            en=f"The notice is “{now[1]}”; it cannot become “{then[1]}”.",
        )
        self.present = present
        self.wanted = wanted


def check_notice(present: NoticeStatus, wanted: NoticeStatus) -> None:
    """Let a change of a notice pass, or raise.

    Raises:
        WrongNoticeStateError: `NOTICE_TRANSITIONS` does not list it.
    """
    if wanted not in NOTICE_TRANSITIONS[present]:
        raise WrongNoticeStateError(present, wanted)
