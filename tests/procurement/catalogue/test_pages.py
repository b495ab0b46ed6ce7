"""The pages and the interface of the catalogue, by real requests."""

import csv
import io
import re

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.reading import read_file
from procurement.catalogue.rules import COLUMNS
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.catalogue.builders import (
    ANASTROZOLE,
    HOLDER,
    csv_file,
    new_holder,
    new_product,
)
from tests.procurement.platform import running_platform
from tests.procurement.world import new_organisation, new_person

PRODUCTS = "/api/v1/catalogue/products"
LINE = {**ANASTROZOLE, "holder": HOLDER}
BODY = {
    "name": "阿那曲唑",
    "printed_form": "片剂",
    "unit": "片",
    "strength": "1mg",
    "pack_units": 14,
    "holder": HOLDER,
    "approval_number": "国药准字H20203001",
}


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def people(platform):
    with transaction(platform.engine) as session:
        new_holder(session)
        bureau = new_organisation(session, OrganisationKind.BUREAU)
        hospital = new_organisation(session, OrganisationKind.HOSPITAL)
        return {
            "officer": new_person(session, bureau, roles=(Role.OFFICER,)),
            "supervisor": new_person(session, bureau, roles=(Role.SUPERVISOR,)),
            "hospital": new_person(session, hospital, roles=(Role.HOSPITAL,)),
        }


@pytest.fixture
def officer(platform, people):
    return platform.signed_in(people["officer"])


def stored(platform, **changes):
    with transaction(platform.engine) as session:
        return new_product(session, **changes).id


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_anybody_reads_the_catalogue_in_both_languages(platform, people):
    visitor = platform.nobody()
    assert "目录为空" in visitor.get("/catalogue").text
    number = stored(platform)
    assert "阿那曲唑（片剂）" in visitor.get("/catalogue").text
    page = visitor.get(f"/catalogue/products/{number}?lang=en")
    assert page.status_code == 200
    assert "national drug code" in page.text
    assert visitor.get("/catalogue/products/99").status_code == 404


@pytest.mark.parametrize("who", ["nobody", "hospital", "supervisor"])
def test_only_officers_change_it(platform, people, who):
    visitor = platform.nobody() if who == "nobody" else platform.signed_in(people[who])
    number = stored(platform)
    for address in (
        "/catalogue/products/new",
        f"/catalogue/products/{number}/edit",
        "/catalogue/generic-products/new",
        "/catalogue/import",
        "/catalogue/import/template.xlsx",
    ):
        assert visitor.get(address).status_code in (302, 303, 401, 403), address
    assert visitor.post("/catalogue/products/new", data=LINE).status_code in (302, 303, 401, 403)
    assert "新增产品" not in visitor.get("/catalogue").text


def test_the_list_is_filtered_by_its_address(platform, people):
    stored(platform)
    other = {"name": "来曲唑", "approval_number": "国药准字H20203002", "drug_code": ""}
    stored(platform, **other, evaluation="未通过", evaluated_on="")
    visitor = platform.nobody()
    page = visitor.get("/catalogue?evaluation=not-passed&sort=-holder").text
    assert "来曲唑" in page and "阿那曲唑（" not in page
    assert "阿那曲唑（" in visitor.get("/catalogue?text=示例药业&kind=chemical").text
    assert "没有符合条件" in visitor.get("/catalogue?text=nothing").text
    assert visitor.get("/catalogue?page=0").status_code in (400, 422)
    assert visitor.get("/catalogue?page=9999").status_code == 200


def test_an_export_read_again_changes_nothing(platform, people, officer):
    stored(platform)
    content = platform.nobody().get("/catalogue/products.csv?text=阿那").content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [column.zh for column in COLUMNS]
    answer = officer.post("/catalogue/import", files={"file": ("目录.csv", content)})
    preview = text_of(officer.get(answer.headers["location"]))
    assert "新增 0 个产品，更改 0 个" in preview


