"""The interface: a hospital's system reports, a bureau's system reviews, uploads and adds up."""

import pytest

from procurement.accounts.tables import Person
from procurement.database import snapshot, transaction
from procurement.volumes.bulk.service import work_on_upload
from tests.procurement.platform import running_platform
from tests.procurement.volumes.test_bulk import FakeRun, csv_file
from tests.procurement.volumes.test_review import end_window
from tests.procurement.volumes.world import SCAN, buy, past

ROUND = "/api/v1/rounds/anhui-2026-1"


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def machines(platform, world):
    """Return a token's visitor for each side."""
    actors = {
        "hospital": world.pharmacist,
        "lead": world.lead_pharmacist,
        "bureau": world.officer,
    }
    with snapshot(platform.engine) as session:
        people = {name: session.get_one(Person, one.person_id) for name, one in actors.items()}
    return {name: platform.with_token(person) for name, person in people.items()}


def put(visitor, address, body):
    return visitor.send("PUT", address, json=body)


def test_a_report_goes_its_whole_way_by_machine(platform, world, machines):
    before, last = past(world)
    with transaction(platform.engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 12000, last: 9000})
    hospital, bureau = machines["hospital"], machines["bureau"]
    started = hospital.post(f"{ROUND}/volume-reports", json={})
    assert started.status_code == 201, started.text
    report = started.json()
    assert report["lines"][0]["demand"] == 10500
    assert report["lines"][0]["uses"] == {str(before): 12000, str(last): 9000}
    address = f"{ROUND}/volume-reports/{report['id']}"
    body = {
        "version": report["version"],
        "lines": [
            {"lot": "L01", "strength": "1mg", "quantity": 8399},
            {"lot": "L01", "strength": "1mg", "quantity": 1, "brand": world.brands[0].name},
            {
                "lot": "L02",
                "strength": "0.25g",
                "quantity": 10,
                "conversion": {
                    "kind": "child",
                    "strength": "125mg",
                    "quantity": 75,
                    "ratio": "0.5",
                    "explanation": "儿童用量",
                },
            },
        ],
        "explanations": [],
    }
    written = put(hospital, f"{address}/lines", body)
    assert written.status_code == 200, written.text
    first = written.json()["products"][0]
    assert (first["ratio"], first["minimum"], first["needs_explanation"]) == ("0.8", 8400, False)
    demands = {(one["lot"], one["brand"]): one["demand"] for one in written.json()["lines"]}
    assert demands["L02", None] in (48, None)
    assert put(hospital, f"{address}/lines", body).status_code == 409
    refused = hospital.post(f"{address}/submission", json={"version": written.json()["version"]})
    assert refused.status_code == 422
    assert refused.headers["content-type"].startswith("application/problem+json")
    hospital.post(f"{address}/papers", files={"file": ("承诺书.pdf", SCAN)})
    sent = hospital.post(f"{address}/submission", json={"version": written.json()["version"]})
    assert sent.json()["number"] == f"BL-anhui-2026-1-{report['id']:06}-1"
    listed = bureau.get(f"{ROUND}/volume-reports?status=submitted&page_size=1").json()
    assert [item["id"] for item in listed["items"]] == [report["id"]]
    returned = bureau.post(
        f"{address}/return", json={"version": sent.json()["version"], "reason": "请核对单位"}
    )
    assert returned.json()["return_reason"] == "请核对单位"
    again = hospital.post(
        f"{address}/submission", json={"version": returned.json()["version"]}
    ).json()
    accepted = bureau.post(f"{address}/acceptance", json={"version": again["version"]})
    assert accepted.json()["status"] == "accepted"
    with transaction(platform.engine) as session:
        end_window(session, world)
    run = bureau.post(f"{ROUND}/base-volumes", json={}).json()
    assert (run["reports"], run["missing"]) == (1, 1)
    volumes = bureau.get(f"{ROUND}/base-volumes").json()
    assert {(one["lot"], one["brand"]): one["base_volume"] for one in volumes["items"]} == {
        ("L01", None): 8399,
        ("L01", world.brands[0].name): 1,
        ("L02", None): 48,
    }


def test_faults_of_a_body_stand_at_their_places(machines):
    hospital = machines["hospital"]
    report = hospital.post(f"{ROUND}/volume-reports", json={}).json()
    answer = put(
        hospital,
        f"{ROUND}/volume-reports/{report['id']}/lines",
        {
            "version": report["version"],
            "lines": [
                {"lot": "L01", "strength": "1mg", "quantity": 5},
                {"lot": "L09", "strength": "1mg", "quantity": 5},
                {"lot": "L03", "strength": "0.75g", "quantity": -1, "brand": "没有的企业"},
            ],
            "explanations": [{"lot": "L01", "reason": "none", "text": "x"}],
        },
    )
    assert answer.status_code == 422
    for place in ("lines[1].lot", "lines[2].quantity", "lines[2].brand", "explanations[0].reason"):
        assert place in answer.text
    assert "lines[0]" not in answer.text


