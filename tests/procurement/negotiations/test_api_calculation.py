"""Groups, chair and negotiators by machine: their own part, and nothing of the others."""

import pytest
from sqlalchemy import select

from procurement.audit.tables import AuditEntry
from procurement.database import snapshot
from procurement.web.tables import IdempotentAnswer
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import APPOINTED, DURING, MODEL, NegotiationWorld


@pytest.fixture
def visits(engine, tmp_path):
    with visited(engine, tmp_path) as running:
        yield running


def root(world):
    return f"/api/v1/negotiations/{world.name}/dossiers/{world.dossier_id}"


def token(visits, world, name):
    return visits.platform.with_token(world.person(name))


def post(visitor, address, body=None, *, key=None):
    headers = {} if key is None else {"idempotency-key": key}
    return visitor.send("POST", address, json=body or {}, headers=headers)


def compute(visits, world, group, names):
    """Let a group copy, compute and sign."""
    address = f"{root(world)}/groups/{group}"
    people = [token(visits, world, name) for name in names]
    assert post(people[0], f"{address}/copy").json() == {"number": 1}
    ran = post(people[0], f"{address}/result", {"draws": 100, "seed": 7}, key=f"run-{group}")
    assert ran.json() == {"number": 1}
    digest = people[0].get(address).json()["result"]["digest"]
    for one in people:
        assert post(one, f"{address}/signature", {"digest": digest}).status_code == 201
    return people[0].get(address).json()["result"]


def test_both_groups_and_the_chair_bring_a_price_into_its_envelope(engine, visits):
    world = NegotiationWorld(engine).admitted()
    for group, names in (
        ("economics", ("economist", "economist2")),
        ("fund", ("actuary", "actuary2")),
    ):
        result = compute(visits, world, group, names)
        assert result["is_signed"] and result["missing"] == [] and result["copy"] == 1
    chair = token(visits, world, "chair")
    seen = chair.get(f"{root(world)}/chair").json()
    assert seen["results"]["economics"]["price"] == "264.00" and not seen["is_sealed"]
    step = {"policy": "strict-min", "reason": "两组结果接近"}
    assert post(chair, f"{root(world)}/chair", {**step, "policy": "x"}).status_code == 422
    assert post(chair, f"{root(world)}/chair", {**step, "weight": "1e1"}).status_code == 422
    assert post(chair, f"{root(world)}/chair", step, key="step").json() == {"number": 1}
    world.schedule()
    sealed = post(chair, f"{root(world)}/seal", key="seal")
    assert sealed.status_code == 201, sealed.text
    assert post(chair, f"{root(world)}/seal", key="seal").json() == sealed.json()
    maker = token(visits, world, "maker")
    published = maker.get(f"{root(world)}/session").json()["envelope"]
    assert published == sealed.json()["envelope"]
    gone = {"is_sealed": True, "results": {}, "steps": []}
    assert chair.get(f"{root(world)}/chair").json() == gone
    assert token(visits, world, "actuary").get(f"{root(world)}/groups/fund").json()["is_sealed"]


def test_a_copy_is_changed_by_its_own_version_only(engine, visits):
    world = NegotiationWorld(engine).admitted()
    address = f"{root(world)}/groups/fund"
    actuary = token(visits, world, "actuary")
    assert actuary.get(address).json()["copy"] is None
    post(actuary, f"{address}/copy")
    files = {"model.toml": MODEL.replace("growth = 0.01", "growth = 0.02")}
    body = {"number": 1, "files": files, "note": "统计局数据"}
    assert actuary.send("PUT", f"{address}/model", json=body).json() == {"number": 2}
    assert actuary.send("PUT", f"{address}/model", json=body).status_code == 409
    broken = {**body, "number": 2, "files": {"model.toml": MODEL.replace("0.6", "0.7")}}
    assert actuary.send("PUT", f"{address}/model", json=broken).status_code == 422
    assert actuary.get(address).json()["copy"]["files"] == files
    assert post(actuary, f"{address}/result", {"draws": 0, "seed": 1}).status_code == 422


