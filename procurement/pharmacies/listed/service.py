"""Asking the list: what is on it in a region on a day, and in which state a drug is.

A list is made by a province or a pooling area. Asked for a county, the lists of the county, its
city and its province are read together; of a drug that several name, the nearest one's word holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.periods import covers_day, holds
from procurement.pharmacies.listed.tables import ListedDrug, ListPeriod

DUAL = frozenset({DrugState.DUAL_SEPARATE, DrugState.DUAL})
"""States in which a drug is sold in pharmacies, too."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A drug on the list on a day.

    Attributes:
        drug: The drug; ``drug.generic_product`` is loaded.
        period: Its state and terms on that day.
    """

    drug: ListedDrug
    period: ListPeriod

    @property
    def is_dual(self) -> bool:
        """Whether pharmacies of the dual channel sell it."""
        return self.period.state in DUAL

    @property
    def papers(self) -> tuple[str, ...]:
        """What a patient brings to be registered."""
        return in_lines(self.period.papers)

    @property
    def indication_codes(self) -> tuple[str, ...]:
        """Codes of diagnoses for which it is paid; empty where none were stated."""
        return in_lines(self.period.indication_codes)


def in_lines(text: str) -> tuple[str, ...]:
    r"""Return the lines of a text that are not empty.

    Examples:
        >>> in_lines("病理报告\n\n影像报告")
        ('病理报告', '影像报告')
    """
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def lists_above(region: str) -> tuple[str, ...]:
    """Return the regions whose lists hold in a region, the nearest first.

    Examples:
        >>> lists_above("320505"), lists_above("320000")
        (('320505', '320500', '320000'), ('320000',))
    """
    return tuple(dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000")))


def listed_on(
    session: Session,
    *,
    region: str,
    day: date,
    states: Iterable[DrugState] | None = None,
    known_on: date | None = None,
) -> list[Listed]:
    """Return what is on the list in a region on a day.

    Args:
        session: Any session.
        region: Division code of six digits; a county reads the lists above it.
        day: The day.
        states: Only drugs in these states; None for all three.
        known_on: As the public knows it on that day; None for what has been decided.

    Returns:
        By generic name, form and brand; one for each of them.
    """
    nearest: dict[tuple[int, str], Listed] = {}
    regions = lists_above(region)
    for one in _found(session, regions, day, known_on):
        key = (one.drug.generic_product_id, one.drug.brand)
        held = nearest.get(key)
        if held is None or regions.index(one.drug.region) < regions.index(held.drug.region):
            nearest[key] = one
    wanted = None if states is None else frozenset(states)
    return [one for one in nearest.values() if wanted is None or one.period.state in wanted]


def _found(
    session: Session,
    regions: Sequence[str],
    day: date,
    known_on: date | None,
    generic_product_id: int | None = None,
) -> list[Listed]:
    wanted = (
        select(ListPeriod)
        .join(ListPeriod.listed_drug)
        .join(ListedDrug.generic_product)
        .options(contains_eager(ListPeriod.listed_drug).contains_eager(ListedDrug.generic_product))
        .where(ListedDrug.region.in_(regions), covers_day(day), holds(known_on=known_on))
        .order_by(GenericProduct.name, GenericProduct.printed_form, ListedDrug.brand)
    )
    if generic_product_id is not None:
        wanted = wanted.where(ListedDrug.generic_product_id == generic_product_id)
    return [Listed(period.listed_drug, period) for period in session.scalars(wanted)]


def state_on(session: Session, *, listed_drug_id: int, day: date) -> ListPeriod | None:
    """Return the period of a listed drug that covers a day, or None where it is not on the list."""
    return session.scalars(
        select(ListPeriod).where(
            ListPeriod.listed_drug_id == listed_drug_id, covers_day(day), holds()
        )
    ).one_or_none()


def find_listed(
    session: Session,
    *,
    generic_product_id: int,
    region: str,
    day: date,
    brand: str = "",
    known_on: date | None = None,
) -> Listed | None:
    """Return what the list says of a generic product in a region on a day.

    Args:
        session: Any session.
        generic_product_id: The generic product in its form; every maker's product is covered.
        region: Division code of six digits.
        day: The day.
        brand: Of the product: an entry of that brand alone goes before the one for all.
        known_on: As for `listed_on`.

    Returns:
        The entry of the nearest list, or None.
    """
    regions = lists_above(region)
    found = [
        one
        for one in _found(session, regions, day, known_on, generic_product_id)
        if one.drug.brand in ("", brand)
    ]
    if not found:
        return None
    return min(found, key=lambda one: (not one.drug.brand, regions.index(one.drug.region)))


def drug_of(session: Session, *, listed_drug_id: int) -> ListedDrug | None:
    """Return a listed drug, or None."""
    return session.get(ListedDrug, listed_drug_id)


def regions_with_lists(session: Session) -> list[str]:
    """Return the regions that have made a list, by code."""
    return list(session.scalars(select(ListedDrug.region).distinct().order_by(ListedDrug.region)))
