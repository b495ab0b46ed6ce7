"""Queueing work."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.jobs.tables import Job


def enqueue(
    session: Session,
    *,
    kind: str,
    payload: Mapping[str, object],
    moment: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
) -> int:
    """Queue work in the caller's transaction: it exists exactly if what asked for it does.

    Args:
        session: Session of the caller's transaction.
        kind: Names the handler.
        payload: What the handler needs to know; JSON, and no price, key or password.
        moment: Now, aware.
        run_at: Not before; now unless given.
        key: Names the work: it is queued once under its key.

    Returns:
        The job's id; of the job that was queued before under the key, if any.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> moment = datetime(2026, 11, 22, tzinfo=UTC)
        >>> with transaction(engine) as session:
        ...     first = enqueue(session, kind="x", payload={}, moment=moment, key="once")
        ...     first == enqueue(session, kind="x", payload={}, moment=moment, key="once")
        True
        >>> engine.dispose()
    """
    if key is not None:
        known = session.scalar(select(Job.id).where(Job.key == key))
        if known is not None:
            return known
    job = Job(
        kind=kind,
        key=key,
        payload=json.dumps(dict(payload), ensure_ascii=False),
        run_at=run_at or moment,
        queued_at=moment,
    )
    session.add(job)
    session.flush()
    return job.id


def find_job(session: Session, *, job_id: int) -> Job | None:
    """Return a job, for a page that shows its progress."""
    return session.get(Job, job_id)
