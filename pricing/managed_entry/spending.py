"""From the list price to what the fund really spends on the drug, and to the net price."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pricing.budget_impact import BudgetImpact, BudgetModel, BudgetTreatment
from pricing.draws import Draws, as_draws
from pricing.managed_entry.terms import ManagedEntry

_DEAREST = 1e12
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Use:
    """Units of the negotiated drug that are used with it, by [year, draw].

    Attributes:
        units: All units.
        payable: Those within the dose cap, which are paid.
        fund_part: The part of their cost that the fund pays.
        price_factor: A draw's price relative to its mean.
    """

    units: Draws
    payable: Draws
    fund_part: Draws
    price_factor: Draws


@dataclass(frozen=True, slots=True)
class Spending:
    """The fund's spending on the drug by [year, draw], in yuan.

    Attributes:
        list_: At the list price, without the agreement.
        refund: What the maker pays back because of the cap.
        net: What remains with the agreement.
    """

    list_: Draws
    refund: Draws
    net: Draws


def negotiated_treatment(budget: BudgetModel) -> BudgetTreatment:
    """The treatment of the mix whose price is negotiated."""
    return next(one for one in budget.treatments if one.name == budget.negotiated)


def use_of(budget: BudgetModel, impact: BudgetImpact, agreement: ManagedEntry) -> Use:
    """Units that the patients of a budget impact use once the drug is listed."""
    treatment = negotiated_treatment(budget)
    patients = impact.patients[budget.negotiated][1]
    a_year = treatment.units_a_year
    paid = (
        a_year if agreement.dose_cap_units is None else np.minimum(a_year, agreement.dose_cap_units)
    )
    return Use(patients * a_year, patients * paid, budget.payment_ratio, budget.price_factor)


def joint_use(uses: Sequence[Use]) -> Use:
    """The units of several indications under one price; the fund's part is their mean."""
    if len(uses) == 1:
        return uses[0]
    units = sum((use.units for use in uses), as_draws(0))
    payable = sum((use.payable for use in uses), as_draws(0))
    by_fund = sum((use.payable * use.fund_part for use in uses), as_draws(0))
    part = _ratio(by_fund, payable, otherwise=as_draws(1))
    return Use(units, payable, part, uses[0].price_factor)


def spending(agreement: ManagedEntry, use: Use, list_price: float | Draws) -> Spending:
    """What the fund spends on the drug at a list price.

    Tiers count the units that are paid for, of patients and fund together; the cap counts what the
    fund alone spends after tiers and rebates.

    Args:
        agreement: Between fund and maker.
        use: Units by [year, draw].
        list_price: Yuan per unit; a number, or by draw.

    Examples:
        >>> from pricing.managed_entry.terms import Tier
        >>> agreement = ManagedEntry(cap=(700.0,), tiers=(Tier(50), Tier(None, discount=0.5)))
        >>> use = Use(as_draws([[100]]), as_draws([[100]]), as_draws(1), as_draws(1))
        >>> spent = spending(agreement, use, 10.0)
        >>> spent.list_.item(), spent.refund.item(), spent.net.item()
        (1000.0, 50.0, 700.0)
    """
    price = list_price * use.price_factor
    before_cap = _tiered(agreement, use.payable, price) * paid_part(agreement) * use.fund_part
    refund = np.zeros(1)
    if agreement.cap:
        cap = np.asarray(agreement.cap)[:, np.newaxis]
        refund = agreement.refund_share * np.maximum(before_cap - cap, 0)
    return Spending(use.units * use.fund_part * price, refund, before_cap - refund)


def paid_part(agreement: ManagedEntry) -> float:
    """The part of the price that an outcome rebate leaves."""
    return 1.0 if agreement.outcome_rebate is None else agreement.outcome_rebate.paid_part


def net_of(agreement: ManagedEntry, use: Use | None, list_price: float | Draws) -> Draws:
    """The net price of a list price by draw, before its draw's factor.

    It is what the fund spends in all years, divided by what the units would have cost it at one
    yuan each.

    Args:
        agreement: Between fund and maker.
        use: Units by [year, draw]; none where there is no population, and then the agreement may
            not need one.
        list_price: Yuan per unit; a number, or by draw.

    Examples:
        >>> from pricing.managed_entry.terms import OutcomeRebate
        >>> net_of(ManagedEntry(outcome_rebate=OutcomeRebate(0.6, 0.5)), None, 10.0)
        array([8.])
    """
    plain = as_draws(list_price * paid_part(agreement))
    if use is None or not agreement.needs_population:
        return plain
    spent = spending(agreement, use, list_price)
    at_one = use.units * use.fund_part * use.price_factor
    return _ratio(_total(spent.net), _total(at_one), otherwise=plain)


def list_of(agreement: ManagedEntry, use: Use | None, net_price: float) -> float | None:
    """The highest list price whose net price, at the first draw, is not above a given one.

    The net price never falls when the list price rises, so halving an interval finds it.

    Returns:
        Yuan per unit; nothing where the agreement keeps the net price under it at every list price.

    Examples:
        >>> from pricing.managed_entry.terms import OutcomeRebate
        >>> round(list_of(ManagedEntry(outcome_rebate=OutcomeRebate(0.6, 0.5)), None, 8.0), 9)
        10.0
    """
    low, high = net_price, _DEAREST
    if net_of(agreement, use, high)[0] <= net_price:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if net_of(agreement, use, middle)[0] <= net_price:
            low = middle
        else:
            high = middle
    return low


def _tiered(agreement: ManagedEntry, units: Draws, price: Draws) -> Draws:
    if not agreement.tiers:
        return units * price
    total, start = np.zeros(1), 0.0
    for tier in agreement.tiers:
        end = np.inf if tier.up_to is None else tier.up_to
        inside = np.clip(units - start, 0, end - start)
        reduced = price * (1 - tier.discount)
        total = total + inside * (reduced if tier.price is None else np.minimum(price, tier.price))
        start = end
    return total


def _total(by_year: Draws) -> Draws:
    return np.asarray(by_year.sum(axis=0), dtype=np.float64)


def _ratio(part: Draws, whole: Draws, *, otherwise: Draws) -> Draws:
    shape = np.broadcast_shapes(part.shape, whole.shape, otherwise.shape)
    result = np.array(np.broadcast_to(otherwise, shape))
    return np.divide(part, whole, out=result, where=np.broadcast_to(whole, shape) != 0)
