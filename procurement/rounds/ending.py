"""Lots that fail or are withdrawn, and rounds that are cancelled."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, Actor, NotFoundForActorError
from procurement.rounds.lots import find_lot
from procurement.rounds.progress import lock_round, record_change, set_status
from procurement.rounds.proposals import StepDecision, StepKind, StepRequest
from procurement.rounds.readiness import Check
from procurement.rounds.rules import TRANSITIONS, Part, check_two_officers
from procurement.rounds.sheet import lots_of
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import Lot, Round, RoundEvent, RoundEventKind, RoundStatus, Step
from procurement.rounds.telling import tell_all_who_saw, tell_manufacturers
from rulebooks import Bilingual

LOT_REASON_LENGTH_MAX = 300
NOTICE_LENGTH_MAX = 500

_BY_ONE = (RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)
_BY_TWO = (
    RoundStatus.PUBLISHED,
    RoundStatus.BIDDING,
    RoundStatus.CLOSED,
    RoundStatus.OPENED,
    RoundStatus.EVALUATED,
    RoundStatus.SECOND_ANSWERS,
    RoundStatus.ANNOUNCED,
    RoundStatus.AWARDED,
    RoundStatus.REGIONS_CHOSEN,
    RoundStatus.AGREEMENTS,
)


class LotEndedError(RefusedError):
    """A lot cannot fail: it has failed before, or the round does not stand where lots fail."""

    def __init__(self, code: str) -> None:
        """Keep the lot's code."""
        super().__init__(
            zh=f"品种 {code} 现在不能撤出：已经撤出，或批次的阶段不允许。",
            en=f"Lot {code} cannot be withdrawn now: it was before, or the round's status does "
            "not allow it.",
        )
        self.code = code


def fail_lot(
    session: Session,
    *,
    round_: Round,
    lot: Lot,
    reason: str,
    moment: datetime,
    person_id: int | None,
    second_person_id: int | None = None,
) -> Lot:
    """Record that a lot failed or is withdrawn, with its reason; it stays readable.

    A draft's lot is deleted instead (`procurement.rounds.lots.remove_lot`).

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        lot: The lot.
        reason: Why; published.
        moment: When.
        person_id: Who did it, or confirmed it.
        second_person_id: Who had proposed it; needed from publication on.

    Raises:
        LotEndedError: It has failed already, or the round is a draft or runs.
        FourEyesError: After publication, and not by two different officers.
        InvalidInputError: The reason is missing or too long.
    """
    lock_round(session, round_=round_)
    session.refresh(lot)
    status = RoundStatus(round_.status)
    if lot.failed_reason is not None or status not in (*_BY_ONE, *_BY_TWO):
        raise LotEndedError(lot.code)
    if status in _BY_TWO:
        check_two_officers(person_id, second_person_id)
    reason = reason.strip()
    if not reason or len(reason) > LOT_REASON_LENGTH_MAX:
        most = LOT_REASON_LENGTH_MAX
        zh, en = f"请说明原因（至多 {most} 字）。", f"Give the reason, at most {most} characters."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    lot.failed_reason = reason
    lot.version += 1
    round_.version += 1
    session.add(
        RoundEvent(
            round_id=round_.id,
            kind=RoundEventKind.LOT_FAILED,
            status_from=status,
            status_to=status,
            lot_id=lot.id,
            reason=reason,
            person_id=person_id,
            second_person_id=second_person_id,
            happened_at=moment,
        )
    )
    session.flush()
    return lot


def withdraw_lot(
    session: Session, *, round_: Round, lot: Lot, reason: str, actor: Actor, moment: datetime
) -> Lot:
    """Withdraw a lot before the publication; one officer does, and it is on record.

    Raises:
        LotEndedError: It has failed already, or the round is a draft or runs.
        FourEyesError: The round is published: two officers have to.
        InvalidInputError: The reason is missing or too long.
    """
    fail_lot(
        session,
        round_=round_,
        lot=lot,
        reason=reason,
        moment=moment,
        person_id=actor.person_id,
    )
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts={"part": Part.LOTS, "lot": lot.code, "reason": lot.failed_reason or ""},
        moment=moment,
    )
    return lot


def cancel_draft(
    session: Session, *, round_: Round, reason: str, version: int, actor: Actor, moment: datetime
) -> RoundEvent:
    """Cancel a draft that nobody relies on yet; one officer does.

    Raises:
        StaleError: Somebody else changed the round since.
        FourEyesError: The round is no draft any more.
        InvalidInputError: The reason is missing.
    """
    lock_round(session, round_=round_, version=version)
    present = RoundStatus(round_.status)
    event = set_status(
        session,
        round_=round_,
        status=RoundStatus.CANCELLED,
        moment=moment,
        reason=reason,
        person_id=actor.person_id,
    )
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts={"from": present, "to": RoundStatus.CANCELLED, "reason": event.reason or ""},
        moment=moment,
    )
    return event


