"""Where platform, hospital and invoices differ, for one hospital and some days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from litestar import Response, get

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import FieldFault
from procurement.orders.listing import buyers_of
from procurement.orders.mismatch_rules import KIND_NAMES, MismatchKind
from procurement.orders.mismatches import Mismatch, mismatches_of
from procurement.orders.movements.subjects import movements_subject, own_movements
from procurement.orders.pages.parties import organisation_names
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import GoodsReader, filters_tail, list_page, page_number
from procurement.orders.pages.words import named
from procurement.permissions import Action
from procurement.web import Form, Visit, reads, render

DAYS_MAX = 366
_FILTERS = ("hospital", "since", "until")
_MARKS = {MismatchKind.NO_MOVEMENTS: "neutral", MismatchKind.NOT_INVOICED: "info"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which hospital and which days are asked for; faults where they make no sense."""

    hospital_id: int
    since: date
    until: date
    faults: tuple[FieldFault, ...]


@get("/orders/mismatches", include_in_schema=False)
@reads
def show_mismatches(visit: Visit) -> Response[Any]:
    """List what differs."""
    asked = _asked(visit)
    buyers = buyers_of(visit.session, actor=visit.actor, moment=visit.moment)
    found = _found(visit, asked)
    names = organisation_names(visit, [asked.hospital_id])
    return render(
        visit,
        "orders/mismatches.html",
        status=422 if asked.faults else 200,
        page=list_page(found, page_number(visit)),
        hospital_id=asked.hospital_id,
        hospital_name=names.get(asked.hospital_id, ""),
        hospitals=[(one.id, one.name) for one in buyers],
        is_in_charge=not buyers,
        values={
            "hospital": asked.hospital_id,
            "since": visit.query.get("since") or asked.since.isoformat(),
            "until": visit.query.get("until") or asked.until.isoformat(),
        },
        faults=asked.faults,
        tail=filters_tail(visit, _FILTERS),
        mismatch_names=named(visit, KIND_NAMES),
        mismatch_marks=_MARKS,
    )


def _asked(visit: Visit) -> _Asked:
    """Read what is asked for, and ask whether the visitor may see it.

    Raises:
        NotFoundForActorError: The hospital is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may read movements.
    """
    visit.require(Action.READ_MOVEMENTS, own_movements(visit.actor))
    buyers = buyers_of(visit.session, actor=visit.actor, moment=visit.moment)
    own = buyers[0].id if buyers else 0
    hospital_id = typed_id(visit.query.get("hospital", "")) or own
    if hospital_id:
        subject = movements_subject(visit.session, hospital_id=hospital_id, moment=visit.moment)
        visit.require(Action.READ_MOVEMENTS, subject)
    reader = GoodsReader(Form({name: (text,) for name, text in visit.query.items()}))
    today = day_in_china(visit.moment)
    until = reader.day("until") or today
    since = reader.day("since") or (until.replace(day=1) - timedelta(days=1)).replace(day=1)
    if not reader.faults and not 0 <= (until - since).days < DAYS_MAX:
        reader.fault(
            "since",
            "起始日须不晚于截止日，且不超过一年。",
            "The first day must not lie after the last, nor more than a year before it.",
        )
    return _Asked(hospital_id, since, until, tuple(reader.faults))


def _found(visit: Visit, asked: _Asked) -> list[Mismatch]:
    if asked.faults or not asked.hospital_id:
        return []
    return mismatches_of(
        visit.session, hospital_id=asked.hospital_id, since=asked.since, until=asked.until
    )


_HEADINGS: tuple[Heading, ...] = (
    ("类别", "kind"),
    ("差在哪里", "what differs"),
    ("涉及金额（元）", "amount concerned (yuan)"),
    ("页面", "page"),
)


@get(["/orders/mismatches.xlsx", "/orders/mismatches.csv"], include_in_schema=False)
@reads
def mismatches_file(visit: Visit) -> Response[bytes]:
    """Give the list as a file."""
    names = named(visit, KIND_NAMES)
    return sheet_answer(
        visit,
        name=visit.text("核对差异", "mismatches"),
        headings=_HEADINGS,
        rows=(
            (names[one.kind], visit.text(one.zh, one.en), one.amount, one.link)
            for one in _found(visit, _asked(visit))
        ),
    )


ROUTES = (show_mismatches, mismatches_file)
"""Handlers of these pages."""
