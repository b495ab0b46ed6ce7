"""The savings base of one line, by the formula of a document."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.savings.rules.exact import less, times
from procurement.savings.rules.terms import Terms, Use


class MissingRatioError(ValueError):
    """The document names two payment ratios, and one is given."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a document computes the base.

    Attributes:
        layout: ``budget-less-spend`` or ``price-drop``.
        subtracts_non_winning: Whether money spent on non-winning products counts as spending.
        two_ratios: Whether budget and spending have a payment ratio each.
        insured_share: What the share of the insured measures.
    """

    layout: str = "budget-less-spend"
    subtracts_non_winning: bool = True
    two_ratios: bool = False
    insured_share: str = "use-share"


@dataclass(frozen=True, slots=True)
class Bases:
    """The exact amounts of one line, in yuan.

    Attributes:
        budget: What the fund had budgeted; None where the document knows no budget.
        spend: What counts as spent; None where the document knows no budget.
        savings_base: Their difference, negative where more was spent.
    """

    budget: Decimal | None
    spend: Decimal | None
    savings_base: Decimal


def bases(terms: Terms, use: Use, formula: Formula) -> Bases:
    """Budget, spend and savings base of a line, exact.

    Spending counts the *agreed* volume at the winning price, so that winning products beyond it
    do not lower the base.

    Raises:
        MissingRatioError: Two payment ratios are needed, and one is given.

    Examples:
        >>> terms = Terms(
        ...     "县医院", "甲", 1000000, 700000, Decimal("1.20"), Decimal("0.30"),
        ...     payment_ratio=Decimal("0.60"), insured_share=Decimal("0.90"),
        ... )
        >>> found = bases(terms, Use(700000, Decimal(60000)), Formula())
        >>> found.budget == 648000, found.spend == 145800, found.savings_base == 502200
        (True, True, True)
        >>> bases(terms, Use(), Formula("price-drop", False)).savings_base == 340200
        True
    """
    of_budget, of_spend = _ratios(terms, formula)
    if formula.layout == "price-drop":
        drop = less(terms.price_before, terms.winning_price)
        return Bases(None, None, times(terms.agreed_volume, drop, of_budget, terms.insured_share))
    budget = times(terms.base_volume, terms.price_before, of_budget, terms.insured_share)
    spent = times(terms.agreed_volume, terms.winning_price)
    if formula.subtracts_non_winning:
        spent = less(spent, -use.non_winning_amount)
    spend = times(spent, of_spend, terms.insured_share)
    return Bases(budget, spend, less(budget, spend))


def _ratios(terms: Terms, formula: Formula) -> tuple[Decimal, Decimal]:
    if terms.payment_ratio_spend is not None:
        return terms.payment_ratio, terms.payment_ratio_spend
    if formula.two_ratios:
        raise MissingRatioError("payment_ratio_spend is missing: the document names two ratios")
    return terms.payment_ratio, terms.payment_ratio
