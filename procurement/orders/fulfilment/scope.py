"""What is measured: a term until a day, of which hospitals, and by what it is summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.sql.selectable import Subquery

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.orders.fulfilment.rules.region_rules import significant
from procurement.orders.tables import PurchaseLine
from procurement.rounds.tables import Lot, LotStrength

_CITY_DIGITS = 4
_PROVINCE_DIGITS = 2


class By(StrEnum):
    """By what progress is summed."""

    HOSPITAL = "hospital"
    PRODUCT = "product"
    """A lot."""
    SUPPLY = "supply"
    """A winner's strength in a region."""
    SUPPLIER = "supplier"
    """A winner."""
    GROUP = "group"
    """A medical group, or a hospital that belongs to none."""
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is measured.

    Attributes:
        term: Of agreements.
        day: The last day that counts.
        region: Hospitals within this division.
        hospital_ids: Only these; None for all.
        organisation_id: Only what this winner supplies; None for all.
        lot_id: Only this product; None for all.
    """

    term: AgreementTerm
    day: date
    region: str = NATION
    hospital_ids: Sequence[int] | None = None
    organisation_id: int | None = None
    lot_id: int | None = None

    @property
    def last_day(self) -> date:
        """The last day that counts of the term's own days."""
        return min(self.day, self.term.ends_on)


def agreed_rows(scope: Scope, by: Sequence[By]) -> Select[Any]:
    """Select agreed volumes, summed by the columns that ``by`` names; the sum comes last."""
    columns = [_agreed_column(one) for one in by]
    statement = (
        select(*columns, func.sum(AgreedVolume.volume))
        .select_from(AgreedVolume)
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Organisation, Organisation.id == AgreedVolume.hospital_id)
        .where(AgreedSupply.term_id == scope.term.id)
        .group_by(*columns)
    )
    lot = LotStrength.lot_id
    return _limited(statement, scope, AgreedVolume.hospital_id.expression, lot.expression)


def winning_rows(scope: Scope, by: Sequence[By]) -> Select[Any]:
    """Select winning products that were taken in, summed likewise; then their first day.

    Lines name the term that they were ordered in. Those that name none, as stock movements of
    goods that were not ordered here, belong to the term by their day and product.
    """
    lot = func.coalesce(PurchaseLine.lot_id, LotStrength.lot_id)
    columns = [_bought_column(one, lot) for one in by]
    statement = (
        select(*columns, func.sum(PurchaseLine.quantity), func.min(PurchaseLine.received_on))
        .select_from(PurchaseLine)
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .outerjoin(AgreedSupply, AgreedSupply.id == PurchaseLine.supply_id)
        .outerjoin(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .where(PurchaseLine.is_winning, PurchaseLine.received_on <= scope.day)
        .where(_of_term(scope))
        .group_by(*columns)
    )
    return _limited(statement, scope, PurchaseLine.hospital_id.expression, lot)


def used_rows(scope: Scope, by: Sequence[By]) -> Select[Any]:
    """Select all use of the term's generics, by ``by``, then lot, strength, kind, price, region.

    Columns after those of ``by``: lot, lot's strength or None, whether it is a winning product,
    unit price, the hospital's division, units, amount. A line without a lot belongs to that of its
    generic product; where the round has several such lots, to the first.
    """
    own = _lot_of_generic(scope)
    lot = func.coalesce(PurchaseLine.lot_id, LotStrength.lot_id, own.c.lot_id)
    columns = [
        *(_bought_column(one, lot) for one in by),
        lot,
        PurchaseLine.lot_strength_id,
        PurchaseLine.is_winning,
        PurchaseLine.unit_price,
        Organisation.region,
    ]
    of_round = select(Lot.id).where(Lot.round_id == scope.term.round_id)
    within = PurchaseLine.received_on.between(scope.term.starts_on, scope.last_day)
    is_other = and_(PurchaseLine.is_winning.is_(False), within)
    is_winning = and_(PurchaseLine.is_winning, PurchaseLine.received_on <= scope.day)
    named = or_(PurchaseLine.term_id.is_(None), PurchaseLine.term_id == scope.term.id)
    statement = (
        select(*columns, func.sum(PurchaseLine.quantity), func.sum(PurchaseLine.amount))
        .select_from(PurchaseLine)
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .outerjoin(AgreedSupply, AgreedSupply.id == PurchaseLine.supply_id)
        .outerjoin(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .outerjoin(own, own.c.generic_product_id == PurchaseLine.generic_product_id)
        .where(lot.in_(of_round), named)
        .where(or_(is_other, and_(is_winning, _of_term(scope))))
        .group_by(*columns)
    )
    return _limited(statement, scope, PurchaseLine.hospital_id.expression, lot)


def _of_term(scope: Scope) -> ColumnElement[bool]:
    lots = select(Lot.id).where(Lot.round_id == scope.term.round_id)
    by_day = and_(
        PurchaseLine.term_id.is_(None),
        PurchaseLine.lot_id.in_(lots),
        PurchaseLine.received_on.between(scope.term.starts_on, scope.last_day),
    )
    return or_(PurchaseLine.term_id == scope.term.id, by_day)


def _lot_of_generic(scope: Scope) -> Subquery:
    return (
        select(Lot.generic_product_id, func.min(Lot.id).label("lot_id"))
        .where(Lot.round_id == scope.term.round_id, Lot.generic_product_id.is_not(None))
        .group_by(Lot.generic_product_id)
        .subquery()
    )


def _limited(
    statement: Select[Any], scope: Scope, hospital: ColumnElement[Any], lot: ColumnElement[Any]
) -> Select[Any]:
    digits = significant(scope.region)
    if digits:
        statement = statement.where(Organisation.region.startswith(digits))
    if scope.hospital_ids is not None:
        statement = statement.where(hospital.in_(scope.hospital_ids))
    if scope.organisation_id is not None:
        statement = statement.where(AgreedSupply.organisation_id == scope.organisation_id)
    if scope.lot_id is not None:
        statement = statement.where(lot == scope.lot_id)
    return statement


def _agreed_column(by: By) -> ColumnElement[Any]:
    columns: dict[By, ColumnElement[Any]] = {
        By.HOSPITAL: AgreedVolume.hospital_id.expression,
        By.PRODUCT: LotStrength.lot_id.expression,
        By.SUPPLY: AgreedSupply.id.expression,
    }
    return columns[by] if by in columns else _shared_column(by)


def _bought_column(by: By, lot: ColumnElement[Any]) -> ColumnElement[Any]:
    columns: dict[By, ColumnElement[Any]] = {
        By.HOSPITAL: PurchaseLine.hospital_id.expression,
        By.PRODUCT: lot,
        By.SUPPLY: PurchaseLine.supply_id.expression,
    }
    return columns[by] if by in columns else _shared_column(by)


def _shared_column(by: By) -> ColumnElement[Any]:
    columns: dict[By, ColumnElement[Any]] = {
        By.SUPPLIER: AgreedSupply.organisation_id.expression,
        By.COUNTY: Organisation.region.expression,
        By.CITY: func.substr(Organisation.region, 1, _CITY_DIGITS),
        By.PROVINCE: func.substr(Organisation.region, 1, _PROVINCE_DIGITS),
    }
    return columns[by]
