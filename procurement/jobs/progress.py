"""How a page that waits for a job is told how far it is; each stage decides who may ask."""

from dataclasses import dataclass

from procurement.jobs.tables import Job, JobStatus

_STATES = {
    JobStatus.QUEUED: ("waiting", "排队中", "Waiting"),
    JobStatus.RUNNING: ("running", "正在处理", "Working"),
    JobStatus.DONE: ("done", "已完成", "Done"),
    JobStatus.FAILED: ("failed", "未能完成", "Could not be done"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What ``static/js/jobs.js`` reads.

    Attributes:
        done: Steps done.
        total: Steps in all; 0 while unknown.
        state: ``waiting``, ``running``, ``done`` or ``failed``.
        zh: The state in words.
        en: The same in English.
        next: Where to go when it is done.
    """

    done: int
    total: int
    state: str
    zh: str
    en: str
    next: str | None


def progress_of(job: Job, *, next_page: str | None = None) -> Progress:
    """Tell how far a job is.

    Args:
        job: The job.
        next_page: Where its result is shown.

    Returns:
        The progress, to be answered as JSON.
    """
    state, zh, en = _STATES[JobStatus(job.status)]
    return Progress(
        done=job.done,
        total=job.total,
        state=state,
        zh=zh,
        en=en,
        next=next_page if job.status == JobStatus.DONE else None,
    )
