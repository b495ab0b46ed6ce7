"""Reporting, publication, payment and distribution by machine."""

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action
from procurement.savings.api.publication_shapes import (
    AnswerBody,
    CheckEntry,
    MisprintEntry,
    PartEntry,
    PaymentEntry,
    PaymentList,
    PlanBody,
    PlanEntry,
    PublicationEntry,
    PublishBody,
    ReportBody,
    ReportEntry,
    TableBody,
)
from procurement.savings.api.shapes import (
    ReasonBody,
    RunEntry,
    SettlementEntry,
    entry,
    run_entry,
)
from procurement.savings.at_edge import (
    hospital_for,
    paying_settlement,
    public_settlement,
    reported_settlement,
    settlement_for,
)
from procurement.savings.distribution.planning import PlannedPart, PlanView, plan_distribution
from procurement.savings.paying.paying import close_settlement, payments_of, start_paying
from procurement.savings.publishing.public_table import check_uploaded
from procurement.savings.publishing.publishing import (
    publication_of,
    publish,
    withdraw_publication,
)
from procurement.savings.publishing.reporting import (
    report_settlement,
    return_report,
    take_note,
)
from procurement.web import RowId, Visit, reads, writes


@post("/api/v1/savings/{name:str}/reports", status_code=201)
@writes
def report(visit: Visit, name: FromPath[str], data: JSONBody[ReportBody]) -> ReportEntry:
    """Report the amounts to the bureau above."""
    settlement = settlement_for(visit, name, Action.REPORT_SETTLEMENT)
    row = report_settlement(
        visit.session,
        settlement=settlement,
        to_bureau_id=data.to_bureau_id,
        note=data.note,
        actor=visit.actor,
        moment=visit.moment,
    )
    return ReportEntry(
        row.number,
        row.hospitals,
        row.unanswered,
        row.amount,
        row.employee,
        row.resident,
        row.digest,
    )


@post("/api/v1/savings/{name:str}/reports/answer", status_code=201)
@writes
def answer(visit: Visit, name: FromPath[str], data: JSONBody[AnswerBody]) -> SettlementEntry:
    """Take note of a report, or return it, for the bureau above."""
    settlement = reported_settlement(visit, name)
    if data.returned_because:
        return_report(
            visit.session,
            settlement=settlement,
            reason=data.returned_because,
            actor=visit.actor,
            moment=visit.moment,
        )
    else:
        take_note(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)
    return entry(settlement)


@post("/api/v1/savings/{name:str}/table-check", status_code=201)
@writes
def check(visit: Visit, name: FromPath[str], data: JSONBody[TableBody]) -> CheckEntry:
    """Check the arithmetic of a table that somebody typed; nothing is stored."""
    settlement = settlement_for(visit, name, Action.PUBLISH_SETTLEMENT)
    misprints, differences = check_uploaded(
        visit.session, settlement=settlement, content=data.content.encode(errors="replace")
    )
    return CheckEntry(
        [MisprintEntry(one.where, one.printed, one.computed, one.rule) for one in misprints],
        list(differences),
    )


@post("/api/v1/savings/{name:str}/publications", status_code=201)
@writes
def publish_table(
    visit: Visit, name: FromPath[str], data: JSONBody[PublishBody]
) -> SettlementEntry:
    """Publish the table of a settlement that was reported."""
    settlement = settlement_for(visit, name, Action.PUBLISH_SETTLEMENT)
    publish(
        visit.session,
        settlement=settlement,
        until=data.until,
        basis=data.basis,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/publications/withdrawn", status_code=201)
@writes
def take_back(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Take a published table back."""
    settlement = settlement_for(visit, name, Action.PUBLISH_SETTLEMENT)
    withdraw_publication(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@get("/api/v1/savings/{name:str}/publication")
@reads
def read_publication(visit: Visit, name: FromPath[str]) -> PublicationEntry:
    """Read what is public of a settlement; anybody may."""
    settlement = public_settlement(visit, name)
    view = publication_of(visit.session, settlement=settlement)
    return PublicationEntry(
        title=view.title,
        bureau=view.bureau,
        batches=list(view.batches),
        starts_on=view.row.starts_on,
        until=view.row.until,
        basis=view.row.basis,
        digest=view.row.digest,
        published_at=view.row.published_at,
        parameters=list(view.parameters),
        rows=list(view.rows),
        bands=list(view.bands),
    )


@post("/api/v1/savings/{name:str}/payments", status_code=201)
@writes
def pay(visit: Visit, name: FromPath[str]) -> RunEntry:
    """Instruct the payments once the term of publicity is over; a job does it, once each."""
    settlement = paying_settlement(visit, name)
    run = start_paying(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)
    return run_entry(visit, run)


@get("/api/v1/savings/{name:str}/payments")
@reads
def list_payments(visit: Visit, name: FromPath[str]) -> PaymentList:
    """List the payments of a settlement."""
    settlement = paying_settlement(visit, name)
    return PaymentList(
        [
            PaymentEntry(
                hospital_id=row.payment.hospital_id,
                hospital=row.hospital,
                employee=row.payment.employee,
                resident=row.payment.resident,
                status=row.payment.status,
                instruction=None if row.instruction is None else row.instruction.number,
                instruction_status=None if row.instruction is None else row.instruction.status,
            )
            for row in payments_of(visit.session, settlement=settlement)
        ]
    )


@post("/api/v1/savings/{name:str}/settled", status_code=201)
@writes
def close(visit: Visit, name: FromPath[str]) -> SettlementEntry:
    """Say that everything is paid."""
    settlement = paying_settlement(visit, name)
    close_settlement(visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment)
    return entry(settlement)


@post("/api/v1/savings/{name:str}/distribution/{hospital_id:int}", status_code=201)
@writes
def plan(
    visit: Visit, name: FromPath[str], hospital_id: RowId, data: JSONBody[PlanBody]
) -> PlanEntry:
    """Plan how a hospital hands on what it keeps."""
    found = hospital_for(visit, name, hospital_id, Action.PLAN_DISTRIBUTION)
    view = plan_distribution(
        visit.session,
        settlement=found.settlement,
        hospital_id=hospital_id,
        basis=data.basis,
        parts=[PlannedPart(one.name, one.note, one.amount, one.weight) for one in data.parts],
        actor=visit.actor,
        moment=visit.moment,
    )
    return _plan(view)


def _plan(view: PlanView) -> PlanEntry:
    parts = [PartEntry(part.name, part.amount) for part in view.parts]
    return PlanEntry(view.plan.number, view.plan.amount, parts)


ROUTES = (
    report,
    answer,
    check,
    publish_table,
    take_back,
    read_publication,
    pay,
    list_payments,
    close,
    plan,
)
"""Handlers of what follows the statements."""
