"""A statement as it is shown, printed and confirmed: every factor of every line."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.savings.settlements.parameters import ParameterView
from procurement.savings.states import SettlementStatus, StatementStatus
from procurement.savings.tables import SavingsLine, StatementObjection

REASONS: dict[str, tuple[str, str]] = {
    "empty-agreed-volume": ("约定采购量为零", "nothing was agreed"),
    "not-completed": ("未完成约定采购量", "agreed volume not completed"),
    "assessment-failed": ("考核不合格", "assessment failed"),
    "follow-on": ("接续采购不再留用", "a follow-on round earns nothing"),
    "negative-base": ("基数为负", "negative base"),
    "negative-sum": ("相抵后为负", "negative after netting"),
}
"""Why a line keeps nothing."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement.

    Attributes:
        row: Every factor and result, as `SavingsLine` keeps them.
        winner: Name of the winner.
        completion: Of the line by itself; None where nothing was agreed.
        missing: Units that were not taken in.
        base_to_use: How often the base volume was used; None where nothing was used.
        warned: Whether that reaches the settlement's warning.
        reasons_zh: Why nothing is kept, in Chinese.
        reasons_en: The same in English.
    """

    row: SavingsLine
    winner: str
    completion: Decimal | None
    missing: int
    base_to_use: Decimal | None
    warned: bool
    reasons_zh: tuple[str, ...]
    reasons_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchPart:
    """What one batch-year brings in a statement.

    Attributes:
        batch: Its name.
        starts_on: First day.
        ends_on: Last day.
        follow_on: Its round follows another one on.
        lines: How many.
        savings_base: Exact.
        retained: Exact.
        paid_part: To the cent; the parts add up to what is payable.
    """

    batch: str
    starts_on: date
    ends_on: date
    follow_on: bool
    lines: int
    savings_base: Decimal
    retained: Decimal
    paid_part: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """A version of a hospital's statement.

    Attributes:
        settlement: Name of the settlement.
        title: Its title.
        bureau: Who settles.
        region: Division code.
        settlement_status: Where the settlement stands.
        answer_by: Day until which hospitals are asked to answer.
        statement_id: The row.
        number: Of the version.
        is_latest: Whether no later version counts.
        status: Of the statement.
        hospital_id: The hospital.
        hospital: Its name.
        hospital_code: Its credit code.
        group_lead: Name of the lead hospital of its group.
        rulebook: Id of the document.
        rulebook_title_zh: Its title.
        rulebook_title_en: The same in English.
        rulebook_digest: SHA-256.
        parameters: What texts leave open, and who decided it.
        unverified: Rules of the rulebook that no source states.
        insured_share: What the share of the insured measures: ``use-share`` or
            ``person-time-share``.
        layout: ``budget-less-spend`` or ``price-drop``: then there is no budget and no spend.
        score: Points; None where products are scored one by one and differ.
        grade: Its name.
        ratio: Share that is kept.
        passed: Whether the assessment was passed.
        winning_volume: Of all lines.
        agreed_volume: Of all lines.
        completion: Their quotient; None where nothing was agreed.
        savings_base: Exact sum.
        retained_exact: Exact sum of what lines keep.
        retained: As the rounding of the settlement leaves it.
        payable: To the cent.
        employee: Of the employee fund.
        resident: Of the resident fund: they add up to ``payable``.
        lines: By batch-year, lot and strength; their ``paid_part`` add up to ``payable``.
        batches: By batch-year.
        digest: SHA-256 of the content: what is confirmed.
        computed_at: When.
        confirmed_at: When the hospital confirmed.
        confirmed_by: Name of the person.
        objections: To this version.
    """

    settlement: str
    title: str
    bureau: str
    region: str
    settlement_status: SettlementStatus
    answer_by: date | None
    statement_id: int
    number: int
    is_latest: bool
    status: StatementStatus
    hospital_id: int
    hospital: str
    hospital_code: str
    group_lead: str | None
    rulebook: str
    rulebook_title_zh: str
    rulebook_title_en: str
    rulebook_digest: str
    parameters: tuple[ParameterView, ...]
    unverified: tuple[str, ...]
    insured_share: str
    layout: str
    score: Decimal | None
    grade: str | None
    ratio: Decimal | None
    passed: bool | None
    winning_volume: int
    agreed_volume: int
    completion: Decimal | None
    savings_base: Decimal
    retained_exact: Decimal
    retained: Decimal
    payable: Decimal
    employee: Decimal
    resident: Decimal
    lines: tuple[StatementLine, ...]
    batches: tuple[BatchPart, ...]
    digest: str
    computed_at: datetime
    confirmed_at: datetime | None
    confirmed_by: str | None
    objections: tuple[StatementObjection, ...]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One hospital in the list of a settlement's statements.

    Attributes:
        statement_id: The latest version.
        number: Of the version.
        hospital_id: The hospital.
        hospital: Its name.
        group_lead_id: The lead hospital of its group.
        status: Of the statement.
        score: Points.
        grade: Their grade.
        ratio: Share that is kept.
        completion: Of all lines together; None where nothing was agreed.
        savings_base: Exact sum.
        payable: To the cent.
        employee: Of the employee fund.
        resident: Of the resident fund.
    """

    statement_id: int
    number: int
    hospital_id: int
    hospital: str
    group_lead_id: int | None
    status: StatementStatus
    score: Decimal | None
    grade: str | None
    ratio: Decimal | None
    completion: Decimal | None
    savings_base: Decimal
    payable: Decimal
    employee: Decimal
    resident: Decimal


@dataclass(frozen=True, slots=True)
class GroupStatement:
    """A medical group, as its lead hospital and the bureau see it.

    Attributes:
        lead_id: The lead hospital.
        lead: Its name.
        members: The statements of all members, the lead's among them.
        winning_volume: Of all.
        agreed_volume: Of all.
        completion: Their quotient; None where nothing was agreed.
        payable: Of all, to the cent.
    """

    lead_id: int
    lead: str
    members: tuple[StatementRow, ...]
    winning_volume: int
    agreed_volume: int
    completion: Decimal | None
    payable: Decimal
