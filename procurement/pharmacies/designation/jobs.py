"""Durable work of designation: agreements that run out, duties of hospitals."""

from collections.abc import Mapping

from procurement.china_days import day_in_china
from procurement.jobs import Handler, JobRun
from procurement.pharmacies.designation.duties import (
    counties_with_duties,
    mark_overdue,
    spread_duties,
)
from procurement.pharmacies.designation.lasting import expire_due

END_DESIGNATIONS_JOB = "end-designations"
SPREAD_DUTIES_JOB = "spread-drug-duties"


def end_designations(run: JobRun) -> None:
    """End designations whose agreement has run out, some in each transaction."""
    while True:
        with run.transaction() as session:
            if not expire_due(session, moment=run.moment()):
                return


def spread_drug_duties(run: JobRun) -> None:
    """Give hospitals their duties county by county, and mark those that are overdue.

    A county that has its duties gets none twice, so that a run after a crash begins anew.
    """
    region = str(run.payload.get("region", "000000"))
    with run.transaction() as session:
        mark_overdue(session, moment=run.moment())
        day = day_in_china(run.moment())
        counties = counties_with_duties(session, day=day, region=region)
    for number, county in enumerate(counties):
        with run.transaction() as session:
            spread_duties(session, county=county, moment=run.moment())
        run.progress(number + 1, len(counties))


HANDLERS: Mapping[str, Handler] = {
    END_DESIGNATIONS_JOB: end_designations,
    SPREAD_DUTIES_JOB: spread_drug_duties,
}
"""Who carries out which kind of job."""

DAILY = (END_DESIGNATIONS_JOB, SPREAD_DUTIES_JOB)
"""Jobs of every day."""
