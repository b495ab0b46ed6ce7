"""Proposing a decision: checked in full, stored with its lines; the list itself does not change."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.listed.checking import Checked, LineFault, check_draft
from procurement.pharmacies.listed.kinds import ChangeKind, DecisionKind, DecisionStatus
from procurement.pharmacies.listed.planning import Plan
from procurement.pharmacies.listed.reading import EARLIEST, LATEST
from procurement.pharmacies.listed.tables import ListDecision, ListDecisionLine
from procurement.pharmacies.listed.terms import DecisionDraft, evidence_text, line_text

TITLE_MAX, DOCUMENT_MAX, TEXT_MAX = 200, 200, 20_000
LINES_MAX = 2_000

_TEXTS = {
    "document": DOCUMENT_MAX,
    "reason": TEXT_MAX,
    "notice_title": TITLE_MAX,
    "notice_text": TEXT_MAX,
}


def propose(
    session: Session, *, draft: DecisionDraft, actor: Actor, moment: datetime
) -> ListDecision:
    """Propose a decision for a second person to confirm.

    Args:
        session: Session of the caller's transaction.
        draft: What is to be decided.
        actor: Who proposes it.
        moment: When, aware.

    Returns:
        The decision; its periods are written when it is confirmed.

    Raises:
        InvalidInputError: With every fault; a fault of a line is at ``field-position``.
        OtherListError: The bureau has no such list.
        CityListError: Cities may not change it.
        LaterDecisionError: A later decision rests on that which it corrects.
    """
    faults, checked = _checked(session, draft)
    if not faults and not any(plan.kind for plan in checked.plans):
        faults.append(FieldFault("lines", "名单没有任何变化。", "The list would stay as it is."))
    if faults:
        raise InvalidInputError(faults)
    decision = _stored(session, draft, actor, moment)
    decision.rulebook = checked.rules.rulebook.id
    decision.rulebook_digest = checked.rules.rulebook.digest
    session.add(decision)
    session.flush()
    changing = [plan for plan in checked.plans if plan.kind is not None]
    for position, plan in enumerate(changing, start=1):
        session.add(_line(decision, position, plan, draft.kind))
    session.flush()
    record(
        session,
        actor=actor,
        action="propose-list-decision",
        subject=f"list-decision/{decision.number}",
        facts={
            "region": draft.region,
            "kind": draft.kind.value,
            "basis": draft.document,
            "lines": str(len(changing)),
        },
        moment=moment,
    )
    return decision


def draft_faults(session: Session, *, draft: DecisionDraft) -> list[FieldFault]:
    """Return everything that is wrong with a draft; see `propose` for what is raised instead."""
    return _checked(session, draft)[0]


def _checked(session: Session, draft: DecisionDraft) -> tuple[list[FieldFault], Checked]:
    checked = check_draft(session, draft=draft)
    return [*head_faults(draft), *(at_line(one) for one in checked.faults)], checked


def at_line(one: LineFault) -> FieldFault:
    """Name the field of a line as forms do: ``state-2`` is that of the second line."""
    return FieldFault(
        f"{one.fault.field}-{one.position}",
        f"第 {one.position} 条：{one.fault.zh}",
        f"Entry {one.position}: {one.fault.en}",
    )


def head_faults(draft: DecisionDraft) -> list[FieldFault]:
    """Return what is wrong with a draft apart from its lines."""
    faults = []
    for name, length in _TEXTS.items():
        if not 0 < len(getattr(draft, name)) <= length:
            faults.append(
                FieldFault(
                    name,
                    f"应填写，最多 {length} 字。",
                    f"Expected a text, at most {length} characters.",
                )
            )
    for name in ("decided_on", "in_force_from", "public_from"):
        if not EARLIEST <= getattr(draft, name) <= LATEST:
            zh, en = f"应为 {EARLIEST} 至 {LATEST}。", f"Expected {EARLIEST} to {LATEST}."
            faults.append(FieldFault(name, zh, en))
    if not 0 < len(draft.lines) <= LINES_MAX:
        faults.append(
            FieldFault(
                "lines", f"应有 1 至 {LINES_MAX} 条。", f"Expected 1 to {LINES_MAX} entries."
            )
        )
    if (draft.corrects_id is None) != (draft.kind is not DecisionKind.CORRECTION):
        faults.append(
            FieldFault(
                "corrects", "更正须指明被更正的决定。", "A correction names what it corrects."
            )
        )
    return faults


def _stored(session: Session, draft: DecisionDraft, actor: Actor, moment: datetime) -> ListDecision:
    return ListDecision(
        number=_number(session, draft),
        region=draft.region,
        bureau_id=draft.bureau_id,
        kind=draft.kind,
        status=DecisionStatus.PROPOSED,
        document=draft.document,
        decided_on=draft.decided_on,
        in_force_from=draft.in_force_from,
        reason=draft.reason,
        notice_title=draft.notice_title,
        notice_text=draft.notice_text,
        public_from=draft.public_from,
        corrects_id=draft.corrects_id,
        proposed_by=actor.person_id,
        proposed_at=moment,
    )


def _number(session: Session, draft: DecisionDraft) -> str:
    # The bureau's row is held, so that two at once do not take the same number.
    held = select(Organisation.id).where(Organisation.id == draft.bureau_id)
    session.execute(held.with_for_update(key_share=True))
    prefix = f"SD{draft.decided_on:%Y%m%d}-{draft.bureau_id:05d}-"
    known = select(func.count()).where(ListDecision.number.startswith(prefix, autoescape=True))
    return f"{prefix}{(session.scalar(known) or 0) + 1:03d}"


def _line(
    decision: ListDecision, position: int, plan: Plan, kind: DecisionKind
) -> ListDecisionLine:
    line = plan.line
    is_correction = kind is DecisionKind.CORRECTION
    return ListDecisionLine(
        decision_id=decision.id,
        position=position,
        kind=ChangeKind.CORRECT if is_correction else plan.kind,
        generic_product_id=line.generic_product_id,
        brand=line.brand,
        control=line.control,
        terms=line_text(line),
        evidence=evidence_text(line.evidence),
    )
