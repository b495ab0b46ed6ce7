"""Instructions to pay: the list, one of them, the second person's word."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.instructions import (
    cancel_instruction,
    confirm_instruction,
    redraft_instruction,
)
from procurement.payments.pages.finding import (
    PAGE,
    claim_of,
    names_of,
    one_of,
    page_number,
    seen_by,
    shown,
    typed,
)
from procurement.payments.reading.instructions import (
    files_holding,
    find_instruction,
    instructions_seen,
    people_named,
    results_of,
    sums_by_status,
)
from procurement.payments.reading.scope import Side
from procurement.payments.returned_payments import post_set_aside, set_aside
from procurement.payments.states import (
    INSTRUCTION_TRANSITIONS,
    InstructionKind,
    InstructionStatus,
)
from procurement.payments.tables import PaymentInstruction
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, paginate, reads, redirect, writes

HERE = "/payments/instructions"
CONFIRMED_AT_ONCE = 200


@get(HERE, include_in_schema=False)
@reads
def show_instructions(visit: Visit) -> Response[Any]:
    """List instructions."""
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    scope = seen_by(visit)
    wanted = instructions_seen(
        scope,
        status=one_of(visit.query.get("status"), InstructionStatus),
        kind=one_of(visit.query.get("kind"), InstructionKind),
    )
    page = paginate(visit.session, wanted, number=page_number(visit), size=PAGE)
    rows: list[PaymentInstruction] = list(page.rows)
    ids = [one for row in rows for one in (row.payee_id, row.hospital_id)]
    return shown(
        visit,
        "instructions",
        scope,
        refusal=refusal,
        page=page,
        sums=sums_by_status(visit.session, scope=scope),
        names=names_of(visit, ids),
        people=people_named(visit.session, [row.drafted_by for row in rows]),
        may_confirm=any(_may_confirm(visit, row) for row in rows),
    )


def confirming(instruction: PaymentInstruction) -> Subject:
    """What permissions ask about confirming: another person of the agency that drafted it."""
    return Subject(
        organisation_id=instruction.agency_id,
        bureau_id=instruction.agency_id,
        proposed_by=instruction.drafted_by,
    )


def _may_confirm(visit: Visit, row: PaymentInstruction) -> bool:
    return row.status == InstructionStatus.DRAFTED and visit.may(
        Action.CONFIRM_PAYMENT, confirming(row)
    )


@get("/payments/instructions/{instruction_id:int}", include_in_schema=False)
@reads
def show_instruction(visit: Visit, instruction_id: RowId) -> Response[Any]:
    """Show an instruction, what the bank said, and what can be done."""
    scope = seen_by(visit)
    row = find_instruction(visit.session, scope=scope, instruction_id=instruction_id)
    return _one(visit, row, None)


def _one(visit: Visit, row: PaymentInstruction, refusal: RefusedError | None) -> Response[Any]:
    scope, session = seen_by(visit), visit.session
    next_ones = INSTRUCTION_TRANSITIONS[InstructionStatus(row.status)]
    may_draft = visit.may(Action.INSTRUCT_PAYMENT, Subject(organisation_id=row.agency_id))
    is_agency = scope.side in (Side.AGENCY, Side.BUREAU)
    waiting = set_aside(session, instruction=row)
    return shown(
        visit,
        "instruction",
        scope,
        refusal=refusal,
        row=row,
        names=names_of(visit, [row.payee_id, row.hospital_id]),
        people=people_named(session, [row.drafted_by, row.confirmed_by]) if is_agency else {},
        claim=claim_of(row),
        files=files_holding(session, instruction=row) if is_agency else (),
        results=results_of(session, instruction=row),
        sees_books=scope.side is not Side.COMPANY,
        may_confirm=_may_confirm(visit, row),
        may_cancel=may_draft and InstructionStatus.CANCELLED in next_ones,
        may_draft_again=may_draft and InstructionStatus.DRAFTED in next_ones,
        set_aside=waiting,
        may_post_back=may_draft and waiting is not None,
    )


@post("/payments/instructions/confirm", include_in_schema=False)
@writes
def confirm_several(visit: Visit) -> Response[Any]:
    """Confirm the instructions that are ticked, all or none."""
    visit.require_ever(Action.CONFIRM_PAYMENT)
    scope = seen_by(visit)
    ids = [typed(one) for one in visit.form.all("instruction")[:CONFIRMED_AT_ONCE]]

    def change() -> None:
        if not ids:
            raise InvalidInputError(
                [FieldFault("instruction", "请至少选择一条指令。", "Choose at least one.")]
            )
        for one in sorted(set(ids)):
            row = find_instruction(visit.session, scope=scope, instruction_id=one)
            visit.require(Action.CONFIRM_PAYMENT, confirming(row))
            confirm_instruction(
                visit.session,
                instruction=row,
                version=row.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(f"{HERE}?status=confirmed")


@post("/payments/instructions/{instruction_id:int}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, instruction_id: RowId) -> Response[Any]:
    """Confirm an instruction as the second person."""
    return _changed(visit, instruction_id, Action.CONFIRM_PAYMENT, confirm_instruction)


@post("/payments/instructions/{instruction_id:int}/cancel", include_in_schema=False)
@writes
def cancel(visit: Visit, instruction_id: RowId) -> Response[Any]:
    """Cancel an instruction that no bank has."""
    return _changed(visit, instruction_id, Action.INSTRUCT_PAYMENT, cancel_instruction)


@post("/payments/instructions/{instruction_id:int}/again", include_in_schema=False)
@writes
def draft_again(visit: Visit, instruction_id: RowId) -> Response[Any]:
    """Draft an instruction again that the bank returned."""
    return _changed(visit, instruction_id, Action.INSTRUCT_PAYMENT, redraft_instruction)


@post("/payments/instructions/{instruction_id:int}/post-back", include_in_schema=False)
@writes
def post_back(visit: Visit, instruction_id: RowId) -> Response[Any]:
    """Post a return back that was set aside, as the money had been used."""
    return _changed(visit, instruction_id, Action.INSTRUCT_PAYMENT, post_set_aside)


def _changed(
    visit: Visit, instruction_id: int, action: Action, service: Callable[..., PaymentInstruction]
) -> Response[Any]:
    visit.require_ever(action)
    row = find_instruction(visit.session, scope=seen_by(visit), instruction_id=instruction_id)
    subject = confirming(row)
    visit.require(action, subject)

    def change() -> None:
        service(
            visit.session,
            instruction=row,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _one(visit, row, refusal) if refusal else redirect(f"{HERE}/{row.id}")


ROUTES = (
    show_instructions,
    show_instruction,
    confirm_several,
    confirm,
    cancel,
    draft_again,
    post_back,
)
"""Handlers of these pages."""
