"""Statements by machine: read, confirmed, objected to, decided."""

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action
from procurement.savings.api.shapes import ParameterEntry, SettlementEntry, entry
from procurement.savings.api.statement_shapes import (
    AnswerEntry,
    ConfirmBody,
    DecisionBody,
    ObjectBody,
    SendingBody,
    StatementDetail,
    StatementEntry,
    StatementList,
    line_entry,
)
from procurement.savings.at_edge import hospital_for, settlement_for, statements_seen
from procurement.savings.statements.answering import (
    Decision,
    confirm_statement,
    decide_objection,
    object_to_statement,
    send_to_hospitals,
)
from procurement.savings.statements.content import statement_of
from procurement.savings.statements.objections import objection_by_id
from procurement.savings.states import Verdict
from procurement.web import RowId, Visit, reads, writes


@get("/api/v1/savings/{name:str}/statements")
@reads
def list_statements(visit: Visit, name: FromPath[str]) -> StatementList:
    """List the statements of a settlement: a hospital's own, and those of the group it leads."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    rows = statements_seen(visit, settlement)
    return StatementList(
        [
            StatementEntry(
                one.hospital_id,
                one.hospital,
                one.number,
                one.status,
                one.score,
                one.ratio,
                one.completion,
                one.savings_base,
                one.payable,
                one.employee,
                one.resident,
            )
            for one in rows
        ]
    )


@get("/api/v1/savings/{name:str}/statements/{hospital_id:int}")
@reads
def read_statement(visit: Visit, name: FromPath[str], hospital_id: RowId) -> StatementDetail:
    """Read a hospital's statement with every factor of every line."""
    found = hospital_for(visit, name, hospital_id, Action.READ_STATEMENT)
    one = statement_of(
        visit.session,
        settlement=found.settlement,
        hospital_id=hospital_id,
        with_unsent=found.with_unsent,
    )
    return StatementDetail(
        settlement=one.settlement,
        hospital=one.hospital,
        number=one.number,
        status=one.status,
        digest=one.digest,
        parameters=[
            ParameterEntry(
                view.key,
                visit.text(view.value_zh, view.value_en),
                visit.text(view.by_zh, view.by_en),
            )
            for view in one.parameters
        ],
        unverified=list(one.unverified),
        score=one.score,
        grade=one.grade,
        ratio=one.ratio,
        lines=[line_entry(line) for line in one.lines],
        savings_base=one.savings_base,
        retained_exact=one.retained_exact,
        payable=one.payable,
        employee=one.employee,
        resident=one.resident,
    )


@post("/api/v1/savings/{name:str}/statements/sent", status_code=201)
@writes
def send(visit: Visit, name: FromPath[str], data: JSONBody[SendingBody]) -> SettlementEntry:
    """Show every hospital its statement."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    send_to_hospitals(
        visit.session,
        settlement=settlement,
        answer_by=data.answer_by,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/statements/{hospital_id:int}/confirmed", status_code=201)
@writes
def confirm(
    visit: Visit, name: FromPath[str], hospital_id: RowId, data: JSONBody[ConfirmBody]
) -> AnswerEntry:
    """Confirm a statement: exactly the one that was read."""
    found = hospital_for(visit, name, hospital_id, Action.ANSWER_STATEMENT)
    row = confirm_statement(
        visit.session,
        settlement=found.settlement,
        hospital_id=hospital_id,
        digest=data.digest,
        actor=visit.actor,
        moment=visit.moment,
    )
    return AnswerEntry(row.number, row.status)


@post("/api/v1/savings/{name:str}/statements/{hospital_id:int}/objections", status_code=201)
@writes
def object_to(
    visit: Visit, name: FromPath[str], hospital_id: RowId, data: JSONBody[ObjectBody]
) -> AnswerEntry:
    """Object to a statement."""
    found = hospital_for(visit, name, hospital_id, Action.ANSWER_STATEMENT)
    objection = object_to_statement(
        visit.session,
        settlement=found.settlement,
        hospital_id=hospital_id,
        digest=data.digest,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    number = statement_of(
        visit.session, settlement=found.settlement, hospital_id=hospital_id
    ).number
    return AnswerEntry(number, "objected", objection.id)


@post("/api/v1/savings/{name:str}/objections/{objection_id:int}/decision", status_code=201)
@writes
def decide(
    visit: Visit, name: FromPath[str], objection_id: RowId, data: JSONBody[DecisionBody]
) -> AnswerEntry:
    """Decide an objection; upheld, a job computes the next version."""
    settlement = settlement_for(visit, name, Action.DECIDE_OBJECTION)
    view = objection_by_id(visit.session, settlement=settlement, objection_id=objection_id)
    verdict = Verdict.UPHELD if data.upheld else Verdict.REJECTED
    decide_objection(
        visit.session,
        settlement=settlement,
        view=view,
        decision=Decision(verdict, data.decision, data.extract_again),
        actor=visit.actor,
        moment=visit.moment,
    )
    return AnswerEntry(view.statement.number, view.statement.status, objection_id)


ROUTES = (list_statements, read_statement, send, confirm, object_to, decide)
"""Handlers of statements."""