def test_an_officer_adds_and_changes_a_product(platform, people, officer):
    answer = officer.post("/catalogue/products/new", data=LINE)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert "阿那曲唑（片剂） 1mg" in officer.get(address).text
    form = officer.get(f"{address}/edit").text
    assert 'name="version" value="1"' in form
    changed = {**LINE, "brand": "某商品名", "version": "1"}
    assert officer.post(f"{address}/edit", data=changed).headers["location"] == address
    assert "某商品名" in officer.get(address).text


def test_a_form_with_faults_keeps_what_was_typed(platform, people, officer):
    answer = officer.post(
        "/catalogue/products/new", data={**LINE, "pack_units": "1.5", "brand": "某商品名"}
    )
    assert answer.status_code == 422
    assert 'id="fault-pack_units"' in answer.text
    assert 'value="1.5"' in answer.text and 'value="某商品名"' in answer.text


def test_a_stale_form_says_so_and_overwrites_nothing(platform, people, officer):
    number = stored(platform)
    changed = {**LINE, "brand": "第一次", "version": "1"}
    officer.post(f"/catalogue/products/{number}/edit", data=changed)
    answer = officer.post(f"/catalogue/products/{number}/edit", data={**changed, "brand": "第二次"})
    assert answer.status_code == 409
    assert "已被他人修改" in answer.text and 'value="第二次"' in answer.text
    assert "第一次" in officer.get(f"/catalogue/products/{number}").text


def test_generic_products_are_listed_shown_added_and_changed(platform, people, officer):
    stored(platform)
    assert "阿那曲唑" in officer.get("/catalogue/generic-products?text=那曲").text
    answer = officer.post(
        "/catalogue/generic-products/new",
        data={"name": "来曲唑", "printed_form": "片剂", "unit": "片", "kind": "chemical"},
    )
    address = answer.headers["location"]
    assert "还没有规格" in officer.get(address).text
    assert 'value="来曲唑"' in officer.get(f"{address}/edit").text
    data = {"name": "来曲唑", "unit": "", "version": "1"}
    assert officer.post(f"{address}/edit", data=data).status_code == 422
    data = {"name": "来曲唑", "unit": "粒", "version": "7"}
    assert officer.post(f"{address}/edit", data=data).status_code == 409
    data = {"name": "来曲唑", "unit": "粒", "version": "1"}
    assert officer.post(f"{address}/edit", data=data).status_code == 303
    assert "粒" in officer.get(address).text
    assert officer.post("/catalogue/generic-products/new", data=data).status_code == 422


def upload(officer, content, **form):
    return officer.post(
        "/catalogue/import", files={"file": ("目录.csv", content.encode())}, data=form
    )


def test_a_file_with_faults_is_shown_with_each_at_its_cell(platform, people, officer):
    content = csv_file(LINE, {**LINE, "pack_units": "1.5", "drug_code": "X"})
    answer = upload(officer, content)
    assert answer.status_code == 303
    address = answer.headers["location"]
    page = officer.get(address)
    assert "有 2 处需要更正" in page.text
    assert "应为 1 至 1,000,000 的整数" in page.text
    assert "14片/盒" in page.text
    only = officer.get(f"{address}?show=faults")
    assert "显示全部行" in only.text
    listed = officer.get(f"{address}/faults.csv").content.decode("utf-8-sig").splitlines()
    assert listed[0] == "行,列,问题"
    assert [line.split(",")[:2] for line in listed[1:]] == [
        ["3", "包装数量"],
        ["3", "国家医保药品代码"],
    ]
    assert officer.post(f"{address}/apply").status_code == 409
    assert "没有符合条件" in officer.get("/catalogue").text


def test_a_good_file_is_stored_by_the_second_step(platform, people, officer):
    address = upload(officer, csv_file(LINE)).headers["location"]
    assert "新增 1 个产品" in officer.get(address).text
    assert officer.post(f"{address}/apply").headers["location"] == address
    assert officer.post(f"{address}/apply").headers["location"] == address
    assert "写入目录：新增 1 个产品" in officer.get(address).text
    assert "阿那曲唑" in officer.get("/catalogue").text
    assert "已写入" in officer.get("/catalogue/import").text


