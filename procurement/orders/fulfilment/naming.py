"""How the things by which progress is summed are called."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import division_name
from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply
from procurement.awards.regions.choosers import region_name
from procurement.orders.fulfilment.scope import By
from procurement.rounds.tables import Lot, LotStrength

Key = int | str
Pair = tuple[str, str]

_DIVISION_DIGITS = 6
_AT_ONCE = 1000


def division_of(by: By, key: Key) -> str:
    """The code of a division that is a key.

    Examples:
        >>> division_of(By.CITY, "3415"), division_of(By.COUNTY, "341523")
        ('341500', '341523')
    """
    return str(key).ljust(_DIVISION_DIGITS, "0")


def names_of(session: Session, *, by: By, keys: Collection[Key]) -> Mapping[Key, Pair]:
    """Return what keys are called, in Chinese and English."""
    if by in (By.COUNTY, By.CITY, By.PROVINCE):
        return {key: division_name(division_of(by, key)) for key in keys}
    if by is By.PRODUCT:
        return _products(session, keys)
    if by is By.SUPPLY:
        return _supplies(session, keys)
    return _organisations(session, keys)


def _organisations(session: Session, keys: Collection[Key]) -> dict[Key, Pair]:
    """A province has more hospitals than a statement may have parameters."""
    wanted = sorted(int(key) for key in keys)
    found: dict[Key, Pair] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = session.execute(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(some))
        )
        found.update({one: (name, name) for one, name in rows})
    return found


def _products(session: Session, keys: Collection[Key]) -> dict[Key, Pair]:
    rows = session.execute(select(Lot.id, Lot.product).where(Lot.id.in_(keys)))
    return {one: (product, product) for one, product in rows}


def _supplies(session: Session, keys: Collection[Key]) -> dict[Key, Pair]:
    rows = session.execute(
        select(
            AgreedSupply.id,
            AgreedSupply.region,
            Lot.product,
            LotStrength.strength,
            Organisation.short_name,
        )
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(Organisation, Organisation.id == AgreedSupply.organisation_id)
        .where(AgreedSupply.id.in_(keys))
    )
    found: dict[Key, Pair] = {}
    for one, region, product, strength, maker in rows:
        zh, en = region_name(region)
        found[one] = (
            f"{product} {strength} · {maker}（{zh}）",
            f"{product} {strength} · {maker} ({en})",
        )
    return found
