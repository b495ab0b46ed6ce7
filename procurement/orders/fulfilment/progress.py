"""Progress of a term of agreements: what was agreed, what was taken in, beside the time target."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationRelation
from procurement.orders.fulfilment.naming import Key, division_of, names_of
from procurement.orders.fulfilment.rules.progress import (
    Progress,
    TimeTarget,
    decimals,
    gap_points,
    percent,
    time_target,
)
from procurement.orders.fulfilment.scope import By, Scope, agreed_rows, winning_rows
from procurement.volumes.groups import is_member_on

_DIVISIONS = (By.COUNTY, By.CITY, By.PROVINCE)


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """The progress of one hospital, product, group, region or supplier.

    Attributes:
        key: Its id; of a region the division code.
        zh: What it is called, in Chinese.
        en: The same in English.
        progress: What was agreed and taken in.
        target: How much of the term is over.
        first_received_on: When the first of it was taken in.
    """

    key: Key
    zh: str
    en: str
    progress: Progress
    target: TimeTarget
    first_received_on: date | None

    @property
    def completion_percent(self) -> Decimal | None:
        """Completion, half up to two decimals."""
        return percent(self.progress.completion)

    @property
    def target_percent(self) -> Decimal:
        """Time target, half up to two decimals."""
        return decimals(self.target.share * 100, 2)

    @property
    def gap(self) -> Fraction | None:
        """Completion less time target, in percentage points; below zero is behind."""
        return gap_points(self.progress, self.target)

    @property
    def gap_percent(self) -> Decimal | None:
        """The same, half up to two decimals."""
        return None if self.gap is None else decimals(self.gap, 2)


def target_of(scope: Scope) -> TimeTarget:
    """How much of the term is over at the end of the day."""
    return time_target(scope.term.starts_on, scope.term.ends_on, scope.day)


def progress_of(session: Session, *, scope: Scope, by: By) -> list[ProgressRow]:
    """Return progress summed by one thing, the least completed first.

    Args:
        session: Any session.
        scope: What is measured.
        by: Hospital, product, supply, supplier, group, county, city, province.

    Returns:
        A row for whatever agreed a volume, or took winning products in without one: such a row
        has no completion and comes last.
    """
    found = _measured(session, scope, by)
    names = names_of(session, by=_named_by(by), keys=found)
    target = target_of(scope)
    rows = [
        ProgressRow(_shown(by, key), *names.get(key, ("", "")), progress, target, first)
        for key, (progress, first) in found.items()
    ]
    return sorted(rows, key=_order)


def progress_in_all(session: Session, *, scope: Scope) -> ProgressRow:
    """Return the progress of everything in scope together."""
    agreed = session.execute(agreed_rows(scope, ())).one()
    bought = session.execute(winning_rows(scope, ())).one()
    progress = Progress(int(agreed[0] or 0), int(bought[0] or 0))
    return ProgressRow("", "合计", "in all", progress, target_of(scope), bought[1])


def hospital_products(session: Session, *, scope: Scope) -> dict[tuple[int, int], ProgressRow]:
    """Return the progress of each product in each hospital, by hospital and lot; without names."""
    target = target_of(scope)
    return {
        (int(hospital), int(lot)): ProgressRow(lot, "", "", progress, target, first)
        for (hospital, lot), (progress, first) in _summed(
            session, scope, (By.HOSPITAL, By.PRODUCT)
        ).items()
    }


def lead_hospitals(session: Session, *, day: date) -> Mapping[int, int]:
    """Return the lead hospital of every member of a medical group on a day."""
    relation = OrganisationRelation
    rows = session.execute(
        select(relation.subject_id, relation.related_id)
        .where(is_member_on(day))
        .order_by(relation.since_date, relation.id)
    )
    return {member: lead for member, lead in rows}


def _measured(session: Session, scope: Scope, by: By) -> dict[Key, tuple[Progress, date | None]]:
    summed = _summed(session, scope, (By.HOSPITAL if by is By.GROUP else by,))
    plain = {key[0]: value for key, value in summed.items() if key[0] is not None}
    return _by_group(session, scope, plain) if by is By.GROUP else plain


def _by_group(
    session: Session, scope: Scope, by_hospital: Mapping[Key, tuple[Progress, date | None]]
) -> dict[Key, tuple[Progress, date | None]]:
    leads = lead_hospitals(session, day=scope.day)
    found: dict[Key, tuple[Progress, date | None]] = {}
    for hospital, (progress, first) in by_hospital.items():
        lead = leads.get(int(hospital), hospital)
        before, first_before = found.get(lead, (Progress(0, 0), None))
        found[lead] = (
            Progress(before.agreed + progress.agreed, before.received + progress.received),
            _earlier(first, first_before),
        )
    return found


def _summed(
    session: Session, scope: Scope, by: Collection[By]
) -> dict[tuple[Key, ...], tuple[Progress, date | None]]:
    agreed = {tuple(row[:-1]): int(row[-1]) for row in session.execute(agreed_rows(scope, [*by]))}
    bought = {
        tuple(row[:-2]): (int(row[-2]), row[-1])
        for row in session.execute(winning_rows(scope, [*by]))
    }
    found: dict[tuple[Key, ...], tuple[Progress, date | None]] = {}
    for key in {**agreed, **bought}:
        units, first = bought.get(key, (0, None))
        found[key] = (Progress(agreed.get(key, 0), units), first)
    return found


def _named_by(by: By) -> By:
    return By.HOSPITAL if by is By.GROUP else by


def _shown(by: By, key: Key) -> Key:
    return division_of(by, key) if by in _DIVISIONS else key


def _order(row: ProgressRow) -> tuple[bool, Fraction, str]:
    completion = row.progress.completion
    return completion is None, completion or Fraction(0), str(row.key)


def _earlier(one: date | None, other: date | None) -> date | None:
    known = [day for day in (one, other) if day is not None]
    return min(known) if known else None
