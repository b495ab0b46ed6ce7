"""Pages of amendments: writing one, proposing and confirming it, and reading those issued."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import attempt, faults_of, round_for, status_of, whole_of
from procurement.rounds.document.amend import OPEN_TO_AMENDMENT
from procurement.rounds.document.amendment_form import (
    DATES,
    RULE_ROWS,
    TERMS,
    amendment_from,
    form_values,
    price_fields,
    values_in_force,
)
from procurement.rounds.document.content import SECTIONS
from procurement.rounds.document.effect_json import read_effects
from procurement.rounds.document.reading import version_name, version_named, view_of
from procurement.rounds.document.sentences import SENTENCES
from procurement.rounds.document.service import (
    Amendment,
    AmendmentPreview,
    plan_of,
    preview_amendment,
    rules_in_force,
)
from procurement.rounds.document.steps import (
    amend_step,
    find_amendment_draft,
    write_amendment_draft,
)
from procurement.rounds.document.tables import DocumentKind
from procurement.rounds.proposals import (
    ProposalLapsedError,
    StepRequest,
    confirm_step,
    find_proposal,
    holds,
    lapse_proposal,
    propose_step,
    withdraw_proposal,
)
from procurement.rounds.rules import DATE_NAMES
from procurement.rounds.tables import ProposalStatus, Round, Step, StepProposal
from procurement.web import RowId, Visit, reads, redirect, render, writes

HERE = "/rounds/{name:str}/document/amendments"


@get(f"{HERE}/new", include_in_schema=False)
@reads
def show_form(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the form of an amendment, with dates and prices as they are."""
    round_, _subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    return _form(visit, round_, values=form_values(plan_of(visit.session, round_)))


