"""Sending notices and reading them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from procurement.database import is_sandbox
from procurement.notices.tables import Notice

BATCH = 1000

_INSERT: Mapping[str, Callable[..., Any]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def notify(
    session: Session,
    *,
    organisation_id: int,
    zh: str,
    en: str,
    link: str,
    moment: datetime,
    key: str | None = None,
) -> None:
    """Tell an organisation something, in the transaction in which it happens.

    Args:
        session: Session of the caller's transaction.
        organisation_id: Who is told.
        zh: What, in Chinese.
        en: The same in English.
        link: The page that shows it.
        moment: When, aware.
        key: Names the event; the same organisation is told of it once.
    """
    if key is not None:
        told = select(Notice.id).where(Notice.organisation_id == organisation_id, Notice.key == key)
        if session.scalar(told) is not None:
            return
    zh, en = _marked(session, zh, en)
    session.add(
        Notice(organisation_id=organisation_id, key=key, zh=zh, en=en, link=link, sent_at=moment)
    )
    session.flush()


def notify_all(
    session: Session,
    *,
    organisation_ids: Iterable[int],
    zh: str,
    en: str,
    link: str,
    moment: datetime,
    key: str,
) -> None:
    """Tell many organisations the same, each of them once; see `notify`.

    Written in batches: a reminder may go to every hospital of the country.
    """
    build = _INSERT[session.get_bind().dialect.name]
    zh, en = _marked(session, zh, en)
    told = {"key": key, "zh": zh, "en": en, "link": link, "sent_at": moment}
    rows = ({"organisation_id": one, **told} for one in organisation_ids)
    statement = build(Notice).on_conflict_do_nothing()
    while batch := list(islice(rows, BATCH)):
        session.execute(statement, batch)


def _marked(session: Session, zh: str, en: str) -> tuple[str, str]:
    """Say of a notice of a rehearsal what it is."""
    return (f"〔演练〕{zh}", f"[Rehearsal] {en}") if is_sandbox(session) else (zh, en)


def notices_of(session: Session, *, organisation_id: int, limit: int = 20) -> Sequence[Notice]:
    """Return an organisation's newest notices, newest first."""
    newest = (
        select(Notice)
        .where(Notice.organisation_id == organisation_id)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return session.scalars(newest).all()


def mark_read(session: Session, *, organisation_id: int, moment: datetime) -> None:
    """Mark all notices of an organisation as read."""
    session.execute(
        update(Notice)
        .where(Notice.organisation_id == organisation_id, Notice.read_at.is_(None))
        .values(read_at=moment)
    )
