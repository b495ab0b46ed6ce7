"""What reports, publications, payments and plans look like to machines."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReportBody:
    """The amounts go to the bureau above.

    Attributes:
        to_bureau_id: The bureau; a county's must name one.
        note: For that bureau.
    """

    to_bureau_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report.

    Attributes:
        number: From 1.
        hospitals: How many.
        unanswered: Hospitals that let their time pass.
        amount: Yuan.
        employee: Of the employee fund.
        resident: Of the resident fund.
        digest: Of the list of statements.
    """

    number: int
    hospitals: int
    unanswered: int
    amount: Decimal
    employee: Decimal
    resident: Decimal
    digest: str


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """The bureau above answers a report.

    Attributes:
        returned_because: Why it is returned; empty to take note of it.
    """

    returned_because: str = ""


@dataclass(frozen=True, slots=True)
class PublishBody:
    """The table goes on the web site.

    Attributes:
        until: Last day of the term of publicity.
        basis: The document that states the term.
    """

    until: date
    basis: str


@dataclass(frozen=True, slots=True)
class TableBody:
    """A table that somebody typed.

    Attributes:
        content: CSV with the columns of the published table.
    """

    content: str


@dataclass(frozen=True, slots=True)
class MisprintEntry:
    """A number that does not follow from the others.

    Attributes:
        where: Row and column.
        printed: What stands there.
        computed: What should.
        rule: sum, percentage or product.
    """

    where: str
    printed: Decimal
    computed: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """What a check found.

    Attributes:
        misprints: Numbers that do not follow from the others.
        differences: Cells that differ from the statements.
    """

    misprints: list[MisprintEntry]
    differences: list[str]


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """What is public of a settlement.

    Attributes:
        title: Of the settlement.
        bureau: Who published it.
        batches: The batch-years.
        starts_on: First day of the term.
        until: Last day of the term.
        basis: The document that states the term.
        digest: SHA-256 of the table.
        published_at: When.
        parameters: What texts leave open.
        rows: Of the table.
        bands: How many hospitals are in each band of scores.
    """

    title: str
    bureau: str
    batches: list[str]
    starts_on: date
    until: date
    basis: str
    digest: str
    published_at: datetime
    parameters: list[dict[str, str]]
    rows: list[dict[str, str]]
    bands: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """The payment of one hospital.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        employee: From the employee fund.
        resident: From the resident fund.
        status: waiting, instructed or nothing.
        instruction: Number of the payment instruction.
        instruction_status: Where that stands.
    """

    hospital_id: int
    hospital: str
    employee: Decimal
    resident: Decimal
    status: str
    instruction: str | None
    instruction_status: str | None


@dataclass(frozen=True, slots=True)
class PaymentList:
    """The payments of a settlement.

    Attributes:
        items: By hospital.
    """

    items: list[PaymentEntry]


@dataclass(frozen=True, slots=True)
class PartBody:
    """One part of a plan: an amount, or a weight.

    Attributes:
        name: The department or purpose.
        note: For what.
        amount: Yuan.
        weight: By which the rest is shared out.
    """

    name: str
    note: str = ""
    amount: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class PlanBody:
    """A plan of distribution.

    Attributes:
        basis: The hospital's own rule.
        parts: They come to what is payable.
    """

    basis: str
    parts: list[PartBody]


@dataclass(frozen=True, slots=True)
class PartEntry:
    """One part of a plan.

    Attributes:
        name: The department or purpose.
        amount: Yuan.
    """

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan of distribution.

    Attributes:
        number: From 1.
        amount: What is payable.
        parts: They add up to it.
    """

    number: int
    amount: Decimal
    parts: list[PartEntry]
