"""Where a prescription stands by the reports of the e-prescription centre.

Reports arrive late, twice and in any order. What they say together does not depend on it: they are
followed in the order of the centre's own clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class PrescriptionStatus(StrEnum):
    """Where a prescription stands, as the e-prescription centre reports it."""

    DRAFTED = "drafted"
    PRE_CHECKED = "pre-checked"
    SIGNED = "signed"
    UPLOADED = "uploaded"
    PHARMACIST_AUDITED = "pharmacist-audited"
    STOCK_CHECKED = "stock-checked"
    DISPENSED = "dispensed"
    SETTLED = "settled"
    CLOSED = "closed"
    UNDONE = "undone"
    EXPIRED = "expired"
    REFUSED = "refused"
    """By the pharmacist, who may refuse what is not true, lawful or in form."""


_P = PrescriptionStatus
_WAY = (
    _P.DRAFTED,
    _P.PRE_CHECKED,
    _P.SIGNED,
    _P.UPLOADED,
    _P.PHARMACIST_AUDITED,
    _P.STOCK_CHECKED,
    _P.DISPENSED,
    _P.SETTLED,
    _P.CLOSED,
)
_AGAIN = (_P.PHARMACIST_AUDITED, _P.STOCK_CHECKED, _P.DISPENSED)
"""Steps by which a prescription that may be used again comes back."""

FINAL = frozenset({_P.CLOSED, _P.UNDONE, _P.EXPIRED, _P.REFUSED})
"""Nothing follows."""

OPEN = frozenset({_P.UPLOADED, _P.PHARMACIST_AUDITED, _P.STOCK_CHECKED, _P.DISPENSED, _P.SETTLED})
"""A pharmacy sees it: after the doctor's signature was uploaded, before it is over."""


def _transitions() -> dict[PrescriptionStatus, frozenset[PrescriptionStatus]]:
    found: dict[PrescriptionStatus, frozenset[PrescriptionStatus]] = dict.fromkeys(
        FINAL, frozenset()
    )
    for place, status in enumerate(_WAY[:-1]):
        # The centre may leave out steps; who reports a later one has passed the earlier ones.
        onward = {*_WAY[place + 1 :], _P.EXPIRED}
        if status in (_P.DISPENSED, _P.SETTLED):
            onward |= set(_AGAIN)
        else:
            onward |= {_P.UNDONE, _P.REFUSED}
        if status is _P.STOCK_CHECKED:
            onward.add(_P.STOCK_CHECKED)
        found[status] = frozenset(onward)
    return found


PRESCRIPTION_TRANSITIONS: Mapping[PrescriptionStatus, frozenset[PrescriptionStatus]] = (
    _transitions()
)
"""For each status of a prescription, what the centre may report next."""

_RANK = {status: rank for rank, status in enumerate((*_WAY, _P.REFUSED, _P.UNDONE, _P.EXPIRED))}


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the centre.

    Attributes:
        event: The centre's number of it: what arrives twice counts once.
        status: What it reports.
        happened_at: By the centre's clock.
        stock: With a stock check: 1 all there, 0 in part, -1 none, -2 the check failed.
        place: Where it was sent to or dispensed, where the report says so.
    """

    event: str
    status: PrescriptionStatus
    happened_at: datetime
    stock: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a prescription stands.

    Attributes:
        status: By the last report that fits.
        status_at: When that was.
        stock: Of the last stock check.
        place: Named last.
        times: How often it was dispensed.
        last_dispensed_at: When last.
        contradictions: Numbers of reports that do not follow from what went before.
    """

    status: PrescriptionStatus
    status_at: datetime
    stock: int | None = None
    place: int | None = None
    times: int = 0
    last_dispensed_at: datetime | None = None
    contradictions: tuple[str, ...] = field(default=())


def follow(reports: Iterable[Report]) -> Standing:
    """Say where a prescription stands.

    Args:
        reports: One or more, in any order, some perhaps twice.

    Raises:
        ValueError: There are none.

    Examples:
        >>> signed = Report("1", PrescriptionStatus.SIGNED, datetime(2026, 3, 1, 9))
        >>> undone = Report("2", PrescriptionStatus.UNDONE, datetime(2026, 3, 1, 10))
        >>> dispensed = Report("3", PrescriptionStatus.DISPENSED, datetime(2026, 3, 1, 11))
        >>> found = follow([dispensed, signed, undone, signed])
        >>> found.status.value, found.times, found.contradictions
        ('undone', 0, ('3',))
    """
    once = {one.event: one for one in reports}.values()
    ordered = sorted(once, key=lambda one: (one.happened_at, _RANK[one.status], one.event))
    if not ordered:
        raise ValueError("a prescription without a report: expected one or more")
    standing = _with(Standing(ordered[0].status, ordered[0].happened_at), ordered[0])
    for report in ordered[1:]:
        if report.status in PRESCRIPTION_TRANSITIONS[standing.status]:
            standing = _with(standing, report)
        else:
            standing = replace(standing, contradictions=(*standing.contradictions, report.event))
    return standing


def _with(standing: Standing, report: Report) -> Standing:
    is_dispensed = report.status is PrescriptionStatus.DISPENSED
    return replace(
        standing,
        status=report.status,
        status_at=report.happened_at,
        stock=standing.stock if report.stock is None else report.stock,
        place=standing.place if report.place is None else report.place,
        times=standing.times + is_dispensed,
        last_dispensed_at=report.happened_at if is_dispensed else standing.last_dispensed_at,
    )
