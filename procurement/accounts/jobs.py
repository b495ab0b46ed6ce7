"""Work of the accounts that nobody waits for."""

from collections.abc import Callable, Mapping

from procurement.accounts.sign_in.tidying import forget_expired
from procurement.jobs import JobRun

FORGET_EXPIRED = "forget-expired-sign-ins"
"""Kind of the job; the timetable asks for it once a day."""


def _forget_expired(run: JobRun) -> None:
    with run.transaction() as session:
        forget_expired(session, moment=run.moment())


HANDLERS: Mapping[str, Callable[[JobRun], None]] = {FORGET_EXPIRED: _forget_expired}
"""Who carries out which kind of job."""
