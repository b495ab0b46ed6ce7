"""Durable work of this stage: making agreements, signing many that were entrusted."""

from collections.abc import Mapping

from procurement.agreements.making import finish, make_region, prepare, regions_of
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreementTerm
from procurement.agreements.terms import MAKE_AGREEMENTS_JOB
from procurement.errors import RefusedError
from procurement.jobs import Handler, JobRun


def make_agreements(run: JobRun) -> None:
    """Make the agreements of a term, region by region; after a crash it goes on behind the last.

    Each region is one transaction, and so is what is done after the last one.
    """
    term_id = int(str(run.payload["term_id"]))
    try:
        with run.transaction() as session:
            prepare(session, term=session.get_one(AgreementTerm, term_id))
        while _make_next(run, term_id):
            pass
    except RefusedError as refusal:
        with run.transaction() as session:
            term = session.get_one(AgreementTerm, term_id)
            term.status = TermStatus.FAILED
            term.fault_zh, term.fault_en = refusal.zh, refusal.en


def _make_next(run: JobRun, term_id: int) -> bool:
    """Make one region; False once all are made."""
    with run.transaction() as session:
        term = session.get_one(AgreementTerm, term_id, with_for_update=True)
        if term.status != TermStatus.RUNNING:
            return False
        regions = regions_of(session, term=term)
        if term.done < len(regions):
            make_region(session, term=term, region=regions[term.done])
            run.progress(term.done, len(regions), session=session)
            return True
        finish(session, term=term, moment=run.moment())
        return False


HANDLERS: Mapping[str, Handler] = {MAKE_AGREEMENTS_JOB: make_agreements}
"""Who carries out which kind of job."""
