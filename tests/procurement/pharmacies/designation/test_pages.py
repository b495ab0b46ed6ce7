"""Pages of designation: each side does its part, keeps what it typed, and sees no other's."""

import pytest
from sqlalchemy import select

from procurement.catalogue.spreadsheets import as_csv
from procurement.pharmacies.designation.states import ApplicationStatus, DesignationStatus
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationObjection,
)
from procurement.pharmacies.places.importing import COLUMNS
from procurement.pharmacies.places.tables import CountyPoint, Place
from tests.procurement.pharmacies.designation.world import CITY, COUNTY, SCAN, STATED, TODAY

CALL = {
    "scheme": "dual-channel",
    "title": "2027 年双通道定点申请",
    "region": CITY,
    "opens_on": "2027-03-01",
    "closes_on": "2027-03-31",
    "rulebook": "dual-guangzhou-2022",
    "designation.pharmacists_min": "2",
    "designation.pharmacists_min.basis": "穗医保函〔2027〕1号",
    "designation.kinds_share_min": "30",
    "designation.kinds_share_min.basis": "穗医保函〔2027〕1号",
    "designation.area_min.urban": "80",
    "designation.area_min.township": "60",
    "designation.area_min.basis": "穗医保函〔2027〕1号",
    "designation.pharmacy_needs": ["cold-chain", "stock-system"],
    "designation.pharmacy_needs.basis": "穗医保函〔2027〕1号",
}


def version_of(world, table=DesignationApplication, row_id=1):
    with world.read() as session:
        return str(session.get_one(table, row_id).version)


def application_of(world):
    with world.read() as session:
        return session.scalars(select(DesignationApplication)).one()


