"""Doctor, agency and pharmacy at their pages, from the entry to the bill."""

import re

import pytest
from sqlalchemy import select

from procurement.pharmacies.patients.tables import BenefitRecord, Prescription
from tests.procurement.pharmacies.patients.world import PAPERS, SCAN, insured
from tests.procurement.platform import running_platform

FORM = {"insured_number": insured(1), "fund": "employee", "region": "320500", "indication": "C34.9"}


@pytest.fixture
def desks(engine, world, tmp_path):
    """Return a function that seats somebody at the pages."""
    with running_platform(engine, tmp_path, clock=lambda: world.moment) as platform:
        yield lambda who: platform.signed_in(world.people[who])


def entry(world, **changed):
    return {
        **FORM,
        "listed_drug_id": world.drug_id,
        "hospital_code": world.codes["hospital"],
        "pharmacy_code": world.codes["pharmacy"],
        **changed,
    }


def version(answer):
    return matched(r'name="version" value="(\d+)"', answer)


def matched(pattern, answer):
    found = re.search(pattern, answer.text)
    assert found is not None
    return found[1]


def registered(desks, world):
    """Walk from the entry to the approval; returns the registration's address."""
    doctor, agency = desks("doctor"), desks("agency")
    here = doctor.post("/registrations/new", data=entry(world)).headers["location"]
    for kind in PAPERS:
        sent = doctor.post(
            f"{here}/papers", data={"kind": kind}, files={"file": (f"{insured(1)}.pdf", SCAN)}
        )
        assert sent.status_code == 303
    assert (
        doctor.post(f"{here}/apply", data={"version": version(doctor.get(here))}).status_code == 303
    )
    page = agency.get(here)
    assert "C34.9" in page.text
    data = {"version": version(page), "decision": "yes", "note": ""}
    assert agency.post(f"{here}/decision", data=data).status_code == 303
    return here


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_way_opens_for_whom_it_concerns(desks, world, lang):
    number = world.approve()
    rx = world.prescribe(number)
    world.settle(number, rx)
    tail = f"?lang={lang}"
    for who, addresses in {
        "doctor": ("/registrations", "/registrations/new", f"/registrations/{number}/review"),
        "agency": (
            "/registrations",
            "/registrations/terms",
            "/registrations/rules",
            "/prescriptions/upload",
            "/",
        ),
        "pharmacist": ("/registrations", "/prescriptions", "/"),
    }.items():
        for address in (*addresses, f"/registrations/{number}", f"/prescriptions/{rx}"):
            answer = desks(who).get(address + tail)
            assert answer.status_code == 200, (who, address, answer.text[:500])
            assert insured(1) not in answer.text


def test_the_whole_way_from_the_entry_to_the_bill(desks, world):
    here = registered(desks, world)
    number = here.rsplit("/", 1)[1]
    rx = world.prescribe(number)
    pharmacist = desks("pharmacist")
    assert rx in pharmacist.get("/prescriptions?status=uploaded").text
    page = pharmacist.get(f"/prescriptions/{rx}")
    assert "可以在" in page.text
    assert "C34.9" not in page.text
    data = {"bill_number": "B1", "amount": "5,000.00", "dispensed_at": "2026-03-06T09:59"}
    # A minute before it was written: refused in words, and nothing typed is lost.
    refused = pharmacist.post(f"/prescriptions/{rx}/bills", data=data)
    assert refused.status_code == 409
    assert "配药时间早于开具时间" in refused.text
    assert 'value="B1"' in refused.text
    data["dispensed_at"] = "2026-03-06T10:00"
    assert pharmacist.post(f"/prescriptions/{rx}/bills", data=data).status_code == 303
    # 5,000 less 20 % class B is 4,000, less 1,200 deductible is 2,800, of which 70 %.
    shown = pharmacist.get(f"/prescriptions/{rx}").text
    assert "1,960.00" in shown
    assert "3,040.00" in shown
    assert pharmacist.get(here).status_code == 200


def test_what_is_typed_wrong_is_named_and_nothing_typed_is_lost(desks, world):
    answer = desks("doctor").post(
        "/registrations/new?lang=en", data=entry(world, indication="I10", fund="x")
    )
    assert answer.status_code == 422
    assert "The drug is not paid for it; the list names C34, C50." in answer.text
    assert 'value="I10"' in answer.text
    # But for the patient's number.
    assert insured(1) not in answer.text


def test_strangers_do_not_learn_that_there_is_a_registration(desks, world):
    number = world.approve()
    rx = world.prescribe(number)
    for who in ("colleague", "other pharmacist", "stranger"):
        assert desks(who).get(f"/registrations/{number}").status_code == 404
        assert desks(who).get(f"/prescriptions/{rx}").status_code == 404
        assert number not in desks(who).get("/registrations").text
    for who in ("clerk", "officer"):
        assert desks(who).get(f"/registrations/{number}").status_code == 403
        assert desks(who).get("/registrations").status_code == 403


