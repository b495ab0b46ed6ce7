"""What a statement of retained savings says: every factor of every line, and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from procurement.savings.rules import Choices, SchemeRules


@dataclass(frozen=True, slots=True)
class LineContent:
    """One line: a hospital's agreed product of one winner, in one batch and year.

    Attributes:
        batch: Words for the batch and its procurement year.
        product: Generic name.
        strength: Its strength.
        supplier: The winner.
        unit: The minimal unit that volumes count.
        pack_units: Minimal units of a pack; None where only the unit's price is known.
        pack_price: Winning price of a pack.
        base_volume: Base from which the agreed volume was set.
        agreed_volume: Agreed with the winner.
        price_before: Mean price before the round, yuan per unit.
        winning_price: Yuan per unit.
        payment_ratio: Of the budget.
        payment_ratio_spend: Of the spending; the same where the document knows one.
        insured_share: Share of the insured.
        fund_share_employee: Part of the employee fund, where given.
        follow_on: Whether the batch follows on for the product.
        winning_volume: Taken in, returns subtracted.
        non_winning_volume: Units of other products of the generic.
        non_winning_amount: Money spent on those.
        unit_winning: Taken in by the unit whose volume counts; None where it was not kept.
        unit_agreed: Agreed volume of that unit.
        budget: Exact; None where the document knows no budget.
        spend: Exact; None where the document knows no budget.
        savings_base: Exact.
        completed: Whether the unit that counts has completed its volume.
        passed: Whether the assessment was passed.
        ratio: Share that is kept.
        nothing_because: Why nothing is kept, as `SettledLine.nothing_because`.
        retained: Exact amount kept.
        paid_part: Its part of what is paid, to the cent; the parts add up.
        score: Points of the assessment that counts for it.
    """

    batch: str
    product: str
    strength: str
    supplier: str
    unit: str
    pack_units: int | None
    pack_price: Decimal | None
    base_volume: int
    agreed_volume: int
    price_before: Decimal
    winning_price: Decimal
    payment_ratio: Decimal
    payment_ratio_spend: Decimal
    insured_share: Decimal
    fund_share_employee: Fraction | None
    follow_on: bool
    winning_volume: int
    non_winning_volume: int
    non_winning_amount: Decimal
    unit_winning: int | None
    unit_agreed: int | None
    budget: Decimal | None
    spend: Decimal | None
    savings_base: Decimal
    completed: bool
    passed: bool
    ratio: Decimal
    nothing_because: tuple[str, ...]
    retained: Decimal
    paid_part: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FindingContent:
    """One indicator of the assessment.

    Attributes:
        indicator: Its key in the vocabulary, or its words.
        points_max: Highest points.
        self_assessed: Points that the hospital gave itself.
        on_site: Points of the visit.
        evidence: What they rest on.
        note: What the visit noted.
    """

    indicator: str
    points_max: Decimal
    self_assessed: Decimal | None
    on_site: Decimal | None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatementContent:
    """What one hospital keeps, and how it came about.

    Attributes:
        hospital: Its name.
        code: Its credit or institution code; empty where there is none.
        group: Its medical group; empty where there is none.
        score: Points of the assessment.
        grade: Name of the grade.
        ratio: Share of the base that is kept, where all lines have the same.
        savings_base: Sum of all lines' bases, exact.
        retained_exact: Sum of what the lines keep, exact.
        retained: What is kept, as the settlement rounds it.
        payable: What is paid, to the cent.
        employee: Employee fund's part of it.
        resident: Resident fund's part of it.
        lines: Those of one batch stand together.
        findings: The assessment by indicator.
        status: Where the statement stands, in the reader's language.
    """

    hospital: str
    code: str
    group: str
    score: Decimal | None
    grade: str | None
    ratio: Decimal | None
    savings_base: Decimal
    retained_exact: Decimal
    retained: Decimal
    payable: Decimal
    employee: Decimal | None
    resident: Decimal | None
    lines: Sequence[LineContent]
    findings: Sequence[FindingContent] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class SettlementContent:
    """What all statements of a settlement share.

    Attributes:
        title: Of the settlement.
        number: Its name in addresses.
        bureau: Who settles.
        years: Words for each batch-year with its days.
        rules: The rulebook, completed by what this settlement gives.
        choices: What they decide.
        computed_at: When it was computed.
        run: Digest or number of the run.
    """

    title: str
    number: str
    bureau: str
    years: Sequence[str]
    rules: SchemeRules
    choices: Choices
    computed_at: datetime | None = None
    run: str = ""
