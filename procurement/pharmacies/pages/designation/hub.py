"""The hub of designation: calls, notices, who is designated; one's own applications and places."""

from typing import Any

from litestar import Response, get

from procurement.accounts.divisions import NATION, is_division
from procurement.china_days import day_in_china
from procurement.orders.pages.sheets import sheet_answer
from procurement.orders.pages.typed import chosen, filters_tail, page_number
from procurement.permissions import Action
from procurement.pharmacies.designation.calls import calls_of, calls_open
from procurement.pharmacies.designation.noticing import newest_notices
from procurement.pharmacies.designation.reading import (
    DesignatedScope,
    decides,
    designated_query,
    designated_rows,
    own_applications,
    own_designations,
    waiting_applications,
)
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.pages.designation.words import answer, words
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.rules.opening_hours import hours_of_json, hours_text
from procurement.web import Form, Visit, paginate, reads

FILTERS = ("scheme", "region", "kind", "words")
NOTICES_SHOWN = 20


@get("/designations", include_in_schema=False)
@reads
def show_hub(visit: Visit) -> Response[Any]:
    """Show calls, notices and who is designated, and what is one's own."""
    visit.require(Action.READ_DESIGNATIONS)
    scope = designated_scope(visit)
    own = visit.actor.organisation_id
    page = paginate(visit.session, designated_query(scope), number=page_number(visit))
    return answer(
        visit,
        "hub.html",
        None,
        scope=scope,
        filters={name: visit.query.get(name, "") for name in FILTERS},
        tail=filters_tail(visit, FILTERS),
        page=page,
        calls=calls_open(visit.session, day=day_in_china(visit.moment)),
        notices=newest_notices(visit.session, limit=NOTICES_SHOWN),
        places=[] if own is None else places_of(visit.session, organisation_id=own),
        applications=[] if own is None else own_applications(visit.session, organisation_id=own),
        designations=[] if own is None else own_designations(visit.session, organisation_id=own),
        own_calls=[] if own is None else calls_of(visit.session, caller_id=own),
        waiting=[] if own is None else waiting_applications(visit.session, caller_id=own),
        may_decide=decides(visit.actor),
        may_read_duties=visit.may_ever(Action.READ_DUTY),
    )


def designated_scope(visit: Visit) -> DesignatedScope:
    """Which designated places the address asks for; what cannot be read is left out."""
    asked = Form({name: (value,) for name, value in visit.query.items()})
    region = asked.get("region", "")
    kind = asked.get("kind", "")
    scheme = chosen(asked, "scheme", tuple(DesignationScheme), DesignationScheme.DUAL_CHANNEL)
    return DesignatedScope(
        scheme=DesignationScheme(scheme),
        day=day_in_china(visit.moment),
        region=region if is_division(region) else NATION,
        kind=PlaceKind(kind) if kind in set(PlaceKind) else None,
        words=asked.get("words", "").strip()[:100],
    )


@get("/designations/places.csv", include_in_schema=False)
@reads
def places_csv(visit: Visit) -> Response[bytes]:
    """Give the designated places that the page shows as CSV."""
    visit.require(Action.READ_DESIGNATIONS)
    names = words(visit)
    headings = (
        ("机构代码", "code"),
        ("名称", "name"),
        ("类别", "kind"),
        ("连锁品牌", "chain"),
        ("县区代码", "county"),
        ("地址", "address"),
        ("电话", "phone"),
        ("营业时间", "opening hours"),
        ("纬度", "latitude"),
        ("经度", "longitude"),
        ("起始日期", "from"),
        ("截止日期", "until"),
    )
    rows = (
        (
            place.institution_code,
            place.name,
            names["kind_names"][place.kind],
            place.chain,
            place.county,
            place.address,
            place.phone,
            hours_text(hours_of_json(place.opening_hours), language=visit.language),
            None if place.latitude is None else f"{place.latitude:g}",
            None if place.longitude is None else f"{place.longitude:g}",
            row.starts_on,
            row.ends_on,
        )
        for place, row in designated_rows(visit.session, scope=designated_scope(visit))
    )
    name = visit.text("定点机构", "designated-places")
    return sheet_answer(visit, name=name, headings=headings, rows=rows)


ROUTES = (show_hub, places_csv)
"""Handlers of these pages."""
