"""Confirming a decision as the second person, which writes its periods; or withdrawing it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.notices import notify
from procurement.permissions import Actor
from procurement.pharmacies.listed.checking import check_draft, in_order
from procurement.pharmacies.listed.errors import ListMovedError, SamePersonError, SettledError
from procurement.pharmacies.listed.kinds import DecisionStatus
from procurement.pharmacies.listed.planning import Plan
from procurement.pharmacies.listed.stored import draft_of, lines_of
from procurement.pharmacies.listed.tables import ListDecision, ListDecisionLine
from procurement.pharmacies.listed.terms import DecisionDraft
from procurement.pharmacies.listed.writing import write_line

REASON_MAX = 1_000


def confirm(
    session: Session, *, decision_id: int, version: int, actor: Actor, moment: datetime
) -> ListDecision:
    """Confirm a decision: what it says is on the list from its day on.

    Everything is checked again, since the list may have changed after it was proposed.

    Args:
        session: Session of the caller's transaction.
        decision_id: As proposed.
        version: As the page showed it.
        actor: Another person than who proposed it.
        moment: When, aware.

    Raises:
        StaleError: It was changed since.
        SettledError: It was confirmed or withdrawn before.
        SamePersonError: The actor proposed it.
        ListMovedError: It does not fit to what the list holds now.
    """
    decision = _held(session, decision_id, version)
    if actor.person_id is None or actor.person_id == decision.proposed_by:
        raise SamePersonError
    stored = lines_of(session, decision_id=decision.id)
    draft = draft_of(decision, lines=stored)
    _hold_drugs(session, draft)
    plans = _still_fits(session, draft, stored)
    for position, _line in in_order(draft):
        write_line(session, decision=decision, draft=draft, plan=plans[position - 1], moment=moment)
    _settle(decision, DecisionStatus.CONFIRMED, actor, moment)
    session.flush()
    _note(session, "confirm-list-decision", decision, len(stored), actor, moment)
    _tell(session, decision, moment)
    return decision


def withdraw(
    session: Session,
    *,
    decision_id: int,
    version: int,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> ListDecision:
    """Withdraw a decision that was not confirmed; it stays on record, and off the list.

    Args:
        session: Session of the caller's transaction.
        decision_id: As proposed.
        version: As the page showed it.
        reason: Why.
        actor: Who proposed it, or who refuses to confirm it.
        moment: When, aware.

    Raises:
        StaleError: It was changed since.
        SettledError: It was confirmed or withdrawn before.
        InvalidInputError: No reason was given.
    """
    decision = _held(session, decision_id, version)
    if not 0 < len(reason) <= REASON_MAX:
        raise InvalidInputError(
            [
                FieldFault(
                    "reason",
                    f"请写明撤回理由，最多 {REASON_MAX} 字。",
                    f"Say why it is withdrawn, in at most {REASON_MAX} characters.",
                )
            ]
        )
    decision.settled_reason = reason
    _settle(decision, DecisionStatus.WITHDRAWN, actor, moment)
    session.flush()
    number = len(lines_of(session, decision_id=decision.id))
    _note(session, "withdraw-list-decision", decision, number, actor, moment)
    return decision


def _held(session: Session, decision_id: int, version: int) -> ListDecision:
    decision = session.get_one(
        ListDecision, decision_id, with_for_update=True, populate_existing=True
    )
    if decision.status != DecisionStatus.PROPOSED:
        raise SettledError(DecisionStatus(decision.status))
    if decision.version != version:
        raise StaleError
    return decision


def _hold_drugs(session: Session, draft: DecisionDraft) -> None:
    """Let other decisions on the same drugs wait, whether those are on a list or not yet."""
    ids = sorted({line.generic_product_id for line in draft.lines})
    session.execute(
        select(GenericProduct.id)
        .where(GenericProduct.id.in_(ids))
        .order_by(GenericProduct.id)
        # Rows that only refer to a drug need not wait.
        .with_for_update(key_share=True)
    ).all()


def _still_fits(
    session: Session, draft: DecisionDraft, stored: Sequence[ListDecisionLine]
) -> Sequence[Plan]:
    checked = check_draft(session, draft=draft)
    for one in checked.faults:
        raise ListMovedError(
            f"第 {one.position} 条：{one.fault.zh}", f"entry {one.position}: {one.fault.en}"
        )
    for line, plan in zip(stored, checked.plans, strict=True):
        if plan.kind is None or plan.kind.value != line.kind:
            raise ListMovedError(
                f"第 {line.position} 条药品的类别已不同",
                f"the drug of entry {line.position} is in another state now",
            )
    return checked.plans


def _settle(decision: ListDecision, status: DecisionStatus, actor: Actor, moment: datetime) -> None:
    decision.status = status
    decision.settled_by, decision.settled_at = actor.person_id, moment
    decision.version += 1


def _note(
    session: Session,
    action: str,
    decision: ListDecision,
    lines: int,
    actor: Actor,
    moment: datetime,
) -> None:
    facts = {
        "region": decision.region,
        "basis": decision.document,
        "in-force-from": str(decision.in_force_from),
        "lines": str(lines),
    }
    if decision.settled_reason:
        facts["reason"] = decision.settled_reason
    record(
        session,
        actor=actor,
        action=action,
        subject=f"list-decision/{decision.number}",
        facts=facts,
        moment=moment,
    )


def _tell(session: Session, decision: ListDecision, moment: datetime) -> None:
    notify(
        session,
        organisation_id=decision.bureau_id,
        zh=f"双通道名单决定已复核生效：{decision.notice_title}",
        en=f"A decision on the dual-channel list was confirmed: {decision.document}",
        link=f"/dual-channel/notices/{decision.number}",
        moment=moment,
    )