def test_a_pharmacy_sees_a_registration_from_the_approval_on_without_diagnosis(desks, world):
    number = world.apply()
    assert desks("pharmacist").get(f"/registrations/{number}").status_code == 404
    assert desks("agency").get(f"/registrations/{world.draft(2)}").status_code == 404
    world.decide(number)
    page = desks("pharmacist").get(f"/registrations/{number}").text
    assert "C34" not in page
    assert "病理报告" not in page


def test_the_number_on_the_card_finds_a_registration_and_is_in_no_address(desks, world):
    number = world.approve()
    for who in ("doctor", "pharmacist", "agency"):
        answer = desks(who).post("/registrations/find", data={"insured_number": insured(1)})
        assert answer.headers["location"] == f"/registrations/{number}"
    stranger = desks("other pharmacist").post(
        "/registrations/find", data={"insured_number": insured(1)}
    )
    assert stranger.status_code == 200
    assert number not in stranger.text
    odd = desks("doctor").post("/registrations/find", data={"insured_number": "x"})
    assert odd.status_code == 422


def test_a_second_pharmacy_is_told_so_by_the_centres_number(desks, world):
    world.prescribe(world.approve())
    first = desks("pharmacist").post("/prescriptions/find", data={"rx_number": "RX1"})
    assert first.status_code == 303
    second = desks("other pharmacist").post(
        "/prescriptions/find?lang=en", data={"rx_number": "RX1"}
    )
    assert second.status_code == 409
    assert "The patient chose another pharmacy" in second.text
    assert (
        desks("pharmacist").post("/prescriptions/find", data={"rx_number": "?"}).status_code == 409
    )


def test_papers_are_opened_by_doctor_and_agency_only(desks, world):
    here = registered(desks, world)
    number = matched(r"papers/(\d+)/open", desks("agency").get(here))
    for who in ("doctor", "agency"):
        answer = desks(who).post(f"{here}/papers/{number}/open")
        assert answer.content == SCAN
        assert insured(1) not in answer.headers["content-disposition"]
    assert desks("pharmacist").post(f"{here}/papers/{number}/open").status_code == 404


def test_review_and_change_of_pharmacy_by_pages(desks, world):
    here = registered(desks, world)
    doctor, agency = desks("doctor"), desks("agency")
    form = doctor.get(f"{here}/review")
    data = {"version": version(form), "outcome": "continue", "finding": "有效"}
    assert doctor.post(f"{here}/review", data={**data, "outcome": ""}).status_code == 422
    assert doctor.post(f"{here}/review", data=data).status_code == 303
    assert "评估或药店变更" in agency.get("/registrations?waiting=yes").text
    stale = {"version": data["version"], "decision": "yes"}
    assert agency.post(f"{here}/review-decision", data=stale).status_code == 409
    read = {"version": version(agency.get(here))}
    assert agency.post(f"{here}/review-decision", data={**read, "note": ""}).status_code == 422
    accepted = {**read, "decision": "yes"}
    assert agency.post(f"{here}/review-decision", data=accepted).status_code == 303
    data = {
        "version": version(doctor.get(here)),
        "pharmacy_code": world.codes["second"].lower(),
        "reason": "搬家",
    }
    assert doctor.post(f"{here}/pharmacy", data=data).status_code == 303
    stale = {"version": data["version"], "decision": "yes"}
    assert agency.post(f"{here}/pharmacy-decision", data=stale).status_code == 409
    accepted = {"version": version(agency.get(here)), "decision": "yes"}
    assert agency.post(f"{here}/pharmacy-decision", data=accepted).status_code == 303
    assert desks("other pharmacist").get(here).status_code == 200
    assert desks("pharmacist").get(here).status_code == 404
    assert (
        doctor.post(f"{here}/end", data={"version": version(doctor.get(here))}).status_code == 303
    )
    assert agency.post(f"{here}/pharmacy-decision", data=accepted).status_code == 404


def test_the_agency_records_a_hospitals_bill_and_takes_it_back(desks, world):
    here = registered(desks, world)
    agency = desks("agency")
    data = {
        "place": world.codes["hospital"],
        "bill_number": "H1",
        "amount": "2000.00",
        "dispensed_at": "2026-03-06T10:00",
    }
    assert agency.post(f"{here}/bills", data=data).status_code == 303
    with world.read() as session:
        row = session.scalars(select(BenefitRecord)).one()
        assert row.channel == "hospital"
    assert agency.post(f"{here}/bills/{row.id}/reverse").status_code == 303
    assert agency.post(f"{here}/bills/{row.id}/reverse").status_code == 409
    assert agency.post(f"{here}/bills/999999/reverse").status_code == 404


