"""A forecast during the year: what a line will keep at today's pace, and what completes it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import quotient, times
from procurement.savings.rules.formula import Bases, Formula, bases
from procurement.savings.rules.terms import Terms, Use


@dataclass(frozen=True, slots=True)
class Forecast:
    """A line at the end of the year, if everything goes on as so far.

    Attributes:
        winning_volume: Units of winning products by then, rounded down.
        completes: Whether that completes the agreed volume.
        missing_today: Units still to be taken in for that.
        at_pace: Exact amount kept at that pace.
        if_completed: Exact amount kept if the agreed volume is completed.
        bases: Amounts at that pace.
    """

    winning_volume: int
    completes: bool
    missing_today: int
    at_pace: Decimal
    if_completed: Decimal
    bases: Bases


def forecast(
    terms: Terms, use: Use, formula: Formula, *, ratio: Decimal, days_elapsed: int, days: int
) -> Forecast:
    """Carry a line on to the end of its year.

    Args:
        terms: What was agreed.
        use: What was taken in so far.
        formula: Of the document.
        ratio: Share that would be kept, of the last or an expected assessment.
        days_elapsed: Days of the year up to today, 1 or more.
        days: Days of the year.

    Examples:
        >>> terms = Terms(
        ...     "县医院", "甲", 1000, 700, Decimal("1.2"), Decimal("0.3"),
        ...     payment_ratio=Decimal(1), insured_share=Decimal(1),
        ... )
        >>> half = forecast(
        ...     terms, Use(300), Formula(), ratio=Decimal("0.5"), days_elapsed=183, days=366
        ... )
        >>> half.winning_volume, half.completes, half.missing_today, half.if_completed
        (600, False, 400, Decimal('495.00'))
    """
    volume = use.winning_volume * days // days_elapsed
    amount = quotient(times(use.non_winning_amount, days), days_elapsed)
    found = bases(terms, replace(use, non_winning_amount=amount), formula)
    kept = times(max(found.savings_base, Decimal(0)), ratio) if terms.agreed_volume else Decimal(0)
    completion = Completion(volume, terms.agreed_volume)
    return Forecast(
        winning_volume=volume,
        completes=completion.done,
        missing_today=Completion(use.winning_volume, terms.agreed_volume).missing,
        at_pace=kept if completion.done else Decimal(0),
        if_completed=kept,
        bases=found,
    )


def base_to_use(terms: Terms, use: Use) -> Decimal | None:
    """How often the base volume was used, winning and other products together.

    A base far above the use raises the budget, and with it what is kept. From where on that is a
    warning, no source states: the ratio is shown.

    Examples:
        >>> terms = Terms(
        ...     "县医院", "甲", 1000, 700, Decimal("1.2"), Decimal("0.3"),
        ...     payment_ratio=Decimal(1), insured_share=Decimal(1),
        ... )
        >>> base_to_use(terms, Use(300, Decimal(50), 100))
        Decimal('2.5')
    """
    used = use.winning_volume + use.non_winning_volume
    return quotient(terms.base_volume, used) if used > 0 else None
