"""What changed on a list between two days, read from its periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.listed.kinds import ChangeKind, DrugState
from procurement.pharmacies.listed.life import Change, Sources, by_drug, life
from procurement.pharmacies.listed.periods import holds
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod

_DUAL = frozenset({DrugState.DUAL, DrugState.DUAL_SEPARATE})


@dataclass(frozen=True, slots=True)
class Summary:
    """How many drugs came and went.

    Attributes:
        into_separate: Now paid for separately, and not before.
        out_of_separate: Paid for separately before, and not now.
        into_dual: Now in the dual channel, and not before.
        out_of_dual: In the dual channel before, and not now.
        terms: Kept their state under other terms.
    """

    into_separate: int
    out_of_separate: int
    into_dual: int
    out_of_dual: int
    terms: int


def changes_between(
    session: Session,
    *,
    region: str,
    since: date,
    until: date,
    known_on: date | None = None,
) -> list[Change]:
    """Return what changed on a list from one day to another.

    Args:
        session: Any session.
        region: Whose list.
        since: First day on which a change counts.
        until: Last day.
        known_on: As the public knows it on that day; None for what has been decided.

    Returns:
        By day, then by generic name.
    """
    return _changes(session, region, None, (since, until), known_on)


def life_of(session: Session, *, drug: ListedDrug, known_on: date | None = None) -> list[Change]:
    """Return every change of one drug, the earliest first; see `changes_between`."""
    return _changes(session, drug.region, drug.id, (date.min, date.max), known_on)


def _changes(
    session: Session,
    region: str,
    listed_drug_id: int | None,
    days: tuple[date, date],
    known_on: date | None,
) -> list[Change]:
    wanted = (
        select(ListPeriod)
        .join(ListPeriod.listed_drug)
        .join(ListedDrug.generic_product)
        .options(contains_eager(ListPeriod.listed_drug).contains_eager(ListedDrug.generic_product))
        .where(ListedDrug.region == region)
        .order_by(GenericProduct.name, ListedDrug.id, ListPeriod.starts_on)
    )
    if listed_drug_id is not None:
        wanted = wanted.where(ListedDrug.id == listed_drug_id)
    every = session.scalars(wanted).all()
    decisions = session.scalars(select(ListDecision).where(ListDecision.region == region))
    sources = Sources({one.id: one for one in every}, {one.id: one for one in decisions})
    standing = session.scalars(wanted.where(holds(known_on=known_on))).all()
    since, until = days
    found = [
        one
        for periods in by_drug(standing)
        for one in life(periods, sources)
        if since <= one.day <= until
    ]
    return sorted(found, key=lambda one: one.day)


def summary_of(changes: Iterable[Change]) -> Summary:
    """Count what changes did to the groups of drugs that patients ask about.

    Examples:
        >>> summary_of([]).into_separate
        0
    """
    pairs = [(one.state_before, one.state_after, one.kind) for one in changes]
    separate = DrugState.DUAL_SEPARATE
    return Summary(
        into_separate=sum(after is separate is not before for before, after, _ in pairs),
        out_of_separate=sum(before is separate is not after for before, after, _ in pairs),
        into_dual=sum(after in _DUAL and before not in _DUAL for before, after, _ in pairs),
        out_of_dual=sum(before in _DUAL and after not in _DUAL for before, after, _ in pairs),
        terms=sum(kind is ChangeKind.CHANGE for _, _, kind in pairs),
    )
