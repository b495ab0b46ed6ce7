"""Pages and interface: each side does its part, keeps what it typed, and sees no other's."""

from datetime import date

import pytest

from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.procurement.monitoring.test_report import BOUGHT, ask, report_of, work
from tests.procurement.monitoring.world import CODES


@pytest.fixture
def at(platform, world):
    """Return a person at a browser."""

    def desk(actor):
        with transaction(world.engine) as session:
            person = session.get_one(Person, actor.person_id)
        return platform.signed_in(person)

    return desk


@pytest.fixture
def by_token(platform, world):
    """Return a machine that acts for a person."""

    def machine(actor):
        with transaction(world.engine) as session:
            person = session.get_one(Person, actor.person_id)
        return platform.with_token(person)

    return machine


def test_an_officer_opens_a_survey_and_keeps_what_was_typed_when_it_is_wrong(at, world):
    desk = at(world.officer)
    typed = {"month": "2027-13", "closes_at": "2027-04-20T17:00", "remind_days": "x", "note": "n"}
    refused = desk.post("/monitoring/surveys/new", data=typed)
    assert refused.status_code == 422
    assert 'value="2027-13"' in refused.text and 'href="#field-remind_days"' in refused.text
    opened = desk.post(
        "/monitoring/surveys/new", data={**typed, "month": "2027-03", "remind_days": "5，1"}
    )
    assert opened.status_code == 303
    page = desk.get(opened.headers["location"])
    assert page.status_code == 200 and "生产企业" in page.text and "尚未填报的单位" in page.text
    again = desk.post(
        "/monitoring/surveys/new", data={**typed, "month": "2027-03", "remind_days": ""}
    )
    assert again.status_code == 409 and "已经发出" in again.text


def test_a_hospital_answers_by_form_and_finds_its_faults_in_their_rows(at, world):
    survey_id = world.open()
    desk, place = at(world.hospitals[0]), f"/monitoring/surveys/{survey_id}/answer"
    assert "本单位填报的内容只有采购办看得到" in desk.get(place).text
    typed = {"rows": "5", "drug_code-2": CODES[0], "price-2": "x", "out_of_stock-2": "yes"}
    refused = desk.post(place, data=typed)
    assert refused.status_code == 422
    assert (
        'id="fault-lines.2.price"' in refused.text and 'id="fault-lines.2.reason"' in refused.text
    )
    assert f'value="{CODES[0]}"' in refused.text
    sent = desk.post(place, data={**typed, "price-2": "19.5", "reason-2": "停产"})
    assert sent.status_code == 303
    page = desk.get(sent.headers["location"]).text
    assert "已收到第 1 次填报，共 1 个药品" in page and 'value="停产"' in page


def test_a_file_with_a_bad_line_is_refused_as_a_whole_with_a_table_of_its_faults(at, world):
    survey_id = world.open()
    desk, place = at(world.pharmacy), f"/monitoring/surveys/{survey_id}/answer"
    template = desk.get(f"/monitoring/surveys/{survey_id}/template.csv")
    assert template.text.lstrip("\ufeff").startswith("药品代码,")
    bad = {"file": ("x.csv", f"drug_code,price\nNOWHERE,1\n{CODES[0]},-\n".encode())}
    refused = desk.post(place, files=bad)
    assert refused.status_code == 422
    assert "第 2 行，药品代码 drug_code" in refused.text and "第 3 行，价格 price" in refused.text
    good = {"file": ("x.csv", f"drug_code,price\n{CODES[0]},21.5\n".encode())}
    assert desk.post(place, files=good).status_code == 303
    nothing = desk.post(place, data={"nothing": "yes"})
    assert nothing.status_code == 303
    assert "已收到第 2 次填报，共 0 个药品" in desk.get(nothing.headers["location"]).text


