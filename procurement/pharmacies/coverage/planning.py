"""Plans: asked for, computed by durable work, read."""

import json
import math
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.jobs import enqueue
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.coverage.document import plan_document
from procurement.pharmacies.coverage.inputs import Inputs, Wanted, gather, inputs_json
from procurement.pharmacies.coverage.states import PlanScope, PlanStatus, require_plan_step
from procurement.pharmacies.coverage.tables import CoveragePlan
from procurement.pharmacies.rules.coverage.task import Plan

PLAN_COVERAGE_JOB = "plan-coverage"
KM_MAX = 1000
PER_COUNTY_MAX = 20
PLANS_SHOWN = 50


def request_plan(
    session: Session, *, wanted: Wanted, actor: Actor, moment: datetime
) -> CoveragePlan:
    """Ask for a plan; what it is made from is kept as it is now.

    Args:
        session: Session of the caller's transaction.
        wanted: What it is to do; the caller has asked whether the actor may in that region.
        actor: Who asks; the bureau is told when it is done.
        moment: When, aware.

    Raises:
        InvalidInputError: A number is out of range, the region has no points, or the drug is not
            one of the dual channel there.
    """
    faults = _faults(wanted)
    if faults:
        raise InvalidInputError(faults)
    inputs = inputs_json(gather(session, wanted=wanted, day=day_in_china(moment)))
    plan = CoveragePlan(
        bureau_id=actor.organisation_id,
        region=wanted.region,
        scope=wanted.scope,
        listed_drug_id=wanted.listed_drug_id if wanted.scope is PlanScope.DRUG else None,
        within_km=wanted.within_km,
        per_county=wanted.per_county,
        inputs=inputs,
        inputs_digest=sha256(inputs.encode()).hexdigest(),
        status=PlanStatus.WAITING,
        requested_by=actor.person_id,
        requested_at=moment,
    )
    session.add(plan)
    session.flush()
    plan.job_id = enqueue(
        session, kind=PLAN_COVERAGE_JOB, payload={"plan_id": plan.id}, moment=moment
    )
    record(
        session,
        actor=actor,
        action="request-coverage-plan",
        subject=f"coverage-plan/{plan.id}",
        facts={
            "region": wanted.region,
            "scope": wanted.scope.value,
            "within_km": "" if wanted.within_km is None else f"{wanted.within_km:g}",
            "per_county": str(wanted.per_county),
            "inputs": plan.inputs_digest,
        },
        moment=moment,
    )
    return plan


def _faults(wanted: Wanted) -> list[FieldFault]:
    faults = []
    if not is_division(wanted.region):
        faults.append(FieldFault("region", "请填写六位区划代码。", "Give a division code."))
    km = wanted.within_km
    if km is not None and not (math.isfinite(km) and 0 < km <= KM_MAX):
        zh, en = f"须大于 0、不超过 {KM_MAX} 公里。", f"Expected above 0, at most {KM_MAX} km."
        faults.append(FieldFault("within_km", zh, en))
    if not 1 <= wanted.per_county <= PER_COUNTY_MAX:
        zh, en = f"须为 1 至 {PER_COUNTY_MAX}。", f"Expected 1 to {PER_COUNTY_MAX}."
        faults.append(FieldFault("per_county", zh, en))
    return faults


def keep_outcome(
    session: Session, *, plan_id: int, inputs: Inputs, plan: Plan, moment: datetime
) -> None:
    """Keep what was computed, and tell whoever asked; once.

    Args:
        session: Session of the caller's transaction.
        plan_id: The plan.
        inputs: What it was made from.
        plan: What was chosen.
        moment: When, aware.
    """
    row = session.get_one(CoveragePlan, plan_id, with_for_update=True, populate_existing=True)
    if row.status != PlanStatus.WAITING:
        return
    documents = {
        language: plan_document(plan, inputs.task, language=language) for language in ("zh", "en")
    }
    require_plan_step(PlanStatus(row.status), PlanStatus.DONE)
    row.status, row.ended_at = PlanStatus.DONE, moment
    row.outcome = json.dumps(documents, ensure_ascii=False, sort_keys=True)
    row.optimal, row.gap = plan.optimal, plan.gap
    row.further, row.uncovered = len(plan.further), len(plan.uncovered)
    notify(
        session,
        organisation_id=row.bureau_id,
        zh=f"覆盖方案 {row.id} 已完成：新增 {row.further} 家，{row.uncovered} 个县区无法覆盖。",
        en=f"Coverage plan {row.id} is done: {row.further} further pharmacies, "
        f"{row.uncovered} counties cannot be covered.",
        link=f"/coverage/plans/{row.id}",
        moment=moment,
    )


def find_plan(session: Session, *, plan_id: int) -> CoveragePlan:
    """Return a plan.

    Raises:
        NotFoundForActorError: There is none.
    """
    row = session.get(CoveragePlan, plan_id)
    if row is None:
        raise NotFoundForActorError
    return row


def plans_of(session: Session, *, bureau_id: int) -> Sequence[CoveragePlan]:
    """Return the newest plans that a bureau or agency asked for."""
    own = select(CoveragePlan).where(CoveragePlan.bureau_id == bureau_id)
    return session.scalars(own.order_by(CoveragePlan.id.desc()).limit(PLANS_SHOWN)).all()


def outcome_of(plan: CoveragePlan, *, language: str) -> dict[str, Any] | None:
    """Return what a plan chose, as `plan_document` puts it; None until it is done."""
    if plan.outcome is None:
        return None
    outcome: dict[str, Any] = json.loads(plan.outcome)["en" if language == "en" else "zh"]
    return outcome
