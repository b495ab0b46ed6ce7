"""Which winning products have entered which hospital (进院), from the month of checking on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from procurement.orders.fulfilment.naming import names_of
from procurement.orders.fulfilment.progress import hospital_products
from procurement.orders.fulfilment.rules.crossings import ENTRY
from procurement.orders.fulfilment.rules.entry import checked_from, has_entered
from procurement.orders.fulfilment.rules.region_rules import FoundRule, RegionRules
from procurement.orders.fulfilment.scope import By, Scope


@dataclass(frozen=True, slots=True)
class EntryRow:
    """The entry of winning products into one hospital.

    Attributes:
        hospital_id: The hospital.
        name: Its name.
        products: How many products it agreed to buy.
        entered: How many of them it has taken in.
        missing: Names of the others.
    """

    hospital_id: int
    name: str
    products: int
    entered: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """From when entry is checked.

    Attributes:
        since: The first day; None where no rule of the region states a month.
        rule: The rule.
    """

    since: date | None
    rule: FoundRule | None


def entry_check(scope: Scope, rules: RegionRules) -> EntryCheck:
    """Say from when entry is checked in a term, by the rules of a region."""
    rule = rules.found(ENTRY)
    since = None if rule is None else checked_from(scope.term.starts_on, rules.count(ENTRY))
    return EntryCheck(since, rule)


def entry_of(session: Session, *, scope: Scope) -> list[EntryRow]:
    """Return entry by hospital, those that lack most first.

    A product counts as entered from its first receipt on, whichever winner it came from.
    """
    by_hospital: dict[int, list[tuple[int, bool]]] = {}
    for (hospital, lot), row in hospital_products(session, scope=scope).items():
        if row.progress.agreed:
            entered = has_entered(row.first_received_on, scope.day)
            by_hospital.setdefault(hospital, []).append((lot, entered))
    names = names_of(session, by=By.HOSPITAL, keys=by_hospital)
    lots = {lot for products in by_hospital.values() for lot, _ in products}
    products = names_of(session, by=By.PRODUCT, keys=lots)
    rows = [
        EntryRow(
            hospital_id=hospital,
            name=names[hospital][0],
            products=len(found),
            entered=sum(entered for _, entered in found),
            missing=tuple(sorted(products[lot][0] for lot, entered in found if not entered)),
        )
        for hospital, found in by_hospital.items()
    ]
    return sorted(rows, key=lambda row: (row.entered - row.products, row.hospital_id))
