"""The entrance of payments: what waits, the figures of the role, where to go."""

from decimal import Decimal
from typing import Any

from litestar import Response, get

from procurement.payments.pages.finding import seen_by, shown
from procurement.payments.reading.claims import sums_by_status as claim_sums
from procurement.payments.reading.goods import goods_sums
from procurement.payments.reading.instructions import sums_by_status as instruction_sums
from procurement.payments.reading.positions import agency_position, hospital_position
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.states import ClaimStatus, InstructionStatus
from procurement.payments.tasks import waiting_for
from procurement.web import Visit, reads

UNDER_WAY = (
    ClaimStatus.APPLIED,
    ClaimStatus.HOSPITAL_CHECKED,
    ClaimStatus.AGENCY_CHECKED,
    ClaimStatus.RECONCILED,
    ClaimStatus.INSTRUCTED,
)

Figure = tuple[str, Decimal, str]
"""What it is, yuan, and the page that explains it."""


@get("/payments", include_in_schema=False)
@reads
def show_overview(visit: Visit) -> Response[Any]:
    """Show what waits for the visitor, and the figures of his role."""
    scope = seen_by(visit)
    tasks = waiting_for(visit.session, actor=visit.actor, moment=visit.moment)
    return shown(
        visit,
        "overview",
        scope,
        tasks=[task for task in tasks if task.link.startswith("/payments")],
        figures=_figures(visit, scope),
    )


def _figures(visit: Visit, scope: Scope) -> list[Figure]:
    goods = goods_sums(visit.session, scope=scope)
    claims = claim_sums(visit.session, scope=scope)
    settling = sum((claims[status].amount for status in UNDER_WAY), start=Decimal(0))
    shared = [
        (visit.text("未付货款", "Goods not paid"), goods.open, "/payments/goods"),
        (visit.text("结算中的申请", "Claims under way"), settling, "/payments/claims"),
    ]
    if scope.side is Side.HOSPITAL:
        return shared + _of_hospital(visit, scope)
    if scope.side is Side.AGENCY:
        return shared + _of_agency(visit, scope)
    paid = claims[ClaimStatus.PAID].amount
    return [
        *shared,
        (visit.text("已支付的申请", "Claims paid"), paid, "/payments/claims?status=paid"),
    ]


def _of_hospital(visit: Visit, scope: Scope) -> list[Figure]:
    position = hospital_position(visit.session, organisation_ids=scope.organisations)
    return [
        (
            visit.text("基金应付本单位", "Owed by the funds"),
            position.owed_by_fund,
            "/payments/ledger",
        ),
        (
            visit.text("基金已代付、冲抵", "Paid by the funds for you"),
            position.set_off,
            "/payments/months",
        ),
        (
            visit.text("应还备用金", "Owed to the reserve"),
            position.owed_to_reserve,
            "/payments/months",
        ),
        (visit.text("持有预付货款", "Prepayment held"), position.prepaid, "/payments/prepayments"),
    ]


def _of_agency(visit: Visit, scope: Scope) -> list[Figure]:
    position = agency_position(visit.session, agency_id=scope.organisation_id)
    waiting = instruction_sums(visit.session, scope=scope)
    return [
        (
            visit.text("应付医疗机构", "Owed to hospitals"),
            position.owed_to_hospitals,
            "/payments/ledger",
        ),
        (
            visit.text("待复核指令", "Instructions to confirm"),
            waiting[InstructionStatus.DRAFTED].amount,
            "/payments/instructions?status=drafted",
        ),
        (
            visit.text("已交银行", "With the bank"),
            waiting[InstructionStatus.EXPORTED].amount,
            "/payments/instructions?status=exported",
        ),
        (visit.text("备用金可用", "Reserve that is left"), position.reserve, "/payments/reserve"),
    ]


ROUTES = (show_overview,)
"""Handlers of these pages."""
