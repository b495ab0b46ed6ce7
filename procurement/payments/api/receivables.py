"""Receivable days by machine."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.at_edge import scope_for, written
from procurement.payments.reading.receivables import By, Receivables, receivables_of
from procurement.web import Visit, reads

YEAR = timedelta(days=365)
FIRST_DAY = date(2000, 1, 1)

ByWhom = Annotated[str, QueryParameter(name="by", max_length=20)]
Day = Annotated[date | None, QueryParameter()]


@dataclass(frozen=True, slots=True)
class ReceivablesEntry:
    """How long somebody waited, and waits.

    Attributes:
        organisation_id: Null where it is not known whose goods they are, and for the total.
        name: Of the organisation.
        paid: Yuan that were paid in the period.
        paid_days: Mean days from acceptance to payment, a decimal; null where nothing was paid.
        open: Yuan that are open at its end.
        open_days: Mean age of that; null where nothing is open.
        bands: Open yuan by age: up to 30, 60, 90, 180 days, and above.
        oldest: Days since the oldest acceptance that is not paid.
    """

    organisation_id: int | None
    name: str
    paid: str
    paid_days: str | None
    open: str
    open_days: str | None
    bands: list[str]
    oldest: int | None


@dataclass(frozen=True, slots=True)
class ReceivablesTable:
    """The whole table.

    Attributes:
        since: First day of the period in which payments count.
        until: Its last day.
        items: The longest waiting first.
        total: Of all together.
    """

    since: date
    until: date
    items: list[ReceivablesEntry]
    total: ReceivablesEntry


@get("/api/v1/payments/receivables", tags=["payments"])
@reads
def list_receivables(
    visit: Visit, by: ByWhom = "maker", since: Day = None, until: Day = None
) -> ReceivablesTable:
    """List receivable days by maker, seller or hospital."""
    if by not in set(By):
        said = "须为 maker、seller 或 hospital。", "Expected maker, seller or hospital."
        raise InvalidInputError([FieldFault("by", *said)])
    last = until or day_in_china(visit.moment)
    first = since or max(last, FIRST_DAY) - YEAR
    rows, total = receivables_of(
        visit.session, scope=scope_for(visit), by=By(by), since=first, until=last
    )
    return ReceivablesTable(first, last, [_entry(row) for row in rows], _entry(total))


def _entry(row: Receivables) -> ReceivablesEntry:
    waiting = row.waiting
    return ReceivablesEntry(
        row.organisation_id,
        row.name,
        written(waiting.paid),
        _days(waiting.paid_days),
        written(waiting.open),
        _days(waiting.open_days),
        [written(one) for one in waiting.bands],
        waiting.oldest,
    )


def _days(days: Decimal | None) -> str | None:
    return None if days is None else written(days)


ROUTES = (list_receivables,)
"""Handlers of these addresses."""
