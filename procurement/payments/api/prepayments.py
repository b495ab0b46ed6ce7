"""Prepayment and revolving money by machine."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from litestar import post
from litestar.params import JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Fund
from procurement.payments.api.months import Raw
from procurement.payments.at_edge import hospital_for, known_id, own_id, written, yuan
from procurement.payments.prepaying import Clearing, Given, clear_prepayment, give_prepayment
from procurement.payments.revolving import (
    RevolvingBack,
    RevolvingGiven,
    give_revolving,
    take_revolving_back,
)
from procurement.permissions import Action
from procurement.web import Visit, writes

TAGS = ["payments"]


@dataclass(frozen=True, slots=True)
class PrepaymentBody:
    """A prepayment of a term.

    Attributes:
        hospital_id: For which hospital.
        term_id: Of which term of agreements.
        rulebook: Id of a rulebook of prepayment.
        document: On what it rests.
        ratio: Share of the agreed amount, a decimal as text; null where the rulebook fixes it.
        seller_id: The distributor that it is for; null for all.
        parameters: What the rulebook leaves open, by key.
    """

    hospital_id: int
    term_id: int
    rulebook: str
    document: str
    ratio: str | None = None
    seller_id: int | None = None
    parameters: dict[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RevolvingBody:
    """Revolving money for a hospital.

    Attributes:
        hospital_id: To which hospital.
        agreement: Number of its service agreement.
        amount: Yuan, a decimal as text.
        document: On what it rests.
        rulebook: Id of a rulebook that knows revolving money.
        parameters: Limit, grades and fund, as far as the rulebook leaves them open.
    """

    hospital_id: int
    agreement: str
    amount: str
    document: str
    rulebook: str
    parameters: dict[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackBody:
    """Prepaid or revolving money that is settled.

    Attributes:
        hospital_id: Of which hospital.
        fund: employee or resident.
        amount: Yuan, a decimal as text.
        document: Number of the sheet or voucher; done once by each.
        by_offset: Set off against what the fund owes; else paid back by the hospital.
    """

    hospital_id: int
    fund: str
    amount: str
    document: str
    by_offset: bool = True


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """Money that is to be given: its id, the instruction that pays it, the amount in yuan."""

    id: int
    instruction_id: int
    amount: str


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """A posting: its id, and its day."""

    id: int
    on_date: date


@post("/api/v1/payments/prepayments", tags=TAGS, status_code=201)
@writes
def add_prepayment(visit: Visit, data: JSONBody[PrepaymentBody]) -> GivenEntry:
    """Draft the prepayment of a term; another person confirms the instruction."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.GIVE_PREPAYMENT)
    given = Given(
        agency_id=own_id(visit, Action.GIVE_PREPAYMENT),
        hospital_id=hospital,
        term_id=known_id(data.term_id, "term_id"),
        rulebook=data.rulebook,
        document=data.document,
        parameters=data.parameters,
        ratio=_ratio(data.ratio),
        seller_id=None if data.seller_id is None else known_id(data.seller_id, "seller_id"),
    )
    row = give_prepayment(visit.session, given=given, actor=visit.actor, moment=visit.moment)
    return GivenEntry(row.id, row.instruction_id, written(row.amount))


def _ratio(text: str | None) -> Decimal | None:
    return None if text is None else yuan(text, "ratio")


@post("/api/v1/payments/revolving", tags=TAGS, status_code=201)
@writes
def add_revolving(visit: Visit, data: JSONBody[RevolvingBody]) -> GivenEntry:
    """Draft revolving money for a hospital; another person confirms the instruction."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.GIVE_PREPAYMENT)
    given = RevolvingGiven(
        agency_id=own_id(visit, Action.GIVE_PREPAYMENT),
        hospital_id=hospital,
        agreement=data.agreement,
        amount=yuan(data.amount),
        document=data.document,
        rulebook=data.rulebook,
        parameters=data.parameters,
    )
    row = give_revolving(visit.session, given=given, actor=visit.actor, moment=visit.moment)
    return GivenEntry(row.id, row.instruction_id, written(row.amount))


@post("/api/v1/payments/prepayments/clearings", tags=TAGS, status_code=201)
@writes
def clear(visit: Visit, data: JSONBody[BackBody]) -> PostedEntry:
    """Set what a fund owes a hospital off against the prepayment that it holds."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.GIVE_PREPAYMENT)
    clearing = Clearing(
        agency_id=own_id(visit, Action.GIVE_PREPAYMENT),
        hospital_id=hospital,
        fund=_fund(data.fund),
        amount=yuan(data.amount),
        document=data.document,
    )
    posting = clear_prepayment(
        visit.session, clearing=clearing, actor=visit.actor, moment=visit.moment
    )
    return PostedEntry(posting.id, posting.posted_at.date())


@post("/api/v1/payments/revolving/returns", tags=TAGS, status_code=201)
@writes
def take_back_revolving(visit: Visit, data: JSONBody[BackBody]) -> PostedEntry:
    """Post that revolving money went back, by offset or as paid by the hospital."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.GIVE_PREPAYMENT)
    back = RevolvingBack(
        agency_id=own_id(visit, Action.GIVE_PREPAYMENT),
        hospital_id=hospital,
        fund=_fund(data.fund),
        amount=yuan(data.amount),
        document=data.document,
        by_offset=data.by_offset,
    )
    posting = take_revolving_back(visit.session, back=back, actor=visit.actor, moment=visit.moment)
    return PostedEntry(posting.id, posting.posted_at.date())


def _fund(word: str) -> Fund:
    if word in (Fund.EMPLOYEE, Fund.RESIDENT):
        return Fund(word)
    said = "须为 employee 或 resident。", "Expected employee or resident."
    raise InvalidInputError([FieldFault("fund", *said)])


ROUTES = (add_prepayment, add_revolving, clear, take_back_revolving)