def test_no_file_or_one_that_is_none_says_why(platform, people, officer):
    answer = officer.post("/catalogue/import", data={"encoding": "utf-8"})
    assert answer.status_code == 422
    assert "请选择文件" in answer.text
    address = upload(officer, "备注\nx\n").headers["location"]
    assert "不认识的列“备注”" in officer.get(address).text
    assert upload(officer, csv_file(LINE), encoding="latin-1").status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_filled_in_is_read(platform, people, officer, language):
    answer = officer.get(f"/catalogue/import/template.xlsx?lang={language}")
    assert "attachment" in answer.headers["content-disposition"]
    read = read_file(answer.content)
    assert [fault.en for fault in read.faults] == ["There is no line of data."]
    assert read.missing == frozenset()


def put(machine, address, body):
    return machine.client.put(address, json=body, headers=machine.headers)


def test_the_interface_adds_reads_changes_and_lists(platform, people):
    machine = platform.with_token(people["officer"])
    answer = machine.post(PRODUCTS, json=BODY)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["holder"], made["pack_units"], made["version"]) == (HOLDER, 14, 1)
    assert machine.get(f"{PRODUCTS}/{made['id']}").json() == made
    changed = put(machine, f"{PRODUCTS}/{made['id']}", {**BODY, "brand": "某牌", "version": 1})
    assert (changed.json()["brand"], changed.json()["version"]) == ("某牌", 2)
    stale = put(machine, f"{PRODUCTS}/{made['id']}", {**BODY, "version": 1})
    assert stale.status_code == 409
    listed = platform.nobody().get(f"{PRODUCTS}?text=阿那&page_size=1").json()
    assert [item["id"] for item in listed["items"]] == [made["id"]]
    assert listed["next_cursor"] is None
    generic = platform.nobody().get("/api/v1/catalogue/generic-products").json()["items"][0]
    assert (generic["name"], generic["products"]) == ("阿那曲唑", 1)
    one = machine.get(f"/api/v1/catalogue/generic-products/{generic['id']}").json()
    assert one["strengths"][0]["content"] == "1"
    address = f"/api/v1/catalogue/generic-products/{generic['id']}"
    body = {**{name: one[name] for name in ("name", "unit", "kind")}, "version": one["version"]}
    renamed = put(machine, address, {**body, "printed_form": "片剂", "category": "restricted"})
    assert (renamed.status_code, renamed.json()["category"]) == (200, "restricted")
    assert put(machine, address, {**body, "category": "general"}).status_code == 409


def test_the_interface_pages_by_cursor(platform, people):
    for units in range(1, 6):
        stored(platform, pack_units=str(units), drug_code="")
    machine = platform.nobody()
    seen, cursor = [], ""
    while True:
        page = machine.get(f"{PRODUCTS}?page_size=2{cursor}").json()
        seen += [item["pack_units"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [1, 2, 3, 4, 5]


def test_the_interface_names_every_fault_and_asks_for_the_role(platform, people):
    machine = platform.with_token(people["officer"])
    answer = machine.post(PRODUCTS, json={**BODY, "pack_units": 0, "holder": "无"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["pack_units"]
    assert machine.post(PRODUCTS, json={"name": "阿那曲唑"}).status_code in (400, 422)
    assert platform.nobody().post(PRODUCTS, json=BODY).status_code in (401, 403)
    assert platform.with_token(people["hospital"]).post(PRODUCTS, json=BODY).status_code == 403


def test_the_interface_imports_in_two_steps(platform, people):
    machine = platform.with_token(people["officer"])
    sent = machine.post(
        "/api/v1/catalogue/imports", files={"file": ("x.csv", csv_file(LINE).encode())}
    )
    assert sent.status_code == 201
    made = sent.json()
    assert (made["faults"], made["added"], made["applied_at"]) == ([], 1, None)
    applied = machine.post(f"/api/v1/catalogue/imports/{made['id']}/apply")
    assert applied.json()["applied_at"] is not None
    assert machine.get(f"/api/v1/catalogue/imports/{made['id']}").json() == applied.json()
    assert machine.post("/api/v1/catalogue/imports").status_code == 422
