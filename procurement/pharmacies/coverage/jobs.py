"""Durable work: choose the pharmacies of a plan."""

from collections.abc import Mapping

from procurement.jobs import Handler, JobRun
from procurement.pharmacies.coverage.inputs import inputs_of
from procurement.pharmacies.coverage.planning import (
    PLAN_COVERAGE_JOB,
    find_plan,
    keep_outcome,
)
from procurement.pharmacies.coverage.states import PlanStatus
from procurement.pharmacies.rules.coverage.choosing import choose_pharmacies


def plan_coverage(run: JobRun) -> None:
    """Compute a plan between two transactions; a run after a crash computes it anew."""
    plan_id = int(str(run.payload["plan_id"]))
    with run.transaction() as session:
        row = find_plan(session, plan_id=plan_id)
        status, inputs = PlanStatus(row.status), inputs_of(row.inputs)
    if status is not PlanStatus.WAITING:
        return
    plan = choose_pharmacies(inputs.task)
    with run.transaction() as session:
        keep_outcome(session, plan_id=plan_id, inputs=inputs, plan=plan, moment=run.moment())


HANDLERS: Mapping[str, Handler] = {PLAN_COVERAGE_JOB: plan_coverage}
"""Who carries out which kind of job."""
