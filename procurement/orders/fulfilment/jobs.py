"""Durable work of fulfilment: the search for what crosses a threshold."""

from collections.abc import Mapping, Sequence
from datetime import date

from procurement.agreements.tables import AgreementTerm
from procurement.china_days import day_in_china
from procurement.jobs import Handler, JobRun
from procurement.orders.fulfilment.hooks import installed_paid_on
from procurement.orders.fulfilment.searching import Searched, hospitals_of, search_hospitals
from procurement.orders.fulfilment.watching import (
    SEARCH_FULFILMENT_JOB,
    ask_again,
    joined,
    search_payments,
    search_suppliers,
    tell_searched,
)

HOSPITALS_A_STEP = 200


def search_fulfilment(run: JobRun) -> None:
    """Search a term in a region, some hospitals in each transaction.

    A crossing that was noted is not noted again, so that a run after a crash begins anew and finds
    the same.
    """
    term_id, region = int(str(run.payload["term_id"])), str(run.payload["region"])
    day = day_in_china(run.moment())
    with run.transaction() as session:
        hospitals = hospitals_of(
            session, term=session.get_one(AgreementTerm, term_id), region=region
        )
        if run.payload.get("monthly"):
            term = session.get_one(AgreementTerm, term_id)
            ask_again(session, term=term, payload=dict(run.payload), day=day, moment=run.moment())
    parts = []
    for start in range(0, len(hospitals), HOSPITALS_A_STEP):
        parts.append(_step(run, term_id, hospitals[start : start + HOSPITALS_A_STEP], day))
        run.progress(start, len(hospitals))
    with run.transaction() as session:
        parts.append(search_suppliers(session, region=region, day=day, moment=run.moment()))
        tell_searched(
            session,
            organisation_id=int(str(run.payload["organisation_id"])),
            searched=joined(parts),
            moment=run.moment(),
            key=f"fulfilment search {run.job_id}",
        )
        run.progress(len(hospitals), len(hospitals), session=session)


def _step(run: JobRun, term_id: int, hospitals: Sequence[int], day: date) -> Searched:
    with run.transaction() as session:
        term, moment = session.get_one(AgreementTerm, term_id), run.moment()
        parts = [
            search_hospitals(session, term=term, hospital_ids=hospitals, day=day, moment=moment)
        ]
        paid_on = installed_paid_on()
        if paid_on is not None:
            parts.append(
                search_payments(
                    session,
                    term=term,
                    hospital_ids=hospitals,
                    day=day,
                    paid_on=paid_on,
                    moment=moment,
                )
            )
        return joined(parts)


HANDLERS: Mapping[str, Handler] = {SEARCH_FULFILMENT_JOB: search_fulfilment}
"""Who carries out which kind of job."""
