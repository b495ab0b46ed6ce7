"""Places and designation by machine."""

from procurement.catalogue.spreadsheets import as_csv
from procurement.pharmacies.designation.states import DesignationStatus
from tests.procurement.pharmacies.designation.test_duties import (
    duties,  # noqa: F401 - a fixture
    set_months,
    spread,
)
from tests.procurement.pharmacies.designation.world import CITY, COUNTY, STATED, TODAY

API = "/api/v1"
BASIS = "穗医保函〔2027〕1号"


def machine(desks, who):
    return desks.platform.with_token(desks.world.people[who])


def given(answer):
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_a_place_is_designated_by_machine(desks, world):
    agency, pharmacy = machine(desks, "agency"), machine(desks, "pharmacy")
    needs = {"value": ["cold-chain"], "basis": BASIS}
    body = {
        "scheme": "dual-channel",
        "region": CITY,
        "title": "2027 年申请",
        "rulebook": "dual-guangzhou-2022",
        "opens_on": TODAY.isoformat(),
        "closes_on": "2027-03-31",
        "given": {
            "designation.pharmacy_needs": needs,
            "designation.pharmacists_min": {"value": 2, "basis": BASIS},
        },
    }
    call = given(agency.post(f"{API}/designation-calls", json=body))
    assert call["notice_days"] == 7 and call["hospital"] == []
    assert [one["name"] for one in call["pharmacy"]] == ["need.cold-chain", "pharmacists_min"]
    assert given(pharmacy.get(f"{API}/designation-calls"))["items"] == [call]
    here = f"{API}/designation-calls/{call['id']}"
    place = {"place": world.codes["pharmacy"]}
    row = given(pharmacy.post(f"{here}/applications", json=place))
    one = f"{API}/designation-applications/{row['id']}"
    stated = {"statements": STATED, "version": row["version"]}
    row = given(pharmacy.post(f"{one}/statements", json=stated))
    row = given(pharmacy.post(f"{one}/submission", json={"version": row["version"]}))
    assert row["status"] == "submitted" and row["statements"]["pharmacists_min"] == "2"
    met = {"need.cold-chain": "yes", "pharmacists_min": "yes"}
    found = {"met": met, "is_passed": True}
    row = given(agency.post(f"{one}/check", json={**found, "version": row["version"]}))
    seen = {**found, "version": row["version"], "visited_on": TODAY.isoformat()}
    row = given(agency.post(f"{one}/visit", json=seen))
    notice = given(agency.post(f"{here}/notices", json={"application_ids": [row["id"]]}))
    assert (notice["places"], notice["objections_until"]) == (
        [world.codes["pharmacy"]],
        "2027-03-08",
    )
    assert given(pharmacy.get(f"{API}/designation-notices/{notice['id']}")) == notice
    world.later(days=8)
    agency = machine(desks, "agency")
    signed = {"agreement": "协议 1", "starts_on": "2027-03-09", "version": row["version"] + 1}
    designation = given(agency.post(f"{one}/agreement", json=signed))
    listed = given(agency.get(f"{API}/designations?region={COUNTY}&page_size=1"))
    assert listed == {"items": [designation], "next_cursor": None}
    ended = {
        "kind": "terminated",
        "happens_on": "2027-03-09",
        "reason": "x",
        "document": "决定 1 号",
        "version": 1,
    }
    row = given(agency.post(f"{API}/designations/{designation['id']}/decisions", json=ended))
    assert row["status"] == DesignationStatus.ENDED
    life = given(agency.get(f"{API}/designations/{designation['id']}"))
    assert [event["kind"] for event in life["events"]] == ["agreed", "terminated"]


def test_places_are_listed_changed_and_taken_from_lists(desks, world):
    agency, pharmacy = machine(desks, "agency"), machine(desks, "pharmacy")
    head = ["institution_code", "name", "county"]
    content = as_csv([head, ["P44010300009", "新药店", COUNTY]]).decode()
    done = given(agency.post(f"{API}/place-lists/places", json={"content": content}))
    assert done["lines"] == 1 and "没有坐标" in done["warnings"][0]
    page = given(pharmacy.get(f"{API}/places?region={COUNTY}&kind=pharmacy&page_size=2"))
    assert len(page["items"]) == 2 and page["next_cursor"]
    own = f"{API}/places/{world.codes['pharmacy']}"
    changed = {"version": 1, "fields": {"opening_hours": "Mon 9:00-18:00", "latitude": "30"}}
    row = given(pharmacy.post(own, json=changed))
    assert (row["opening_hours"], row["latitude"]) == ("周一 09:00-18:00", 23.12)
    assert pharmacy.post(own, json=changed).status_code == 409
    swapped = {"version": 2, "fields": {"latitude": "113.2", "longitude": "23.1"}}
    refused = agency.post(own, json=swapped)
    assert refused.status_code == 422 and "似乎填反了" in refused.text
    other = f"{API}/places/{world.codes['stranger']}"
    assert pharmacy.post(other, json=changed).status_code == 404
    assert pharmacy.get(f"{API}/places/P1").status_code == 404


def test_duties_are_answered_by_machine(desks, duties):  # noqa: F811 - the fixture
    set_months(duties)
    spread(duties)
    hospital, officer = machine(desks, "hospital"), machine(desks, "officer")
    (duty,) = given(hospital.get(f"{API}/drug-duties"))["items"]
    assert given(officer.get(f"{API}/drug-duties?status=due"))["items"] == [duty]
    assert machine(desks, "pharmacy").get(f"{API}/drug-duties").status_code == 403
    there = f"{API}/drug-duties/{duty['id']}"
    assert given(hospital.get(there)) == duty
    said = {"month": TODAY.isoformat(), "status": "explained", "reason": "无货", "version": 1}
    assert given(hospital.post(f"{there}/reports", json=said))["status"] == "explained"
    assert officer.post(f"{there}/reports", json=said).status_code == 403
    body = {"region": CITY, "starts_on": "2027-06-01", "months": 3, "basis": "x"}
    assert given(officer.post(f"{API}/drug-duty-terms", json=body))["months"] == 3
    page = desks.of("hospital").get("/designations/duties").text
    assert "示例药甲" in page and "已说明理由" in page
    page = desks.of("officer").get("/designations/duties").text
    assert "示例药甲" in page and "规定配备期限" in page
    csv = desks.of("officer").get("/designations/duties.csv").content.decode("utf-8-sig")
    assert "示例药甲" in csv and "2027-05-01" in csv
    assert "种药品" not in desks.of("hospital").get("/").text