@post(f"{HERE}/new", include_in_schema=False)
@writes
def send_form(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Preview an amendment; or, once it was seen, propose it to the second officer."""
    round_, _subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    seen: list[AmendmentPreview] = []
    proposals: list[StepProposal] = []

    def change() -> None:
        amendment = amendment_from(
            visit.form,
            plan=plan_of(visit.session, round_),
            rules=rules_in_force(visit.session, round_=round_),
        )
        seen.append(
            preview_amendment(
                visit.session, round_=round_, amendment=amendment, moment=visit.moment
            )
        )
        if visit.form.get("step") == "propose":
            proposals.append(_propose(visit, round_, amendment))

    refusal = attempt(visit, change)
    if refusal is None and proposals:
        return redirect(f"/rounds/{name}/document/amendments/proposals/{proposals[0].id}")
    preview = seen[0] if seen and refusal is None else None
    return _form(visit, round_, values=visit.form, refusal=refusal, preview=preview)


def _propose(visit: Visit, round_: Round, amendment: Amendment) -> StepProposal:
    draft = write_amendment_draft(
        visit.session,
        round_=round_,
        amendment=amendment,
        actor=visit.actor,
        moment=visit.moment,
    )
    # A proposal's reason is shorter than a notice's; the whole stands in the amendment.
    request = StepRequest(
        round_=round_, about=str(draft.id), reason=amendment.reason[:500], moment=visit.moment
    )
    return propose_step(visit.session, kind=amend_step(), request=request, actor=visit.actor)


def _form(
    visit: Visit,
    round_: Round,
    *,
    values: Mapping[str, str],
    refusal: RefusedError | None = None,
    preview: AmendmentPreview | None = None,
) -> Response[Any]:
    rules = rules_in_force(visit.session, round_=round_)
    return render(
        visit,
        "rounds/document_amendment_form.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        is_open=round_.status in OPEN_TO_AMENDMENT,
        rule_rows=range(1, RULE_ROWS + 1),
        rule_options=_rule_options(visit, values_in_force(rules)),
        dates=[(name, DATE_NAMES[name]) for name in DATES],
        prices=list(price_fields(plan_of(visit.session, round_))),
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        preview=preview,
    )


def _rule_options(visit: Visit, present: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every rule by its clause's title, with its present value."""
    options = []
    for key in TERMS:
        sentence = SENTENCES[key]
        section = visit.text(SECTIONS[sentence.section].zh, SECTIONS[sentence.section].en)
        title = visit.text(sentence.title.zh, sentence.title.en)
        now = present.get(key, visit.text("无此规则", "no such rule")).replace("\n", "; ")
        options.append((key, f"{section} · {title} · {now[:60]}"))
    return options


@get(f"{HERE}/proposals/{{proposal_id:int}}", include_in_schema=False)
@reads
def show_proposal(visit: Visit, name: FromPath[str], proposal_id: RowId) -> Response[Any]:
    """Show what one officer proposes, for the other to confirm."""
    round_, subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    return _proposal_page(visit, round_, subject, proposal_id)


def _proposal_page(
    visit: Visit,
    round_: Round,
    subject: Subject,
    proposal_id: int,
    refusal: RefusedError | None = None,
) -> Response[Any]:
    proposal = _amendment_proposal(visit, round_, proposal_id)
    amendment = find_amendment_draft(visit.session, round_=round_, about=proposal.about)
    is_open = proposal.status == ProposalStatus.OPEN
    stands = is_open and holds(
        visit.session, kind=amend_step(), proposal=proposal, moment=visit.moment
    )
    preview = None
    if stands:
        preview = preview_amendment(
            visit.session, round_=round_, amendment=amendment, moment=visit.moment
        )
    confirming = Subject(bureau_id=subject.bureau_id, proposed_by=proposal.proposed_by)
    return render(
        visit,
        "rounds/document_amendment_proposal.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        proposal=proposal,
        amendment=amendment,
        is_open=is_open,
        preview=preview,
        may_confirm=preview is not None and visit.may(Action.CONFIRM_STEP, confirming),
        refusal=refusal,
    )


def _amendment_proposal(visit: Visit, round_: Round, proposal_id: int) -> StepProposal:
    proposal = find_proposal(visit.session, round_id=round_.id, proposal_id=proposal_id)
    if proposal.step != Step.AMEND:
        raise NotFoundForActorError
    return proposal


@post(f"{HERE}/proposals/{{proposal_id:int}}", include_in_schema=False)
@writes
def decide(visit: Visit, name: FromPath[str], proposal_id: RowId) -> Response[Any]:
    """Confirm a proposed amendment, or take it back."""
    round_, subject = round_for(visit, name, Action.AMEND_DOCUMENT)
    proposal = _amendment_proposal(visit, round_, proposal_id)
    if visit.form.get("step") == "withdraw":
        refusal = attempt(visit, lambda: _withdraw(visit, proposal))
    else:
        confirming = Subject(bureau_id=subject.bureau_id, proposed_by=proposal.proposed_by)
        visit.require(Action.CONFIRM_STEP, confirming)
        refusal = attempt(visit, lambda: _confirm(visit, proposal))
    if isinstance(refusal, ProposalLapsedError):
        lapse_proposal(visit.session, proposal=proposal, actor=visit.actor, moment=visit.moment)
    if refusal is not None:
        return _proposal_page(visit, round_, subject, proposal_id, refusal)
    return redirect(f"/rounds/{name}/document")


def _withdraw(visit: Visit, proposal: StepProposal) -> None:
    withdraw_proposal(visit.session, proposal=proposal, actor=visit.actor, moment=visit.moment)


def _confirm(visit: Visit, proposal: StepProposal) -> None:
    confirm_step(
        visit.session,
        kind=amend_step(),
        proposal=proposal,
        digest=visit.form.get("digest", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


@get(f"{HERE}/{{number:int}}", include_in_schema=False)
@reads
def show_amendment(visit: Visit, name: FromPath[str], number: RowId) -> Response[Any]:
    """Show an amendment: the clauses changed, and what that does to real fields of bids."""
    round_, subject = round_for(visit, name, Action.READ_DOCUMENT)
    wanted = f"{DocumentKind.AMENDMENT.value}-{number}"
    version = version_named(visit.session, round_=round_, name=wanted)
    return render(
        visit,
        "rounds/document_amendment.html",
        round=round_,
        view=view_of(visit.session, round_=round_, version=version),
        name=version_name(version),
        effects=read_effects(version.effect or "[]"),
        may_acknowledge=visit.may(Action.ACKNOWLEDGE_DOCUMENT, subject),
    )


ROUTES = (show_form, send_form, show_proposal, decide, show_amendment)
