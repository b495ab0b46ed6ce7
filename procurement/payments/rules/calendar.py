"""Days: the calendar of a month of direct settlement, payment periods, working days."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.china_days import next_month
from procurement.payments.states import ClaimStatus

STEP_NAMES: Mapping[ClaimStatus, str] = {
    ClaimStatus.APPLIED: "company-applies",
    ClaimStatus.HOSPITAL_CHECKED: "hospital-checks",
    ClaimStatus.AGENCY_CHECKED: "agency-checks",
    ClaimStatus.RECONCILED: "company-reconciles",
    ClaimStatus.INSTRUCTED: "instruction",
}
"""How rulebooks call the step that leads to a status."""

NEXT_STEP = "next-step"
"""A step that a rulebook dates without saying whose it is: the one after the last dated one."""

_SATURDAY = 5


def calendar_of(month: date, days: Mapping[str, object]) -> dict[ClaimStatus, date]:
    """The last day of each step that a rulebook dates, for the goods of one month.

    Args:
        month: Any day of the month of trade.
        days: The rule ``direct.calendar``: days of the month after, by step.

    Examples:
        >>> days = {"company-applies": 3, "hospital-checks": 5, "next-step": 7}
        >>> for step, last in calendar_of(date(2026, 3, 1), days).items():
        ...     print(step, last)
        applied 2026-04-03
        hospital-checked 2026-04-05
        agency-checked 2026-04-07
    """
    after = next_month(month)
    found: dict[ClaimStatus, date] = {}
    for step, name in STEP_NAMES.items():
        number = days.get(name)
        if isinstance(number, int):
            found[step] = after.replace(day=number)
    number = days.get(NEXT_STEP)
    following = _following(found)
    if isinstance(number, int) and following is not None:
        found[following] = after.replace(day=number)
    return found


def _following(found: Mapping[ClaimStatus, date]) -> ClaimStatus | None:
    steps = list(STEP_NAMES)
    dated = [number for number, step in enumerate(steps) if step in found]
    place = dated[-1] + 1 if dated else 0
    return steps[place] if place < len(steps) else None


@dataclass(frozen=True, slots=True)
class PaidAfter:
    """How long after acceptance something was paid.

    Attributes:
        days: Days from the day of acceptance, which does not count.
        on_time: Within the period.
    """

    days: int
    on_time: bool


def paid_within(accepted_on: date, paid_on: date, *, days_max: int) -> PaidAfter:
    """Tell whether goods were paid within so many days after acceptance.

    The day of acceptance does not count and the last day does; no source says how to count.

    Examples:
        >>> paid_within(date(2026, 3, 1), date(2026, 3, 31), days_max=30)
        PaidAfter(days=30, on_time=True)
    """
    days = (paid_on - accepted_on).days
    return PaidAfter(days, days <= days_max)


def end_of_next_month(accepted_on: date) -> date:
    """The last day of the month after acceptance: until then goods are paid, nationally.

    Examples:
        >>> end_of_next_month(date(2026, 1, 31)).isoformat()
        '2026-02-28'
    """
    after = next_month(accepted_on)
    return after.replace(day=monthrange(after.year, after.month)[1])


def after_working_days(
    day: date, number: int, *, days_off: Collection[date] = (), extra: Collection[date] = ()
) -> date:
    """The last of so many working days after a day, which does not count itself.

    Args:
        day: From which.
        number: Working days, 0 or more.
        days_off: Public holidays on weekdays: nobody here knows them by itself.
        extra: Weekends on which people work.

    Examples:
        >>> after_working_days(date(2026, 3, 5), 3).isoformat()  # a Thursday
        '2026-03-10'
    """
    last = day
    left = number
    while left:
        last += timedelta(days=1)
        works = (last.weekday() < _SATURDAY and last not in days_off) or last in extra
        left -= works
    return last
