"""What statements look like to machines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.savings.api.shapes import ParameterEntry
from procurement.savings.statements.shapes import StatementLine


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One hospital's statement.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        number: Of the version.
        status: Where it stands.
        score: Points.
        ratio: Share that is kept.
        completion: Of all lines together.
        savings_base: Exact sum.
        payable: To the cent.
        employee: Of the employee fund.
        resident: Of the resident fund.
    """

    hospital_id: int
    hospital: str
    number: int
    status: str
    score: Decimal | None
    ratio: Decimal | None
    completion: Decimal | None
    savings_base: Decimal
    payable: Decimal
    employee: Decimal
    resident: Decimal


@dataclass(frozen=True, slots=True)
class StatementList:
    """The statements of a settlement.

    Attributes:
        items: By hospital.
    """

    items: list[StatementEntry]


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line with every factor; exact decimals.

    Attributes:
        batch: The batch-year.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        winner: Who supplies it.
        pack_units: Minimal units of a pack.
        pack_price: Yuan.
        winning_price: Yuan per minimal unit.
        base_volume: In minimal units.
        agreed_volume: In minimal units.
        price_before: Yuan per minimal unit.
        payment_ratio: Of the fund.
        payment_ratio_spend: Of the spending, where it is another.
        insured_share: Share of the insured.
        winning_volume: Taken in.
        non_winning_volume: Of others.
        non_winning_amount: Money spent on others.
        budget: None where the document knows none.
        spend: None where the document knows none.
        savings_base: Their difference.
        completion: None where nothing was agreed.
        completed: Whether the unit that counts completed.
        base_to_use: How often the base volume was used.
        warned: Whether that is far.
        ratio: Share that is kept.
        passed: Whether the assessment was passed.
        retained: Exact.
        paid_part: To the cent; the parts add up.
        nothing_because: Why nothing is kept.
    """

    batch: str
    lot: str
    product: str
    strength: str
    winner: str
    pack_units: int
    pack_price: Decimal
    winning_price: Decimal
    base_volume: int
    agreed_volume: int
    price_before: Decimal
    payment_ratio: Decimal
    payment_ratio_spend: Decimal | None
    insured_share: Decimal
    winning_volume: int
    non_winning_volume: int
    non_winning_amount: Decimal
    budget: Decimal | None
    spend: Decimal | None
    savings_base: Decimal
    completion: Decimal | None
    completed: bool
    base_to_use: Decimal | None
    warned: bool
    ratio: Decimal
    passed: bool
    retained: Decimal
    paid_part: Decimal
    nothing_because: list[str]


@dataclass(frozen=True, slots=True)
class StatementDetail:
    """A statement with every line.

    Attributes:
        settlement: Its settlement.
        hospital: The hospital.
        number: Of the version.
        status: Where it stands.
        digest: Of the content: what is confirmed.
        parameters: What texts leave open.
        unverified: Rules that no source states.
        score: Points.
        grade: Their grade.
        ratio: Share that is kept.
        lines: All of them.
        savings_base: Exact.
        retained_exact: Exact.
        payable: To the cent.
        employee: Of the employee fund.
        resident: Of the resident fund.
    """

    settlement: str
    hospital: str
    number: int
    status: str
    digest: str
    parameters: list[ParameterEntry]
    unverified: list[str]
    score: Decimal | None
    grade: str | None
    ratio: Decimal | None
    lines: list[LineEntry]
    savings_base: Decimal
    retained_exact: Decimal
    payable: Decimal
    employee: Decimal
    resident: Decimal


@dataclass(frozen=True, slots=True)
class SendingBody:
    """Statements go to hospitals.

    Attributes:
        answer_by: Until when they are asked to answer.
    """

    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """A hospital confirms.

    Attributes:
        digest: Of the statement that was read.
    """

    digest: str


@dataclass(frozen=True, slots=True)
class ObjectBody:
    """A hospital objects.

    Attributes:
        digest: Of the statement that was read.
        reason: Why.
    """

    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """The bureau decides an objection.

    Attributes:
        upheld: Whether it is upheld.
        decision: Why.
        extract_again: Purchases are summed anew first.
    """

    upheld: bool
    decision: str
    extract_again: bool = False


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What became of a statement.

    Attributes:
        number: Of the version.
        status: Where it stands.
        objection_id: The objection, if it is one.
    """

    number: int
    status: str
    objection_id: int | None = None


def line_entry(line: StatementLine) -> LineEntry:
    """A line as the interface gives it."""
    row = line.row
    return LineEntry(
        batch=row.batch,
        lot=row.lot,
        product=row.product,
        strength=row.strength,
        winner=line.winner,
        pack_units=row.pack_units,
        pack_price=row.pack_price,
        winning_price=row.winning_price,
        base_volume=row.base_volume,
        agreed_volume=row.agreed_volume,
        price_before=row.price_before,
        payment_ratio=row.payment_ratio,
        payment_ratio_spend=row.payment_ratio_spend,
        insured_share=row.insured_share,
        winning_volume=row.winning_volume,
        non_winning_volume=row.non_winning_volume,
        non_winning_amount=row.non_winning_amount,
        budget=row.budget,
        spend=row.spend,
        savings_base=row.savings_base,
        completion=line.completion,
        completed=row.completed,
        base_to_use=line.base_to_use,
        warned=line.warned,
        ratio=row.ratio,
        passed=row.passed,
        retained=row.retained,
        paid_part=row.paid_part,
        nothing_because=row.nothing_because.split(),
    )