def test_another_hospitals_report_is_not_found(machines):
    report = machines["hospital"].post(f"{ROUND}/volume-reports", json={}).json()
    address = f"{ROUND}/volume-reports/{report['id']}"
    assert machines["lead"].get(address).status_code == 404
    assert put(machines["lead"], f"{address}/lines", {"version": 1, "lines": []}).status_code == 404
    assert machines["hospital"].get(f"{ROUND}/volume-reports").status_code == 404
    assert machines["hospital"].post(f"{ROUND}/base-volumes", json={}).status_code == 403


def test_a_line_is_taken_away_by_null(machines):
    hospital = machines["hospital"]
    report = hospital.post(f"{ROUND}/volume-reports", json={}).json()
    address = f"{ROUND}/volume-reports/{report['id']}"
    version = report["version"]
    for quantity in (5, None):
        line = {"lot": "L01", "strength": "1mg", "quantity": quantity}
        answer = put(hospital, f"{address}/lines", {"version": version, "lines": [line]}).json()
        version = answer["version"]
        assert answer["lines"][0]["demand"] == quantity


def test_a_group_is_split_by_machine(world, machines):
    lead = machines["lead"]
    report = lead.post(f"{ROUND}/volume-reports", json={}).json()
    address = f"{ROUND}/volume-reports/{report['id']}"
    line = {"lot": "L01", "strength": "1mg", "quantity": 10}
    body = {"version": report["version"], "lines": [line]}
    version = put(lead, f"{address}/lines", body).json()["version"]
    part = {"lot": "L01", "strength": "1mg"}
    parts = [
        {**part, "hospital": world.lead.credit_code, "volume": 7},
        {**part, "hospital": world.members[0].credit_code, "volume": 2},
    ]
    wrong = put(lead, f"{address}/split", {"version": version, "parts": parts})
    assert wrong.status_code == 422
    parts[1]["volume"] = 3
    right = put(lead, f"{address}/split", {"version": version, "parts": parts})
    assert right.status_code == 200
    kept = lead.get(f"{address}/split").json()["parts"]
    assert sorted(one["volume"] for one in kept) == [3, 7]


def test_a_file_is_sent_once_and_asked_for_its_progress_and_faults(platform, world, machines):
    bureau, code = machines["bureau"], world.hospital.credit_code
    rows = [f"{code},L01,1mg,,100,,", *(f"{code},L0{number},x,,1,," for number in (5, 6, 7))]
    sent = bureau.post(
        f"{ROUND}/volume-uploads",
        data={"submits": "yes"},
        files={"file": ("省.csv", csv_file(*rows))},
    )
    assert sent.status_code == 202
    upload = sent.json()
    again = bureau.post(
        f"{ROUND}/volume-uploads",
        data={"submits": "yes"},
        files={"file": ("省.csv", csv_file(*rows))},
    )
    assert again.json()["id"] == upload["id"]
    work_on_upload(FakeRun(platform.engine), upload_id=upload["id"])
    address = f"/api/v1/volume-uploads/{upload['id']}"
    done = bureau.get(address).json()
    assert (done["status"], done["stored"], done["faults"]) == ("done", 1, 3)
    page = bureau.get(f"{address}/faults?page_size=2").json()
    assert [item["row"] for item in page["items"]] == [3, 4]
    rest = bureau.get(f"{address}/faults?cursor={page['next_cursor']}").json()
    assert ([item["row"] for item in rest["items"]], rest["next_cursor"]) == ([5], None)
    assert machines["hospital"].get(address).status_code in (403, 404)
    assert bureau.get(f"{ROUND}/volume-uploads").json()["items"][0]["id"] == upload["id"]
    assert bureau.get(f"{address}/faults?cursor=nonsense").status_code == 422


def test_the_calendar_the_progress_and_who_is_missing_are_read_by_machine(
    platform, world, machines
):
    hospital, bureau = machines["hospital"], machines["bureau"]
    (due,) = hospital.get("/api/v1/volume-calendar").json()["items"]
    assert (due["round"], due["is_owed"], due["report_id"]) == ("anhui-2026-1", True, None)
    report = hospital.post(f"{ROUND}/volume-reports", json={}).json()
    (due,) = hospital.get("/api/v1/volume-calendar").json()["items"]
    assert (due["report_id"], due["status"]) == (report["id"], "draft")
    progress = {
        row["region"]: row for row in bureau.get(f"{ROUND}/volume-progress").json()["items"]
    }
    assert progress["340000"] == {"region": "340000", "hospitals": 2, "reports": {"draft": 1}}
    first = bureau.get(f"{ROUND}/volume-missing?page_size=1").json()
    rest = bureau.get(f"{ROUND}/volume-missing?cursor={first['next_cursor']}").json()
    names = [row["name"] for row in (*first["items"], *rest["items"])]
    assert (sorted(names), rest["next_cursor"]) == (["县人民医院", "省立医院"], None)
    assert bureau.get(f"{ROUND}/volume-missing?cursor=x").status_code == 422
    for address in (f"{ROUND}/volume-progress", f"{ROUND}/volume-missing"):
        assert hospital.get(address).status_code in (403, 404)
    assert platform.nobody().get("/api/v1/volume-calendar").status_code == 401
