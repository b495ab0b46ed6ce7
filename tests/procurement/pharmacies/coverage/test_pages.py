"""The pages, files and interface of coverage."""

import csv
import io

from tests.procurement.pharmacies.coverage.test_coverage import STOCK, WANTED, ask, work
from tests.procurement.pharmacies.coverage.world import designate_more, list_drug
from tests.procurement.pharmacies.finder.world import FIRST, HOSPITAL

FORM = {"region": "340000", "scope": "designation", "within_km": "15", "per_county": "1"}


def test_an_officer_sees_drugs_and_counties_and_takes_the_table_along(world, visitor):
    drug = list_drug(world)
    designate_more(world, HOSPITAL)
    world.report(STOCK)
    desk = visitor("officer")
    page = desk.get("/coverage").text
    assert "奥希替尼" in page and "有缺口" in page
    one = desk.get(f"/coverage/drugs/{drug}?region=340000").text
    assert "大药房人民路店" in one and "缺医院" in one and "均缺" in one
    rows = list(csv.reader(io.StringIO(desk.get("/coverage.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 4 and rows[1][:3] == ["奥希替尼", "片剂", "341502"]
    assert desk.get("/coverage.xlsx").content[:2] == b"PK"
    assert desk.get(f"/coverage/drugs/{drug + 9}?region=340000").status_code == 404


def test_nobody_sees_the_coverage_of_another_region(world, platform, visitor):
    list_drug(world)
    assert visitor("far officer").get("/coverage?region=340000").status_code == 404
    assert visitor("agency").get("/coverage?region=340000").status_code == 404
    assert visitor("agency").get("/coverage").status_code == 200
    assert visitor("chain").get("/coverage").status_code == 403
    plan_id = ask(world, WANTED)
    assert visitor("far officer").get(f"/coverage/plans/{plan_id}").status_code == 404


def test_an_officer_asks_for_a_plan_and_sees_its_map(world, visitor, tmp_path):
    list_drug(world)
    desk = visitor("officer")
    assert "开始计算" in desk.get("/coverage/plans/new?region=340000").text
    wrong = desk.post("/coverage/plans/new", data={**FORM, "within_km": "far", "per_county": "x"})
    assert wrong.status_code == 422 and 'value="far"' in wrong.text
    made = desk.post("/coverage/plans/new", data=FORM)
    assert made.status_code == 303
    address = made.headers["location"]
    assert "刷新进度" in desk.get(address).text
    work(world, tmp_path)
    page = desk.get(address).text
    assert "已证明" in page and "<svg" in page and page.count("<circle") >= 3
    english = desk.get(f"{address}?lang=en").text
    assert "Proven" in english
    rows = list(csv.reader(io.StringIO(desk.get(f"{address}/plan.csv").text.lstrip("\ufeff"))))
    assert len(rows) == 3 and FIRST in {row[0] for row in rows}


def test_machines_read_coverage_and_ask_for_plans(world, visitor, tmp_path):
    drug = list_drug(world)
    world.report(STOCK)
    machine = visitor("officer", machine=True)
    found = machine.get("/api/v1/coverage/340000").json()
    assert found["drugs"][0]["without_pharmacy"] == 2
    one = machine.get(f"/api/v1/coverage/340000/drugs/{drug}").json()
    assert one["counties"][0]["pharmacies"][0]["code"] == FIRST
    body = {"region": "340000", "within_km": 15}
    made = machine.post("/api/v1/coverage-plans", json=body)
    assert made.status_code == 201 and made.json()["outcome"] is None
    work(world, tmp_path)
    done = machine.get(f"/api/v1/coverage-plans/{made.json()['id']}").json()
    assert done["status"] == "done" and done["outcome"]["optimal"] is True
    assert machine.post("/api/v1/coverage-plans", json={"region": "320000"}).status_code == 404
    bad = machine.post("/api/v1/coverage-plans", json={**body, "per_county": 0})
    assert bad.status_code == 422
