"""Pages of officers: decisions on the list, proposing one, confirming or withdrawing it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.listed.columns import FIELD_NAMES
from procurement.pharmacies.listed.drafting import propose_typed
from procurement.pharmacies.listed.finding import (
    decision_by_number,
    decisions_of,
    people_of,
)
from procurement.pharmacies.listed.kinds import DecisionKind, DecisionStatus, DrugState
from procurement.pharmacies.listed.prefilling import filled_line
from procurement.pharmacies.listed.reading import REMOVED
from procurement.pharmacies.listed.rules.books import rules_of_list
from procurement.pharmacies.listed.rules.criteria import criteria_of
from procurement.pharmacies.listed.settling import confirm, withdraw
from procurement.pharmacies.listed.subjects import decision_subject, own_list
from procurement.pharmacies.listed.tables import ListDecision
from procurement.pharmacies.pages.listed import decision_view
from procurement.pharmacies.pages.listed_words import shown, today, words
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import Form, PageNumber, Visit, paginate, reads, redirect, writes

LINES_AT_ONCE = 20
"""Lines that the form takes; longer lists come as a file."""

HEAD_FIELDS = (
    *("kind", "document", "decided_on", "in_force_from", "public_from"),
    *("reason", "notice_title", "notice_text", "corrects"),
)


@get("/dual-channel/decisions", include_in_schema=False)
@reads
def show_decisions(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List the decisions of the own bureau."""
    visit.require(Action.DECIDE_DRUG_LIST, own_list(visit.actor))
    status = visit.query.get("status", "")
    asked = DecisionStatus(status) if status in set(DecisionStatus) else None
    wanted = decisions_of(bureau_id=visit.actor.organisation_id or 0, status=asked)
    return shown(
        visit,
        "decisions",
        page=paginate(visit.session, wanted, number=page),
        values={"status": asked or ""},
    )


@get("/dual-channel/decisions/new", include_in_schema=False)
@reads
def show_new(visit: Visit) -> Response[Any]:
    """Show the form, filled in from a drug's present terms where one is named."""
    visit.require(Action.DECIDE_DRUG_LIST, own_list(visit.actor))
    filled = filled_line(
        visit.session,
        listed_drug_id=visit.query.get("drug", ""),
        region=visit.actor.region,
        day=today(visit),
    )
    values = {f"{name}-1": text for name, text in filled.items()}
    return _form(visit, values={**values, "public_from": str(today(visit))}, count=1)


@post("/dual-channel/decisions/new", include_in_schema=False)
@writes
def propose_new(visit: Visit) -> Response[Any]:
    """Propose what was typed, or show the form with one more entry."""
    visit.require(Action.DECIDE_DRUG_LIST, own_list(visit.actor))
    count = _count(visit.form)
    if visit.form.get("step") == "more":
        return _form(visit, values=visit.form, count=min(count + 1, LINES_AT_ONCE))
    made: list[ListDecision] = []
    refusal = attempt(visit, lambda: made.append(_proposed(visit, count)))
    if refusal is not None:
        return _form(visit, values=visit.form, count=count, refusal=refusal)
    return redirect(f"/dual-channel/decisions/{made[0].number}")


def _proposed(visit: Visit, count: int) -> ListDecision:
    return propose_typed(
        visit.session,
        head={name: visit.form.get(name, "") for name in HEAD_FIELDS},
        lines=[_typed_line(visit.form, number) for number in range(1, count + 1)],
        actor=visit.actor,
        moment=visit.moment,
    )


def _typed_line(form: Form, number: int) -> dict[str, str]:
    ending = f"-{number}"
    return {name.removesuffix(ending): text for name, text in form.items() if name.endswith(ending)}


def _count(form: Form) -> int:
    text = form.get("count", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), LINES_AT_ONCE)


def _form(visit: Visit, *, values: object, count: int, refusal: Any = None) -> Response[Any]:  # noqa: ANN401 - None or a refusal
    named = words(visit)
    rules = rules_of_list(visit.actor.region, today(visit))
    return shown(
        visit,
        "decision_new",
        refusal=refusal,
        values=values,
        count=count,
        most=LINES_AT_ONCE,
        rulebook=rules.rulebook,
        criteria=criteria_of(rules),
        fields={name: visit.text(*pair) for name, pair in FIELD_NAMES.items()},
        kinds=_options(named["decision_names"], DecisionKind),
        states=[
            *_options(named["state_names"], DrugState),
            (REMOVED, visit.text("调出名单", "off the list")),
        ],
        yes_no=[("yes", visit.text("是", "yes")), ("no", visit.text("否", "no"))],
    )


def _options(names: Any, kinds: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - an enum, and its names
    return [(one.value, names[one]) for one in kinds]


@get("/dual-channel/decisions/{decision_number:str}", include_in_schema=False)
@reads
def show_decision(visit: Visit, decision_number: FromPath[str]) -> Response[Any]:
    """Show a decision of the own bureau, and what can be done with it."""
    return _decision(visit, _own(visit, decision_number, Action.DECIDE_DRUG_LIST))


@post("/dual-channel/decisions/{decision_number:str}/confirm", include_in_schema=False)
@writes
def confirm_decision(visit: Visit, decision_number: FromPath[str]) -> Response[Any]:
    """Confirm a decision as the second person."""
    decision = _own(visit, decision_number, Action.CONFIRM_DRUG_LIST)
    refusal = attempt(
        visit,
        lambda: confirm(
            visit.session,
            decision_id=decision.id,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _decision(visit, decision, refusal=refusal)
    return redirect(f"/dual-channel/decisions/{decision.number}")


@post("/dual-channel/decisions/{decision_number:str}/withdraw", include_in_schema=False)
@writes
def withdraw_decision(visit: Visit, decision_number: FromPath[str]) -> Response[Any]:
    """Withdraw a decision that was not confirmed."""
    decision = _own(visit, decision_number, Action.DECIDE_DRUG_LIST)
    refusal = attempt(
        visit,
        lambda: withdraw(
            visit.session,
            decision_id=decision.id,
            version=FormReader(visit.form).version,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _decision(visit, decision, refusal=refusal)
    return redirect(f"/dual-channel/decisions/{decision.number}")


def _own(visit: Visit, number: str, action: Action) -> ListDecision:
    visit.require_ever(action)
    decision = decision_by_number(visit.session, number=number)
    if decision is None:
        raise NotFoundForActorError
    visit.require(action, decision_subject(decision, day=today(visit)))
    return decision


def _decision(visit: Visit, decision: ListDecision, *, refusal: Any = None) -> Response[Any]:  # noqa: ANN401 - None or a refusal
    visit.session.refresh(decision)
    subject = decision_subject(decision, day=today(visit))
    is_open = decision.status == DecisionStatus.PROPOSED
    return shown(
        visit,
        "decision",
        refusal=refusal,
        people=people_of(visit.session, [decision.proposed_by, decision.settled_by]),
        may_confirm=is_open and visit.may(Action.CONFIRM_DRUG_LIST, subject),
        may_withdraw=is_open and visit.may(Action.DECIDE_DRUG_LIST, subject),
        **decision_view(visit, decision),
    )


ROUTES = (
    show_decisions,
    show_new,
    propose_new,
    show_decision,
    confirm_decision,
    withdraw_decision,
)
"""Handlers of these pages."""
