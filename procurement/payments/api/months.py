"""Months of direct settlement by machine: opening, what funds owe, setting off."""

from dataclasses import dataclass, field
from datetime import date

from litestar import get, post
from litestar.params import JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Fund
from procurement.payments.at_edge import (
    hospital_for,
    known_id,
    month_for,
    own_id,
    scope_for,
    written,
    yuan,
)
from procurement.payments.fund_payables import PayableFacts, record_fund_payable
from procurement.payments.months import NewMonth, change_parameters, due_days, open_month
from procurement.payments.offsets import instruct_month, plan_for
from procurement.payments.reading.months import months_seen
from procurement.payments.reserve import (
    Filling,
    Repaying,
    fill_reserve,
    repay_reserve,
    reserve_left,
)
from procurement.payments.settling_tables import Offset, SettlementMonth
from procurement.payments.stated import parameters_of
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/months"

Raw = str | int | bool | list[str]
"""A value of a rulebook, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class MonthBody:
    """A month to be opened.

    Attributes:
        month: Any day of it.
        rulebook: Id of a rulebook of direct settlement.
        parameters: What the rulebook leaves open, by key.
    """

    month: date
    rulebook: str
    parameters: dict[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParametersBody:
    """Other values for what the rulebook leaves open.

    Attributes:
        version: Of the month as it was read.
        parameters: All of them, by key.
    """

    version: int
    parameters: dict[str, Raw]


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A month of direct settlement.

    Attributes:
        id: Names it in addresses.
        agency_id: Whose.
        month: First day of it.
        rulebook: Its rulebook.
        parameters: What was given where that is silent.
        due: Last day of each step that is dated.
        version: Counts changes.
    """

    id: int
    agency_id: int
    month: date
    rulebook: str
    parameters: dict[str, object]
    due: dict[str, date]
    version: int


@dataclass(frozen=True, slots=True)
class MonthList:
    """Months, the newest first."""

    items: list[MonthEntry]


@dataclass(frozen=True, slots=True)
class PayableBody:
    """What a fund owes a hospital for a month.

    Attributes:
        hospital_id: Whom.
        month: Any day of it.
        fund: employee or resident.
        amount: Yuan, a decimal as text.
        document: On what it rests.
    """

    hospital_id: int
    month: date
    fund: str
    amount: str
    document: str


@dataclass(frozen=True, slots=True)
class PayableEntry:
    """What a fund owes a hospital, as recorded.

    Attributes:
        id: Of the record.
        revision: From 1; a later one takes back the one before.
        amount: Yuan.
    """

    id: int
    revision: int
    amount: str


@dataclass(frozen=True, slots=True)
class FillingBody:
    """Money that is put into the reserve.

    Attributes:
        fund: employee, resident, or none for money from elsewhere.
        amount: Yuan, a decimal as text.
        document: Number of the document; filled once by each.
    """

    fund: str
    amount: str
    document: str


@dataclass(frozen=True, slots=True)
class RepayingBody:
    """What a hospital paid back into the reserve.

    Attributes:
        hospital_id: Who.
        amount: Yuan, a decimal as text.
        voucher: Number of the bank's voucher.
    """

    hospital_id: int
    amount: str
    voucher: str


@dataclass(frozen=True, slots=True)
class ReserveEntry:
    """What the reserve can still pay, in yuan."""

    left: str


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """What setting off would pay; nothing is written.

    Attributes:
        goods_due: Reconciled claims.
        from_employee: Paid out of what the employee fund owes the hospital.
        from_resident: Of the resident fund.
        from_reserve: Lent by the reserve.
        refilled: Set off against an older debt to the reserve.
        held: What the funds go on owing, for claims that cannot be paid yet.
        to_hospital: What is left after that: it is paid out.
        unpaid: Claims that wait.
        reserve_debt: What the hospital owes the reserve afterwards.
    """

    goods_due: str
    from_employee: str
    from_resident: str
    from_reserve: str
    refilled: str
    held: str
    to_hospital: str
    unpaid: str
    reserve_debt: str


def _entry(month: SettlementMonth) -> MonthEntry:
    return MonthEntry(
        month.id,
        month.agency_id,
        month.month,
        month.rulebook,
        parameters_of(month.parameters),
        {step.value: day for step, day in due_days(month).items()},
        month.version,
    )


def _fund(word: str) -> Fund:
    if word not in set(Fund):
        expected = ", ".join(Fund)
        fault = FieldFault("fund", f"须为 {expected} 之一。", f"Expected one of {expected}.")
        raise InvalidInputError([fault])
    return Fund(word)


@get(PATH, tags=TAGS)
@reads
def list_months(visit: Visit) -> MonthList:
    """List the months of direct settlement that concern one."""
    found = months_seen(visit.session, scope=scope_for(visit))
    return MonthList([_entry(month) for month, _ in found])


