"""What deals cost a pool year by year, and what is left of it; unknown rules stay unknown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from pricing.budget_impact import budget_impact
from pricing.ceilings import Basis, priced
from pricing.draws import as_draws
from pricing.faults import ModelError
from pricing.managed_entry import at_price
from pricing.model_file import Model
from pricing.money import exact_sum
from pricing.negotiation_report import Runs
from pricing.payment_standard import PoolRules, PoolYear, pool_years
from pricing.stated_rules import StatedRules
from rulebooks.vocabulary import VOCABULARY

RATIO, CARRIES = "pool.payment_ratio", "pool.carries_over"
_ONE = Decimal(1)

Spend = tuple[Decimal, ...]
"""Yuan in each year."""


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """What is known of the rules of a pool.

    Attributes:
        payment_ratio: Part of the cost that the pool pays; None where no source states it.
        carries_over: What is left of a year is there in the next; None where none states it.
        unknown: The rules that nobody states: key, and what it means in both languages.
    """

    payment_ratio: Decimal | None
    carries_over: bool | None
    unknown: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PoolCourse:
    """A pool over the years of the agreements.

    Attributes:
        terms: By which rules.
        apart: Each year on its own; None where what is left is known to be carried over.
        carried: What is left goes into the next year; None where it is known to be lost.
        not_estimated: Drugs whose calculation file does not say how much is used.
        unforecast_from: First year that not every calculation file reaches; None where all do.
    """

    terms: PoolTerms
    apart: tuple[PoolYear, ...] | None
    carried: tuple[PoolYear, ...] | None
    not_estimated: tuple[str, ...]
    unforecast_from: int | None

    @property
    def readings(self) -> tuple[tuple[PoolYear, ...], ...]:
        """The courses that the known rules leave open."""
        return tuple(one for one in (self.apart, self.carried) if one is not None)

    @property
    def spend(self) -> Spend:
        """What is committed in each year, whatever is carried over."""
        return tuple(year.spend for year in self.readings[0])

    @property
    def beyond(self) -> tuple[int, ...]:
        """Years, from 1, in which the pool does not suffice in one of the readings."""
        found = {
            number
            for course in self.readings
            for number, year in enumerate(course, start=1)
            if year.balance < 0
        }
        return tuple(sorted(found))


def pool_terms(rules: StatedRules) -> PoolTerms:
    """Return what a rulebook states about a pool.

    Examples:
        >>> terms = pool_terms(StatedRules.of("negotiation-rare-disease-jiangsu-2022"))
        >>> terms.payment_ratio, [key for key, _, _ in terms.unknown]
        (None, ['pool.payment_ratio', 'pool.carries_over'])
    """
    words = VOCABULARY["negotiation"]
    return PoolTerms(
        payment_ratio=rules.decimal(RATIO) if rules.knows(RATIO) else None,
        carries_over=rules.required(CARRIES) is True if rules.knows(CARRIES) else None,
        unknown=tuple(
            (key, words[key].zh, words[key].en) for key in (RATIO, CARRIES) if not rules.knows(key)
        ),
    )


def yearly_spend(model: Model, price: Decimal, *, payment_ratio: Decimal | None) -> Spend | None:
    """What a drug costs the pool in each year of its maker's calculation.

    Units are those of the mix with the drug over the mix without; an agreement's refunds are off.

    Args:
        model: The maker's calculation file.
        price: Of the deal, yuan per priced unit.
        payment_ratio: Part of the cost that the pool pays; None takes the fund's part of the file.

    Returns:
        Yuan by year; None where the file has no population, or cannot be computed.
    """
    try:
        basis = Runs(model, 0, 0).basis()
        if not basis.budgets:
            return None
        whole = basis if payment_ratio is None else _paid_whole(basis)
        value = float(price)
        spent = priced(whole, value).impact
        for budget in whole.budgets:
            spent = spent - budget_impact(at_price(budget, value, whole.elasticity)).at_zero_price
    except ModelError:
        return None
    years = whole.budgets[0].years
    by_year = np.broadcast_to(spent, (years, spent.shape[-1]))[:, 0]
    ratio = _ONE if payment_ratio is None else payment_ratio
    return tuple(max(Decimal(f"{float(one):.2f}"), Decimal(0)) * ratio for one in by_year)


def agreement_years(starts_on: date, ends_on: date) -> int:
    """How many years an agreement runs, a begun one counting as one.

    Examples:
        >>> agreement_years(date(2027, 1, 1), date(2028, 12, 31))
        2
        >>> agreement_years(date(2027, 3, 1), date(2029, 3, 1))
        3
    """
    begun = (ends_on.month, ends_on.day) >= (starts_on.month, starts_on.day)
    return ends_on.year - starts_on.year + (1 if begun else 0)


def run_pool(
    contribution: Decimal,
    spends: Sequence[tuple[str, Spend | None]],
    *,
    years: int,
    terms: PoolTerms,
) -> PoolCourse:
    """Run a pool over what its deals cost.

    Args:
        contribution: Yuan that it receives in each year.
        spends: Drug and what it costs in each year; None where nobody knows.
        years: Of the agreements.
        terms: What is known of its rules.

    Examples:
        >>> terms = PoolTerms(None, None, ())
        >>> spends = [("A", (Decimal(4), Decimal(9))), ("B", (Decimal(1), Decimal(3)))]
        >>> course = run_pool(Decimal(10), spends, years=2, terms=terms)
        >>> [[str(year.balance) for year in one] for one in course.readings], course.beyond
        ([['5', '-2'], ['5', '3']], (2,))
    """
    known = [spend for _, spend in spends if spend is not None]
    reach = min([years, *(len(spend) for spend in known)])
    yearly = [exact_sum([spend[year] for spend in known]) for year in range(reach)]
    contributions = [contribution] * reach

    def course(*, carries_over: bool) -> tuple[PoolYear, ...]:
        # What the pool pays of a cost is in the amounts already, so a "unit" is one yuan.
        return pool_years(_ONE, yearly, contributions, PoolRules(_ONE, carries_over, ()))

    return PoolCourse(
        terms=terms,
        apart=None if terms.carries_over is True else course(carries_over=False),
        carried=None if terms.carries_over is False else course(carries_over=True),
        not_estimated=tuple(name for name, spend in spends if spend is None),
        unforecast_from=reach + 1 if reach < years else None,
    )


def _paid_whole(basis: Basis) -> Basis:
    """The same models with the whole cost paid."""
    return replace(
        basis,
        indications=tuple(
            one
            if one.budget is None
            else replace(one, budget=replace(one.budget, payment_ratio=as_draws(1)))
            for one in basis.indications
        ),
    )
