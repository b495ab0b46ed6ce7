"""What every change of a notice begins and ends with: its lock, its status, its record."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.notices import notify
from procurement.orders.fulfilment.states import NoticeStatus, check_notice
from procurement.orders.fulfilment.tables import TEXT_MAX, FulfilmentNotice
from procurement.permissions import Actor

NOTICE_MAX = 500
"""Characters of a notice on the home page; the whole text stands on the page that it links."""


def lock_notice(
    session: Session, *, notice: FulfilmentNotice, version: int | None, wanted: NoticeStatus
) -> None:
    """Read a notice anew, keep others from changing it, and ask whether it may become that.

    Raises:
        StaleError: It was changed since the page was loaded.
        WrongNoticeStateError: `NOTICE_TRANSITIONS` does not list the change.
    """
    session.flush()
    session.refresh(notice, with_for_update=True)
    if version is not None and notice.version != version:
        raise StaleError
    check_notice(NoticeStatus(notice.status), wanted)


def note(
    session: Session, notice: FulfilmentNotice, *, actor: Actor, action: str, moment: datetime
) -> None:
    """Count the change and write it into the audit log."""
    notice.version += 1
    session.flush()
    record(
        session,
        actor=actor,
        action=action,
        subject=f"fulfilment-notice/{notice.id}",
        facts={
            "kind": notice.kind,
            "about": str(notice.organisation_id),
            "measure": notice.measure,
            "status": notice.status,
        },
        moment=moment,
    )


def tell(
    session: Session,
    notice: FulfilmentNotice,
    *,
    organisation_id: int | None,
    zh: str,
    en: str,
    moment: datetime,
) -> None:
    """Tell one side of a notice about it."""
    if organisation_id is not None:
        notify(
            session,
            organisation_id=organisation_id,
            zh=zh[:NOTICE_MAX],
            en=en[:NOTICE_MAX],
            link=f"/fulfilment/notices/{notice.id}",
            moment=moment,
        )


def require_text(field: str, text: str, *, limit: int = TEXT_MAX) -> str:
    """Return what was typed without spaces around it.

    Raises:
        InvalidInputError: It is empty or too long.
    """
    fault = text_fault(field, text, limit=limit)
    if fault is not None:
        raise InvalidInputError([fault])
    return text.strip()


def text_fault(field: str, text: str, *, limit: int = TEXT_MAX) -> FieldFault | None:
    """What is wrong with a text that must be given.

    Examples:
        >>> text_fault("reason", " ").field, text_fault("reason", "缺货") is None
        ('reason', True)
    """
    if not text.strip():
        return FieldFault(field, "必填，此处为空。", "Must be given, and is empty.")
    if len(text.strip()) > limit:
        return FieldFault(field, f"最多 {limit} 个字。", f"At most {limit} characters.")
    return None
