"""Rounds by machine: drafting to publication, one format of errors, and nobody else's drafts."""

from datetime import timedelta

import pytest

from procurement.database import transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.permissions import Role
from procurement.rounds import jobs
from tests.procurement.rounds import world
from tests.procurement.rounds.stage import stage_platform

BASE = "/api/v1/rounds/api-1"


@pytest.fixture
def clock():
    return {"now": world.MOMENT}


@pytest.fixture
def platform(engine, tmp_path, clock, monkeypatch):
    with stage_platform(engine, tmp_path, monkeypatch, lambda: clock["now"]) as running:
        yield running


@pytest.fixture
def machines(engine, platform):
    """Two officers of one bureau and one of another, each with a token; and keyholders."""
    with transaction(engine) as session:
        bureau, other = world.new_bureau(session), world.new_bureau(session, "另一采购办")
        people = [
            world.new_person(session, bureau, Role.OFFICER),
            world.new_person(session, bureau, Role.OFFICER),
            world.new_person(session, other, Role.OFFICER),
        ]
        holders = [one.id for one in world.new_keyholders(session)]
    return [platform.with_token(person) for person in people], holders


ROUND = {"name": "api-1", "title": "接口批次", "rulebook": "national-3", "regions": ["340000"]}
LOT = {
    "code": "L01",
    "product": "阿那曲唑口服常释剂型",
    "unit": "片",
    "dosage_form": "oral-solid",
    "strengths": [{"strength": "1mg", "ratio": "1", "price_ceiling": "12.5"}],
}


def put(machine, address, body):
    return machine.send("PUT", address, json=body)


def version(machine) -> int:
    return int(machine.get(BASE).json()["version"])


def dates(clock) -> dict[str, str]:
    now = clock["now"]
    ahead = {
        "volume_opens_at": 1 / 24,
        "volume_closes_at": 10,
        "comments_close_at": 12,
        "bidding_opens_at": 20,
        "closes_at": 25,
        "opens_at": 25.1,
    }
    return {name: (now + timedelta(days=days)).isoformat() for name, days in ahead.items()}


def test_a_round_is_drafted_and_published_by_machine(platform, machines, clock):
    (first, second, _), holders = machines
    assert first.post("/api/v1/rounds", json=ROUND).status_code == 201
    added = first.post(f"{BASE}/lots", json=LOT)
    assert added.status_code == 201
    assert added.json()["lot"]["strengths"][0]["price_ceiling"] == "12.5000"
    body = {**dates(clock), "version": version(first)}
    assert put(first, f"{BASE}/timetable", body).status_code == 200
    body = {"keyholders": holders, "quorum": 3, "version": version(first)}
    assert put(first, f"{BASE}/participants", body).json()["quorum"] == 3
    rules = first.get(f"{BASE}/rules").json()["items"]
    assert [one["key"] for one in rules if one["is_missing"]] == ["ranking.tie_breaks"]
    body = {"value": ["originator"], "version": version(first)}
    assert put(first, f"{BASE}/rules/ranking.tie_breaks", body).status_code == 200
    for status in ("volume-reporting", "comments"):
        body = {"status": status, "version": version(first)}
        assert first.post(f"{BASE}/advance", json=body).status_code == 201, status
    clock["now"] += timedelta(days=13)
    checks = first.get(f"{BASE}/checks").json()["items"]
    assert [one for one in checks if not one["is_met"]] == []
    proposal = first.post(f"{BASE}/proposals", json={"step": "publish"}).json()
    confirm = f"{BASE}/proposals/{proposal['id']}/confirm"
    assert first.post(confirm, json={"digest": proposal["digest"]}).status_code == 404
    assert second.post(confirm, json={"digest": "0" * 64}).status_code == 409
    assert second.post(confirm, json={"digest": proposal["digest"]}).status_code == 201
    published = platform.nobody().get(BASE).json()
    assert (published["status"], published["published_at"] is not None) == ("published", True)
    events = platform.nobody().get(f"{BASE}/events").json()["items"]
    assert [one["status_to"] for one in events] == ["volume-reporting", "comments", "published"]


def test_a_draft_is_hidden_from_others(platform, machines):
    (first, _, stranger), _ = machines
    first.post("/api/v1/rounds", json=ROUND)
    for path in ("", "/lots", "/events", "/rules", "/checks", "/proposals", "/simulations"):
        assert stranger.get(f"{BASE}{path}").status_code == 404, path
    assert stranger.get("/api/v1/rounds").json()["items"] == []
    assert platform.nobody().get(BASE).status_code == 404
    assert platform.nobody().get(f"{BASE}/rules").status_code == 401
    assert len(first.get("/api/v1/rounds?status=draft").json()["items"]) == 1


