"""The interface: a maker's machine hands a dossier in, quotes, and reads nothing of others."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.database import snapshot, transaction
from procurement.negotiations.sessions.standards import standards_of
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import (
    DURING,
    MODEL,
    TYPED,
    NegotiationWorld,
)


@pytest.fixture
def visits(engine, tmp_path):
    with visited(engine, tmp_path) as running:
        yield running


def token(visits, world, name):
    return visits.platform.with_token(world.person(name))


def test_a_maker_hands_a_dossier_in_by_machine(engine, visits):
    world = NegotiationWorld(engine).open()
    maker = token(visits, world, "maker")
    root = f"/api/v1/negotiations/{world.name}"
    assert [one["name"] for one in maker.get("/api/v1/negotiations").json()["items"]] == [
        world.name
    ]
    made = maker.post(f"{root}/dossiers", json={"product": "某药", "track": "regular"}).json()
    one = f"{root}/dossiers/{made['id']}"
    wrong = {**TYPED, "expected_price": "much"}
    refused = maker.send("PUT", f"{one}/draft", json={"version": 1, "content": wrong})
    assert refused.status_code == 422 and "expected_price" in refused.text
    draft = maker.send("PUT", f"{one}/draft", json={"version": 1, "content": TYPED}).json()
    broken = {"files": {"model.toml": MODEL.replace("0.6", "0.7")}}
    assert maker.send("PUT", f"{one}/model", json=broken).status_code == 422
    model = maker.send("PUT", f"{one}/model", json={"files": {"model.toml": MODEL}})
    assert model.status_code == 200 and len(model.json()["digest"]) == 64
    filed = maker.post(f"{one}/submission", json={"version": draft["version"]})
    assert filed.json()["status"] == "submitted"
    assert maker.get(one).json()["content"]["strength"] == "10mg"
    assert maker.get(f"{one}/summary").status_code == 404
    rival = token(visits, world, "rival")
    for address in (one, f"{one}/summary", f"{one}/session", f"{one}/quotes"):
        assert rival.get(address).status_code in (403, 404)


def test_a_session_is_read_and_quoted_in_by_machine(engine, visits):
    world = NegotiationWorld(engine).sealed()
    one = f"/api/v1/negotiations/{world.name}/dossiers/{world.dossier_id}"
    maker = token(visits, world, "maker")
    seen = maker.get(f"{one}/session").json()
    assert seen["status"] == "scheduled" and len(seen["envelope"]) == 64
    assert maker.get(f"{one}/quotes").json()["may"] == []
    world.begin()
    visits.clock.moment = DURING
    maker = token(visits, world, "maker")
    quoted = maker.post(f"{one}/quotes", json={"kind": "first-quote", "price": "400"}).json()
    assert quoted["quotes"] == ["400"]
    for body in (
        {"kind": "offer", "price": "1"},
        {"kind": "second-quote"},
        {"kind": "second-quote", "price": "1e9"},
    ):
        assert maker.post(f"{one}/quotes", json=body).status_code in (409, 422)
    holder = token(visits, world, "holder1")
    with snapshot(engine) as session:
        posting = world.posting(session, 1).to_bytes()
    posted = holder.post(f"{one}/session/shares", content=posting)
    assert posted.json() == {"seat": 1, "fits": True}
    assert holder.post(f"{one}/session/shares", content=b"{}").status_code == 422
    assert token(visits, world, "negotiator").get(f"{one}/session").json()["seats_posted"] == [1]


def test_results_are_public_by_machine(engine, visits):
    world = NegotiationWorld(engine).agreed()
    found = visits.platform.nobody().get(f"/api/v1/negotiations/{world.name}").json()
    assert [one["price"] for one in found["standards"]] == ["120"]
    assert found["dossiers"] == []
    assert [one["superseded_on"] for one in found["standards"]] == [None]


def test_a_standard_is_listed_with_the_day_from_which_a_later_one_holds(engine, visits):
    world = NegotiationWorld(engine).agreed()
    with transaction(engine) as session:
        [(_, _, price)] = standards_of(session, campaign_id=world.campaign_id)
        record_price(
            session,
            organisation_id=price.organisation_id,
            generic_product_id=price.generic_product_id,
            strength=price.strength,
            pack_units=price.pack_units,
            pack_price=Decimal(28),
            kind=price.kind,
            starts_on=date(2027, 6, 1),
            source="中选结果",
            moment=DURING,
            details=PriceDetails(clause="standard-national-2021 negotiated.takes", is_public=True),
        )
    nobody = visits.platform.nobody()
    [listed] = nobody.get(f"/api/v1/negotiations/{world.name}").json()["standards"]
    assert (listed["price"], listed["superseded_on"]) == ("120", "2027-06-01")
    root = f"/api/v1/catalogue/generic-products/{price.generic_product_id}/payment-standards"
    held = [
        nobody.get(f"{root}?on_date={day}").json()["items"][0]
        for day in ("2027-05-31", "2027-06-01")
    ]
    assert [(one["step"], one["standard"]) for one in held] == [
        ("negotiated", "120"),
        ("winning", "28"),
    ]