def went_on(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def findings(outcome, **changed):
    names = ("pharmacists_min", "kinds_share_min", "area_min", "need.cold-chain")
    met = {f"met-{name}": "yes" for name in (*names, "need.stock-system")}
    return {**met, "outcome": outcome, **changed}


def test_a_pharmacy_goes_from_the_call_to_its_agreement_by_the_pages(desks, world):
    agency, pharmacy, public = desks.of("agency"), desks.of("pharmacy"), desks.public
    assert agency.get("/designations/calls/new").status_code == 200
    call = went_on(agency.post("/designations/calls", data=CALL))
    page = public.get(call).text
    assert "专职药师人数" in page and "不低于 30%" in page and "穗医保函〔2027〕1号" in page
    assert "pharmacists with no other job" in public.get(f"{call}?lang=en").text.lower()
    here = went_on(
        pharmacy.post(f"{call}/applications", data={"place": str(world.places["pharmacy"])})
    )
    typed = {**STATED, "kinds_share_min": "35", "version": version_of(world), "step": "keep"}
    assert went_on(pharmacy.post(f"{here}/statements", data=typed)) == here
    assert 'value="35"' in pharmacy.get(here).text
    files = {"file": ("药师证.pdf", SCAN, "application/pdf")}
    proof = {"criterion": "pharmacists_min"}
    went_on(pharmacy.post(f"{here}/evidence", data=proof, files=files))
    assert pharmacy.get(f"{here}/evidence/1").content == SCAN
    typed = {**typed, "version": version_of(world), "step": "submit"}
    went_on(pharmacy.post(f"{here}/statements", data=typed))
    assert application_of(world).status == ApplicationStatus.SUBMITTED
    checked = findings("passed", version=version_of(world))
    went_on(agency.post(f"{here}/check", data=checked))
    seen = findings("passed", version=version_of(world), visited_on=TODAY.isoformat())
    went_on(agency.post(f"{here}/visit", data=seen))
    notice = went_on(agency.post(f"{call}/notices", data={"applications": "1"}))
    shown = public.get(notice)
    assert shown.status_code == 200 and "3月8日" in shown.text
    objection = {
        "application": "1",
        "name": "示例单位",
        "contact": "12393",
        "statement": "没有备用电源",
    }
    filed = went_on(public.post(f"{notice}/objections", data=objection))
    assert "异议已收到" in public.get(filed).text
    assert "示例单位" in agency.get(here).text
    assert "示例单位" not in pharmacy.get(here).text and "示例单位" not in public.get(notice).text
    answered = {"upheld": "no", "answer": "备用电源在用"}
    went_on(agency.post("/designations/objections/1/answer", data=answered))
    world.later(days=8)
    agency, pharmacy = desks.of("agency"), desks.of("pharmacy")
    agreed = {"version": version_of(world), "agreement": "协议 1", "starts_on": "2027-03-09"}
    designation = went_on(agency.post(f"{here}/agreement", data=agreed))
    page = public.get(designation).text
    assert "有效" in page and "协议 1" in page
    assert world.codes["pharmacy"] in public.get("/designations").text
    rows = public.get(f"/designations/places.csv?region={COUNTY}").content.decode("utf-8-sig")
    assert world.codes["pharmacy"] in rows and "示例药店1" in rows
    assert "协议" in pharmacy.get(here).text


def test_a_refused_form_keeps_what_was_typed_with_each_fault_beside_its_field(desks, world):
    agency, pharmacy = desks.of("agency"), desks.of("pharmacy")
    wrong = {**CALL, "title": "", "closes_on": "2027-02-01", "designation.pharmacists_min": "zwei"}
    page = agency.post("/designations/calls", data=wrong)
    assert page.status_code == 422
    for kept in ('value="zwei"', "#field-designation.pharmacists_min", "#field-closes_on"):
        assert kept in page.text
    world.open()
    here = f"/designations/applications/{world.draft(1)}"
    typed = {"pharmacists_min": "many", "area_min": "70", "version": version_of(world)}
    page = pharmacy.post(f"{here}/statements", data=typed)
    assert page.status_code == 422 and 'value="many"' in page.text
    assert 'id="fault-pharmacists_min"' in page.text and 'id="fault-site"' in page.text
    stale = {**STATED, "version": "77"}
    assert pharmacy.post(f"{here}/statements", data=stale).status_code == 409
    submitted = {**STATED, "pharmacists_min": "1", "version": version_of(world), "step": "submit"}
    page = pharmacy.post(f"{here}/statements", data=submitted)
    assert page.status_code == 422 and "未达到条件" in page.text
    # Nothing of a refused form is kept, not even the statements.
    assert application_of(world).statements == "{}"


def test_others_see_neither_applications_nor_files(desks, world):
    world.open()
    application_id = world.handed_in(1)
    here = f"/designations/applications/{application_id}"
    for who in ("stranger", "elsewhere"):
        assert desks.of(who).get(here).status_code == 404
    assert desks.public.get(here).status_code in (303, 401)
    assert desks.of("officer").get(here).status_code == 200
    checked = findings("passed", version=version_of(world))
    assert desks.of("officer").post(f"{here}/check", data=checked).status_code == 404
    assert desks.of("stranger").post(f"{here}/withdrawal", data={}).status_code == 404


def test_a_decision_on_a_designation_is_public_with_its_reason(desks, world):
    designation_id = world.designated()
    here = f"/designations/{designation_id}"
    agency, public = desks.of("agency"), desks.public
    assert "中止、恢复或终止" in agency.get(here).text
    typed = {
        "kind": "suspended",
        "happens_on": "2027-03-09",
        "document": "",
        "reason": "冷链不合格",
        "version": version_of(world, Designation),
    }
    page = agency.post(f"{here}/decisions", data=typed)
    assert page.status_code == 422 and "冷链不合格" in page.text
    went_on(agency.post(f"{here}/decisions", data={**typed, "document": "决定 3 号"}))
    assert "冷链不合格" in public.get(here).text
    with world.read() as session:
        assert session.get_one(Designation, designation_id).status == DesignationStatus.SUSPENDED
    assert world.codes["pharmacy"] not in public.get("/designations").text
    year = {**findings("", year="2027"), "outcome": "passed"}
    went_on(agency.post(f"{here}/assessments", data=year))
    assert "2027" in desks.of("pharmacy").get(here).text
    assert "年度考核" not in public.get(here).text


def upload(desk, name, *rows, **fields):
    files = {"file": ("list.csv", as_csv(rows), "text/csv")}
    return desk.post(f"/designations/lists/{name}", files=files, data={"step": "take", **fields})


def test_lists_are_taken_whole_or_not_at_all(desks, world):
    agency = desks.of("agency")
    heading = [column.zh for column in COLUMNS]
    assert agency.get("/designations/lists/places/template.csv").status_code == 200
    good = ["P44010400001", "新药店", "", "440104", "", "23.1", "113.3", "", "周一 9:00-17:00"]
    swapped = ["P44010400002", "新药店", "", "440104", "", "113.3", "23.1", "", "周一 9:00-8:00"]
    page = upload(agency, "places", heading, good, swapped)
    assert page.status_code == 422 and "似乎填反了" in page.text and "结束早于开始" in page.text
    with world.read() as session:
        known = select(Place).where(Place.county == "440104")
        assert session.scalars(known).all() == []
    points = ["440104", "越秀区", "23.13", "113.27", "10"]
    heading_of_counties = ["county", "name", "latitude", "longitude", "radius_km"]
    page = upload(agency, "counties", heading_of_counties, points, source="示例名单")
    assert page.status_code in (200, 201) and "1 个县区" in page.text
    page = upload(agency, "places", heading, good)
    assert "新增 1 家" in page.text
    with world.read() as session:
        assert session.get_one(CountyPoint, "440104").name == "越秀区"
    assert desks.of("pharmacy").get("/designations/lists/places").status_code == 403
    assert agency.get("/designations/lists/nothing").status_code == 404


def test_a_place_says_when_it_is_open_and_not_where_it_lies(desks, world):
    pharmacy, agency = desks.of("pharmacy"), desks.of("agency")
    here = f"/places/{world.codes['pharmacy']}/edit"
    page = pharmacy.get(here).text
    assert 'name="opening_hours"' in page and 'name="latitude"' not in page
    typed = {"phone": "020-1", "opening_hours": "周一至周五 9:00-21:00", "latitude": "30"}
    went_on(pharmacy.post(here, data={**typed, "version": "1"}))
    with world.read() as session:
        place = session.get_one(Place, world.places["pharmacy"])
        assert (place.phone, place.latitude) == ("020-1", 23.12)
    page = pharmacy.post(here, data={"opening_hours": "周一 21:00-9:00", "version": "2"})
    assert page.status_code == 422 and "周一 21:00-9:00" in page.text
    assert pharmacy.post(here, data={**typed, "version": "1"}).status_code == 409
    wrong = {"latitude": "113.25", "longitude": "23.12", "name": "x", "county": COUNTY}
    page = agency.post(here, data={**wrong, "version": "2"})
    assert page.status_code == 422 and "似乎填反了" in page.text
    far = {**wrong, "latitude": "25.5", "longitude": "113.25", "version": "2"}
    assert "不在所填县区" in agency.post(here, data=far).text
    assert desks.of("stranger").get(here).status_code == 404
    closing = f"/places/{world.codes['pharmacy']}/closing"
    went_on(agency.post(closing, data={"reason": "搬迁", "version": "2"}))
    assert "停业" in agency.get(here).text


@pytest.mark.parametrize("address", ["/designations", "/designations?kind=x&scheme=y&region=z"])
def test_anybody_may_look_at_the_hub(desks, world, address):
    world.open()
    page = desks.public.get(address)
    assert page.status_code == 200 and "2027 年“双通道”定点申请" in page.text
    assert desks.public.get(f"{address.partition('?')[0]}?lang=en").status_code == 200


def test_an_objection_to_something_else_is_not_taken(desks, world):
    application_id = world.noticed(world.open())
    typed = {"application": str(application_id + 1), "name": "x", "contact": "y", "statement": "z"}
    assert desks.public.post("/designations/notices/1/objections", data=typed).status_code == 404
    assert desks.public.post("/designations/notices/9/objections", data=typed).status_code == 404
    typed = {**typed, "application": str(application_id), "name": ""}
    page = desks.public.post("/designations/notices/1/objections", data=typed)
    assert page.status_code == 422 and ">z</textarea>" in page.text
    with world.read() as session:
        assert session.scalars(select(DesignationObjection)).all() == []
        assert session.scalars(select(DesignationCall)).one().region == CITY
