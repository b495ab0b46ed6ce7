"""Objections to claims: raised at a step, answered by the company, ended by who raised them.

Whoever changes an objection locks its claim first: a claim that is paid has none under way.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.payments.claims import UNDER_WAY, drop_line, lines_of, note_step
from procurement.payments.errors import RedLineStaysError
from procurement.payments.settling_tables import (
    REASON_LENGTH_MAX,
    Claim,
    ClaimLine,
    ClaimObjection,
)
from procurement.payments.states import (
    CLAIM_NAMES,
    OBJECTION_NAMES,
    ClaimStatus,
    ObjectionStatus,
    WrongStateError,
    check_claim,
    check_objection,
)
from procurement.permissions import Actor, NotFoundForActorError

OBJECTED_IN = (
    ClaimStatus.APPLIED,
    ClaimStatus.HOSPITAL_CHECKED,
    ClaimStatus.AGENCY_CHECKED,
    ClaimStatus.RECONCILED,
)
"""Until it is instructed."""


def raise_objection(
    session: Session,
    *,
    claim: Claim,
    line_id: int | None,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> ClaimObjection:
    """Object to a claim or to one of its lines: it does not go on until that is settled.

    Raises:
        WrongStateError: It is instructed, paid or withdrawn.
        InvalidInputError: No reason is given.
        NotFoundForActorError: The line is not in the claim.
    """
    session.refresh(claim, with_for_update=True)
    status = ClaimStatus(claim.status)
    if status not in OBJECTED_IN:
        raise WrongStateError(CLAIM_NAMES[status], ("有异议", "objected to"))
    said = _said("reason", reason)
    known = {line.id for line in lines_of(session, claim_id=claim.id)}
    if actor.organisation_id is None or (line_id is not None and line_id not in known):
        raise NotFoundForActorError
    objection = ClaimObjection(
        claim_id=claim.id,
        line_id=line_id,
        at_step=status,
        raised_by_id=actor.organisation_id,
        person_id=actor.person_id,
        reason=said,
        raised_at=moment,
        status=ObjectionStatus.OPEN,
    )
    session.add(objection)
    claim.version += 1
    session.flush()
    _note(session, "raise-objection", claim, objection, actor, moment)
    other = claim.hospital_id if actor.organisation_id == claim.seller_id else claim.seller_id
    notify(
        session,
        organisation_id=other,
        zh=f"货款结算申请 {claim.number} 有异议，请答复",
        en=f"Somebody objects to claim {claim.number}: answer",
        link=f"/payments/claims/{claim.id}",
        moment=moment,
    )
    return objection


def answer_objection(
    session: Session, *, objection: ClaimObjection, answer: str, actor: Actor, moment: datetime
) -> ClaimObjection:
    """Explain, as the other side; whoever objected decides.

    Raises:
        NotFoundForActorError: By the same organisation.
        WrongStateError: It is answered or ended.
        InvalidInputError: Nothing is said.
    """
    claim = _lock(session, objection)
    check_objection(ObjectionStatus(objection.status), ObjectionStatus.ANSWERED)
    if actor.organisation_id in (None, objection.raised_by_id):
        raise NotFoundForActorError
    objection.answer = _said("answer", answer)
    objection.answered_by_id, objection.answered_by = actor.organisation_id, actor.person_id
    objection.answered_at = moment
    objection.status = ObjectionStatus.ANSWERED
    session.flush()
    _note(session, "answer-objection", claim, objection, actor, moment)
    notify(
        session,
        organisation_id=objection.raised_by_id,
        zh="您的货款异议已有答复",
        en="Your objection to a claim was answered",
        link=f"/payments/claims/{objection.claim_id}",
        moment=moment,
    )
    return objection


def end_objection(
    session: Session,
    *,
    objection: ClaimObjection,
    uphold: bool,
    actor: Actor,
    moment: datetime,
) -> ClaimObjection:
    """End an objection, as who raised it, or give in to it as the company.

    Upheld, the line leaves the claim (the whole claim is withdrawn where it is about all of it)
    and can be claimed again later.

    Raises:
        NotFoundForActorError: By neither of the two; the company can only give in.
        WrongStateError: It is ended; or it is upheld and the claim is instructed, paid or
            withdrawn.
        RedLineStaysError: The company would take its red invoice out of the claim.
    """
    claim = _lock(session, objection)
    wanted = ObjectionStatus.UPHELD if uphold else ObjectionStatus.DROPPED
    check_objection(ObjectionStatus(objection.status), wanted)
    gives_in = uphold and actor.organisation_id == claim.seller_id
    if actor.organisation_id != objection.raised_by_id and not gives_in:
        raise NotFoundForActorError
    if uphold:
        _check_leaving(session, claim, objection)
    objection.status, objection.ended_at = wanted, moment
    objection.ended_by_id, objection.ended_by = actor.organisation_id, actor.person_id
    claim.version += 1
    session.flush()
    _note(session, "end-objection", claim, objection, actor, moment)
    if uphold:
        _leave(session, claim, objection, actor, moment)
    return objection


def _lock(session: Session, objection: ClaimObjection) -> Claim:
    claim = session.get_one(Claim, objection.claim_id)
    session.refresh(claim, with_for_update=True)
    session.refresh(objection, with_for_update=True)
    return claim


def _check_leaving(session: Session, claim: Claim, objection: ClaimObjection) -> None:
    """Let something leave a claim only while nothing of it is instructed."""
    status = ClaimStatus(claim.status)
    if status not in OBJECTED_IN:
        raise WrongStateError(CLAIM_NAMES[status], OBJECTION_NAMES[ObjectionStatus.UPHELD])
    if objection.line_id is None or objection.raised_by_id != claim.seller_id:
        return
    if session.get_one(ClaimLine, objection.line_id).amount < 0:
        raise RedLineStaysError


def _leave(
    session: Session, claim: Claim, objection: ClaimObjection, actor: Actor, moment: datetime
) -> None:
    lines = lines_of(session, claim_id=claim.id)
    leaving = [one for one in lines if objection.line_id in (None, one.id)]
    for line in leaving:
        drop_line(line, objection.reason)
    left = ClaimObjection.line_id.in_([one.id for one in leaving])
    _end_others(session, left, actor, moment)
    staying: list[ClaimLine] = [one for one in lines if one not in leaving]
    amount = sum((one.amount for one in staying), Decimal(0))
    if amount > 0:
        claim.amount = amount
    else:
        # A red line alone is no claim either.
        for line in staying:
            drop_line(line, objection.reason)
        check_claim(ClaimStatus(claim.status), ClaimStatus.WITHDRAWN)
        claim.status = ClaimStatus.WITHDRAWN
        _end_others(session, ClaimObjection.claim_id == claim.id, actor, moment)
        note_step(session, claim=claim, actor=actor, moment=moment, note=objection.reason)
    session.flush()


def _end_others(
    session: Session, which: ColumnElement[bool], actor: Actor, moment: datetime
) -> None:
    """Other objections to what left have nothing to be about."""
    session.execute(
        update(ClaimObjection)
        .where(which, ClaimObjection.status.in_(UNDER_WAY))
        .values(
            status=ObjectionStatus.DROPPED,
            ended_at=moment,
            ended_by_id=actor.organisation_id,
            ended_by=actor.person_id,
        ),
        execution_options={"synchronize_session": "fetch"},
    )


def _note(
    session: Session,
    action: str,
    claim: Claim,
    objection: ClaimObjection,
    actor: Actor,
    moment: datetime,
) -> None:
    facts = {"objection": str(objection.id), "status": ObjectionStatus(objection.status).value}
    if objection.line_id is not None:
        facts["line"] = str(objection.line_id)
    record(
        session,
        actor=actor,
        action=action,
        subject=f"claim/{claim.number}",
        facts=facts,
        moment=moment,
    )


def _said(field: str, text: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= REASON_LENGTH_MAX:
        zh, en = f"须填写，至多 {REASON_LENGTH_MAX} 字。", "Expected some words, up to "
        raise InvalidInputError([FieldFault(field, zh, f"{en}{REASON_LENGTH_MAX} characters.")])
    return said
