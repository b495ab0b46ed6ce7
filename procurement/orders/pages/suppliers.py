"""How suppliers deliver, month by month, and how far each supply is bought."""

from collections.abc import Iterator, Sequence
from typing import Any

from litestar import Response, get

from procurement.accounts.divisions import NATION
from procurement.china_days import day_in_china
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.progress import ProgressRow, progress_of, target_of
from procurement.orders.fulfilment.rules.crossings import RATE_MEASURE, RATE_MIN
from procurement.orders.fulfilment.rules.delivery_rate import PACKS, Month
from procurement.orders.fulfilment.rules.progress import percent
from procurement.orders.fulfilment.rules.region_rules import RegionRules
from procurement.orders.fulfilment.scope import By
from procurement.orders.fulfilment.suppliers import (
    SupplierMonths,
    SupplierRole,
    delivery_months,
    months_until,
)
from procurement.orders.pages.scopes import Seen, is_of_a_bureau, only_delivers, seen_by
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import filters_tail, list_page, page_number
from procurement.orders.pages.words import words
from procurement.permissions import Action, Role
from procurement.web import Visit, reads, render

MONTHS = 6
_ROLE_NAMES = {
    SupplierRole.MANUFACTURER: ("生产企业", "Manufacturers"),
    SupplierRole.DISTRIBUTOR: ("配送企业", "Distributors"),
}
_MEASURES = {
    "packs": ("按盒数", "by packs"),
    "packs-in-time": ("按时限内到货的盒数", "by packs in time"),
    "orders": ("按订单数", "by orders"),
    "orders-in-time": ("按时限内到货的订单数", "by orders in time"),
}


@get("/fulfilment/suppliers", include_in_schema=False)
@reads
def show_suppliers(visit: Visit) -> Response[Any]:
    """Show delivery rates, and supplies with what is bought of them."""
    visit.require_ever(Action.READ_FULFILMENT)
    seen = None if only_delivers(visit) else seen_by(visit)
    rules, months = _rules(visit), _months(visit)
    role = _role(visit)
    measure = _measure(rules)
    supplies = _supplies(visit, seen)
    return render(
        visit,
        "orders/fulfilment/suppliers.html",
        seen=seen,
        roles=[(one, visit.text(*_ROLE_NAMES[one])) for one in _roles(visit)],
        role=role,
        # A hospital sees what it may buy; how firms deliver elsewhere is not its concern.
        shows_rates=is_of_a_bureau(visit) or Role.HOSPITAL not in visit.actor.roles,
        role_name=visit.text(*_ROLE_NAMES[role]),
        months=[str(month) for month in months],
        suppliers=[
            (one, [percent(rate) for rate in one.rates(measure)])
            for one in _delivered(visit, role, months)
        ],
        measure=visit.text(*_MEASURES[measure]),
        limit=rules.decimal(RATE_MIN) if rules.knows(RATE_MIN) else None,
        limit_rule=rules.found(RATE_MIN),
        target=None if seen is None else target_of(seen.scope),
        page=list_page(supplies, page_number(visit)),
        tail=filters_tail(visit, ("role",)),
        may_warn=visit.may_ever(Action.WARN_FULFILMENT),
        may_replace=visit.may_ever(Action.REPLACE_SUPPLIER),
        **words(visit),
    )


def _rules(visit: Visit) -> RegionRules:
    return rules_of(visit.session, region=_region(visit), day=day_in_china(visit.moment))


def _region(visit: Visit) -> str:
    return visit.actor.region if is_of_a_bureau(visit) else NATION


def _measure(rules: RegionRules) -> str:
    """What the rate is of, where a rule of the region says; else packs."""
    return rules.word(RATE_MEASURE) if rules.knows(RATE_MEASURE) else PACKS


def _months(visit: Visit) -> tuple[Month, ...]:
    """The last months that are over, and the one that runs."""
    day = day_in_china(visit.moment)
    return (*months_until(day, MONTHS - 1), Month.of(day))


def _roles(visit: Visit) -> tuple[SupplierRole, ...]:
    roles = visit.actor.roles
    if is_of_a_bureau(visit) or Role.HOSPITAL in roles:
        return tuple(SupplierRole)
    if Role.MANUFACTURER in roles:
        return (SupplierRole.MANUFACTURER, SupplierRole.DISTRIBUTOR)
    return (SupplierRole.DISTRIBUTOR,)


def _role(visit: Visit) -> SupplierRole:
    asked, roles = visit.query.get("role", ""), _roles(visit)
    return SupplierRole(asked) if asked in roles else roles[0]


def _delivered(visit: Visit, role: SupplierRole, months: Sequence[Month]) -> list[SupplierMonths]:
    """Everybody's for a bureau; a firm sees its own, a hospital nobody's."""
    if is_of_a_bureau(visit):
        return delivery_months(visit.session, role=role, months=months, region=_region(visit))
    if Role.HOSPITAL in visit.actor.roles:
        return []
    return delivery_months(
        visit.session, role=role, months=months, organisation_id=visit.actor.organisation_id or 0
    )


def _supplies(visit: Visit, seen: Seen | None) -> list[ProgressRow]:
    return [] if seen is None else progress_of(visit.session, scope=seen.scope, by=By.SUPPLY)


@get(["/fulfilment/suppliers.xlsx", "/fulfilment/suppliers.csv"], include_in_schema=False)
@reads
def suppliers_file(visit: Visit) -> Response[bytes]:
    """Give the delivery rates as a file."""
    visit.require_ever(Action.READ_FULFILMENT)
    months = _months(visit)
    headings: tuple[Heading, ...] = (
        ("企业", "supplier"),
        *((f"{month}（%）", f"{month} (%)") for month in months),
    )
    return sheet_answer(
        visit, name=visit.text("配送率", "delivery"), headings=headings, rows=_rows(visit, months)
    )


def _rows(visit: Visit, months: Sequence[Month]) -> Iterator[tuple[Value, ...]]:
    measure = _measure(_rules(visit))
    for one in _delivered(visit, _role(visit), months):
        yield (one.name, *(percent(rate) for rate in one.rates(measure)))


ROUTES = (show_suppliers, suppliers_file)
"""Handlers of these pages."""