def test_nobody_sees_the_answers_of_another_firm(at, by_token, platform, world):
    survey_id = world.open()
    world.answer(survey_id, world.hospitals[0], {"drug_code": CODES[0], "reason": "只有我知道"})
    place = f"/monitoring/surveys/{survey_id}"
    for other in (world.hospitals[1], world.maker, world.distributor, world.pharmacy):
        desk = at(other)
        assert "只有我知道" not in desk.get(f"{place}/answer").text
        assert desk.get(place).status_code == 403
        assert desk.get(f"{place}/lines.csv").status_code == 403
    assert at(world.other_maker).get(f"{place}/answer").status_code == 404
    assert at(world.stranger).get(place).status_code == 404
    assert platform.nobody().get(place).status_code == 303
    assert by_token(world.maker).get("/api/v1/monitoring/surveys").json()["items"][0]["id"]
    assert "只有我知道" in at(world.supervisor).get(place).text
    assert "只有我知道" in at(world.officer).get(f"{place}/lines.csv").text


def test_a_machine_answers_and_is_told_its_faults(by_token, world):
    survey_id = world.open()
    machine = by_token(world.hospitals[0])
    place = f"/api/v1/monitoring/surveys/{survey_id}/answers"
    line = {"drug_code": CODES[0], "price": "20.00", "stock_days": "12"}
    taken = machine.post(place, json={"lines": [line]})
    assert taken.status_code == 201 and taken.json()["revision"] == 1
    refused = machine.post(place, json={"lines": [{**line, "price": "x"}]})
    assert refused.status_code == 422 and "lines.1.price" in refused.text
    assert by_token(world.officer).post(place, json={"lines": []}).status_code == 403


def test_thresholds_need_a_basis_and_a_page_that_is_not_stale(at, world):
    desk = at(world.officer)
    refused = desk.post("/monitoring/thresholds", data={"version": "0", "stock-days": "15"})
    assert refused.status_code == 422 and 'id="fault-basis-stock-days"' in refused.text
    typed = {"version": "0", "stock-days": "15", "basis-stock-days": "会议纪要〔2027〕3号"}
    assert desk.post("/monitoring/thresholds", data=typed).status_code == 303
    assert "会议纪要〔2027〕3号" in at(world.supervisor).get("/monitoring/thresholds").text
    assert desk.post("/monitoring/thresholds", data=typed).status_code == 409


def test_the_shortage_list_is_public_and_its_signals_are_not(at, platform, world):
    survey_id = world.open()
    out = {"drug_code": CODES[0], "out_of_stock": "是", "reason": "原料"}
    world.answer(survey_id, world.hospitals[0], out)
    desk, place = at(world.officer), f"/monitoring/shortages/{world.generic_ids[0]}"
    assert f'href="{place}"' in desk.get(f"/monitoring/surveys/{survey_id}").text
    unknown = {"step": "listed", "rise": "0.2", "has_substitute": "yes", "version": "0"}
    refused = desk.post(place, data={**unknown, "reason": "断货"})
    assert refused.status_code == 409 and "涨幅界限" in refused.text
    world.give(rise_small="0.1", rise_red="0.5")
    assert desk.post(place, data={**unknown, "reason": "断货"}).status_code == 303
    public = platform.nobody().get("/monitoring/shortages")
    assert "缬沙坦" in public.text and "黄灯" in public.text
    assert platform.nobody().get("/api/v1/monitoring/shortages").json()[0]["light"] == "yellow"
    assert at(world.hospitals[1]).get(place).status_code == 403
    assert "缬沙坦" in platform.nobody().get("/monitoring/shortages.csv").text
    gone = desk.post(place, data={"step": "removed", "reason": "恢复", "version": "1"})
    assert gone.status_code == 303
    assert "清单上没有药品" in platform.nobody().get("/monitoring").text


