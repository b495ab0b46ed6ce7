"""The interface: who one is, organisations, relations."""

from procurement.database import transaction
from tests.procurement.world import credit_code, new_organisation

PHARMACY = {
    "kind": "pharmacy",
    "name": "某药店",
    "region": "341523",
    "credit_code": credit_code(8001),
    "institution_code": "P34152300001",
}


def machine(world, person):
    return world.platform.with_token(person)


def test_a_token_says_for_whom_it_acts(world):
    told = machine(world, world.officer).get("/api/v1/me").json()
    assert told["organisation"] == "联合采购办公室"
    assert "officer" in told["roles"]
    assert "public" not in told["roles"]


def test_without_a_token_nobody_is_known_and_cookies_do_not_count(world):
    assert world.nobody().get("/api/v1/me").status_code == 401
    problem = world.as_officer().get("/api/v1/me")
    assert problem.status_code == 401
    assert problem.headers["content-type"].startswith("application/problem+json")
    stranger = world.nobody()
    stranger.headers["authorization"] = "Bearer jicai_unknown"
    assert stranger.get("/api/v1/organisations").status_code == 401


def test_organisations_come_in_pages(world):
    with transaction(world.engine) as session:
        for _ in range(5):
            new_organisation(session, "hospital")
    officer, seen, cursor = machine(world, world.officer), [], ""
    while True:
        page = officer.get(
            "/api/v1/organisations", params={"page_size": 3, "cursor": cursor}
        ).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == 8
    only = officer.get("/api/v1/organisations", params={"kind": "manufacturer"}).json()
    assert [each["name"] for each in only["items"]] == ["演示制药有限公司"]
    assert machine(world, world.maker_person).get("/api/v1/organisations").status_code == 403


def test_an_organisation_is_registered_once_however_often_it_is_sent(world):
    officer = machine(world, world.officer)
    headers = {"idempotency-key": "one"}
    first = officer.post("/api/v1/organisations", json=PHARMACY, headers=headers)
    again = officer.post("/api/v1/organisations", json=PHARMACY, headers=headers)
    assert (first.status_code, first.json()) == (201, again.json())
    taken = officer.post("/api/v1/organisations", json=PHARMACY)
    assert taken.status_code == 422
    assert {each["field"] for each in taken.json()["errors"]} == {
        "credit_code",
        "institution_code",
    }


def test_another_organisation_answers_404(world):
    hospital = machine(world, world.hospital_person)
    assert hospital.get(f"/api/v1/organisations/{world.hospital.id}").status_code == 200
    for address in ("", "/relations"):
        there = f"/api/v1/organisations/{world.maker.id}{address}"
        assert hospital.get(there).status_code == 404
    assert hospital.get("/api/v1/organisations/999999").status_code == 404


def test_relations_are_recorded_and_listed(world):
    with transaction(world.engine) as session:
        parent = new_organisation(session, "manufacturer")
    body = {"kind": "controlled-by", "related_id": parent.id, "since_date": "2026-01-01"}
    address = f"/api/v1/organisations/{world.maker.id}/relations"
    maker = machine(world, world.maker_person)
    assert maker.post(address, json=body).status_code == 201
    assert maker.post(address, json=body).status_code == 422
    listed = maker.get(address).json()["items"]
    assert [(each["kind"], each["related_id"]) for each in listed] == [("controlled-by", parent.id)]
    assert maker.post(address, json={**body, "related_id": 999999}).status_code == 404
    assert machine(world, world.hospital_person).post(address, json=body).status_code == 404


def test_bodies_of_another_shape_are_refused(world):
    officer = machine(world, world.officer)
    bodies: list[object] = [{}, {**PHARMACY, "kind": "emperor"}, {**PHARMACY, "name": 7}, []]
    for body in bodies:
        assert officer.post("/api/v1/organisations", json=body).status_code in (400, 422)
