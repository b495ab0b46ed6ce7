"""What is known of a drug whose agreement ends."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.faults import FaultList


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalFacts:
    """A drug at the end of its agreement.

    Attributes:
        price: Its payment standard, in yuan.
        ratio_a: Ratio A: actual spending of the agreement over its budget; 1.25 means 125 %.
        spend: Mean actual spending in yuan a year, of the kind that the rulebook's ``cut.base``
            names; it chooses the column of A.
        years_listed: Full years on the negotiated list.
        ratio_b: Ratio B: added budget by a change of scope over the higher of budget and actual
            spending; None where the scope does not change.
        spend_increase: Mean added budget in yuan a year; it chooses the column of B.
        non_exclusive: Several makers have the drug.
        class_1: A Class-1 new drug.
        asks_renegotiation: The company wants to renegotiate.
        unchanged_cycles: Agreements in a row in which scope and standard stayed unchanged; None
            where that is not given.
        budget_growth: Growth of the next two years' budget of the original scope over the higher
            of budget and actual spending, 0.4 means 40 % more; None where that is not given.
        major_change: Experts have established a major change of the market.
    """

    price: Decimal
    ratio_a: Decimal
    spend: Decimal
    years_listed: int
    ratio_b: Decimal | None = None
    spend_increase: Decimal | None = None
    non_exclusive: bool = False
    class_1: bool = False
    asks_renegotiation: bool = False
    unchanged_cycles: int | None = None
    budget_growth: Decimal | None = None
    major_change: bool = False

    def check(self) -> None:
        """Refuse facts that cannot be.

        Raises:
            ModelFaultsError: With one fault for each, under the attribute's name.

        Examples:
            >>> zero = Decimal(0)
            >>> RenewalFacts(price=zero, ratio_a=zero, spend=zero, years_listed=0).check()
            Traceback (most recent call last):
            pricing.faults.ModelFaultsError: price: 0: expected a number above 0
        """
        faults = FaultList()
        if not self.price.is_finite() or self.price <= 0:
            faults.add(
                "price", f"{self.price}：须大于 0", f"{self.price}: expected a number above 0"
            )
        for name in ("ratio_a", "spend", "ratio_b", "spend_increase"):
            value: Decimal | None = getattr(self, name)
            if value is not None and (not value.is_finite() or value < 0):
                faults.add(name, f"{value}：须不小于 0", f"{value}: expected a number from 0")
        for name in ("years_listed", "unchanged_cycles"):
            number: int | None = getattr(self, name)
            if number is not None and number < 0:
                zh, en = f"{number}：须为不小于 0 的整数", f"{number}: expected a count from 0"
                faults.add(name, zh, en)
        if self.budget_growth is not None and not self.budget_growth.is_finite():
            faults.add("budget_growth", "须为数", "expected a number")
        faults.raise_if_any()
