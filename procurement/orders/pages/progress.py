"""Progress of a term: agreed, received, time target, other products, entry and payment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from litestar import Response, get

from procurement.orders.fulfilment.entry import EntryRow, entry_of
from procurement.orders.fulfilment.hooks import installed_paid_on
from procurement.orders.fulfilment.naming import names_of
from procurement.orders.fulfilment.paying import PaidRow
from procurement.orders.fulfilment.progress import (
    ProgressRow,
    hospital_products,
    progress_in_all,
    progress_of,
    target_of,
)
from procurement.orders.fulfilment.rules.progress import percent
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.fulfilment.use import use_of
from procurement.orders.pages.measured import measure_of, payers
from procurement.orders.pages.scopes import Seen, only_delivers, seen_by, term_choices
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import filters_tail, list_page, page_number
from procurement.orders.pages.words import words
from procurement.permissions import Action
from procurement.web import Visit, reads, redirect, render

QUERY_LENGTH_MAX = 60
_FILTERS = ("term", "by", "q", "region", "lot", "sort")
_BY_NAMES = {
    By.HOSPITAL: ("医疗机构", "Hospital"),
    By.PRODUCT: ("药品", "Medicine"),
    By.SUPPLIER: ("中选企业", "Winner"),
    By.GROUP: ("医共体", "Medical group"),
    By.COUNTY: ("县区", "County"),
    By.CITY: ("市", "City"),
    By.PROVINCE: ("省份", "Province"),
}
_DIVISIONS = (By.COUNTY, By.CITY, By.PROVINCE)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table.

    Attributes:
        row: Progress.
        other_share: Share of products that did not win; None without use.
        agreed: Products of which a hospital agreed a volume.
        completed: Of them, those of which it has received all that was agreed.
        entry: Products that have entered, of a hospital.
        paid: How a hospital pays.
    """

    row: ProgressRow
    other_share: Fraction | None
    agreed: int = 0
    completed: int = 0
    entry: EntryRow | None = None
    paid: PaidRow | None = None

    @property
    def other_percent(self) -> Decimal | None:
        """The share of other products, half up to two decimals."""
        return percent(self.other_share)

    @property
    def paid_percent(self) -> Decimal | None:
        """Receipts paid in time of those due, half up to two decimals."""
        return None if self.paid is None else percent(self.paid.share_in_time)


@get("/fulfilment", include_in_schema=False)
@reads
def show_progress(visit: Visit) -> Response[Any]:
    """Show how far agreed volumes are bought."""
    visit.require_ever(Action.READ_FULFILMENT)
    if only_delivers(visit):
        return redirect("/fulfilment/suppliers")
    seen = seen_by(visit)
    if seen is None:
        return render(visit, "orders/fulfilment/progress.html", seen=None, may=may_of(visit))
    session, measure = visit.session, measure_of(visit, seen.scope)
    page = list_page(_rows(visit, seen), page_number(visit))
    return render(
        visit,
        "orders/fulfilment/progress.html",
        seen=seen,
        ways=[(one, visit.text(*_BY_NAMES[one])) for one in seen.ways],
        name_label=visit.text(*_BY_NAMES[seen.by]),
        terms=term_choices(visit),
        narrowed=_narrowing(visit, seen),
        target=target_of(seen.scope),
        whole=progress_in_all(session, scope=seen.scope),
        page=page,
        lines=list(_lines(visit, seen.scope, seen.by, page.rows, measure)),
        measure=measure,
        knows_payments=installed_paid_on() is not None,
        filters=visit.query,
        tail=filters_tail(visit, _FILTERS),
        may=may_of(visit),
        **words(visit),
    )


def may_of(visit: Visit) -> dict[str, bool]:
    """Which other pages of fulfilment the visitor may open, and what may be done there."""
    return {
        "warn": visit.may_ever(Action.WARN_FULFILMENT),
        "replace": visit.may_ever(Action.REPLACE_SUPPLIER),
    }


