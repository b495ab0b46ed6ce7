"""Claims: the list, one with its course, its objections, and the step that waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.related import group_lead_of
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.payments.claims import UNDER_WAY, advance, withdraw_claim
from procurement.payments.months import due_days
from procurement.payments.objections import (
    OBJECTED_IN,
    answer_objection,
    end_objection,
    raise_objection,
)
from procurement.payments.pages.claim_course import course_of
from procurement.payments.pages.finding import (
    PAGE,
    names_of,
    one_of,
    page_number,
    seen_by,
    shown,
    typed,
)
from procurement.payments.reading.claims import (
    ClaimFilter,
    claims_seen,
    find_claim,
    find_objection,
    lines_of,
    objections_of,
    steps_of,
    sums_by_status,
)
from procurement.payments.reading.instructions import instruction_of
from procurement.payments.reading.months import months_seen
from procurement.payments.states import CLAIM_TRANSITIONS, ClaimStatus, ObjectionStatus
from procurement.payments.tables import Claim, ClaimObjection, SettlementMonth
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, paginate, reads, redirect, writes

HERE = "/payments/claims"
_S = ClaimStatus


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a claim that the visitor can do now."""

    path: str
    title: str
    sentence: str
    button: str


_STEPS = {
    _S.HOSPITAL_CHECKED: (
        "check",
        ("核对", "Check"),
        (
            "逐行核对收货数量和价格，一致的予以确认；不一致的先提出异议。",
            "Compare quantities and prices with what you received. Confirm if all of it is right; "
            "object first if not.",
        ),
        ("核对无误", "All of it is right"),
    ),
    _S.AGENCY_CHECKED: (
        "approve",
        ("复核", "Check for the fund"),
        (
            "复核是否属于直接结算范围、票据是否齐全。",
            "Check that it belongs to direct settlement and that the papers are complete.",
        ),
        ("复核通过", "Approve"),
    ),
    _S.RECONCILED: (
        "reconcile",
        ("对账", "Reconcile"),
        ("确认核对后的金额。确认之后进入支付。", "Agree with the checked amount. Payment follows."),
        ("对账无误", "The amount is right"),
    ),
}


@get(HERE, include_in_schema=False)
@reads
def show_claims(visit: Visit) -> Response[Any]:
    """List claims."""
    scope = seen_by(visit)
    wanted = ClaimFilter(
        status=one_of(visit.query.get("status"), ClaimStatus),
        month_id=typed(visit.query.get("month")),
        organisation_id=typed(visit.query.get("organisation")),
        with_objection=visit.query.get("objection") == "yes",
    )
    page = paginate(visit.session, claims_seen(scope, wanted), number=page_number(visit), size=PAGE)
    ids = [one for claim, _ in page.rows for one in (claim.seller_id, claim.hospital_id)]
    months = months_seen(visit.session, scope=scope)
    return shown(
        visit,
        "claims",
        scope,
        page=page,
        sums=sums_by_status(visit.session, scope=scope),
        names=names_of(visit, ids),
        months=[(month.id, f"{month.month:%Y-%m} {agency}") for month, agency in months],
    )