def test_a_pharmacy_neither_sees_nor_reverses_another_places_bills(desks, world):
    number = world.approve()
    hospital = world.settle(number, place="hospital", bill="H77")
    rx = world.prescribe(number)
    signed = world.take(world.report("E9", "signed", rx="RX9", head=world.head(number)))
    own = world.settle(number, rx)
    here = f"/registrations/{number}"
    pharmacist, agency = desks("pharmacist"), desks("agency")
    page = pharmacist.get(here).text
    assert "B1" in page
    assert "H77" not in page
    assert signed.numbers[0] not in page
    assert pharmacist.get(f"/prescriptions/{signed.numbers[0]}").status_code == 404
    assert signed.numbers[0] in agency.get(here).text
    assert "H77" in agency.get(here).text
    assert pharmacist.post(f"{here}/bills/{hospital.id}/reverse").status_code == 404
    assert f"{here}/bills/{own.id}/reverse" in pharmacist.get(f"/prescriptions/{rx}").text
    assert pharmacist.post(f"{here}/bills/{own.id}/reverse").status_code == 303


def test_a_former_pharmacy_records_by_the_page_what_it_dispensed(desks, world):
    here = registered(desks, world)
    number = here.rsplit("/", 1)[1]
    rx = world.prescribe(number)
    world.later(days=1)
    doctor, agency, pharmacist = desks("doctor"), desks("agency"), desks("pharmacist")
    asked = {
        "version": version(doctor.get(here)),
        "pharmacy_code": world.codes["second"],
        "reason": "搬家",
    }
    assert doctor.post(f"{here}/pharmacy", data=asked).status_code == 303
    accepted = {"version": version(agency.get(here)), "decision": "yes"}
    assert agency.post(f"{here}/pharmacy-decision", data=accepted).status_code == 303
    found = pharmacist.post("/prescriptions/find", data={"rx_number": "RX1"})
    assert found.headers["location"] == f"/prescriptions/{rx}"
    bill = {"bill_number": "B1", "amount": "1000.00", "dispensed_at": "2026-03-07T10:00"}
    assert pharmacist.post(f"/prescriptions/{rx}/bills", data=bill).status_code == 409
    bill["dispensed_at"] = "2026-03-06T10:00"
    assert pharmacist.post(f"/prescriptions/{rx}/bills", data=bill).status_code == 303
    page = pharmacist.get(f"/prescriptions/{rx}")
    assert page.status_code == 200
    assert "B1" in page.text
    assert "/reverse" not in page.text


def test_the_agency_gives_rules_and_benefits(desks, world):
    agency = desks("agency")
    data = {
        "region": "320500",
        "fund": "employee",
        "drug_state": "dual-separate",
        "fund_ratio": "65",
        "deductible": "100",
        "fund_cap": "",
        "starts_on": "2026-04-01",
        "document": "示例",
    }
    answer = agency.post("/registrations/terms?lang=en", data=data)
    assert answer.status_code == 422
    assert "A document guarantees 0.70." in answer.text
    assert "Separate payment knows no deductible." in answer.text
    good = {**data, "fund_ratio": "75.5", "deductible": "0"}
    assert agency.post("/registrations/terms", data=good).status_code == 303
    assert agency.post("/registrations/terms", data={**good, "region": "320100"}).status_code == 404
    rules = {
        "region": "320500",
        "rulebooks": ["dual-suzhou-2022"],
        "review.months_max": "24",
        "review.months_max.basis": "示例",
        "starts_on": "2026-04-01",
        "document": "示例",
    }
    answer = agency.post("/registrations/rules?lang=en", data=rules)
    assert answer.status_code == 422
    assert "dual-suzhou-2022 states it." in answer.text
    assert "no document states it; give it with its basis." in answer.text
    rules |= {"patient.retained_years": "500", "patient.retained_years.basis": "示例"}
    answer = agency.post("/registrations/rules?lang=en", data=rules)
    assert answer.status_code == 422
    assert "Expected at most 100 years." in answer.text
    rules = {
        key: value for key, value in rules.items() if not key.startswith("review.months_max")
    } | {"patient.retained_years": "2", "patient.retained_years.basis": "示例"}
    assert agency.post("/registrations/rules", data=rules).status_code == 303


def test_a_file_of_reports_is_taken_whole_or_not_at_all(desks, world):
    number = world.approve()
    agency = desks("agency")
    head = agency.get("/prescriptions/upload/template.csv").text.lstrip("\ufeff").strip()
    at = "2026-03-06T09:00:00+08:00"
    good = f"E1,RX9,uploaded,{at},,,{number},D0001,{at},C34.9,,,,"
    bad = "E2,RX9,sent,gestern,5,P99999999999,,,,,,,,"

    def sent(*lines):
        content = "\n".join((head, *lines)).encode()
        return agency.post(
            "/prescriptions/upload?lang=en", files={"file": ("reports.csv", content, "text/csv")}
        )

    answer = sent(good, bad)
    assert answer.status_code == 422
    assert "第 3 行，发生时间 happened_at" in answer.text
    with world.read() as session:
        assert session.scalars(select(Prescription)).all() == []
    assert sent(good, bad.replace("gestern", at)).status_code == 422
    answer = sent(good)
    assert answer.status_code == 200
    assert "1" in answer.text
    assert desks("stranger").get("/prescriptions").status_code == 200
