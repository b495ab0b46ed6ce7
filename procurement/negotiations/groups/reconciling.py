"""The chair reconciles the two signed results; every step is kept, the last one is the price."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.steps import require_status, subject_of
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups.calculating import price_of, range_faults
from procurement.negotiations.groups.models import WORKED_IN, require_filed_unit
from procurement.negotiations.groups.policies import POLICY_WORDS, WEIGHED, combined
from procurement.negotiations.groups.results import ResultView, newest_result
from procurement.negotiations.groups.tables import ReconciliationStep
from procurement.negotiations.groups.vault import reading_vault, vault_of
from procurement.negotiations.kinds import Group, Part
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

PURPOSE = "reconciliation"
REASON_MAX = 4000


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chair's.

    Attributes:
        number: From 1.
        policy: By which policy the two prices were joined.
        weight: Of the economics group's price, where the policy weighs.
        prices: Each group's price.
        results: Digest of each group's signed result.
        price: The maximum payable price that the step gives.
        reason: The chair's.
        taken_at: When.
    """

    number: int
    policy: str
    weight: Decimal | None
    prices: Mapping[str, Decimal]
    results: Mapping[str, str]
    price: Decimal
    reason: str
    taken_at: datetime


def signed_results(
    session: Session, *, dossier: Dossier, secret_key: bytes
) -> dict[Group, ResultView]:
    """Return the results that both groups have signed; one alone is shown to nobody.

    Raises:
        CalculationSealedError: They are sealed away with the maximum price.
    """
    found = {
        group: newest_result(session, dossier=dossier, group=group, secret_key=secret_key)
        for group in Group
    }
    signed = {group: one for group, one in found.items() if one is not None and one.is_signed}
    return signed if len(signed) == len(Group) else {}


def reconcile(  # noqa: PLR0913 - the facts of one step, each by its name
    session: Session,
    *,
    dossier: Dossier,
    policy: str,
    weight: Decimal | None,
    reason: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> Step:
    """Join the two groups' prices by a named policy, with a reason; the newest step counts.

    Raises:
        NotFoundForActorError: Not the chair of it, or conflicted.
        NotReadyError: The groups have not both signed.
        InvalidInputError: An unknown policy, no reason, a weight beyond 0 to 1; prices for
            different units, or a price that no envelope can hold.
    """
    person_id = require_member(session, dossier, actor=actor, part=Part.CHAIR)
    require_status(dossier, *WORKED_IN)
    results = signed_results(session, dossier=dossier, secret_key=secret_key)
    if not results:
        raise NotReadyError(
            zh="两个测算组须先各自签字。", en="Both groups must have signed their results."
        )
    faults = _faults(policy, weight, reason)
    if faults:
        raise InvalidInputError(faults)
    for one in results.values():
        require_filed_unit(session, dossier=dossier, unit=one.content["unit"])
    prices = {group: _price(one) for group, one in results.items()}
    price = combined(
        policy, economics=prices[Group.ECONOMICS], fund=prices[Group.FUND], weight=weight
    )
    out_of_range = range_faults("policy", price)
    if out_of_range:
        raise InvalidInputError(out_of_range)
    content = {
        "policy": policy,
        "weight": None if weight is None else str(weight),
        "prices": {group.value: str(one) for group, one in prices.items()},
        "results": {group.value: one.digest for group, one in results.items()},
        "price": str(price),
        "reason": reason,
    }
    row = _keep(session, dossier, content, secret_key, person_id, moment)
    record(
        session,
        actor=actor,
        action="reconcile",
        subject=subject_of(dossier),
        facts={"step": str(row.number)},
        moment=moment,
    )
    return step_from(row, content)


def _keep(
    session: Session,
    dossier: Dossier,
    content: Mapping[str, Any],
    secret_key: bytes,
    person_id: int,
    moment: datetime,
) -> ReconciliationStep:
    newest = select(func.max(ReconciliationStep.number)).where(
        ReconciliationStep.dossier_id == dossier.id
    )
    vault = vault_of(session, dossier_id=dossier.id, secret_key=secret_key)
    row = ReconciliationStep(
        dossier_id=dossier.id,
        number=(session.scalar(newest) or 0) + 1,
        sealed=vault.seal(canonical_bytes(content), purpose=PURPOSE),
        person_id=person_id,
        taken_at=moment,
    )
    session.add(row)
    session.flush()
    return row


def steps_of(session: Session, *, dossier: Dossier, secret_key: bytes) -> Sequence[Step]:
    """Return the chair's steps, oldest first.

    Raises:
        CalculationSealedError: They are sealed away with the maximum price.
    """
    vault = reading_vault(session, dossier_id=dossier.id, secret_key=secret_key)
    if vault is None:
        return []
    rows = session.scalars(
        select(ReconciliationStep)
        .where(ReconciliationStep.dossier_id == dossier.id)
        .order_by(ReconciliationStep.number)
    )
    return [step_from(row, json.loads(vault.open(row.sealed, purpose=PURPOSE))) for row in rows]


def step_to_seal(session: Session, *, dossier: Dossier, secret_key: bytes) -> Step:
    """Return the step whose price is to be sealed: the last, about results that still stand.

    Raises:
        NotReadyError: There is none, or a group computed again after it.
    """
    steps = steps_of(session, dossier=dossier, secret_key=secret_key)
    results = signed_results(session, dossier=dossier, secret_key=secret_key)
    standing = {group.value: one.digest for group, one in results.items()}
    if not steps or steps[-1].results != standing:
        raise NotReadyError(
            zh="请先就两组现有的签字结果作出合议。",
            en="Reconcile the two results as they are signed now first.",
        )
    return steps[-1]


def step_from(row: ReconciliationStep, content: Mapping[str, Any]) -> Step:
    """Return a step as its sealed content says it."""
    return Step(
        number=row.number,
        policy=content["policy"],
        weight=None if content["weight"] is None else Decimal(content["weight"]),
        prices={group: Decimal(one) for group, one in content["prices"].items()},
        results=content["results"],
        price=Decimal(content["price"]),
        reason=content["reason"],
        taken_at=row.taken_at,
    )


def _price(result: ResultView) -> Decimal:
    price = price_of(result.content["price"])
    if price is None:
        # None is kept without a price: `calculated` refuses it.
        raise NotReadyError(zh="测算结果没有价格。", en="The result has no price.")
    return price


def _faults(policy: str, weight: Decimal | None, reason: str) -> list[FieldFault]:
    faults = []
    if policy not in POLICY_WORDS:
        faults.append(FieldFault("policy", "请选择合议办法。", "Choose a policy."))
    if weight is not None and not 0 <= weight <= 1:
        faults.append(FieldFault("weight", "须为 0 至 1。", "Expected 0 to 1."))
    if policy in WEIGHED and weight is None:
        faults.append(FieldFault("weight", "请填写权重。", "Give the weight."))
    if not 1 <= len(reason) <= REASON_MAX:
        faults.append(
            FieldFault(
                "reason",
                f"请说明理由，最多 {REASON_MAX} 字。",
                f"Give the reason in at most {REASON_MAX} characters.",
            )
        )
    return faults
