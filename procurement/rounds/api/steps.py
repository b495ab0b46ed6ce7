"""Steps of a round by machine: what is looked at, advancing, proposing and confirming."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.advancing import advance_round
from procurement.rounds.api.rounds import RoundAnswer, answer_of
from procurement.rounds.at_edge import round_for
from procurement.rounds.ending import cancel_draft
from procurement.rounds.hooks import installed
from procurement.rounds.proposals import (
    StepKind,
    StepRequest,
    confirm_step,
    find_proposal,
    proposals_of,
    propose_step,
    withdraw_proposal,
)
from procurement.rounds.readiness import Check
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import RoundStatus, Step, StepProposal
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A point that is looked at.

    Attributes:
        key: Distinguishes it.
        text: What was found.
        text_zh: The same in Chinese.
        is_met: Whether it is as it must be.
    """

    key: str
    text: str
    text_zh: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What is looked at before a publication."""

    items: list[CheckEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class AdvanceBody:
    """Where one officer brings a round.

    Attributes:
        status: ``volume-reporting``, ``comments`` or ``draft``.
        version: As the round was read.
    """

    status: RoundStatus
    version: int


@dataclass(frozen=True, slots=True)
class CancelBody:
    """Cancelling a draft.

    Attributes:
        reason: Why.
        version: As the round was read.
    """

    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class ProposalBody:
    """A step that is proposed.

    Attributes:
        step: ``publish``, ``cancel``, ``fail-lot`` or a step of another stage.
        about: What within the round, such as a lot's code.
        reason: Why, where the step needs it.
    """

    step: Step
    about: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """A confirmation.

    Attributes:
        digest: Of what the confirming officer read.
    """

    digest: str


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """A proposal.

    Attributes:
        id: Names it.
        step: What is proposed.
        about: What within the round.
        reason: Why.
        status: ``open``, ``confirmed``, ``withdrawn`` or ``lapsed``.
        content: What is confirmed, byte for byte.
        digest: SHA-256 of ``content``.
        proposed_at: When.
        decided_at: When it was confirmed, withdrawn or lapsed.
    """

    id: int
    step: str
    about: str
    reason: str
    status: str
    content: str
    digest: str
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """The proposals of a round, the newest first."""

    items: list[ProposalAnswer]
    next_cursor: str | None = None


def _kind(step: Step | str) -> StepKind:
    kinds = installed().steps
    if Step(step) not in kinds:
        raise NotFoundForActorError
    return kinds[Step(step)]


@get("/api/v1/rounds/{name:str}/checks", tags=["rounds"])
@reads
def read_checks(visit: Visit, name: FromPath[str]) -> CheckPage:
    """Look at everything before a publication."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    request = StepRequest(round_=round_, moment=visit.moment)
    return CheckPage(_entries(_kind(Step.PUBLISH).checks(visit.session, request)))


def _entries(checks: Iterable[Check]) -> list[CheckEntry]:
    return [CheckEntry(check.key, check.en, check.zh, check.is_met) for check in checks]


@post("/api/v1/rounds/{name:str}/advance", tags=["rounds"])
@writes
def advance(visit: Visit, name: FromPath[str], data: JSONBody[AdvanceBody]) -> RoundAnswer:
    """Start volume reporting or the comments, or take the round back to the draft."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    advance_round(
        visit.session,
        round_=round_,
        status=data.status,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
        comment_checks=installed().comments,
    )
    return answer_of(visit, round_)


@post("/api/v1/rounds/{name:str}/cancel", tags=["rounds"])
@writes
def cancel(visit: Visit, name: FromPath[str], data: JSONBody[CancelBody]) -> RoundAnswer:
    """Cancel a draft; a round that others have seen is cancelled by a proposal."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    cancel_draft(
        visit.session,
        round_=round_,
        reason=data.reason,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, round_)


@get("/api/v1/rounds/{name:str}/proposals", tags=["rounds"])
@reads
def list_proposals(visit: Visit, name: FromPath[str]) -> ProposalPage:
    """List the proposals of a round."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    return ProposalPage([_answer(one) for one in proposals_of(visit.session, round_id=round_.id)])


@post("/api/v1/rounds/{name:str}/proposals", tags=["rounds"])
@writes
def propose(visit: Visit, name: FromPath[str], data: JSONBody[ProposalBody]) -> ProposalAnswer:
    """Propose a step; another officer confirms it."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    request = StepRequest(
        round_=round_,
        about=data.about[:100],
        reason=" ".join(data.reason.split()),
        moment=visit.moment,
    )
    proposal = propose_step(
        visit.session, kind=_kind(data.step), request=request, actor=visit.actor
    )
    return _answer(proposal)


@post("/api/v1/rounds/{name:str}/proposals/{proposal_id:int}/confirm", tags=["rounds"])
@writes
def confirm(
    visit: Visit, name: FromPath[str], proposal_id: RowId, data: JSONBody[ConfirmBody]
) -> ProposalAnswer:
    """Confirm a proposal as the second officer; it is carried out at once."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    confirming = round_subject(visit.session, round_, proposed_by=proposal.proposed_by)
    visit.require(Action.CONFIRM_STEP, confirming)
    confirm_step(
        visit.session,
        kind=_kind(proposal.step),
        proposal=proposal,
        digest=data.digest,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(proposal)


@post("/api/v1/rounds/{name:str}/proposals/{proposal_id:int}/withdraw", tags=["rounds"])
@writes
def withdraw(visit: Visit, name: FromPath[str], proposal_id: RowId) -> ProposalAnswer:
    """Take a proposal back."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    withdraw_proposal(visit.session, proposal=proposal, actor=visit.actor, moment=visit.moment)
    return _answer(proposal)


def _answer(proposal: StepProposal) -> ProposalAnswer:
    return ProposalAnswer(
        id=proposal.id,
        step=proposal.step,
        about=proposal.about,
        reason=proposal.reason,
        status=proposal.status,
        content=proposal.content,
        digest=proposal.digest,
        proposed_at=proposal.proposed_at,
        decided_at=proposal.decided_at,
    )


ROUTES = (read_checks, advance, cancel, list_proposals, propose, confirm, withdraw)
"""Handlers of these addresses."""