@get("/payments/claims/{claim_id:int}", include_in_schema=False)
@reads
def show_claim(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Show a claim with its lines, its course and its objections."""
    claim, month = find_claim(visit.session, scope=seen_by(visit), claim_id=claim_id)
    return _page(visit, claim, month, None)


def _page(
    visit: Visit, claim: Claim, month: SettlementMonth, refusal: RefusedError | None
) -> Response[Any]:
    session, lines = visit.session, lines_of(visit.session, claim=claim)
    objections = objections_of(session, claim=claim)
    calendar = {step.value: day for step, day in due_days(month).items()}
    own = visit.actor.organisation_id
    return shown(
        visit,
        "claim",
        seen_by(visit),
        refusal=refusal,
        claim=claim,
        month=month,
        lines=lines,
        names=names_of(visit, [claim.seller_id, claim.hospital_id]),
        course=course_of(visit, claim, steps_of(session, claim=claim), calendar),
        instruction=instruction_of(session, claim=claim),
        objections=objections,
        step=_step(visit, claim, month),
        held_up=any(one.objection.status in UNDER_WAY for one in objections),
        may_object=_may_object(visit, claim, month),
        may_withdraw=_may_withdraw(visit, claim),
        may_answer={
            one.objection.id
            for one in objections
            if one.objection.status == ObjectionStatus.OPEN
            and one.objection.raised_by_id != own
            and _is_party(visit, claim, month)
        },
        may_end={
            one.objection.id
            for one in objections
            if one.objection.status in UNDER_WAY and one.objection.raised_by_id == own
        },
    )


def _subject(visit: Visit, claim: Claim, month: SettlementMonth, action: Action) -> Subject:
    """What permissions ask about a claim: it is the seller's, the hospital's or the agency's."""
    if action is Action.CLAIM_SETTLEMENT:
        return Subject(organisation_id=claim.seller_id)
    if action is Action.APPROVE_CLAIM:
        return Subject(organisation_id=month.agency_id, regions=(month.region,))
    lead = group_lead_of(
        visit.session, hospital_id=claim.hospital_id, on_date=day_in_china(visit.moment)
    )
    return Subject(organisation_id=claim.hospital_id, group_lead_id=lead)


ACTION_OF = {
    _S.HOSPITAL_CHECKED: Action.CHECK_CLAIM,
    _S.AGENCY_CHECKED: Action.APPROVE_CLAIM,
    _S.RECONCILED: Action.CLAIM_SETTLEMENT,
}
PARTIES = (Action.CLAIM_SETTLEMENT, Action.CHECK_CLAIM, Action.APPROVE_CLAIM)


def _step(visit: Visit, claim: Claim, month: SettlementMonth) -> Step | None:
    for wanted in CLAIM_TRANSITIONS[_S(claim.status)]:
        action = ACTION_OF.get(wanted)
        if action is not None and visit.may(action, _subject(visit, claim, month, action)):
            path, title, sentence, button = _STEPS[wanted]
            return Step(path, visit.text(*title), visit.text(*sentence), visit.text(*button))
    return None


def _is_party(visit: Visit, claim: Claim, month: SettlementMonth) -> bool:
    return any(visit.may(one, _subject(visit, claim, month, one)) for one in PARTIES)


def _may_object(visit: Visit, claim: Claim, month: SettlementMonth) -> bool:
    return claim.status in OBJECTED_IN and _is_party(visit, claim, month)


def _may_withdraw(visit: Visit, claim: Claim) -> bool:
    own = Subject(organisation_id=claim.seller_id)
    return _S.WITHDRAWN in CLAIM_TRANSITIONS[_S(claim.status)] and visit.may(
        Action.CLAIM_SETTLEMENT, own
    )


def _found(visit: Visit, claim_id: int, *actions: Action) -> tuple[Claim, SettlementMonth]:
    if not any(visit.may_ever(action) for action in actions):
        visit.require_ever(actions[0])
    claim, month = find_claim(visit.session, scope=seen_by(visit), claim_id=claim_id)
    if not any(visit.may(one, _subject(visit, claim, month, one)) for one in actions):
        raise NotFoundForActorError
    return claim, month


def _answered(
    visit: Visit, claim: Claim, month: SettlementMonth, change: Callable[[], object]
) -> Response[Any]:
    refusal = attempt(visit, change)
    return _page(visit, claim, month, refusal) if refusal else redirect(f"{HERE}/{claim.id}")


def _advanced(visit: Visit, claim_id: int, to: ClaimStatus) -> Response[Any]:
    claim, month = _found(visit, claim_id, ACTION_OF[to])
    return _answered(
        visit,
        claim,
        month,
        lambda: advance(
            visit.session,
            claim=claim,
            to=to,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/payments/claims/{claim_id:int}/check", include_in_schema=False)
@writes
def check(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Confirm as the hospital that the goods came and the prices are right."""
    return _advanced(visit, claim_id, _S.HOSPITAL_CHECKED)


@post("/payments/claims/{claim_id:int}/approve", include_in_schema=False)
@writes
def approve(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Approve as the agency."""
    return _advanced(visit, claim_id, _S.AGENCY_CHECKED)


@post("/payments/claims/{claim_id:int}/reconcile", include_in_schema=False)
@writes
def reconcile(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Agree as the company with what was checked."""
    return _advanced(visit, claim_id, _S.RECONCILED)


@post("/payments/claims/{claim_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Withdraw a claim as the company."""
    claim, month = _found(visit, claim_id, Action.CLAIM_SETTLEMENT)
    return _answered(
        visit,
        claim,
        month,
        lambda: withdraw_claim(
            visit.session,
            claim=claim,
            version=FormReader(visit.form).version,
            reason=visit.form.get("note", "")[:500],
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/payments/claims/{claim_id:int}/objections", include_in_schema=False)
@writes
def object_to(visit: Visit, claim_id: RowId) -> Response[Any]:
    """Object to a claim or to one of its lines."""
    claim, month = _found(visit, claim_id, *PARTIES)
    line = visit.form.get("line_id", "")
    return _answered(
        visit,
        claim,
        month,
        lambda: raise_objection(
            visit.session,
            claim=claim,
            line_id=typed(line) if line else None,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


def _objection(
    visit: Visit, claim_id: int, objection_id: int
) -> tuple[Claim, SettlementMonth, ClaimObjection]:
    claim, month = _found(visit, claim_id, *PARTIES)
    return claim, month, find_objection(visit.session, claim=claim, objection_id=objection_id)


@post(
    "/payments/claims/{claim_id:int}/objections/{objection_id:int}/answer", include_in_schema=False
)
@writes
def answer(visit: Visit, claim_id: RowId, objection_id: RowId) -> Response[Any]:
    """Answer an objection of the other side."""
    claim, month, found = _objection(visit, claim_id, objection_id)
    return _answered(
        visit,
        claim,
        month,
        lambda: answer_objection(
            visit.session,
            objection=found,
            answer=visit.form.get("answer", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/payments/claims/{claim_id:int}/objections/{objection_id:int}/end", include_in_schema=False)
@writes
def end(visit: Visit, claim_id: RowId, objection_id: RowId) -> Response[Any]:
    """End an objection: the line leaves the claim, or the objection is dropped."""
    claim, month, found = _objection(visit, claim_id, objection_id)
    return _answered(
        visit,
        claim,
        month,
        lambda: end_objection(
            visit.session,
            objection=found,
            uphold=visit.form.get("upholds") == "yes",
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (
    show_claims,
    show_claim,
    check,
    approve,
    reconcile,
    withdraw,
    object_to,
    answer,
    end,
)
"""Handlers of these pages."""
