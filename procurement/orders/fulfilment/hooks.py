"""What a later stage tells about payments; the application installs it once, at its start.

Payments stand above orders: they hand over a function that tells when receipt lines were paid.
Without it nothing is known to be paid, and pages say so.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy.orm import Session

PaidOn = Callable[[Session, Collection[int]], Mapping[int, date]]
"""For lines of goods receipts, the day in China on which each was paid in full; unpaid are left
out."""


class _Installed:
    paid_on: PaidOn | None = None


def install_paid_on(paid_on: PaidOn | None) -> None:
    """Make fulfilment ask this function; the last call counts."""
    _Installed.paid_on = paid_on


def installed_paid_on() -> PaidOn | None:
    """Return the function that was installed."""
    return _Installed.paid_on
