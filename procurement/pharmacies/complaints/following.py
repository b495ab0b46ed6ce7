"""Following one's own complaint by its number and code, and judging the answer."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement import audit
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.complaints.codes import code_digest
from procurement.pharmacies.complaints.filing import TEXT_MAX
from procurement.pharmacies.complaints.handling import (
    events_of,
    find_complaint,
    finish,
    hold_complaint,
    note_step,
)
from procurement.pharmacies.complaints.states import (
    ComplaintStatus,
    Review,
    TextKind,
    check_step,
)
from procurement.pharmacies.complaints.tables import Complaint, ComplaintEvent
from procurement.pharmacies.complaints.texts import Written, texts_of, write_text

_SHOWN = (TextKind.COMPLAINT, TextKind.ANSWER, TextKind.REVIEW)


class WrongCodeError(RefusedError):
    """Number and code do not belong together; which of them is wrong nobody is told."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="编号或查询码不对，请按回执核对。",
            en="Number or code is wrong: compare with your receipt.",
        )


@dataclass(frozen=True, slots=True)
class OwnComplaint:
    """A complaint as whoever wrote it sees it.

    Attributes:
        complaint: The row.
        course: Its steps, oldest first.
        texts: What was written, oldest first, without the contact.
    """

    complaint: Complaint
    course: Sequence[ComplaintEvent]
    texts: Sequence[Written]


def follow_complaint(session: Session, *, number: str, code: str, key: bytes) -> OwnComplaint:
    """Return a complaint to whoever has its code.

    Args:
        session: Any session.
        number: As on the receipt.
        code: As on the receipt; blanks, hyphens and case do not count.
        key: The installation's key.

    Raises:
        WrongCodeError: There is none with this number and code.
    """
    number = number.strip().upper()
    try:
        complaint = find_complaint(session, number=number)
    except NotFoundForActorError as error:
        raise WrongCodeError from error
    given = code_digest(code, number=number, key=key)
    if not hmac.compare_digest(given, complaint.code_hash):
        raise WrongCodeError
    return OwnComplaint(
        complaint,
        events_of(session, complaint=complaint),
        texts_of(session, complaint=complaint, kinds=_SHOWN, key=key),
    )


def review_answer(
    session: Session,
    *,
    number: str,
    code: str,
    review: str,
    text: str,
    key: bytes,
    moment: datetime,
) -> Complaint:
    """Judge an answer: who is content closes the complaint, who is not gets another answer.

    Args:
        session: Session of the caller's transaction.
        number: As on the receipt.
        code: As on the receipt.
        review: A value of `Review`.
        text: Why; needed of whoever is not content.
        key: The installation's key.
        moment: Now.

    Raises:
        WrongCodeError: There is none with this number and code.
        InvalidInputError: No judgement, or no reason for a bad one.
        ComplaintStateError: There is no answer to judge.
    """
    complaint = follow_complaint(session, number=number, code=code, key=key).complaint
    faults = _faults(review, text)
    if faults:
        raise InvalidInputError(faults)
    complaint = hold_complaint(session, number=complaint.number)
    is_content = Review(review) is Review.GOOD
    after = ComplaintStatus.CLOSED if is_content else ComplaintStatus.ASSIGNED
    # An assigned complaint may be handed on, but not judged.
    check_step(ComplaintStatus(complaint.status), ComplaintStatus.CLOSED)
    check_step(ComplaintStatus(complaint.status), after)
    complaint.review = Review(review)
    if text.strip():
        write_text(
            session, complaint=complaint, kind=TextKind.REVIEW, text=text, key=key, moment=moment
        )
    if is_content:
        finish(session, complaint, moment)
    note_step(session, complaint, after, actor=Actor(), reason="", moment=moment)
    audit.record(
        session,
        actor=Actor(),
        action="review-complaint",
        subject=f"complaint/{complaint.number}",
        facts={"verdict": review},
        moment=moment,
    )
    return complaint


def _faults(review: str, text: str) -> list[FieldFault]:
    faults = []
    if review not in set(Review):
        faults.append(FieldFault("review", "请选择满意或不满意。", "Choose one."))
    if len(text) > TEXT_MAX or (review == Review.BAD and not text.strip()):
        zh = f"请写明哪里不满意（不超过 {TEXT_MAX:,} 字）。"
        en = f"Say what is missing, in at most {TEXT_MAX:,} characters."
        faults.append(FieldFault("text", zh, en))
    return faults
