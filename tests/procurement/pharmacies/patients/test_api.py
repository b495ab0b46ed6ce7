"""The way by machine: doctor, agency and pharmacy with tokens."""

import pytest
from sqlalchemy import func, select

from procurement.web.tables import IdempotentAnswer
from tests.procurement.pharmacies.patients.world import insured
from tests.procurement.platform import running_platform


@pytest.fixture
def machines(engine, world, tmp_path):
    """Return a function that gives somebody's machine."""
    with running_platform(engine, tmp_path, clock=lambda: world.moment) as platform:
        yield lambda who: platform.with_token(world.people[who])


def body(world, **changed):
    return {
        "insured_number": insured(1),
        "fund": "employee",
        "region": "320500",
        "listed_drug_id": world.drug_id,
        "hospital": world.codes["hospital"],
        "pharmacy": world.codes["pharmacy"],
        "indication": "C34.9",
        **changed,
    }


REPORT = {
    "event_number": "E1",
    "rx_number": "RX1",
    "status": "uploaded",
    "happened_at": "2026-03-06T10:00:00+08:00",
}


def head(number):
    return {
        "registration": number,
        "doctor_code": "D0001",
        "prescribed_at": "2026-03-06T10:00:00+08:00",
        "indication": "C34.9",
    }


def test_the_whole_way_by_machine(machines, world):
    doctor, agency, pharmacy = (machines(who) for who in ("doctor", "agency", "pharmacist"))
    made = doctor.post(
        "/api/v1/registrations", json=body(world), headers={"idempotency-key": "once"}
    )
    assert made.status_code == 201
    assert insured(1) not in made.text
    number, here = made.json()["number"], f"/api/v1/registrations/{made.json()['number']}"
    with world.read() as session:
        # A digest of a body with so short a number could be guessed: nothing is kept.
        assert session.scalar(select(func.count(IdempotentAnswer.id))) == 0
    world.add_papers(number)
    version = doctor.get(here).json()["version"]
    applied = doctor.post(f"{here}/application", json={"version": version})
    assert applied.json()["due_on"] == "2026-03-09"
    decided = agency.post(
        f"{here}/decision", json={"version": applied.json()["version"], "is_accepted": True}
    )
    assert decided.json()["status"] == "approved"
    taken = agency.post(
        "/api/v1/prescription-reports", json={"reports": [{**REPORT, "head": head(number)}]}
    )
    assert taken.json()["new"] == 1
    rx = f"/api/v1/prescriptions/{taken.json()['prescriptions'][0]}"
    assert pharmacy.get(rx).json()["obstacles"] == []
    assert [one["status"] for one in pharmacy.get("/api/v1/prescriptions").json()["items"]] == [
        "uploaded"
    ]
    bill = {"bill_number": "B1", "amount": "5000.00", "dispensed_at": "2026-03-06T10:00:00+08:00"}
    settled = pharmacy.post(f"{rx}/bills", json=bill)
    assert settled.status_code == 201
    assert settled.json()["fund_amount"] == "1960.00"
    assert settled.json()["patient_amount"] == "3040.00"
    reversed_ = pharmacy.post(f"{here}/reversals", json={"bill_number": "B1"})
    assert reversed_.json()["fund_amount"] == "-1960.00"
    hospital = {**bill, "place": world.codes["hospital"]}
    assert agency.post(f"{here}/bills", json=hospital).json()["channel"] == "hospital"


def test_refusals_are_problems_with_every_fault(machines, world):
    doctor, agency = machines("doctor"), machines("agency")
    answer = doctor.post("/api/v1/registrations", json=body(world, indication="I10", fund="x"))
    assert answer.status_code == 422
    assert insured(1) not in answer.text
    odd = {**REPORT, "status": "sent", "happened_at": "2036-03-06T10:00:00+08:00"}
    answer = agency.post("/api/v1/prescription-reports", json={"reports": [odd]})
    assert answer.status_code == 422
    assert "reports.1.status" in answer.text
    assert "reports.1.happened_at" in answer.text


def test_a_machine_does_what_its_person_may(machines, world):
    number = world.approve()
    here = f"/api/v1/registrations/{number}"
    lookup = {"insured_number": insured(1)}
    for who in ("doctor", "pharmacist", "agency"):
        assert machines(who).get(here).status_code == 200
        found = machines(who).post("/api/v1/registration-lookups", json=lookup).json()["items"]
        assert [one["number"] for one in found] == [number]
    for who in ("colleague", "other pharmacist", "stranger"):
        assert machines(who).get(here).status_code == 404
        assert machines(who).get("/api/v1/registrations").json()["items"] == []
        found = machines(who).post("/api/v1/registration-lookups", json=lookup)
        assert found.json()["items"] == []
    for who in ("clerk", "officer"):
        assert machines(who).get(here).status_code == 403
    assert (
        machines("pharmacist")
        .post("/api/v1/prescription-reports", json={"reports": []})
        .status_code
        == 403
    )


def test_reviews_and_changes_by_machine(machines, world):
    number = world.approve()
    here = f"/api/v1/registrations/{number}"
    doctor, agency = machines("doctor"), machines("agency")
    version = doctor.get(here).json()["version"]
    wrong = {"version": version, "outcome": "perhaps", "finding": "有效"}
    assert doctor.post(f"{here}/reviews", json=wrong).status_code == 422
    made = doctor.post(f"{here}/reviews", json={**wrong, "outcome": "continue"})
    assert made.status_code == 201
    unread = agency.post(f"{here}/review-decision", json={"is_accepted": True})
    assert unread.status_code in (400, 422)
    stale = {"is_accepted": True, "version": version}
    assert agency.post(f"{here}/review-decision", json=stale).status_code == 409
    accepted = {"is_accepted": True, "version": agency.get(here).json()["version"]}
    assert agency.post(f"{here}/review-decision", json=accepted).status_code == 200
    assert agency.post(f"{here}/review-decision", json=accepted).status_code == 404
    asked = {
        "version": doctor.get(here).json()["version"],
        "pharmacy": world.codes["second"],
        "reason": "搬家",
    }
    assert doctor.post(f"{here}/pharmacy-changes", json=asked).status_code == 201
    accepted = {"is_accepted": True, "version": agency.get(here).json()["version"]}
    decided = agency.post(f"{here}/pharmacy-decision", json=accepted)
    assert decided.json()["pharmacy"] == world.codes["second"]
    stale = doctor.post(f"{here}/pharmacy-changes", json=asked)
    assert stale.status_code == 409
    assert doctor.post(f"{here}/withdrawal", json={"version": 1}).status_code == 409
    filtered = agency.get("/api/v1/registrations?status=approved&page_size=1").json()
    assert len(filtered["items"]) == 1
