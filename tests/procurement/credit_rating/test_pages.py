"""The pages and the interface of credit rating, by real requests."""

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.credit_rating.test_service import MATTER, piece, product, recorded
from tests.procurement.platform import running_platform
from tests.procurement.world import new_organisation, new_person

MATTERS = "/api/v1/credit/matters"
BODY = {
    "organisation": "甲药业",
    "region": "340000",
    "matter": "bribery",
    "cumulated": "600000",
    "basis": "judgement",
    "document": "（2026）皖01刑初1号",
    "found_on": "2026-01-05",
    "in_force_from": "2026-03-01",
}


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def people(platform):
    with transaction(platform.engine) as session:
        firm = new_organisation(session, OrganisationKind.MANUFACTURER, name="甲药业")
        other = new_organisation(session, OrganisationKind.MANUFACTURER, name="乙药业")
        bureau = new_organisation(session, OrganisationKind.BUREAU, region="340000")
        elsewhere = new_organisation(session, OrganisationKind.BUREAU, region="330000")
        return {
            "firm": new_person(session, firm, roles=(Role.MANUFACTURER,)),
            "other": new_person(session, other, roles=(Role.MANUFACTURER,)),
            "officer": new_person(session, bureau, roles=(Role.OFFICER,)),
            "supervisor": new_person(session, bureau, roles=(Role.SUPERVISOR,)),
            "elsewhere": new_person(session, elsewhere, roles=(Role.OFFICER,)),
        }


@pytest.fixture
def officer(platform, people):
    return platform.signed_in(people["officer"])


def stored(platform, **changes):
    with transaction(platform.engine) as session:
        return recorded(session, **changes).id


def test_a_bureau_sees_the_list_and_filters_it(platform, people, officer):
    assert "没有符合条件的事项" in officer.get("/credit").text
    stored(platform)
    page = officer.get("/credit")
    assert "甲药业" in page.text and "严重失信" in page.text
    assert "登记失信事项" in page.text
    assert "甲药业" not in officer.get("/credit?grade=dishonest").text
    assert "甲药业" in officer.get("/credit?region=340000&matter=bribery&text=甲").text
    assert "seriously dishonest" in officer.get("/credit?lang=en").text
    supervisor = platform.signed_in(people["supervisor"])
    assert "登记失信事项" not in supervisor.get("/credit").text


def test_a_firm_sees_its_own_credit_and_no_other(platform, people):
    number = stored(platform)
    firm, other = platform.signed_in(people["firm"]), platform.signed_in(people["other"])
    own = firm.get("/credit").headers["location"]
    page = firm.get(own)
    assert page.status_code == 200
    assert "严重失信" in page.text and "未载明；至修复或撤销为止" in page.text
    assert firm.get(f"/credit/matters/{number}").status_code == 200
    assert other.get(f"/credit/matters/{number}").status_code == 404
    assert other.get(own).status_code == 404
    assert "无失信评级" in other.get(other.get("/credit").headers["location"]).text


def test_nobody_else_sees_anything(platform, people):
    stored(platform)
    for address in ("/credit", "/credit/matters/1", "/credit/organisations/1", "/credit/promise"):
        assert platform.nobody().get(address).status_code in (302, 303, 401, 403), address


def test_an_officer_sees_the_grade_before_it_is_recorded(platform, people, officer):
    preview = officer.post("/credit/matters/preview", data=MATTER)
    assert preview.status_code == 200
    assert "严重失信" in preview.text and "2.1 bribery.cumulated" in preview.text
    assert "涉案产品在评价省份中止挂网" in preview.text
    assert "没有符合条件" in officer.get("/credit").text
    answer = officer.post("/credit/matters", data=MATTER)
    assert answer.status_code == 303
    page = officer.get(answer.headers["location"])
    assert "按公布的标准" in page.text and "尚缺" in page.text


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(platform, people, officer):
    wrong = {**MATTER, "organisation": "无此企业", "description": "摘要"}
    answer = officer.post("/credit/matters/preview", data=wrong)
    assert answer.status_code == 422
    assert 'id="fault-organisation"' in answer.text and "摘要" in answer.text
    again = officer.post(
        "/credit/matters/edit",
        data={**MATTER, "circumstances": "bribed-procurement-staff"},
    )
    assert 'value="600000"' in again.text and " checked" in again.text


def test_circumstances_ticked_reach_the_grade(platform, people, officer):
    ticked = {
        **MATTER,
        "cumulated": "10000",
        "circumstances": ["bribed-procurement-staff", "colluded-in-national-round"],
    }
    answer = officer.post("/credit/matters", data=ticked)
    assert "特别严重失信" in officer.get(answer.headers["location"]).text


def test_where_the_criteria_do_not_decide_the_page_asks(platform, people, officer):
    data = {**MATTER, "matter": "promise", "cumulated": "", "basis": "bureau"}
    preview = officer.post("/credit/matters/preview", data=data)
    assert "须由评定机构决定" in preview.text
    assert officer.post("/credit/matters", data=data).status_code == 422
    decided = {**data, "grade": "dishonest", "reason": "1.8：迟延供货"}
    answer = officer.post("/credit/matters", data=decided)
    assert "由评定机构决定" in officer.get(answer.headers["location"]).text


def test_an_officer_rates_in_his_own_province_only(platform, people):
    number = stored(platform)
    elsewhere = platform.signed_in(people["elsewhere"])
    assert elsewhere.post("/credit/matters/preview", data=MATTER).status_code == 404
    assert elsewhere.post("/credit/matters", data=MATTER).status_code == 404
    assert elsewhere.get(f"/credit/matters/{number}").status_code == 200
    clear = {"kind": "withdrawn", "cleared_on": "2026-11-22", "reason": "x"}
    assert elsewhere.post(f"/credit/matters/{number}/clear", data=clear).status_code == 404
    assert elsewhere.get(f"/credit/matters/new?replaces={number}").status_code == 404
    firm = platform.signed_in(people["firm"])
    assert firm.post("/credit/matters/preview", data=MATTER).status_code == 403


