"""Durable work of monitoring: reminders and closing of surveys, and the quarterly report."""

from collections.abc import Mapping

from procurement.jobs import Handler, JobRun
from procurement.monitoring.report.making import MAKE_REPORT_JOB, make_report
from procurement.monitoring.surveys.running import (
    CLOSE_JOB,
    REMIND_JOB,
    close_survey,
    remind,
)
from procurement.permissions import Actor


def close_in_time(run: JobRun) -> None:
    """Close a survey whose time is over."""
    with run.transaction() as session:
        survey_id = int(str(run.payload["survey"]))
        close_survey(session, survey_id=survey_id, actor=Actor(), moment=run.moment())


def remind_in_time(run: JobRun) -> None:
    """Remind who has not answered."""
    with run.transaction() as session:
        remind(
            session,
            survey_id=int(str(run.payload["survey"])),
            days=int(str(run.payload["days"])),
            moment=run.moment(),
        )


HANDLERS: Mapping[str, Handler] = {
    CLOSE_JOB: close_in_time,
    REMIND_JOB: remind_in_time,
    MAKE_REPORT_JOB: make_report,
}
"""Who carries out which kind of job."""
