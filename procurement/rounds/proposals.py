"""Four eyes: one officer proposes a step, another confirms exactly what was proposed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Action, Actor, NotFoundForActorError
from procurement.rounds.progress import REASON_LENGTH_MAX, lock_round, record_change
from procurement.rounds.readiness import Check, refuse_unmet
from procurement.rounds.rules import check_proposal_transition, check_two_officers
from procurement.rounds.status import STEP_NAMES
from procurement.rounds.tables import ProposalStatus, Round, Step, StepProposal
from rulebooks import Bilingual


class ProposalLapsedError(RefusedError):
    """What was proposed is no longer what would be done."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="提议提出之后内容有变，提议失效。请核对后重新提出。",
            en="Something changed after the proposal was made, so it has lapsed. Check the round "
            "and propose again.",
        )


class AlreadyProposedError(RefusedError):
    """Somebody has proposed this step already."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="此步已有待复核的提议；请先复核或撤回。",
            en="This step is proposed already: confirm that proposal or withdraw it first.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRequest:
    """What somebody proposes.

    Attributes:
        round_: The round.
        about: What within the round: a lot's code, an amendment's number; empty for all of it.
        reason: Why.
        moment: When it is looked at.
    """

    round_: Round
    about: str = ""
    reason: str = ""
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDecision:
    """What two officers decided.

    Attributes:
        round_: The round, locked.
        proposal: What was proposed; `content` is what is carried out.
        actor: Who confirmed.
        moment: When.
    """

    round_: Round
    proposal: StepProposal
    actor: Actor
    moment: datetime


def no_checks(session: Session, request: StepRequest) -> Iterable[Check]:
    """Look at nothing."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """How one step is proposed and carried out; the stage that owns the step makes it.

    Attributes:
        step: The step.
        sentence: What will happen, whole, for the officer who confirms.
        content: What is proposed, as one canonical text. The proposal holds only as long as this
            gives the same text again.
        carry_out: Does it.
        checks: Points without which it may be neither proposed nor confirmed.
        needs_reason: Whether the proposer must say why.
        is_about: Whether it is about a part of the round, such as a lot. What is about the round
            as a whole can be open once only, whatever a page sends.
    """

    step: Step
    sentence: Callable[[Session, StepRequest], Bilingual]
    content: Callable[[Session, StepRequest], str]
    carry_out: Callable[[Session, StepDecision], None]
    checks: Callable[[Session, StepRequest], Iterable[Check]] = no_checks
    needs_reason: bool = False
    is_about: bool = False


def propose_step(
    session: Session,
    *,
    kind: StepKind,
    request: StepRequest,
    actor: Actor,
    version: int | None = None,
) -> StepProposal:
    """Propose a step; nothing happens until another officer confirms it.

    Args:
        session: Session of the caller's transaction.
        kind: How the step is done.
        request: What is proposed.
        actor: The officer.
        version: The version of the round that the page showed, if a page asks.

    Returns:
        The open proposal.

    Raises:
        StaleError: The round changed since the page was loaded.
        NotReadyError: A point that the step needs is not met.
        AlreadyProposedError: It is proposed already.
        InvalidInputError: The reason is missing or too long.
    """
    round_ = lock_round(session, round_=request.round_, version=version)
    if not kind.is_about:
        request = replace(request, about="")
    _check_reason(request.reason, needed=kind.needs_reason)
    if find_open(session, round_id=round_.id, step=kind.step, about=request.about) is not None:
        raise AlreadyProposedError
    refuse_unmet(kind.checks(session, request))
    content = kind.content(session, request)
    proposal = StepProposal(
        round_id=round_.id,
        step=kind.step,
        about=request.about,
        reason=request.reason,
        content=content,
        digest=text_digest(content),
        status=ProposalStatus.OPEN,
        proposed_by=actor.person_id,
        proposed_at=request.moment,
    )
    session.add(proposal)
    session.flush()
    _tell(session, round_, proposal, Action.PROPOSE_STEP, actor, request.moment)
    return proposal


def confirm_step(
    session: Session,
    *,
    kind: StepKind,
    proposal: StepProposal,
    digest: str,
    actor: Actor,
    moment: datetime,
) -> StepProposal:
    """Confirm a proposed step as the second officer, and carry it out.

    Args:
        session: Session of the caller's transaction.
        kind: How the step is done.
        proposal: What was proposed.
        digest: Of what the page showed to the officer.
        actor: The second officer.
        moment: When.

    Returns:
        The proposal, confirmed.

    Raises:
        ProposalDecidedError: It is decided already.
        FourEyesError: The same officer proposed it.
        ProposalLapsedError: The proposed text is not, byte for byte, what would be done now, or
            not what the officer saw, or who proposed it is no officer any more. The caller
            records that with `lapse_proposal`.
        NotReadyError: A point that the step needs is not met any more.
    """
    round_ = lock_round(session, round_=session.get_one(Round, proposal.round_id))
    session.refresh(proposal)
    check_proposal_transition(ProposalStatus(proposal.status), ProposalStatus.CONFIRMED)
    check_two_officers(actor.person_id, proposal.proposed_by)
    request = request_of(round_, proposal, moment)
    if not _holds(session, kind, request, proposal) or digest != proposal.digest:
        raise ProposalLapsedError
    refuse_unmet(kind.checks(session, request))
    _decide(proposal, ProposalStatus.CONFIRMED, actor.person_id, moment)
    session.flush()
    kind.carry_out(
        session, StepDecision(round_=round_, proposal=proposal, actor=actor, moment=moment)
    )
    _tell(session, round_, proposal, Action.CONFIRM_STEP, actor, moment)
    return proposal


def withdraw_proposal(
    session: Session, *, proposal: StepProposal, actor: Actor, moment: datetime
) -> StepProposal:
    """Take a proposal back; either officer may.

    Raises:
        ProposalDecidedError: It is decided already.
    """
    return _end(session, proposal, ProposalStatus.WITHDRAWN, actor, moment)


def lapse_proposal(
    session: Session, *, proposal: StepProposal, actor: Actor, moment: datetime
) -> StepProposal:
    """Record that a proposal lapsed, after `confirm_step` refused it for that.

    Raises:
        ProposalDecidedError: It is decided already.
    """
    return _end(session, proposal, ProposalStatus.LAPSED, actor, moment)


def request_of(round_: Round, proposal: StepProposal, moment: datetime) -> StepRequest:
    """Return what a proposal asks for, to be looked at again."""
    return StepRequest(round_=round_, about=proposal.about, reason=proposal.reason, moment=moment)


def holds(session: Session, *, kind: StepKind, proposal: StepProposal, moment: datetime) -> bool:
    """Tell whether an open proposal could still be confirmed as it stands."""
    round_ = session.get_one(Round, proposal.round_id)
    return _holds(session, kind, request_of(round_, proposal, moment), proposal)


def find_open(session: Session, *, round_id: int, step: Step, about: str) -> StepProposal | None:
    """Return the open proposal of a step, or None."""
    wanted = select(StepProposal).where(
        StepProposal.round_id == round_id,
        StepProposal.step == step,
        StepProposal.about == about,
        StepProposal.status == ProposalStatus.OPEN,
    )
    return session.scalars(wanted).one_or_none()


def find_proposal(session: Session, *, round_id: int, proposal_id: int) -> StepProposal:
    """Return a proposal of a round.

    Raises:
        NotFoundForActorError: The round has no such proposal.
    """
    proposal = session.get(StepProposal, proposal_id)
    if proposal is None or proposal.round_id != round_id:
        raise NotFoundForActorError
    return proposal


def proposals_of(session: Session, *, round_id: int) -> Sequence[StepProposal]:
    """Return the proposals of a round, the newest first."""
    newest_first = (
        select(StepProposal)
        .where(StepProposal.round_id == round_id)
        .order_by(StepProposal.id.desc())
    )
    return session.scalars(newest_first).all()


def _check_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason:
        zh, en = "请说明原因，原因将公布。", "Give the reason; it is published."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    if len(reason) > REASON_LENGTH_MAX:
        most = REASON_LENGTH_MAX
        fault = FieldFault("reason", f"最多 {most} 字。", f"At most {most} characters.")
        raise InvalidInputError([fault])


def _holds(session: Session, kind: StepKind, request: StepRequest, proposal: StepProposal) -> bool:
    proposer = session.get_one(Person, proposal.proposed_by)
    still_there = proposer.is_active and proposer.organisation_id == request.round_.bureau_id
    return (
        still_there
        and kind.content(session, request) == proposal.content
        and text_digest(proposal.content) == proposal.digest
    )


def _end(
    session: Session,
    proposal: StepProposal,
    status: ProposalStatus,
    actor: Actor,
    moment: datetime,
) -> StepProposal:
    round_ = lock_round(session, round_=session.get_one(Round, proposal.round_id))
    session.refresh(proposal)
    check_proposal_transition(ProposalStatus(proposal.status), status)
    withdrawn = status == ProposalStatus.WITHDRAWN
    _decide(proposal, status, actor.person_id if withdrawn else None, moment)
    session.flush()
    _record(session, round_, proposal, Action.PROPOSE_STEP, actor, moment)
    return proposal


def _decide(
    proposal: StepProposal, status: ProposalStatus, person_id: int | None, moment: datetime
) -> None:
    proposal.status = status
    proposal.decided_by = person_id
    proposal.decided_at = moment


def _record(
    session: Session,
    round_: Round,
    proposal: StepProposal,
    action: Action,
    actor: Actor,
    moment: datetime,
) -> None:
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=action,
        facts={
            "step": proposal.step,
            "about": proposal.about,
            "status": proposal.status,
            "digest": proposal.digest,
            "proposal": str(proposal.id),
        },
        moment=moment,
    )


def _tell(
    session: Session,
    round_: Round,
    proposal: StepProposal,
    action: Action,
    actor: Actor,
    moment: datetime,
) -> None:
    """Record it, and let the other officers of the bureau know."""
    _record(session, round_, proposal, action, actor, moment)
    zh, en = STEP_NAMES[Step(proposal.step)]
    is_open = proposal.status == ProposalStatus.OPEN
    if round_.bureau_id is None:
        return
    notify(
        session,
        organisation_id=round_.bureau_id,
        zh=f"“{round_.title}”：{zh}{'待复核' if is_open else '已复核'}。",
        en=f"“{round_.title}”: {en} {'waits for confirmation' if is_open else 'is confirmed'}.",
        link=f"/rounds/{round_.name}/proposals/{proposal.id}",
        moment=moment,
    )
