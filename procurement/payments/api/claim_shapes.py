"""What the interface of claims sends and takes."""

from dataclasses import dataclass, field
from datetime import date, datetime

from procurement.payments.at_edge import written
from procurement.payments.goods import OpenGoods
from procurement.payments.settling_tables import Claim, ClaimObjection


@dataclass(frozen=True, slots=True)
class GoodsEntry:
    """Goods that are owed and neither claimed nor paid.

    Attributes:
        id: What a claim names.
        hospital_id: Who owes.
        seller_id: Whom.
        invoice_line_id: The line of the invoice.
        accepted_on: Day of acceptance.
        amount: Yuan, of the invoice.
        left: Yuan; what was prepaid is off.
    """

    id: int
    hospital_id: int
    seller_id: int
    invoice_line_id: int
    accepted_on: date
    amount: str
    left: str


@dataclass(frozen=True, slots=True)
class GoodsList:
    """Goods, in the order of acceptance."""

    items: list[GoodsEntry]


@dataclass(frozen=True, slots=True)
class ClaimBody:
    """What a company claims.

    Attributes:
        month_id: Of which month.
        hospital_id: For deliveries to which hospital.
        goods_ids: Which goods; all that are open where it is empty.
    """

    month_id: int
    hospital_id: int
    goods_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StepBody:
    """A step of a claim.

    Attributes:
        version: Of the claim as it was read.
        note: A remark; the reason of a withdrawal.
    """

    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionBody:
    """An objection.

    Attributes:
        reason: In words.
        line_id: The line that it is about; null for the whole claim.
    """

    reason: str
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """The answer to an objection, in words."""

    answer: str


@dataclass(frozen=True, slots=True)
class EndBody:
    """How an objection ends.

    Attributes:
        uphold: Its line leaves the claim; else it is dropped.
    """

    uphold: bool


@dataclass(frozen=True, slots=True)
class OwnPaymentBody:
    """What a hospital paid a seller itself.

    Attributes:
        hospital_id: Who paid.
        seller_id: Whom.
        goods_ids: For which goods.
        paid_on: Day.
        voucher: Number of the bank's voucher.
    """

    hospital_id: int
    seller_id: int
    goods_ids: list[int]
    paid_on: date
    voucher: str


@dataclass(frozen=True, slots=True)
class OwnPaymentEntry:
    """A payment by a hospital, as recorded: its id and amount in yuan."""

    id: int
    amount: str


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim in a list.

    Attributes:
        id: Names it in addresses.
        number: As people call it.
        month_id: Of which month.
        seller_id: Who claims.
        hospital_id: For deliveries to whom.
        status: applied, hospital-checked, agency-checked, reconciled, instructed, paid, withdrawn.
        amount: Yuan, of the lines that are in it.
        applied_at: When.
        version: Counts changes.
    """

    id: int
    number: str
    month_id: int
    seller_id: int
    hospital_id: int
    status: str
    amount: str
    applied_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Some claims.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[ClaimEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line of a claim.

    Attributes:
        id: What an objection names.
        goods_id: The goods.
        invoice_number: Of the invoice.
        order_number: Of the order.
        product: As invoiced.
        packs: As invoiced.
        amount: Yuan.
        is_in: It is still in the claim.
        dropped_reason: Why not.
    """

    id: int
    goods_id: int
    invoice_number: str
    order_number: str
    product: str
    packs: int
    amount: str
    is_in: bool
    dropped_reason: str | None


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step that was done.

    Attributes:
        step: The status that it led to.
        organisation_id: By whom; null for the platform.
        done_at: When.
        due_on: Last day by the calendar; null where that dates no such step.
        is_late: It was done later.
        note: A remark.
    """

    step: str
    organisation_id: int | None
    done_at: datetime
    due_on: date | None
    is_late: bool
    note: str


@dataclass(frozen=True, slots=True)
class ObjectionEntry:
    """An objection to a claim.

    Attributes:
        id: Names it in addresses.
        line_id: What it is about; null for the whole claim.
        raised_by_id: By which organisation.
        reason: In words.
        status: open, answered, upheld or dropped.
        answer: In words; null while there is none.
    """

    id: int
    line_id: int | None
    raised_by_id: int
    reason: str
    status: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A whole claim: as in the list, its lines, steps and objections, in order."""

    claim: ClaimEntry
    lines: list[LineEntry]
    steps: list[StepEntry]
    objections: list[ObjectionEntry]


def goods_entry(one: OpenGoods) -> GoodsEntry:
    """Goods as the interface gives them."""
    row = one.goods
    return GoodsEntry(
        row.id,
        row.hospital_id,
        row.seller_id,
        row.invoice_line_id,
        row.accepted_on,
        written(row.amount),
        written(one.left),
    )


def claim_entry(claim: Claim) -> ClaimEntry:
    """A claim as the interface gives it."""
    return ClaimEntry(
        claim.id,
        claim.number,
        claim.month_id,
        claim.seller_id,
        claim.hospital_id,
        claim.status,
        written(claim.amount),
        claim.applied_at,
        claim.version,
    )


def objection_entry(row: ClaimObjection) -> ObjectionEntry:
    """An objection as the interface gives it."""
    return ObjectionEntry(row.id, row.line_id, row.raised_by_id, row.reason, row.status, row.answer)
