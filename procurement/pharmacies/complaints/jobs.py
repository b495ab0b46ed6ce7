"""Durable work of every day: what a legal hold kept of closed complaints is deleted after it."""

from collections.abc import Mapping

from procurement.jobs import Handler, JobRun
from procurement.pharmacies.complaints.handling import hold_complaint
from procurement.pharmacies.complaints.texts import contacts_to_forget, delete_contact

FORGET_JOB = "forget-contacts-of-complaints"

DAILY = (FORGET_JOB,)
"""Kinds of jobs that are queued once a day."""


def forget(run: JobRun) -> None:
    """Forget who wrote closed complaints that nothing holds any more, one a transaction."""
    with run.transaction() as session:
        numbers = contacts_to_forget(session)
    for done, number in enumerate(numbers, start=1):
        with run.transaction() as session:
            complaint = hold_complaint(session, number=number)
            delete_contact(session, complaint=complaint, moment=run.moment())
            run.progress(done, len(numbers), session=session)


HANDLERS: Mapping[str, Handler] = {FORGET_JOB: forget}
"""Who carries out which kind of job."""