def _rows(visit: Visit, seen: Seen) -> list[ProgressRow]:
    """The rows, filtered by name and sorted as asked."""
    wanted = visit.query.get("q", "")[:QUERY_LENGTH_MAX].casefold()
    rows = progress_of(visit.session, scope=seen.scope, by=seen.by)
    found = [one for one in rows if wanted in f"{one.zh} {one.en}".casefold()]
    asked = visit.query.get("sort", "")
    keys = {
        "name": lambda one: one.zh,
        "agreed": lambda one: one.progress.agreed,
        "received": lambda one: one.progress.received,
        "missing": lambda one: one.progress.missing,
    }
    key = keys.get(asked.removeprefix("-"))
    return sorted(found, key=key, reverse=asked.startswith("-")) if key else found


def _lines(
    visit: Visit, scope: Scope, by: By, rows: Sequence[ProgressRow], measure: str
) -> Iterator[Line]:
    """Put what else is measured beside the progress of some rows."""
    session = visit.session
    of_hospitals = by is By.HOSPITAL
    if of_hospitals:
        # Of those that are shown alone: a province has thousands.
        scope = replace(scope, hospital_ids=[int(one.key) for one in rows])
    shares = {one.key: one.other_share(measure) for one in use_of(session, scope=scope, by=by)}
    products: dict[int, list[bool]] = {}
    if of_hospitals:
        for (hospital, _), one in hospital_products(session, scope=scope).items():
            if one.progress.agreed:
                products.setdefault(hospital, []).append(one.progress.is_completed)
    entries = {}
    if of_hospitals:
        entries = {one.hospital_id: one for one in entry_of(session, scope=scope)}
    paying = payers(visit, scope) if of_hospitals else {}
    for row in rows:
        hospital = int(row.key) if of_hospitals else 0
        own = products.get(hospital, [])
        yield Line(
            row,
            shares.get(row.key),
            agreed=len(own),
            completed=sum(own),
            entry=entries.get(hospital),
            paid=paying.get(hospital),
        )


def _narrowing(visit: Visit, seen: Seen) -> str:
    """What the table is narrowed to, in words."""
    parts = []
    if visit.query.get("region"):
        names = names_of(visit.session, by=By.COUNTY, keys=[seen.scope.region])
        parts.append(visit.text(*names[seen.scope.region]))
    if seen.scope.lot_id is not None:
        names = names_of(visit.session, by=By.PRODUCT, keys=[seen.scope.lot_id])
        parts.extend(visit.text(*pair) for pair in names.values())
    return " · ".join(parts)


_HEADINGS: tuple[Heading, ...] = (
    ("名称", "name"),
    ("约定采购量（最小单位）", "agreed (minimal units)"),
    ("已入库（最小单位）", "received (minimal units)"),
    ("完成率（%）", "completion (%)"),
    ("时间进度（%）", "time target (%)"),
    ("领先或落后（百分点）", "ahead or behind (points)"),
    ("还差（最小单位）", "missing (minimal units)"),
    ("非中选占比（%）", "share of others (%)"),
    ("约定品种数", "products agreed"),
    ("已完成品种数", "products completed"),
    ("已进院品种数", "products entered"),
    ("按时付款率（%）", "paid in time (%)"),
)


@get(["/fulfilment/progress.xlsx", "/fulfilment/progress.csv"], include_in_schema=False)
@reads
def progress_file(visit: Visit) -> Response[bytes]:
    """Give the table, as it is filtered, as a file."""
    seen = seen_by(visit)
    rows = [] if seen is None else _rows(visit, seen)
    lines: Iterator[Line] = iter(())
    if seen is not None:
        measure = measure_of(visit, seen.scope)
        lines = _lines(visit, seen.scope, seen.by, rows, measure)
    return sheet_answer(
        visit,
        name=visit.text("履约进度", "fulfilment"),
        headings=_HEADINGS,
        rows=(_values(visit, one) for one in lines),
    )


def _values(visit: Visit, line: Line) -> tuple[Value, ...]:
    row, entry = line.row, line.entry
    return (
        visit.text(row.zh, row.en),
        row.progress.agreed,
        row.progress.received,
        row.completion_percent,
        row.target_percent,
        row.gap_percent,
        row.progress.missing,
        line.other_percent,
        line.agreed or None,
        line.completed if line.agreed else None,
        None if entry is None else entry.entered,
        line.paid_percent,
    )


ROUTES = (show_progress, progress_file)
"""Handlers of these pages."""