def test_a_grade_is_repaired_step_by_step(platform, people, officer):
    address = f"/credit/matters/{stored(platform)}"
    measure = {"measure": "1", "done_on": "2026-04-01", "evidence": "整改报告"}
    clear = {"kind": "repaired", "cleared_on": "2026-05-01", "reason": "已修复"}
    early = officer.post(f"{address}/clear", data=clear)
    assert early.status_code == 409
    assert "尚缺以下纠正措施" in early.text
    assert officer.post(f"{address}/measures", data={**measure, "done_on": ""}).status_code == 422
    for number in "12456":
        answer = officer.post(f"{address}/measures", data={**measure, "measure": number})
        assert answer.headers["location"] == address
    assert officer.post(f"{address}/clear", data={**clear, "kind": "no"}).status_code == 422
    assert officer.post(f"{address}/clear", data=clear).status_code == 303
    assert "已修复" in officer.get(address).text
    assert officer.post(f"{address}/clear", data=clear).status_code == 409
    assert "甲药业" not in officer.get("/credit").text
    assert "甲药业" in officer.get("/credit?all=yes").text


def test_a_matter_is_corrected_by_a_new_one(platform, people, officer):
    with transaction(platform.engine) as session:
        number = product(session, 1).approval_number
    wrong = stored(platform, cumulated="1000000", products=number)
    form = officer.get(f"/credit/matters/new?replaces={wrong}")
    assert "更正失信事项" in form.text and number in form.text
    data = {**MATTER, "replaces": str(wrong)}
    answer = officer.post("/credit/matters", data=data)
    assert answer.status_code == 303
    assert "已更正" in officer.get(f"/credit/matters/{wrong}").text
    assert officer.post("/credit/matters", data=data).status_code == 409


def test_a_correction_keeps_products_that_have_no_approval_number(platform, people, officer):
    with transaction(platform.engine) as session:
        code = piece(session).drug_code
    wrong = stored(platform, cumulated="1000000", products=code)
    assert code in officer.get(f"/credit/matters/new?replaces={wrong}").text


def test_a_firm_gives_its_promise(platform, people):
    firm = platform.signed_in(people["firm"])
    data = {"regions": ["340000", "330000"], "signed_by": "法定代表人", "wording": "我方承诺……"}
    assert firm.post("/credit/promise", data=data).status_code == 422
    answer = firm.post("/credit/promise", data={**data, "signed_on": "2026-01-05"})
    assert "我方承诺" in firm.get(answer.headers["location"]).text
    assert platform.signed_in(people["officer"]).get("/credit/promise").status_code == 403


def test_the_interface_previews_records_and_answers_for_eligibility(platform, people):
    machine = platform.with_token(people["officer"])
    preview = machine.post(f"{MATTERS}/preview", json=BODY).json()
    assert (preview["grade"], preview["scale"]) == ("serious", "credit-2025")
    made = machine.post(MATTERS, json=BODY)
    assert made.status_code == 201
    matter = made.json()
    assert matter["cumulated"] == "600000"
    assert machine.get(f"{MATTERS}/{matter['id']}").json() == matter
    assert [item["id"] for item in machine.get(MATTERS).json()["items"]] == [matter["id"]]
    firm = matter["organisation_id"]
    grade = machine.get(f"/api/v1/credit/grades/{firm}?region=340000&on_date=2026-11-22").json()
    assert (grade["grade"], grade["bars_all"]) == ("serious", False)
    earlier = machine.get(f"/api/v1/credit/grades/{firm}?on_date=2026-02-28").json()
    assert earlier["grade"] == "none"
    own = platform.with_token(people["firm"])
    assert own.get(f"/api/v1/credit/grades/{firm}").status_code == 200
    other = platform.with_token(people["other"])
    assert other.get(f"/api/v1/credit/grades/{firm}").status_code == 404


def test_the_interface_repairs_clears_and_takes_promises(platform, people):
    machine = platform.with_token(people["officer"])
    number = stored(platform)
    measure = {"measure": 1, "done_on": "2026-04-01", "evidence": "整改报告"}
    repair = machine.post(f"{MATTERS}/{number}/measures", json=measure).json()
    assert repair == {"needed": [1, 2, 4, 5, 6], "missing": [2, 4, 5, 6]}
    clear = {"kind": "repaired", "cleared_on": "2026-05-01", "reason": "修复"}
    assert machine.post(f"{MATTERS}/{number}/clearance", json=clear).status_code == 409
    ended = {**clear, "kind": "withdrawn"}
    assert machine.post(f"{MATTERS}/{number}/clearance", json=ended).status_code == 201
    promise = {
        "regions": ["340000"],
        "signed_by": "法定代表人",
        "signed_on": "2026-01-05",
        "wording": "我方承诺……",
    }
    own = platform.with_token(people["firm"])
    assert list(own.post("/api/v1/credit/promises", json=promise).json()["ids"]) == ["340000"]
    assert machine.post("/api/v1/credit/promises", json=promise).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"cumulated": "NaN"},
        {"cumulated": "1e400"},
        {"lasted_months": 10**30},
        {"region": "999999"},
        {"found_on": "0001-01-01", "in_force_from": "0001-01-02"},
        {"organisation": "\x00"},
        {"replaces_id": 2**40},
    ],
)
def test_nonsense_is_refused_and_never_fails(platform, people, changes):
    answer = platform.with_token(people["officer"]).post(MATTERS, json={**BODY, **changes})
    assert 400 <= answer.status_code < 500, answer.text
