"""The states of registrations, their changes and reviews, and of prescriptions."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError
from procurement.pharmacies.rules.following import PrescriptionStatus


class RegistrationStatus(StrEnum):
    """Where the registration of a patient for a drug stands."""

    DRAFTED = "drafted"
    """By the responsible doctor: papers are still added."""
    APPLIED = "applied"
    APPROVED = "approved"
    """By the agency: what is got under it is covered."""
    REFUSED = "refused"
    SUSPENDED = "suspended"
    """A review is overdue: nothing is covered until it is done."""
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """By the doctor, before it was decided."""


class RequestStatus(StrEnum):
    """Where a change of pharmacy, or a review, stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The registration ended before anybody decided."""


class ReviewOutcome(StrEnum):
    """What the doctor found when he reviewed the use of a drug."""

    CONTINUE = "continue"
    STOP = "stop"


class RegistrationStep(StrEnum):
    """What happened to a registration."""

    DRAFTED = "drafted"
    PAPER_ADDED = "paper-added"
    PAPER_DELETED = "paper-deleted"
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVIEW_MADE = "review-made"
    REVIEW_ACCEPTED = "review-accepted"
    REVIEW_REFUSED = "review-refused"
    PHARMACY_REQUESTED = "pharmacy-requested"
    PHARMACY_CHANGED = "pharmacy-changed"
    PHARMACY_KEPT = "pharmacy-kept"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ENDED = "ended"
    PURGED = "purged"
    """What was known of the patient was deleted."""


_R = RegistrationStatus

REGISTRATION_TRANSITIONS: Mapping[RegistrationStatus, tuple[RegistrationStatus, ...]] = {
    _R.DRAFTED: (_R.APPLIED, _R.WITHDRAWN),
    _R.APPLIED: (_R.APPROVED, _R.REFUSED, _R.WITHDRAWN),
    _R.APPROVED: (_R.SUSPENDED, _R.ENDED),
    _R.REFUSED: (),
    _R.SUSPENDED: (_R.APPROVED, _R.ENDED),
    _R.ENDED: (),
    _R.WITHDRAWN: (),
}
"""For each status of a registration, what may follow it."""

LIVING = (_R.DRAFTED, _R.APPLIED, _R.APPROVED, _R.SUSPENDED)
"""Of these a patient has at most one for each drug."""

REGISTRATION_NAMES: Mapping[RegistrationStatus, tuple[str, str]] = {
    _R.DRAFTED: ("草稿", "drafted"),
    _R.APPLIED: ("待审核", "applied for"),
    _R.APPROVED: ("已通过", "approved"),
    _R.REFUSED: ("未通过", "refused"),
    _R.SUSPENDED: ("已暂停", "suspended"),
    _R.ENDED: ("已结束", "ended"),
    _R.WITHDRAWN: ("已撤回", "withdrawn"),
}

_Q = RequestStatus

REQUEST_NAMES: Mapping[RequestStatus, tuple[str, str]] = {
    _Q.REQUESTED: ("待审核", "to be decided"),
    _Q.ACCEPTED: ("已同意", "accepted"),
    _Q.REFUSED: ("未同意", "refused"),
    _Q.LAPSED: ("已失效", "lapsed"),
}

OUTCOME_NAMES: Mapping[ReviewOutcome, tuple[str, str]] = {
    ReviewOutcome.CONTINUE: ("继续使用", "continue"),
    ReviewOutcome.STOP: ("停止使用", "stop"),
}

_P = PrescriptionStatus

PRESCRIPTION_NAMES: Mapping[PrescriptionStatus, tuple[str, str]] = {
    _P.DRAFTED: ("已开具", "drafted"),
    _P.PRE_CHECKED: ("预核验通过", "pre-checked"),
    _P.SIGNED: ("已签名", "signed"),
    _P.UPLOADED: ("已上传", "uploaded"),
    _P.PHARMACIST_AUDITED: ("药师已审核", "audited by the pharmacist"),
    _P.STOCK_CHECKED: ("已查库存", "stock checked"),
    _P.DISPENSED: ("已配药", "dispensed"),
    _P.SETTLED: ("已结算", "settled"),
    _P.CLOSED: ("已完成", "closed"),
    _P.UNDONE: ("已撤销", "undone"),
    _P.EXPIRED: ("已失效", "expired"),
    _P.REFUSED: ("药师拒配", "refused by the pharmacist"),
}

STEP_NAMES: Mapping[RegistrationStep, tuple[str, str]] = {
    RegistrationStep.DRAFTED: ("起草申请", "drafted"),
    RegistrationStep.PAPER_ADDED: ("上传材料", "paper added"),
    RegistrationStep.PAPER_DELETED: ("删除材料", "paper deleted"),
    RegistrationStep.APPLIED: ("提交申请", "applied"),
    RegistrationStep.APPROVED: ("审核通过", "approved"),
    RegistrationStep.REFUSED: ("审核未通过", "refused"),
    RegistrationStep.WITHDRAWN: ("撤回申请", "withdrawn"),
    RegistrationStep.REVIEW_MADE: ("提交使用评估", "review made"),
    RegistrationStep.REVIEW_ACCEPTED: ("评估通过", "review accepted"),
    RegistrationStep.REVIEW_REFUSED: ("评估未通过", "review refused"),
    RegistrationStep.PHARMACY_REQUESTED: ("申请变更药店", "change of pharmacy asked for"),
    RegistrationStep.PHARMACY_CHANGED: ("已变更药店", "pharmacy changed"),
    RegistrationStep.PHARMACY_KEPT: ("未同意变更药店", "pharmacy kept"),
    RegistrationStep.SUSPENDED: ("逾期未评估，暂停", "suspended: review overdue"),
    RegistrationStep.RESUMED: ("恢复", "resumed"),
    RegistrationStep.ENDED: ("结束", "ended"),
    RegistrationStep.PURGED: ("保存期满，已删除患者资料", "patient's facts deleted"),
}


class WrongStateError(RefusedError):
    """It is not in a state in which that can be done."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Name both states."""
        super().__init__(
            zh=f"当前状态为“{present[0]}”，不能变为“{wanted[0]}”。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”.",
        )


def check_registration(present: RegistrationStatus, wanted: RegistrationStatus) -> None:
    """Let a change of a registration pass, or raise.

    Raises:
        WrongStateError: `REGISTRATION_TRANSITIONS` does not list it.
    """
    if wanted not in REGISTRATION_TRANSITIONS[present]:
        raise WrongStateError(REGISTRATION_NAMES[present], REGISTRATION_NAMES[wanted])


def check_request(present: RequestStatus, wanted: RequestStatus) -> None:
    """Let the decision on a review or a change of pharmacy pass, or raise.

    Raises:
        WrongStateError: It was decided before.
    """
    if present != RequestStatus.REQUESTED or wanted == RequestStatus.REQUESTED:
        raise WrongStateError(REQUEST_NAMES[present], REQUEST_NAMES[wanted])
