"""How a complaint goes on: received, graded, assigned, answered, closed."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    GRADED = "graded"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


STATUS_NAMES = {
    ComplaintStatus.RECEIVED: ("已受理", "received"),
    ComplaintStatus.GRADED: ("已分级", "graded"),
    ComplaintStatus.ASSIGNED: ("办理中", "being handled"),
    ComplaintStatus.ANSWERED: ("已答复", "answered"),
    ComplaintStatus.CLOSED: ("已办结", "closed"),
}
"""How people call them, in both languages."""

TRANSITIONS: Mapping[ComplaintStatus, tuple[ComplaintStatus, ...]] = {
    ComplaintStatus.RECEIVED: (ComplaintStatus.GRADED,),
    ComplaintStatus.GRADED: (ComplaintStatus.ASSIGNED,),
    # It may be handed on to somebody else.
    ComplaintStatus.ASSIGNED: (ComplaintStatus.ASSIGNED, ComplaintStatus.ANSWERED),
    # Whoever is not content gets another answer.
    ComplaintStatus.ANSWERED: (ComplaintStatus.ASSIGNED, ComplaintStatus.CLOSED),
    ComplaintStatus.CLOSED: (),
}
"""What may follow what."""


class ComplaintStateError(RefusedError):
    """A step that cannot follow where the complaint stands."""

    def __init__(self, status: ComplaintStatus) -> None:
        """Keep where it stands."""
        zh, en = STATUS_NAMES[status]
        super().__init__(
            zh=f"该投诉目前为“{zh}”，不能这样办理。",
            en=f"The complaint is {en}; this cannot be done now.",
        )
        self.status = status


def check_step(before: ComplaintStatus, after: ComplaintStatus) -> None:
    """Let a step pass, or say that it cannot follow.

    Raises:
        ComplaintStateError: It cannot follow.

    Examples:
        >>> check_step(ComplaintStatus.RECEIVED, ComplaintStatus.GRADED)
        >>> check_step(ComplaintStatus.CLOSED, ComplaintStatus.ASSIGNED)
        Traceback (most recent call last):
        ...
        procurement.pharmacies.complaints.states.ComplaintStateError: The complaint is closed; \
this cannot be done now.
    """
    if after not in TRANSITIONS[before]:
        raise ComplaintStateError(before)


class About(StrEnum):
    """What somebody complains of or asks about."""

    STOCK = "stock"
    PRICE = "price"
    PRESCRIPTION = "prescription"
    SETTLEMENT = "settlement"
    SERVICE = "service"
    OTHER = "other"


ABOUT_NAMES = {
    About.STOCK: ("买不到药，或库存与公布不符", "cannot get the drug, or stock is not as shown"),
    About.PRICE: ("价格", "the price"),
    About.PRESCRIPTION: ("处方、登记备案", "prescription or registration"),
    About.SETTLEMENT: ("医保报销、结算", "reimbursement or payment"),
    About.SERVICE: ("服务态度、营业时间", "service or opening hours"),
    About.OTHER: ("其他", "something else"),
}
"""How people call them, in both languages."""


class Grade(StrEnum):
    """How soon it has to be handled."""

    URGENT = "urgent"
    ORDINARY = "ordinary"


GRADE_NAMES = {
    Grade.URGENT: ("紧急", "urgent"),
    Grade.ORDINARY: ("一般", "ordinary"),
}
"""How people call them, in both languages."""


class TextKind(StrEnum):
    """What somebody wrote in a complaint's course."""

    COMPLAINT = "complaint"
    CONTACT = "contact"
    ANSWER = "answer"
    REVIEW = "review"


class Review(StrEnum):
    """What whoever complained thinks of the answer (好差评)."""

    GOOD = "good"
    BAD = "bad"


REVIEW_NAMES = {
    Review.GOOD: ("满意", "content"),
    Review.BAD: ("不满意", "not content"),
}
"""How people call them, in both languages."""
