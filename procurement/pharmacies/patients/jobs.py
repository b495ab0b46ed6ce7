"""Durable work of every day: overdue reviews suspend, patients are forgotten in time."""

from collections.abc import Mapping

from procurement.china_days import day_in_china
from procurement.jobs import Handler, JobRun
from procurement.pharmacies.patients.purging import (
    count_to_forget,
    forget_headless,
    forget_patient,
    patients_to_forget,
)
from procurement.pharmacies.patients.reviewing import overdue_registrations, suspend_overdue

SUSPEND_JOB = "suspend-overdue-registrations"
FORGET_JOB = "forget-patients"

DAILY = (SUSPEND_JOB, FORGET_JOB)
"""Kinds of jobs that are queued once a day."""

BATCH = 100


def suspend(run: JobRun) -> None:
    """Suspend what is overdue, one registration a transaction; a second run finds the rest."""
    day = day_in_china(run.moment())
    with run.transaction() as session:
        overdue = overdue_registrations(session, day=day)
    for number, registration_id in enumerate(overdue, start=1):
        with run.transaction() as session:
            suspend_overdue(session, registration_id=registration_id, moment=run.moment())
            run.progress(number, len(overdue), session=session)


def forget(run: JobRun) -> None:
    """Forget patients whose retention ended, one a transaction; a second run finds the rest.

    Whom a legal hold keeps is passed over, and found again by every run until the hold ends.
    """
    day = day_in_china(run.moment())
    with run.transaction() as session:
        forget_headless(session, moment=run.moment())
    with run.transaction() as session:
        total = count_to_forget(session, day=day)
    done = last = 0
    while True:
        with run.transaction() as session:
            batch = patients_to_forget(session, day=day, limit=BATCH, after=last)
        if not batch:
            return
        for last in batch:
            with run.transaction() as session:
                forget_patient(session, patient_id=last, moment=run.moment())
                done += 1
                run.progress(done, max(done, total), session=session)


HANDLERS: Mapping[str, Handler] = {SUSPEND_JOB: suspend, FORGET_JOB: forget}
"""Who carries out which kind of job."""
