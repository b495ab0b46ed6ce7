"""Duties as pages and interface show them: one by one, and summed by drug or hospital."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.designation.states import DutyStatus
from procurement.pharmacies.designation.tables import DrugDuty, DutyReport
from procurement.pharmacies.listed.tables import ListedDrug
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.registration import months_after
from procurement.volumes.rules import region_prefix

STANDINGS = (
    DutyStatus.BROUGHT_IN,
    DutyStatus.EXPLAINED,
    DutyStatus.DUE,
    DutyStatus.OVERDUE,
)
"""In which order they are shown."""


@dataclass(frozen=True, slots=True)
class DutyScope:
    """Which duties are looked at.

    Attributes:
        month: First day of the month at whose end they stand.
        today: For the present month, which has not ended.
        region: Division code of the hospitals.
        place_ids: These hospitals only; None for all.
        listed_drug_id: This drug only; None for all.
        status: Only those that stand so; None for all.
    """

    month: date
    today: date
    region: str = "000000"
    place_ids: tuple[int, ...] | None = None
    listed_drug_id: int | None = None
    status: DutyStatus | None = None

    @property
    def until(self) -> date:
        """The day at whose end the duties are looked at."""
        return min(months_after(self.month, 1) - timedelta(days=1), self.today)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty in a month.

    Attributes:
        duty: The row.
        place: The hospital.
        drug: Generic name of the drug.
        form: Its catalogue form.
        brand: Where the list names one only.
        status: How it stands at the end of the month.
        reason: As reported for that month or before.
    """

    duty: DrugDuty
    place: Place
    drug: str
    form: str
    brand: str
    status: DutyStatus
    reason: str


@dataclass(frozen=True, slots=True)
class DutySum:
    """Duties of one drug or one hospital in a month.

    Attributes:
        key: Id of the listed drug, or of the place.
        name: Of the drug or of the hospital.
        detail: Form of the drug, or code of the hospital.
        counts: How many stand so, by status.
    """

    key: int
    name: str
    detail: str
    counts: dict[DutyStatus, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def _newest_reports(scope: DutyScope) -> Subquery:
    """Of each duty the report that counts at the end of the month: latest month, newest row."""
    ranked = (
        select(
            DutyReport.duty_id,
            DutyReport.status,
            DutyReport.reason,
            func.row_number()
            .over(
                partition_by=DutyReport.duty_id,
                order_by=(DutyReport.month.desc(), DutyReport.id.desc()),
            )
            .label("place"),
        )
        .where(DutyReport.month <= scope.month)
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1).subquery()


def _standing(newest: Subquery, scope: DutyScope) -> ColumnElement[str]:
    return case(
        (newest.c.status.is_not(None), newest.c.status),
        (DrugDuty.due_on < scope.until, DutyStatus.OVERDUE.value),
        else_=DutyStatus.DUE.value,
    )


def _filtered(statement: Select[Any], scope: DutyScope) -> Select[Any]:
    statement = statement.where(
        DrugDuty.status != DutyStatus.LIFTED,
        DrugDuty.listed_on <= scope.until,
        Place.county.startswith(region_prefix(scope.region)),
    )
    if scope.place_ids is not None:
        statement = statement.where(DrugDuty.place_id.in_(scope.place_ids))
    if scope.listed_drug_id is not None:
        statement = statement.where(DrugDuty.listed_drug_id == scope.listed_drug_id)
    return statement


def duty_rows(session: Session, *, scope: DutyScope) -> Select[Any]:
    """Return the query of duties, for pages that show some at a time; see `as_row`."""
    newest = _newest_reports(scope)
    standing = _standing(newest, scope)
    wanted = (
        select(
            DrugDuty,
            Place,
            GenericProduct.name,
            GenericProduct.printed_form,
            ListedDrug.brand,
            standing,
            newest.c.reason,
        )
        .join(Place, Place.id == DrugDuty.place_id)
        .join(ListedDrug, ListedDrug.id == DrugDuty.listed_drug_id)
        .join(GenericProduct, GenericProduct.id == ListedDrug.generic_product_id)
        .outerjoin(newest, newest.c.duty_id == DrugDuty.id)
        .order_by(DrugDuty.due_on, Place.institution_code, GenericProduct.name, DrugDuty.id)
    )
    if scope.status is not None:
        wanted = wanted.where(standing == scope.status.value)
    return _filtered(wanted, scope)


def as_row(row: Any) -> DutyRow:  # noqa: ANN401 - a row of `duty_rows`
    """Make a duty of a row of `duty_rows`."""
    duty, place, drug, form, brand, status, reason = row
    return DutyRow(duty, place, drug, form, brand, DutyStatus(status), reason or "")


def sums_by_drug(session: Session, *, scope: DutyScope) -> Sequence[DutySum]:
    """Return for each drug how many hospitals stand how, those with most overdue first."""
    columns = (ListedDrug.id, GenericProduct.name, GenericProduct.printed_form)
    return _sums(session, scope, columns)


def sums_by_hospital(session: Session, *, scope: DutyScope) -> Sequence[DutySum]:
    """Return for each hospital how many drugs stand how, those with most overdue first."""
    return _sums(session, scope, (Place.id, Place.name, Place.institution_code))


def _sums(session: Session, scope: DutyScope, columns: tuple[Any, ...]) -> Sequence[DutySum]:
    newest = _newest_reports(scope)
    standing = _standing(newest, scope)
    counted = (
        select(*columns, standing, func.count())
        .select_from(DrugDuty)
        .join(Place, Place.id == DrugDuty.place_id)
        .join(ListedDrug, ListedDrug.id == DrugDuty.listed_drug_id)
        .join(GenericProduct, GenericProduct.id == ListedDrug.generic_product_id)
        .outerjoin(newest, newest.c.duty_id == DrugDuty.id)
        .group_by(*columns, standing)
    )
    sums: dict[int, DutySum] = {}
    for key, name, detail, status, count in session.execute(_filtered(counted, scope)):
        row = sums.setdefault(key, DutySum(key, name, detail, dict.fromkeys(STANDINGS, 0)))
        row.counts[DutyStatus(status)] = count
    return sorted(
        sums.values(), key=lambda row: (-row.counts[DutyStatus.OVERDUE], row.name, row.key)
    )


def months_of(session: Session, *, duty_ids: Sequence[int]) -> dict[int, dict[date, DutyReport]]:
    """Return the report that counts of each month, by duty."""
    found: dict[int, dict[date, DutyReport]] = {}
    rows = session.scalars(
        select(DutyReport).where(DutyReport.duty_id.in_(duty_ids)).order_by(DutyReport.id)
    )
    for row in rows:
        found.setdefault(row.duty_id, {})[row.month] = row
    return found
