"""The interface: a maker's machine hands a dossier in, quotes, and reads nothing of others."""

import pytest

from procurement.database import snapshot
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
