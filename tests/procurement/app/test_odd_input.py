"""Whatever stands in the address or in a form of a page, the page says what is wrong with it."""

from urllib.parse import quote

import pytest

from procurement.permissions import Role
from tests.procurement.app.cells.asking import Ask
from tests.procurement.app.cells.forms import forms_of

QUERIES = (
    "after",
    "by",
    "cursor",
    "hospital",
    "in",
    "next",
    "page",
    "region",
    "replaces",
    "show",
    "sort",
    "status",
    "text",
    "version",
    "words",
)
"""Parameters that pages take."""

ODD = {
    "nothing": "",
    "huge": "9" * 40,
    "negative": "-1",
    "wide digits": "１２³",
    "markup": "<b>'\"%_\\;--",
    "null": "a\x00b",
    "long": "长" * 5000,
    "moment": "9999-12-31T23:59",
    "not a number": "NaN",
}

IN_ADDRESSES = {kind: ODD[kind] for kind in ("huge", "wide digits", "markup", "null", "long")}

FIXED = ("_csrf_token", "version", "digest", "step")
"""Fields of a form that lead further as they are."""


@pytest.fixture(scope="module")
def pages(scene):
    """Each page with somebody who may see it, and what it shows."""
    return list(shown(scene))


def shown(scene):
    for route in scene.routes:
        if route.method != "GET" or route.path.startswith("/api/") or "." in route.path:
            continue
        role = scene.passing(route)
        if role is not None:
            ask = route.ask(scene.ours)
            yield role, ask.address, scene.answer(role, ask).text


@pytest.mark.parametrize("value", IN_ADDRESSES.values(), ids=IN_ADDRESSES)
def test_no_page_fails_for_what_stands_in_its_address(scene, pages, value):
    faults = []
    for role, address, _text in pages:
        ask = Ask("GET", address, {"params": dict.fromkeys(QUERIES, value[:300])})
        if scene.answer(role, ask).status_code >= 500:
            faults.append((address, role.value))
    assert not faults, "\n".join(map(str, faults))


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_no_page_fails_for_what_is_typed_into_its_forms(scene, pages, value):
    faults, sent = [], 0
    for role, address, text in pages:
        for form in forms_of(text):
            if form.action == "/sign-out":
                continue
            sent += 1
            if scene.answer(role, filled(form, address, value)).status_code >= 500:
                faults.append((form.action or address, role.value))
    assert not faults, "\n".join(map(str, faults))
    assert sent > 40


@pytest.mark.parametrize("value", IN_ADDRESSES.values(), ids=IN_ADDRESSES)
def test_no_route_fails_for_what_stands_in_its_place(scene, value):
    faults = []
    for route in scene.routes:
        role = scene.passing(route) or Role.PUBLIC
        for name in route.parameters:
            ask = route.ask(scene.ours, put={name: quote(value[:300], safe="")})
            if scene.answer(role, ask).status_code >= 500:
                faults.append((str(route), name, role.value))
    assert not faults, "\n".join(map(str, faults))


def filled(form, address, value):
    fields = {name: kept if name in FIXED else value for name, kept in form.fields.items()}
    files = {name: ("odd.xlsx", value.encode()) for name in form.files}
    return Ask("POST", form.action or address, {"data": fields, "files": files or None})