def test_a_list_is_compared_and_a_second_officer_decides_the_proposal(at, world):
    desk = at(world.officer)
    facts = {
        "kind": "province",
        "title": "外省挂网价",
        "place": "江苏",
        "document": "苏医保发〔2027〕1号",
        "valid_from": "2027-03-01",
    }
    heading = "generic,form,strength,maker,pack_units,pack_price\n"
    bad = {"file": ("x.csv", (heading + "缬沙坦,口服常释剂型,80mg,甲药业,0,x\n").encode())}
    refused = desk.post("/monitoring/lists", data={**facts, "title": ""}, files=bad)
    assert refused.status_code == 422
    assert "第 2 行，包装数量 pack_units" in refused.text
    assert 'id="fault-title"' in refused.text and 'value="江苏"' in refused.text
    lines = "缬沙坦,口服常释剂型,80 MG,甲药业,20,30.00\n阿那曲唑,口服常释剂型,1mg,甲药业,10,1\n"
    good = {"file": ("x.csv", (heading + lines).encode())}
    stored = desk.post("/monitoring/lists", data=facts, files=good)
    place = stored.headers["location"]
    assert desk.post("/monitoring/lists", data=facts, files=good).status_code == 409
    page = desk.get(place).text
    assert "可比的 1 个本地价格中，1 个高于清单价格" in page and "33.33" in page and "15.00" in page
    price_id = page.split('name="price_ids" value="')[1].split('"')[0]
    proposed = desk.post(f"{place}/proposals", data={"price_ids": price_id, "basis": "联动规定"})
    assert proposed.status_code == 303
    again = desk.post(f"{place}/proposals", data={"price_ids": price_id, "basis": "联动规定"})
    assert again.status_code == 422 and "已经提议过" in again.text
    own = desk.get("/monitoring/linkage").text
    assert "联动规定" in own and 'value="confirmed"' not in own
    decision = {"status": "confirmed", "reason": "核实", "version": "1"}
    assert desk.post("/monitoring/linkage/1", data=decision).status_code == 404
    second = at(world.second)
    assert 'value="confirmed"' in second.get("/monitoring/linkage").text
    assert second.post("/monitoring/linkage/1", data=decision).status_code == 303
    # The price itself is as it was.
    assert "20.00" in second.get(place).text and "已复核" in second.get("/monitoring/linkage").text


def test_the_public_reads_a_report_only_once_a_second_officer_published_it(
    at, platform, by_token, world, tmp_path
):
    world.buy(*BOUGHT)
    world.give(sources_min="2")
    desk = at(world.officer)
    asked = desk.post("/monitoring/reports/new", data={"quarter": "2027Q1"})
    place = asked.headers["location"]
    assert "data-job" in desk.get(place).text
    work(world, tmp_path)
    nobody = platform.nobody()
    assert nobody.get(place).status_code in (303, 404)
    assert desk.post(f"{place}/publish", data={"version": "2"}).status_code == 404
    page = desk.get(place).text
    assert "本季度价格总水平比上季度上涨" in page and "须由另一名经办人复核发布" in page
    second = at(world.second)
    assert "复核并发布" in second.get("/").text
    assert second.post(f"{place}/publish", data={"version": "2"}).status_code == 303
    public = nobody.get(place)
    assert public.status_code == 200 and "<svg" in public.text and "style=" not in public.text
    english = nobody.get(f"{place}?lang=en", headers={"accept-language": "en"})
    assert english.status_code in (200, 303)
    pdf = nobody.get(f"{place}/report.pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")
    assert "拉氏" in nobody.get(f"{place}/tables/index").text
    assert nobody.get(f"{place}/tables/none").status_code in (303, 404)
    listed = nobody.get("/api/v1/monitoring/reports").json()["items"]
    assert [one["status"] for one in listed] == ["published"]
    detail = nobody.get(f"/api/v1/monitoring/reports/{listed[0]['id']}").json()
    assert detail["content"]["quarter"] == "2027Q1"


def test_the_first_quarter_that_can_be_asked_for_is_the_last_that_is_over(at, world):
    page = at(world.officer).get("/monitoring/reports/new").text
    assert 'value="2027Q1"' in page and 'value="2027Q2"' not in page
    refused = at(world.officer).post("/monitoring/reports/new", data={"quarter": "2027Q9"})
    assert refused.status_code == 422


def test_tasks_lead_to_what_waits(at, world, tmp_path):
    world.open()
    assert "填报 2027-03 药品价格和供应调查" in at(world.hospitals[2]).get("/").text
    report_id = ask(world)
    work(world, tmp_path)
    assert report_of(world, report_id).made_at is not None
    assert f"/monitoring/reports/{report_id}" in at(world.second).get("/").text
    assert world.moment.date() > date(2027, 4, 1)
