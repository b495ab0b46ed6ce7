"""Durable work: queued in the caller's transaction, resumed after a crash.

A handler runs in steps, each in its own transaction, and may be started again after any of them.
"""

from procurement.jobs.progress import Progress, progress_of
from procurement.jobs.run import Handler, JobRun
from procurement.jobs.service import enqueue, find_job
from procurement.jobs.tables import Job, JobStatus
from procurement.jobs.worker import Worker, run_due_jobs

__all__ = [
    "Handler",
    "Job",
    "JobRun",
    "JobStatus",
    "Progress",
    "Worker",
    "enqueue",
    "find_job",
    "progress_of",
    "run_due_jobs",
]