def test_the_others_part_is_not_there(engine, visits):
    world = NegotiationWorld(engine).sealed()
    parts = {
        "groups/economics": {"economist", "economist2"},
        "groups/fund": {"actuary", "actuary2"},
        "chair": {"chair"},
        "table": {"negotiator"},
    }
    posts = {
        "groups/economics/copy": None,
        "groups/economics/result": {"draws": 1, "seed": 1},
        "groups/economics/signature": {"digest": "0" * 64},
        "chair": {"policy": "strict-min", "reason": "x"},
        "seal": None,
        "table": {"kind": "offer", "price": "1"},
        "table/begin": None,
        "table/look": None,
        "table/signature": {"digest": "0" * 64, "signed_by": "x"},
    }
    members = {"seal": {"chair"}, "groups": parts["groups/economics"], **parts}
    for name in (*APPOINTED, "officer", "stranger", "supervisor", "maker", "rival", "holder1"):
        visitor = token(visits, world, name)
        for part, known in parts.items():
            expected = 200 if name in known else 404
            assert visitor.get(f"{root(world)}/{part}").status_code == expected, (name, part)
        for part, body in posts.items():
            if name not in members[part.partition("/")[0]]:
                refused = post(visitor, f"{root(world)}/{part}", body)
                assert refused.status_code == 404, (name, part)
    assert visits.platform.nobody().get(f"{root(world)}/table").status_code == 401


def test_a_session_is_led_and_signed_by_machine(engine, visits):
    world = NegotiationWorld(engine).sealed()
    negotiator = token(visits, world, "negotiator")
    assert negotiator.get(f"{root(world)}/table").json()["may"] == []
    assert post(negotiator, f"{root(world)}/table/begin").status_code == 409
    visits.clock.moment = DURING
    negotiator, maker = (token(visits, world, name) for name in ("negotiator", "maker"))
    assert post(negotiator, f"{root(world)}/table/begin", key="b").json() == {"status": "open"}
    assert post(negotiator, f"{root(world)}/table/look").status_code == 409
    world.unseal()
    for kind, price in (("first-quote", "400"), ("second-quote", "150")):
        post(maker, f"{root(world)}/quotes", {"kind": kind, "price": price})
    wrong = {"kind": "first-quote", "price": "1"}
    assert post(negotiator, f"{root(world)}/table", wrong).status_code == 422
    offer = {"kind": "offer", "price": "120"}
    for _ in range(2):  # the same request again is the same offer
        assert post(negotiator, f"{root(world)}/table", offer, key="o").json()["status"] == "open"
    seen = negotiator.get(f"{root(world)}/table").json()
    assert (seen["quotes"], seen["offers"]) == (["400", "150"], ["120"])
    assert negotiator.get(f"{root(world)}/table/deal").json() is None
    post(maker, f"{root(world)}/quotes", {"kind": "accept-offer"})
    for side, visitor, name in (("quotes", maker, "maker"), ("table", negotiator, "negotiator")):
        deal = visitor.get(f"{root(world)}/{side}/deal").json()
        signature = {"digest": deal["digest"], "signed_by": world.people[name].name}
        other = {**signature, "signed_by": "别人"}
        assert post(visitor, f"{root(world)}/{side}/signature", other).status_code == 422
        signed = post(visitor, f"{root(world)}/{side}/signature", signature)
        assert signed.status_code == 201, signed.text
    assert signed.json()["status"] == "agreed"


def test_each_look_is_noted_and_no_key_keeps_a_price(engine, visits):
    world = NegotiationWorld(engine).sealed().begin().unseal()
    visits.clock.moment = DURING
    negotiator = token(visits, world, "negotiator")
    looks = [post(negotiator, f"{root(world)}/table/look", key="look") for _ in range(2)]
    assert [one.status_code for one in looks] == [200, 200]
    assert looks[0].headers["cache-control"] == "no-store"
    with snapshot(engine) as session:
        noted = select(AuditEntry).where(AuditEntry.action == "look-at-maximum-price")
        assert len(session.scalars(noted).all()) == 2
        price = looks[0].json()["price"].encode()
        kept = session.scalars(select(IdempotentAnswer.body)).all()
        assert not any(price in (one or b"") for one in kept)
