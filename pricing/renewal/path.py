"""The price over several agreements: forecast spending sets A and B, the renewal sets the price.

Every renewal is decided by `renew`, so that each step tells which cell it hit and by which rules.
What a renegotiation leads to is not forecast: it takes a cut that the caller assumes, or the path
ends there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.faults import FaultList
from pricing.money import EXACT, exact_sum
from pricing.renewal.facts import RenewalFacts
from pricing.renewal.outcome import Renewal, Route
from pricing.renewal.renew import renew
from pricing.stated_rules import StatedRules
from pricing.trailing_zeros import without_trailing_zeros

IN_SCOPE_COST = "in-scope-cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The forecast of one agreement.

    Attributes:
        units: Units used within the scope, in each year of the agreement.
        expected_units: Units a year that the company's budget counted on.
        scope_units: Units a year that a change of scope at the end of this agreement adds; None
            where the scope does not change. `expected_units` of the next agreement include them.
    """

    units: tuple[Decimal, ...]
    expected_units: Decimal
    scope_units: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """What holds over the whole path.

    Attributes:
        price: Payment standard at the start, in yuan a unit.
        payment_ratio: Part of the cost that the fund pays; None takes the rulebook's share of
            sales, and the whole cost where it has none.
        years_listed: Full years on the list at the start.
        class_1: A Class-1 new drug.
        generic_from_year: Year of the path in which another maker's drug is there; None: never.
        renegotiated_cut: Cut that a renegotiation is assumed to bring; None ends the path there.
    """

    price: Decimal
    payment_ratio: Decimal | None = None
    years_listed: int = 0
    class_1: bool = False
    generic_from_year: int | None = None
    renegotiated_cut: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One renewal on the path.

    Attributes:
        year: Years since the start.
        price_before: Standard of the agreement that ends.
        budget: Its fund budget, yuan a year.
        actual: Its actual fund spending, yuan a year.
        facts: What the renewal was decided on.
        renewal: The decision, with cells and clauses.
        price_after: Standard from then on; None where a renegotiation leaves it open.
    """

    year: int
    price_before: Decimal
    budget: Decimal
    actual: Decimal
    facts: RenewalFacts
    renewal: Renewal
    price_after: Decimal | None


@dataclass(frozen=True, slots=True)
class PricePath:
    """The price over the years.

    Attributes:
        price: Standard at the start.
        steps: The renewals, in order.
        years: Years that the path covers.
    """

    price: Decimal
    steps: tuple[PathStep, ...]
    years: int

    def price_after(self, years: int) -> Decimal | None:
        """The standard after so many years, their renewal included; None where it is open."""
        price: Decimal | None = self.price
        for step in self.steps:
            if step.year <= years:
                price = step.price_after
        return price

    @property
    def is_open(self) -> bool:
        """Whether the path ends in a renegotiation without an assumed cut."""
        return bool(self.steps) and self.steps[-1].price_after is None


def price_path(
    prospects: Prospects, agreements: Sequence[Agreement], rules: Sequence[StatedRules]
) -> PricePath:
    """Simulate the renewals of a drug.

    Args:
        prospects: The drug at the start.
        agreements: The forecast, one entry for each agreement, in order.
        rules: The rules of each renewal, in order; the last ones hold for all renewals after.

    Returns:
        The path. It ends early on the regular list, or in an open renegotiation.

    Raises:
        ModelFaultsError: A forecast cannot be.
        RuleNotStatedError: A renewal needs a rule that nobody states.

    Examples:
        >>> grows = Agreement(units=(Decimal(60), Decimal(80)), expected_units=Decimal(56))
        >>> stays = Agreement(units=(Decimal(80), Decimal(80)), expected_units=Decimal(80))
        >>> path = price_path(
        ...     Prospects(price=Decimal(1000000), payment_ratio=Decimal(1)),
        ...     [grows, stays, stays, stays],
        ...     [StatedRules.of("nrdl-renewal-2025")],
        ... )
        >>> [str(path.price_after(years)) for years in (0, 2, 4, 8)]
        ['1000000', '950000', '950000', '950000']
        >>> [step.renewal.route.value for step in path.steps]
        ['simple', 'simple', 'simple', 'regular']
    """
    _check(prospects, agreements, rules)
    steps: list[PathStep] = []
    price, year, unchanged = prospects.price, 0, 1
    for number, agreement in enumerate(agreements):
        governing = rules[min(number, len(rules) - 1)]
        year += len(agreement.units)
        following = agreements[number + 1] if number + 1 < len(agreements) else None
        step = _step(prospects, agreement, following, governing, (price, year, unchanged))
        steps.append(step)
        if step.price_after is None or step.renewal.route is Route.REGULAR:
            break
        stays = step.price_after == price and agreement.scope_units is None
        unchanged = unchanged + 1 if stays else 1
        price = step.price_after
    return PricePath(prospects.price, tuple(steps), sum(len(one.units) for one in agreements))


def _step(
    prospects: Prospects,
    agreement: Agreement,
    following: Agreement | None,
    rules: StatedRules,
    state: tuple[Decimal, int, int],
) -> PathStep:
    price, year, unchanged = state
    ratio = fund_ratio(prospects.payment_ratio, rules)
    fund_price = EXACT.multiply(price, ratio)
    mean_units = EXACT.divide(exact_sum(agreement.units), Decimal(len(agreement.units)))
    budget = EXACT.multiply(agreement.expected_units, fund_price)
    actual = EXACT.multiply(mean_units, fund_price)
    # What the columns of the table measure: the fund's spending, or the whole cost in scope.
    column_price = price if rules.word("cut.base") == IN_SCOPE_COST else fund_price
    scope = agreement.scope_units
    higher = max(agreement.expected_units, mean_units)
    generic = prospects.generic_from_year
    facts = RenewalFacts(
        price=price,
        ratio_a=EXACT.divide(mean_units, agreement.expected_units),
        spend=EXACT.multiply(mean_units, column_price),
        years_listed=prospects.years_listed + year,
        ratio_b=None if scope is None else EXACT.divide(scope, higher),
        spend_increase=None if scope is None else EXACT.multiply(scope, column_price),
        non_exclusive=generic is not None and generic <= year,
        class_1=prospects.class_1,
        unchanged_cycles=unchanged,
        budget_growth=_growth(following, scope, higher),
    )
    renewal = renew(facts, rules)
    return PathStep(
        year=year,
        price_before=price,
        budget=budget,
        actual=actual,
        facts=facts,
        renewal=renewal,
        price_after=_price_after(price, renewal, prospects.renegotiated_cut),
    )


def fund_ratio(payment_ratio: Decimal | None, rules: StatedRules) -> Decimal:
    """The part of the cost that counts as fund spending."""
    if payment_ratio is not None:
        return payment_ratio
    key = "cut.spend_share_of_sales"
    return rules.decimal(key) if rules.knows(key) else Decimal(1)


def _growth(following: Agreement | None, scope: Decimal | None, higher: Decimal) -> Decimal | None:
    """Growth of the original scope's budget; unknown after the last agreement of the forecast."""
    if following is None:
        return None
    original = EXACT.subtract(following.expected_units, scope or Decimal(0))
    return EXACT.subtract(EXACT.divide(original, higher), Decimal(1))


