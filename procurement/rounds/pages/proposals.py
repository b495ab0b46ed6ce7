"""Pages: proposing a step that takes two officers, and confirming it."""

import json
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Person
from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.hooks import installed
from procurement.rounds.proposals import (
    ProposalLapsedError,
    StepKind,
    StepRequest,
    confirm_step,
    find_proposal,
    holds,
    lapse_proposal,
    propose_step,
    request_of,
    withdraw_proposal,
)
from procurement.rounds.status import STEP_NAMES
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import ProposalStatus, Round, Step, StepProposal
from procurement.web import RowId, Visit, reads, redirect, render, writes

ABOUT_LENGTH_MAX = 100


def _kind(step: str) -> StepKind:
    kinds = installed().steps
    if step not in tuple(Step) or Step(step) not in kinds:
        raise NotFoundForActorError
    return kinds[Step(step)]


@get("/rounds/{name:str}/proposals/new/{step:str}", include_in_schema=False)
@reads
def ask_to_propose(visit: Visit, name: FromPath[str], step: FromPath[str]) -> Response[Any]:
    """Say what will happen, and what is looked at before."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    about = visit.query.get("about", "")[:ABOUT_LENGTH_MAX]
    return _propose_page(visit, round_, _kind(step), about, None)


@post("/rounds/{name:str}/proposals/new/{step:str}", include_in_schema=False)
@writes
def propose(visit: Visit, name: FromPath[str], step: FromPath[str]) -> Response[Any]:
    """Propose a step."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    kind, reader = _kind(step), FormReader(visit.form)
    about = reader.text("about")[:ABOUT_LENGTH_MAX]
    made: list[StepProposal] = []

    def make() -> None:
        request = StepRequest(
            round_=round_, about=about, reason=reader.text("reason"), moment=visit.moment
        )
        version = reader.version
        made.append(
            propose_step(
                visit.session, kind=kind, request=request, actor=visit.actor, version=version
            )
        )

    refusal = attempt(visit, make)
    if refusal is not None:
        return _propose_page(visit, round_, kind, about, refusal)
    return redirect(f"/rounds/{name}/proposals/{made[0].id}")


def _propose_page(
    visit: Visit, round_: Round, kind: StepKind, about: str, refusal: RefusedError | None
) -> Response[Any]:
    request = StepRequest(
        round_=round_, about=about, reason=visit.form.get("reason", ""), moment=visit.moment
    )
    checks = list(kind.checks(visit.session, request))
    said = kind.sentence(visit.session, request)
    return render(
        visit,
        "rounds/propose.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        kind=kind,
        about=about,
        step_name=visit.text(*STEP_NAMES[kind.step]),
        sentence=visit.text(said.zh, said.en),
        checks=checks,
        is_ready=all(check.is_met for check in checks),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@get("/rounds/{name:str}/proposals/{proposal_id:int}", include_in_schema=False)
@reads
def show_proposal(visit: Visit, name: FromPath[str], proposal_id: RowId) -> Response[Any]:
    """Show a proposal with all that it holds, to everybody of the lead bureau."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    if not visit.actor.is_signed_in or visit.actor.organisation_id != round_.bureau_id:
        raise NotFoundForActorError
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    return _page(visit, round_, proposal, None)


@post("/rounds/{name:str}/proposals/{proposal_id:int}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, name: FromPath[str], proposal_id: RowId) -> Response[Any]:
    """Confirm a proposal as the second officer; it is carried out at once."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    confirming = round_subject(visit.session, round_, proposed_by=proposal.proposed_by)
    visit.require(Action.CONFIRM_STEP, confirming)
    kind = _kind(proposal.step)
    digest = visit.form.get("digest", "")
    refusal = attempt(
        visit,
        lambda: confirm_step(
            visit.session,
            kind=kind,
            proposal=proposal,
            digest=digest,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if isinstance(refusal, ProposalLapsedError):
        lapse_proposal(visit.session, proposal=proposal, actor=visit.actor, moment=visit.moment)
    if refusal is not None:
        return _page(visit, round_, proposal, refusal)
    return redirect(f"/rounds/{name}")


@post("/rounds/{name:str}/proposals/{proposal_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, name: FromPath[str], proposal_id: RowId) -> Response[Any]:
    """Take a proposal back."""
    round_, _ = round_for(visit, name, Action.PROPOSE_STEP)
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    refusal = attempt(
        visit,
        lambda: withdraw_proposal(
            visit.session, proposal=proposal, actor=visit.actor, moment=visit.moment
        ),
    )
    if refusal is not None:
        return _page(visit, round_, proposal, refusal)
    return redirect(f"/rounds/{name}")


def _page(
    visit: Visit, round_: Round, proposal: StepProposal, refusal: RefusedError | None
) -> Response[Any]:
    kind = _kind(proposal.step)
    request = request_of(round_, proposal, visit.moment)
    is_open = proposal.status == ProposalStatus.OPEN
    still_holds = is_open and holds(
        visit.session, kind=kind, proposal=proposal, moment=visit.moment
    )
    subject = round_subject(visit.session, round_, proposed_by=proposal.proposed_by)
    # What was decided or does not hold any more will not happen: there is nothing to say of it.
    said = kind.sentence(visit.session, request) if still_holds else None
    return render(
        visit,
        "rounds/proposal.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        proposal=proposal,
        step_name=visit.text(*STEP_NAMES[Step(proposal.step)]),
        sentence=visit.text(said.zh, said.en) if said else "",
        readable_at=_readable_at(visit, round_, proposal, subject),
        checks=list(kind.checks(visit.session, request)) if is_open else [],
        is_open=is_open,
        still_holds=still_holds,
        may_confirm=visit.may(Action.CONFIRM_STEP, subject),
        may_withdraw=visit.may(Action.PROPOSE_STEP, subject),
        proposer=_name(visit, proposal.proposed_by),
        decider=_name(visit, proposal.decided_by),
        content=_readable(proposal.content),
        refusal=refusal,
    )


def _readable_at(visit: Visit, round_: Round, proposal: StepProposal, subject: Subject) -> str:
    """Address of the page that shows the same for people: empty where there is none."""
    here = f"/rounds/{round_.name}/document"
    if proposal.step == Step.PUBLISH:
        return here
    if proposal.step == Step.AMEND and visit.may(Action.AMEND_DOCUMENT, subject):
        return f"{here}/amendments/proposals/{proposal.id}"
    return ""


def _name(visit: Visit, person_id: int | None) -> str:
    person = None if person_id is None else visit.session.get(Person, person_id)
    return "" if person is None else person.name


def _readable(content: str) -> str:
    """The confirmed text with line breaks; the digest is of the text as it is stored."""
    read = json.loads(content)
    if isinstance(read, dict) and isinstance(read.get("facts"), str):
        read["facts"] = json.loads(read["facts"])
    return json.dumps(read, ensure_ascii=False, indent=2)


ROUTES = (ask_to_propose, propose, show_proposal, confirm, withdraw)
"""Handlers of these pages."""
