"""Whatever stands in an address or a form of these pages, they say what is wrong with it."""

import pytest

from tests.procurement.app.cells.forms import forms_of
from tests.procurement.app.test_odd_input import FIXED, ODD
from tests.procurement.orders.test_fulfilment_pages import raised, regional  # noqa: F401 - fixture

QUERIES = ("q", "status", "hospital", "since", "until", "by", "term", "lot", "region", "role")
MORE = ("page", "sort", "supply", "organisation", "new", "taken", "about", "asked")


@pytest.fixture
def pages(desks, world, regional):  # noqa: F811 - the fixture of the other module
    """Addresses of pages in many states, and who sees them."""
    world.buy(6)
    waiting = world.ship(world.confirm(world.place(4)), trace_codes=("81-1",))
    placed, confirmed = world.place(3), world.confirm(world.place(2))
    raised(regional, world)
    with world.read() as session:
        supply = world.supply(session, "L01", "1mg").id
    return [
        (desks.hospital, "/orders"),
        (desks.hospital, "/orders/new"),
        (desks.hospital, "/orders/upload"),
        (desks.hospital, f"/orders/{placed}"),
        (desks.hospital, f"/orders/2/deliveries/{waiting}/receipt"),
        (desks.hospital, "/orders/1/deliveries/1/receipt"),
        (desks.hospital, "/orders/movements"),
        (desks.hospital, "/orders/mismatches"),
        (desks.hospital, "/fulfilment"),
        (desks.hospital, f"/fulfilment/hospitals/{world.hospital.id}"),
        (desks.maker, f"/orders/{placed}"),
        (desks.maker, "/fulfilment/notices/1"),
        (desks.distributor, f"/orders/{confirmed}/deliveries/new"),
        (desks.distributor, "/orders/invoices"),
        (desks.distributor, f"/orders/invoices/new?hospital={world.hospital.id}"),
        (desks.distributor, "/fulfilment/suppliers"),
        (desks.officer, "/orders"),
        (desks.officer, "/fulfilment"),
        (desks.officer, "/fulfilment/suppliers"),
        (desks.officer, f"/fulfilment/replacements/new?supply={supply}"),
        (desks.officer, "/fulfilment/replacements"),
        (regional, "/fulfilment/notices"),
        (regional, "/fulfilment/notices/1"),
        (regional, "/fulfilment/notices/1/credit"),
        (regional, f"/fulfilment/notices/new?organisation={world.maker.id}"),
        (regional, "/fulfilment/rules"),
    ]


def test_no_page_fails_for_what_stands_in_its_address(pages):
    faults: list[tuple[str, ...]] = []
    for desk, address in pages:
        for kind, value in ODD.items():
            bare = address.partition("?")[0]
            odd = dict.fromkeys((*QUERIES, *MORE), value[:300])
            if desk.get(bare, params=odd).status_code >= 500:
                faults.append((address, kind))
            # Alone too, since one that is refused hides the others; two values stand for all.
            for name in QUERIES if kind in ("huge", "markup") else ():
                if desk.get(bare, params={name: value[:300]}).status_code >= 500:
                    faults.append((address, name, kind))
    assert faults == []


def test_no_page_fails_for_what_is_typed_into_its_forms(pages):
    faults, sent = [], 0
    for desk, address in pages:
        answer = desk.get(address)
        assert answer.status_code == 200, address
        for form in forms_of(answer.text):
            if form.action == "/sign-out" or form.action.startswith("?"):
                continue
            for kind, value in ODD.items():
                sent += 1
                fields = {
                    name: kept if name in FIXED else value for name, kept in form.fields.items()
                }
                files = {name: ("odd.csv", value.encode()) for name in form.files}
                said = desk.post(form.action or address, data=fields, files=files or None)
                if said.status_code >= 500:
                    faults.append((form.action or address, kind))
    assert faults == []
    assert sent > 100
