"""The pages, files and interface of the finder, by requests of anybody and of places."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from procurement.accounts.tables import Person
from procurement.catalogue.spreadsheets import as_csv
from procurement.database import snapshot, transaction
from procurement.pharmacies.listed.kinds import DrugState, Storage
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    HOSPITAL,
    MOMENT,
    SECOND,
    TODAY,
)
from tests.procurement.platform import running_platform

STOCK = {"place": FIRST, "drug_code": CODE, "packs": "3", "price": "4600"}


@pytest.fixture
def platform(world, tmp_path):
    """The platform at the world's noon."""
    with running_platform(world.engine, tmp_path, clock=lambda: MOMENT) as running:
        yield running


@pytest.fixture
def visitor(world, platform):
    """Somebody of the world at a browser, or with a token."""

    def of(name, *, machine=False):
        with snapshot(world.engine) as session:
            person = session.get_one(Person, world.actors[name].person_id)
        return platform.with_token(person) if machine else platform.signed_in(person)

    return of


def listed(world):
    """Put the first drug on the list of the province."""
    officer = world.actors["officer"]
    with transaction(world.engine) as session:
        decision = ListDecision(
            number="test-1",
            region="340000",
            bureau_id=officer.organisation_id,
            kind="published-list",
            status="confirmed",
            document="test",
            decided_on=date(2026, 1, 1),
            in_force_from=date(2026, 1, 1),
            rulebook="",
            rulebook_digest="",
            reason="",
            notice_title="",
            notice_text="",
            public_from=date(2026, 1, 1),
            proposed_by=officer.person_id,
            proposed_at=MOMENT,
        )
        drug = ListedDrug(generic_product_id=world.drugs["奥希替尼"], region="340000")
        session.add_all([decision, drug])
        session.flush()
        session.add(
            ListPeriod(
                listed_drug_id=drug.id,
                decision_id=decision.id,
                state=DrugState.DUAL_SEPARATE,
                starts_on=date(2026, 1, 1),
                indication_limits="限晚期非小细胞肺癌",
                self_pay_share=Decimal("0.1"),
                registration_needed=True,
                papers="病理报告\n基因检测报告",
                storage=Storage.COOL,
                recorded_at=MOMENT,
            )
        )