def test_errors_have_one_format_and_name_the_fields(machines):
    (first, _, _), _ = machines
    bad = first.post("/api/v1/rounds", json={**ROUND, "name": "X", "title": ""})
    assert (bad.status_code, bad.headers["content-type"]) == (422, "application/problem+json")
    assert {one["field"] for one in bad.json()["errors"]} == {"name", "title"}
    assert first.post("/api/v1/rounds", json={"name": 3}).status_code == 400
    first.post("/api/v1/rounds", json=ROUND)
    stale = put(first, BASE, {**ROUND, "version": 99})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:jicai:problem:stale")
    naive = put(first, f"{BASE}/timetable", {"version": 1, "closes_at": "2027-01-01T00:00:00"})
    assert naive.status_code == 422


def test_a_day_is_sent_as_text(machines):
    (first, _, _), _ = machines
    first.post("/api/v1/rounds", json={**ROUND, "rulebook": "national-12"})
    rule = f"{BASE}/rules/cycle.ends_on"
    assert put(first, rule, {"value": "2029-12-31", "version": 1}).status_code == 200
    values: tuple[object, ...] = ("2029-13-01", 5, {"as_in": 5}, [[[]]], 1.5, {})
    for wrong in values:
        body = {"value": wrong, "version": version(first)}
        assert put(first, rule, body).status_code == 422, wrong


def test_a_lot_is_changed_and_taken_out(machines):
    (first, _, _), _ = machines
    first.post("/api/v1/rounds", json=ROUND)
    lot = first.post(f"{BASE}/lots", json=LOT).json()["lot"]
    changed = put(first, f"{BASE}/lots/L01", {**lot, "unit": "粒"})
    assert changed.json()["lot"]["unit"] == "粒"
    assert put(first, f"{BASE}/lots/L01", lot).status_code == 409
    bad = {**lot, "strengths": [{"strength": "1mg", "ratio": "1", "price_ceiling": "0.00001"}]}
    bad["version"] = changed.json()["lot"]["version"]
    assert put(first, f"{BASE}/lots/L01", bad).status_code == 422
    assert first.send("DELETE", f"{BASE}/lots/L01").status_code == 204
    assert first.get(f"{BASE}/lots/L01").status_code == 404


def test_a_lot_is_withdrawn_while_volumes_are_reported(machines, clock):
    (first, _, stranger), _ = machines
    first.post("/api/v1/rounds", json=ROUND)
    for code in ("L01", "L02"):
        first.post(f"{BASE}/lots", json={**LOT, "code": code})
    withdrawal = f"{BASE}/lots/L02/withdrawal"
    assert first.post(withdrawal, json={"reason": "无企业"}).status_code == 409
    put(first, f"{BASE}/timetable", {**dates(clock), "version": version(first)})
    first.post(f"{BASE}/advance", json={"status": "volume-reporting", "version": version(first)})
    assert first.post(withdrawal, json={"reason": " "}).status_code == 422
    assert stranger.post(withdrawal, json={"reason": "x"}).status_code == 404
    done = first.post(withdrawal, json={"reason": "无企业"})
    assert (done.status_code, done.json()["failed_reason"]) == (201, "无企业")


def test_the_same_request_with_a_key_is_carried_out_once(machines):
    (first, _, _), _ = machines
    headers = {"idempotency-key": "one"}
    assert first.post("/api/v1/rounds", json=ROUND, headers=headers).status_code == 201
    assert first.post("/api/v1/rounds", json=ROUND, headers=headers).status_code == 201
    assert first.post("/api/v1/rounds", json=ROUND).status_code == 422


def test_lists_go_on_by_a_cursor(machines):
    (first, _, _), _ = machines
    for number in range(3):
        first.post("/api/v1/rounds", json={**ROUND, "name": f"api-{number}"})
    page = first.get("/api/v1/rounds?page_size=2").json()
    assert [one["name"] for one in page["items"]] == ["api-0", "api-1"]
    rest = first.get(f"/api/v1/rounds?page_size=2&cursor={page['next_cursor']}").json()
    assert ([one["name"] for one in rest["items"]], rest["next_cursor"]) == (["api-2"], None)


def test_a_simulation_is_asked_for_and_read(engine, platform, machines, clock):
    (first, _, _), _ = machines
    first.post("/api/v1/rounds", json=ROUND)
    first.post(f"{BASE}/lots", json=LOT)
    body = {"rulebooks": ["national-3"], "bidders": {"L01": 6}, "draws": 20}
    asked = first.post(f"{BASE}/simulations", json=body).json()
    assert (asked["status"], asked["answer"]) == ("waiting", None)
    settings = platform.client.app.state.edge.settings
    assert run_due_jobs(Worker(engine, settings, jobs.HANDLERS, platform.clock)) == 1
    done = first.get(f"{BASE}/simulations/{asked['id']}").json()
    assert done["status"] == "done"
    figures = done["answer"]["rulebooks"][0]["figures"]
    assert figures["winners"]["p5"] <= figures["winners"]["mean"] <= figures["winners"]["p95"]
    assert "spend" not in figures