def cancel_step() -> StepKind:
    """Make the step that cancels a round which others have seen."""
    return StepKind(
        step=Step.CANCEL,
        sentence=_cancel_sentence,
        content=_cancel_content,
        carry_out=_cancel,
        checks=_cancel_checks,
        needs_reason=True,
    )


def fail_lot_step() -> StepKind:
    """Make the step that withdraws a lot after publication, or records that it failed."""
    return StepKind(
        step=Step.FAIL_LOT,
        sentence=_fail_sentence,
        content=_fail_content,
        carry_out=_fail,
        checks=_fail_checks,
        needs_reason=True,
        is_about=True,
    )


def _cancel_sentence(session: Session, request: StepRequest) -> Bilingual:
    title = request.round_.title
    return Bilingual(
        f"“{title}”将被取消，不能恢复；原因将公布：{request.reason or '（待填写）'}",
        f"“{title}” will be cancelled for good; the reason is published: "
        f"{request.reason or '(to be given)'}",
    )


def _cancel_content(session: Session, request: StepRequest) -> str:
    return _canonical(
        round=request.round_.name, status=request.round_.status, reason=request.reason
    )


def _cancel_checks(session: Session, request: StepRequest) -> Iterator[Check]:
    status = RoundStatus(request.round_.status)
    zh, en = STATUS_NAMES[status]
    may = RoundStatus.CANCELLED in TRANSITIONS[status]
    yield Check(
        key="cancel",
        zh=f"批次处于“{zh}”，{'可以' if may else '不能'}取消",
        en=f"the round stands at “{en}” and {'can' if may else 'cannot'} be cancelled",
        is_met=may,
    )


def _cancel(session: Session, decision: StepDecision) -> None:
    set_status(
        session,
        round_=decision.round_,
        status=RoundStatus.CANCELLED,
        moment=decision.moment,
        reason=decision.proposal.reason,
        person_id=decision.actor.person_id,
        second_person_id=decision.proposal.proposed_by,
    )
    title, reason = decision.round_.title, decision.proposal.reason
    tell_all_who_saw(
        session,
        round_=decision.round_,
        said=Bilingual(
            f"“{title}”已取消：{reason}"[:NOTICE_LENGTH_MAX],
            f"“{title}” was cancelled: {reason}"[:NOTICE_LENGTH_MAX],
        ),
        moment=decision.moment,
        key=f"cancelled-{decision.round_.id}",
    )


def _fail_sentence(session: Session, request: StepRequest) -> Bilingual:
    lot = _lot(session, request)
    return Bilingual(
        f"品种 {lot.code}（{lot.product}）将撤出本批次，不再接受申报和评审；"
        f"原因将公布：{request.reason or '（待填写）'}",
        f"Lot {lot.code} ({lot.product}) will be withdrawn: no bid for it is taken or evaluated. "
        f"The reason is published: {request.reason or '(to be given)'}",
    )


def _fail_content(session: Session, request: StepRequest) -> str:
    lot = _lot(session, request)
    return _canonical(
        round=request.round_.name,
        lot=lot.code,
        product=lot.product,
        failed=lot.failed_reason or "",
        reason=request.reason,
    )


def _fail_checks(session: Session, request: StepRequest) -> Iterator[Check]:
    lot = _lot(session, request)
    status = RoundStatus(request.round_.status)
    may = lot.failed_reason is None and status in _BY_TWO
    yield Check(
        key="lot",
        zh=f"品种 {lot.code} {'可以' if may else '不能'}撤出",
        en=f"lot {lot.code} {'can' if may else 'cannot'} be withdrawn",
        is_met=may,
    )
    others = [
        one
        for one in lots_of(session, round_id=request.round_.id, standing=True)
        if one.id != lot.id
    ]
    yield Check(
        key="others",
        zh="尚有其他品种" if others else "这是最后一个品种：请改为取消本批次",
        en="other lots remain" if others else "it is the last lot: cancel the round instead",
        is_met=bool(others),
    )


def _fail(session: Session, decision: StepDecision) -> None:
    lot = find_lot(session, round_id=decision.round_.id, code=decision.proposal.about)
    fail_lot(
        session,
        round_=decision.round_,
        lot=lot,
        reason=decision.proposal.reason,
        moment=decision.moment,
        person_id=decision.actor.person_id,
        second_person_id=decision.proposal.proposed_by,
    )
    title, reason = decision.round_.title, decision.proposal.reason
    tell_manufacturers(
        session,
        round_=decision.round_,
        said=Bilingual(
            f"“{title}”撤出品种 {lot.code}（{lot.product}）：{reason}"[:NOTICE_LENGTH_MAX],
            f"Lot {lot.code} ({lot.product}) of “{title}” was withdrawn: {reason}"[
                :NOTICE_LENGTH_MAX
            ],
        ),
        moment=decision.moment,
        key=f"lot-failed-{lot.id}",
    )


def _lot(session: Session, request: StepRequest) -> Lot:
    if not request.about:
        raise NotFoundForActorError
    return find_lot(session, round_id=request.round_.id, code=request.about)


def _canonical(**content: str) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