def _price_after(price: Decimal, renewal: Renewal, assumed: Decimal | None) -> Decimal | None:
    if renewal.route is not Route.RENEGOTIATE:
        return renewal.price
    if assumed is None:
        return None
    return without_trailing_zeros(EXACT.multiply(price, EXACT.subtract(Decimal(1), assumed)))


def _check(
    prospects: Prospects, agreements: Sequence[Agreement], rules: Sequence[StatedRules]
) -> None:
    faults = FaultList()
    if not rules or not agreements:
        zh, en = "须至少一个协议期和一部规则书", "expected at least one agreement and one rulebook"
        faults.add("agreements", zh, en)
    for name in ("payment_ratio", "renegotiated_cut"):
        share: Decimal | None = getattr(prospects, name)
        if share is not None and not 0 <= share <= 1:
            faults.add(name, f"{share}：须在 0 与 1 之间", f"{share}: expected 0 to 1")
    for number, agreement in enumerate(agreements):
        governing = rules[min(number, len(rules) - 1)] if rules else None
        _check_agreement(number, agreement, governing, faults)
    faults.raise_if_any()


def _check_agreement(
    number: int, agreement: Agreement, rules: StatedRules | None, faults: FaultList
) -> None:
    where = f"agreements[{number}]"
    years = rules.count("agreement.years") if rules is not None else len(agreement.units)
    if len(agreement.units) != years:
        found = len(agreement.units)
        zh, en = f"有 {found} 年：协议期为 {years} 年", f"{found} years: an agreement has {years}"
        faults.add(f"{where}.units", zh, en)
    amounts = (*agreement.units, agreement.scope_units or Decimal(0))
    if any(not amount.is_finite() or amount < 0 for amount in amounts):
        faults.add(f"{where}.units", "用量须不小于 0", "expected units from 0")
    if not agreement.expected_units.is_finite() or agreement.expected_units <= 0:
        zh, en = "预算所依据的用量须大于 0", "expected more than 0 units behind the budget"
        faults.add(f"{where}.expected_units", zh, en)
