"""The table of jobs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    """Somebody works on it until ``leased_until``; later it is anybody's."""
    DONE = "done"
    FAILED = "failed"
    """Given up after the last attempt; ``message`` says why."""


class Job(Base):
    """One piece of work to be done apart from the request that asked for it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_status_run_at", "status", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """The same work is queued once under its key."""
    payload: Mapped[str] = mapped_column(Text)
    """JSON object; no price, key or password."""
    status: Mapped[JobStatus] = mapped_column(String(20), default=JobStatus.QUEUED)
    run_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(String(500))
    queued_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
