"""Work of the accounts that nobody waits for."""

from collections.abc import Callable, Mapping

from procurement.accounts.certificates.authorities import FOLDER, read_authorities
from procurement.accounts.certificates.revocation import note_revocations
from procurement.accounts.sign_in.tidying import forget_expired
from procurement.jobs import JobRun

FORGET_EXPIRED = "forget-expired-sign-ins"
"""Kind of the job; the timetable asks for it once a day."""

NOTE_REVOCATIONS = "note-revocations"
"""Kind of the job; likewise once a day."""

DAILY = (FORGET_EXPIRED, NOTE_REVOCATIONS)
"""Jobs that the timetable queues once a day."""


def _forget_expired(run: JobRun) -> None:
    with run.transaction() as session:
        forget_expired(session, moment=run.wall_moment())


def _note_revocations(run: JobRun) -> None:
    authorities = read_authorities(run.settings.data / FOLDER)
    with run.transaction() as session:
        note_revocations(session, authorities=authorities, moment=run.moment())


HANDLERS: Mapping[str, Callable[[JobRun], None]] = {
    FORGET_EXPIRED: _forget_expired,
    NOTE_REVOCATIONS: _note_revocations,
}
"""Who carries out which kind of job."""