def rows_of(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_anybody_finds_who_has_a_drug_and_what_to_bring(world, platform):
    listed(world)
    world.report(STOCK)
    page = platform.nobody().get(f"/find/drugs/{world.drugs['奥希替尼']}?county=341502").text
    for words in (
        "大药房人民路店",
        "限晚期非小细胞肺癌",
        "基因检测报告",
        "医保支付标准 4,500.00 元",
        "一盒 4,600.00 元",
        "今天 09:00-12:00、14:00-18:00",
        "2026年11月22日（今天）",
        "双通道定点",
        "阴凉",
        "12393",
    ):
        assert words in page, words


def test_without_a_county_the_way_leads_by_province_and_county(world, platform):
    world.report(STOCK)
    drug = world.drugs["奥希替尼"]
    nobody = platform.nobody()
    assert f"/find/drugs/{drug}?province=340000" in nobody.get(f"/find/drugs/{drug}").text
    counties = nobody.get(f"/find/drugs/{drug}?province=340000").text
    assert f"/find/drugs/{drug}?county=341502" in counties and "1 家有药" in counties


@pytest.mark.parametrize("county", ["341599", "340000", "abc", "341502'--"])
def test_a_county_that_does_not_exist_is_said_to_be_none(world, platform, county):
    drug = world.drugs["奥希替尼"]
    nobody = platform.nobody()
    answer = nobody.get(f"/find/drugs/{drug}", params={"county": county})
    assert answer.status_code == 422 and "没有代码为" in answer.text
    assert nobody.get(f"/find/counties/{county}").status_code == 404
    by_machine = nobody.get(f"/api/v1/find/drugs/{drug}", params={"county": county})
    assert by_machine.status_code in (400, 422)


def test_places_and_counties_have_pages_in_both_languages(world, platform):
    world.report(STOCK)
    nobody = platform.nobody()
    place = nobody.get(f"/find/places/{FIRST}").text
    assert "乘 1 路到人民路站" in place and 'href="tel:0564-3333333"' in place
    english = nobody.get(f"/find/places/{FIRST}?lang=en").text
    assert "today 09:00-12:00, 14:00-18:00" in english and "How to get there" in english
    county = nobody.get("/find/counties/341502").text
    assert "六安市医院" in county and "奥希替尼" in county
    assert "/find/counties/341523" in nobody.get("/find/regions/340000").text
    for nothing in ("/find/places/X", "/find/regions/999999", "/find/drugs/999"):
        assert nobody.get(nothing).status_code == 404


def test_search_and_pages_need_no_script_and_no_account(world, platform):
    page = platform.nobody().get("/find", params={"q": "希替"}).text
    assert f"/find/drugs/{world.drugs['奥希替尼']}" in page
    assert "没有找到" in platform.nobody().get("/find", params={"q": "没有这个"}).text
    assert platform.nobody().get("/find?region=abc&q=x").status_code == 200


def test_files_hold_what_pages_show(world, platform):
    world.report(STOCK)
    drug = world.drugs["奥希替尼"]
    nobody = platform.nobody()
    (row,) = rows_of(nobody.get(f"/find/drugs/{drug}/places.csv?county=341502&lang=en"))
    assert (row["place"], row["price"], row["payment_standard"]) == (
        FIRST,
        "4600.00",
        "4500.00",
    )
    assert len(rows_of(nobody.get(f"/find/places/{FIRST}/stock.csv"))) == 1
    assert len(rows_of(nobody.get("/find/counties/341502/places.csv"))) == 2
    (drugs,) = rows_of(nobody.get("/find/counties/341502/drugs.csv?lang=en"))
    assert drugs == {"drug": "奥希替尼", "form": "片剂", "places": "1"}
    assert nobody.get(f"/find/drugs/{drug}/places.csv?county=x").status_code == 404


def test_the_interface_gives_the_same_as_json(world, platform):
    listed(world)
    world.report(STOCK)
    nobody = platform.nobody()
    drug = world.drugs["奥希替尼"]
    seen = nobody.get(f"/api/v1/find/drugs/{drug}?county=341502").json()
    (place,) = seen["items"]
    assert place["code"] == FIRST and place["is_dual_channel"] and seen["next_cursor"] is None
    assert place["open_today"] == ["09:00-12:00", "14:00-18:00"]
    (stock,) = place["stock"]
    assert (stock["price"], stock["payment_standard"]) == ("4600", "4500")
    assert seen["listed"]["papers"] == ["病理报告", "基因检测报告"]
    assert nobody.get(f"/api/v1/find/drugs/{drug}").json()["provinces"] == ["340000"]
    by_county = nobody.get(f"/api/v1/find/drugs/{drug}?province=340000").json()["counties"]
    assert [(one["county"]["code"], one["places"]) for one in by_county] == [("341502", 1)]
    found = nobody.get("/api/v1/find", params={"q": "大药房"}).json()
    assert {one["code"] for one in found["places"]} == {FIRST, SECOND}
    county = nobody.get("/api/v1/find/counties/341502").json()
    assert {one["code"] for one in county["items"]} == {FIRST, HOSPITAL}
    assert nobody.get(f"/api/v1/find/places/{HOSPITAL}").json()["stock"] == []
    for bad in ("cursor=x", "cursor=0", "cursor=1", "province=123456"):
        query = f"county=341502&{bad}" if "cursor" in bad else bad
        assert nobody.get(f"/api/v1/find/drugs/{drug}?{query}").status_code == 422


def test_a_place_reports_by_file_by_line_and_by_machine(world, platform, visitor):
    chain = visitor("chain")
    good = as_csv(
        [
            ["机构代码", "国家医保药品代码", "库存盒数", "销售价", "盘点日期"],
            [FIRST, CODE, "3", "4500", TODAY.isoformat()],
        ]
    )
    sent = chain.post("/find/stock", data={"whole": "yes"}, files={"file": ("a.csv", good)})
    assert (sent.status_code, sent.headers["location"]) == (303, "/find/stock?done=yes")
    assert "a.csv" in chain.get("/find/stock?done=yes").text
    bad = good.replace(b"4500", b"0").replace(b",3,", b",-3,")
    refused = chain.post("/find/stock", data={}, files={"file": ("a.csv", bad)})
    assert refused.status_code == 422
    assert "第 2 行，库存盒数 packs" in refused.text and "第 2 行，销售价 price" in refused.text
    line = {"place": SECOND, "drug_code": CODE, "level": "few", "as_of": TODAY.isoformat()}
    assert chain.post("/find/stock/line", data=line).status_code == 303
    again = chain.post("/find/stock/line", data={**line, "as_of": "2099-01-01"})
    assert again.status_code == 422 and "2099-01-01" in again.text
    machine = visitor("chain", machine=True)
    body = {"lines": [{"drug_code": CODE, "packs": 9, "as_of": TODAY.isoformat()}], "whole": True}
    taken = machine.post(f"/api/v1/find/places/{SECOND}/stock", json=body)
    assert taken.status_code == 200 and taken.json()["changed"] == 1
    assert machine.post(f"/api/v1/find/places/{HOSPITAL}/stock", json=body).status_code == 404
    assert machine.post("/api/v1/stock-uploads", json=body).status_code == 422
    assert visitor("officer").get("/find/stock").status_code == 403
    assert chain.get("/find/stock/template.csv").content.decode("utf-8-sig").startswith("机构代码,")


def test_an_officer_sees_settles_and_decides(world, platform, visitor):
    world.report(STOCK)
    officer = visitor("officer")
    page = officer.get("/find/prices").text
    assert "大药房人民路店" in page and "4,600.00" in page and "双通道" in page
    machine = visitor("officer", machine=True)
    (flag,) = machine.get("/api/v1/stock-flags").json()["items"]
    assert visitor("far officer", machine=True).get("/api/v1/stock-flags").json()["items"] == []
    path = f"/find/prices/{flag['id']}"
    assert visitor("far officer").post(path, data={"why": "x"}).status_code == 404
    assert officer.post(path, data={"why": ""}).status_code == 422
    assert officer.post(path, data={"why": "已整改"}).status_code == 303
    assert officer.post(path, data={"why": "再次"}).status_code == 409
    assert "已整改" in officer.get("/find/prices?state=settled").text
    assert officer.post("/find/age-limit", data={"days": "x", "basis": ""}).status_code == 422
    decided = officer.post("/find/age-limit", data={"days": "7", "basis": "本省通知"})
    assert decided.status_code == 303 and "本省通知" in officer.get("/find/prices").text
    assert "核查高于支付标准" not in officer.get("/").text


def test_tasks_lead_places_and_officers_to_what_waits(world, platform, visitor):
    assert "/find/stock" in visitor("chain").get("/").text
    world.report(STOCK)
    assert "/find/prices" in visitor("officer").get("/").text


def test_a_hospital_without_a_count_is_told_so(world, platform, visitor):
    answer = visitor("hospital").post("/find/stock/count")
    assert answer.status_code == 409 and "3501" in answer.text
    by_machine = visitor("hospital", machine=True).post("/api/v1/stock-uploads/count")
    assert by_machine.status_code == 409
