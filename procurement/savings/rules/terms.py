"""What a settlement line starts from: agreement terms, use in the year, and the assessment."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Terms:
    """What a hospital agreed to for one product, in one batch and procurement year.

    Attributes:
        hospital: Name or id.
        product: Name or id of the generic.
        batch: The batch and year that the agreement belongs to, where several settle at once.
        group: The medical group that the hospital reported with.
        base_volume: Base from which the agreed volume was set, in minimal units.
        agreed_volume: Agreed with the winners, in minimal units.
        price_before: Weighted mean price of the generic before the round, yuan per unit.
        winning_price: Yuan per unit.
        payment_ratio: Actual payment ratio of the fund; of the budget where there are two.
        payment_ratio_spend: Payment ratio of the spending, where the text names two.
        insured_share: Share of the insured in the use, or in the person-times.
        fund_share_employee: Part of the employee fund in what is paid.
        follow_on: Whether the batch is a follow-on round for the product.
    """

    hospital: str
    product: str
    base_volume: int
    agreed_volume: int
    price_before: Decimal
    winning_price: Decimal
    payment_ratio: Decimal
    insured_share: Decimal
    payment_ratio_spend: Decimal | None = None
    batch: str | None = None
    group: str | None = None
    fund_share_employee: Fraction | None = None
    follow_on: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Hospital, batch and product: identifies the line, and orders it."""
        return (self.hospital, self.batch or "", self.product)


@dataclass(frozen=True, slots=True)
class Use:
    """What a hospital took in of one product within the year.

    Attributes:
        winning_volume: Minimal units of winning products, returns subtracted.
        non_winning_amount: Money spent on other products of the generic, in yuan.
        non_winning_volume: Minimal units of those.
    """

    winning_volume: int = 0
    non_winning_amount: Decimal = Decimal(0)
    non_winning_volume: int = 0


@dataclass(frozen=True, slots=True)
class Assessed:
    """The result of an assessment.

    Attributes:
        ratio: Share of the base that is kept.
        passed: Whether the assessment was passed.
        score: Points, where it was scored.
        grade: Name of the grade, where the bands name one.
    """

    ratio: Decimal
    passed: bool
    score: Decimal | None = None
    grade: str | None = None