@post(PATH, tags=TAGS, status_code=201)
@writes
def add_month(visit: Visit, data: JSONBody[MonthBody]) -> MonthEntry:
    """Open a month at one's agency."""
    own = own_id(visit, Action.APPROVE_CLAIM)
    new = NewMonth(own, data.month, data.rulebook, data.parameters)
    return _entry(open_month(visit.session, new=new, actor=visit.actor, moment=visit.moment))


@post(PATH + "/{month_id:int}/parameters", tags=TAGS, status_code=200)
@writes
def give_parameters(visit: Visit, month_id: RowId, data: JSONBody[ParametersBody]) -> MonthEntry:
    """Give other values for what the month's rulebook leaves open."""
    month = change_parameters(
        visit.session,
        month=month_for(visit, month_id, Action.APPROVE_CLAIM),
        version=data.version,
        parameters=data.parameters,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(month)


@get(PATH + "/{month_id:int}/offsets/{hospital_id:int}", tags=TAGS)
@reads
def read_plan(visit: Visit, month_id: RowId, hospital_id: RowId) -> PlanEntry:
    """Plan how a hospital's reconciled claims would be paid; nothing is written."""
    month = month_for(visit, month_id, Action.INSTRUCT_PAYMENT)
    planned = plan_for(visit.session, month=month, hospital_id=hospital_id)
    plan = planned.plan
    due = plan.sources.amount + plan.unpaid
    return PlanEntry(
        written(due),
        written(plan.sources.employee),
        written(plan.sources.resident),
        written(plan.sources.reserve),
        written(plan.refilled.amount),
        written(plan.held.amount),
        written(plan.to_hospital.amount),
        written(plan.unpaid),
        written(plan.reserve_debt),
    )


@post(PATH + "/{month_id:int}/offsets/{hospital_id:int}", tags=TAGS, status_code=201)
@writes
def set_off(visit: Visit, month_id: RowId, hospital_id: RowId) -> PlanEntry:
    """Set a hospital's reconciled claims off and draft the instructions to pay."""
    offset = instruct_month(
        visit.session,
        month=month_for(visit, month_id, Action.INSTRUCT_PAYMENT),
        hospital_id=hospital_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _offset(offset)


def _offset(offset: Offset) -> PlanEntry:
    return PlanEntry(
        written(offset.goods_due),
        written(offset.from_employee),
        written(offset.from_resident),
        written(offset.from_reserve),
        written(offset.refilled),
        written(offset.held),
        written(offset.to_hospital),
        written(offset.unpaid),
        written(offset.reserve_debt),
    )


@post("/api/v1/payments/fund-payables", tags=TAGS, status_code=201)
@writes
def add_payable(visit: Visit, data: JSONBody[PayableBody]) -> PayableEntry:
    """Record what a fund owes a hospital for a month; a second time corrects the first."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.RECORD_FUND_PAYABLE)
    facts = PayableFacts(
        agency_id=own_id(visit, Action.RECORD_FUND_PAYABLE),
        hospital_id=hospital,
        month=data.month,
        fund=_fund(data.fund),
        amount=yuan(data.amount),
        document=data.document,
    )
    row = record_fund_payable(visit.session, facts=facts, actor=visit.actor, moment=visit.moment)
    return PayableEntry(row.id, row.revision, written(row.amount))


@post("/api/v1/payments/reserve", tags=TAGS, status_code=201)
@writes
def add_to_reserve(visit: Visit, data: JSONBody[FillingBody]) -> ReserveEntry:
    """Post that money was put into one's reserve."""
    own = own_id(visit, Action.INSTRUCT_PAYMENT)
    filling = Filling(
        agency_id=own,
        fund=_fund(data.fund),
        amount=yuan(data.amount),
        document=data.document,
    )
    fill_reserve(visit.session, filling=filling, actor=visit.actor, moment=visit.moment)
    return ReserveEntry(written(reserve_left(visit.session, agency_id=own)))


@post("/api/v1/payments/reserve/repayments", tags=TAGS, status_code=201)
@writes
def add_repayment(visit: Visit, data: JSONBody[RepayingBody]) -> ReserveEntry:
    """Post that a hospital paid one's reserve back."""
    own = own_id(visit, Action.INSTRUCT_PAYMENT)
    repaying = Repaying(
        agency_id=own,
        hospital_id=known_id(data.hospital_id, "hospital_id"),
        amount=yuan(data.amount),
        voucher=data.voucher,
    )
    repay_reserve(visit.session, repaying=repaying, actor=visit.actor, moment=visit.moment)
    return ReserveEntry(written(reserve_left(visit.session, agency_id=own)))


ROUTES = (
    list_months,
    add_month,
    give_parameters,
    read_plan,
    set_off,
    add_payable,
    add_to_reserve,
    add_repayment,
)
