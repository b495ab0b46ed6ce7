"""Claims by machine: goods owed, applying, checks, withdrawing."""

from litestar import get, post
from litestar.params import JSONBody

from procurement.payments.api.claim_shapes import (
    ClaimBody,
    ClaimDetail,
    ClaimPage,
    GoodsList,
    LineEntry,
    StepBody,
    StepEntry,
    claim_entry,
    goods_entry,
    objection_entry,
)
from procurement.payments.at_edge import claim_for, known_id, own_id, scope_for, written
from procurement.payments.claims import Wanted, advance, apply_for, withdraw_claim
from procurement.payments.goods import open_goods
from procurement.payments.reading.claims import (
    ClaimFilter,
    claims_seen,
    lines_of,
    objections_of,
    steps_of,
)
from procurement.payments.reading.months import find_month
from procurement.payments.settling_tables import Claim
from procurement.payments.states import ClaimStatus
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/claims"
STEPS = {
    "check": (ClaimStatus.HOSPITAL_CHECKED, Action.CHECK_CLAIM),
    "approve": (ClaimStatus.AGENCY_CHECKED, Action.APPROVE_CLAIM),
    "reconcile": (ClaimStatus.RECONCILED, Action.CLAIM_SETTLEMENT),
}


@get("/api/v1/payments/goods", tags=TAGS)
@reads
def list_goods(visit: Visit) -> GoodsList:
    """List goods that are owed to one's company and neither claimed nor paid."""
    own = own_id(visit, Action.CLAIM_SETTLEMENT)
    return GoodsList([goods_entry(one) for one in open_goods(visit.session, seller_id=own)])


@get(PATH, tags=TAGS)
@reads
def list_claims(visit: Visit, page_size: PageSize = 50, cursor: Cursor = None) -> ClaimPage:
    """List the claims that concern one (``?status=`` for one status)."""
    asked = visit.query.get("status", "")
    wanted = ClaimFilter(status=asked if asked in set(ClaimStatus) else "")
    found = paginate_by_key(
        visit.session,
        claims_seen(scope_for(visit), wanted).with_only_columns(Claim).order_by(None),
        key=Claim.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return ClaimPage([claim_entry(row) for row in found.rows], found.next_cursor)


@get(PATH + "/{claim_id:int}", tags=TAGS)
@reads
def read_claim(visit: Visit, claim_id: RowId) -> ClaimDetail:
    """Read a claim with its lines, steps and objections."""
    return _detail(visit, claim_for(visit, claim_id, Action.READ_LEDGER))


def _detail(visit: Visit, claim: Claim) -> ClaimDetail:
    session = visit.session
    lines = [
        LineEntry(
            shown.line.id,
            shown.line.goods_id,
            shown.invoice.number,
            shown.of_invoice.order_number,
            shown.of_invoice.product,
            shown.of_invoice.packs,
            written(shown.line.amount),
            shown.line.live_goods_id is not None,
            shown.line.dropped_reason,
        )
        for shown in lines_of(session, claim=claim)
    ]
    steps = [
        StepEntry(
            shown.step.step,
            shown.step.organisation_id,
            shown.step.done_at,
            shown.step.due_on,
            shown.step.is_late,
            shown.step.note,
        )
        for shown in steps_of(session, claim=claim)
    ]
    raised = [objection_entry(shown.objection) for shown in objections_of(session, claim=claim)]
    return ClaimDetail(claim_entry(claim), lines, steps, raised)


@post(PATH, tags=TAGS, status_code=201)
@writes
def add_claim(visit: Visit, data: JSONBody[ClaimBody]) -> ClaimDetail:
    """Claim a hospital's goods of a month."""
    own = own_id(visit, Action.CLAIM_SETTLEMENT)
    month_id = known_id(data.month_id, "month_id")
    claim = apply_for(
        visit.session,
        month=find_month(visit.session, scope=scope_for(visit), month_id=month_id),
        wanted=Wanted(
            own,
            known_id(data.hospital_id, "hospital_id"),
            [known_id(one, "goods_ids") for one in data.goods_ids],
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _detail(visit, claim)


def _advance(visit: Visit, claim_id: int, step: str, data: StepBody) -> ClaimDetail:
    to, action = STEPS[step]
    claim = advance(
        visit.session,
        claim=claim_for(visit, claim_id, action),
        to=to,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
        note=data.note[:NOTE_LENGTH_MAX],
    )
    return _detail(visit, claim)


NOTE_LENGTH_MAX = 500


@post(PATH + "/{claim_id:int}/check", tags=TAGS, status_code=200)
@writes
def check(visit: Visit, claim_id: RowId, data: JSONBody[StepBody]) -> ClaimDetail:
    """Find a claim right, as the hospital."""
    return _advance(visit, claim_id, "check", data)


@post(PATH + "/{claim_id:int}/approve", tags=TAGS, status_code=200)
@writes
def approve(visit: Visit, claim_id: RowId, data: JSONBody[StepBody]) -> ClaimDetail:
    """Find a claim right, as the agency."""
    return _advance(visit, claim_id, "approve", data)


@post(PATH + "/{claim_id:int}/reconcile", tags=TAGS, status_code=200)
@writes
def reconcile_claim(visit: Visit, claim_id: RowId, data: JSONBody[StepBody]) -> ClaimDetail:
    """Agree with what was checked, as the company."""
    return _advance(visit, claim_id, "reconcile", data)


@post(PATH + "/{claim_id:int}/withdraw", tags=TAGS, status_code=200)
@writes
def withdraw(visit: Visit, claim_id: RowId, data: JSONBody[StepBody]) -> ClaimDetail:
    """Withdraw a claim, as the company: its goods can be claimed again."""
    claim = withdraw_claim(
        visit.session,
        claim=claim_for(visit, claim_id, Action.CLAIM_SETTLEMENT),
        version=data.version,
        reason=data.note[:NOTE_LENGTH_MAX],
        actor=visit.actor,
        moment=visit.moment,
    )
    return _detail(visit, claim)


ROUTES = (
    list_goods,
    list_claims,
    read_claim,
    add_claim,
    check,
    approve,
    reconcile_claim,
    withdraw,
)
