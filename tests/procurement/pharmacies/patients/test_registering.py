"""A patient is registered: by whom, for what, and what is refused."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update

from procurement.audit.tables import AuditEntry
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.designation.tables import DesignatedDoctor, Designation
from procurement.pharmacies.listed.tables import ListPeriod
from procurement.pharmacies.patients.deciding import decide_registration, end_registration
from procurement.pharmacies.patients.errors import (
    OtherInsuranceError,
    PaperGoneError,
    PaperTakenError,
    RegistrationExistsError,
)
from procurement.pharmacies.patients.listing import find_registrations, registration_of
from procurement.pharmacies.patients.papers import delete_paper, papers_of, read_paper
from procurement.pharmacies.patients.registering import apply_registration, withdraw_registration
from procurement.pharmacies.patients.states import WrongStateError
from procurement.pharmacies.patients.tables import (
    Patient,
    Registration,
    RegistrationEvent,
    RegistrationPaper,
)
from tests.procurement.pharmacies.patients.world import MOMENT, PAPERS, SCAN, SECRET, insured, today


def faults(caught):
    return {fault.field: fault.en for fault in caught.value.faults}


def test_a_registration_is_drafted_applied_for_and_approved(world):
    number = world.apply()
    with world.read() as session:
        row = registration_of(session, number=number)
        # A Friday: one working day later is the Monday.
        assert (row.status, row.due_on) == ("applied", date(2026, 3, 9))
    assert world.decide(number) == "approved"
    with world.read() as session:
        row = registration_of(session, number=number)
        # Six months by the list, twelve by the document: the shorter.
        assert row.review_due_on == date(2026, 9, 6)
        steps = session.scalars(select(RegistrationEvent.step).order_by(RegistrationEvent.id))
        assert list(steps) == ["drafted", "paper-added", "paper-added", "applied", "approved"]


def test_neither_number_nor_diagnosis_is_in_the_record_or_in_the_clear(world):
    world.approve()
    with world.read() as session:
        stored = session.scalars(select(AuditEntry)).all()
        said = " ".join(f"{one.subject} {one.facts}" for one in stored)
        assert insured(1) not in said
        assert "C34" not in said
        for table in ("patient", "registration", "registration_event", "registration_paper"):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - own names
            assert insured(1) not in str(rows)
        assert SCAN.decode() not in str(session.scalars(select(RegistrationPaper.sealed)).all())


def test_every_fault_of_an_entry_is_named_at_once(world):
    with pytest.raises(InvalidInputError) as caught:
        world.draft(
            insured_number="12345678901234567X",
            fund="both",
            indication="I10",
            hospital_code=world.codes["pharmacy"],
            pharmacy_code=world.codes["abroad"],
        )
    found = faults(caught)
    assert found["insured_number"].startswith("The check digit does not fit")
    assert found["fund"] == "Expected a fund."
    assert found["indication"] == "The drug is not paid for it; the list names C34, C50."
    assert found["hospital_code"].startswith("You are not a responsible doctor")
    assert found["pharmacy_code"].startswith("It lies in another province")
    assert insured(1)[:10] not in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"indication": "cancer"}, "indication"),
        ({"listed_drug_id": 999_999}, "listed_drug_id"),
        ({"pharmacy_code": "P00000000000"}, "pharmacy_code"),
        ({"region": "340100"}, "region"),
        ({"region": "000000"}, "region"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(world, changed, field):
    with pytest.raises(InvalidInputError) as caught:
        world.draft(**changed)
    assert field in faults(caught)


def test_a_drug_without_codes_is_limited_by_words_alone(world):
    assert world.draft(listed_drug_id=world.separate_id, indication="I10")


def test_an_off_site_pharmacy_of_the_province_may_be_chosen(world):
    number = world.approve(pharmacy_code=world.codes["off-site"])
    with world.read() as session:
        row = registration_of(session, number=number)
        assert row.pharmacy_place_id == world.places["off-site"]


def test_only_responsible_doctors_of_the_hospital_register(world):
    with pytest.raises(InvalidInputError) as caught:
        world.draft(who="clerk")
    assert "hospital_code" in faults(caught)
    with world.write() as session:
        session.execute(update(DesignatedDoctor).values(ends_on=today(world) - timedelta(days=1)))
    with pytest.raises(InvalidInputError):
        world.draft()


def test_a_patient_has_one_registration_for_a_drug(world):
    number = world.draft()
    with pytest.raises(RegistrationExistsError):
        world.draft()
    assert world.draft(listed_drug_id=world.separate_id)
    with world.write() as session:
        row = registration_of(session, number=number)
        withdraw_registration(
            session,
            registration=row,
            version=row.version,
            actor=world.actor("doctor"),
            moment=MOMENT,
        )
    assert world.draft(who="colleague") != number
    with world.read() as session:
        assert session.scalar(select(func.count(Patient.id))) == 1


def test_another_fund_is_refused_while_a_registration_lives(world):
    world.draft()
    with pytest.raises(OtherInsuranceError):
        world.draft(listed_drug_id=world.separate_id, fund="resident")


def test_a_paper_that_the_list_asks_for_must_be_there(world):
    number = world.draft()
    world.add_papers(number, PAPERS[:1])
    with world.write() as session, pytest.raises(InvalidInputError) as caught:
        row = registration_of(session, number=number)
        apply_registration(
            session,
            registration=row,
            version=row.version,
            actor=world.actor("doctor"),
            moment=MOMENT,
        )
    assert faults(caught) == {"papers": "A paper is missing: 基因检测报告."}


def test_papers_open_only_with_the_key_and_are_deleted_while_drafted(world):
    number = world.draft()
    world.add_papers(number)
    who = {"actor": world.actor("doctor"), "moment": MOMENT}
    with world.write() as session:
        row = registration_of(session, number=number)
        first, second = papers_of(session, registration_id=row.id)
        known = {"registration": row, "secret_key": SECRET, **who}
        assert read_paper(session, paper=first, **known) == SCAN
        delete_paper(session, registration=row, paper=first, **who)
        with pytest.raises(PaperGoneError):
            read_paper(session, paper=first, **known)
    world.add_papers(number, PAPERS[:1])
    with world.write() as session:
        row = registration_of(session, number=number)
        apply_registration(session, registration=row, version=row.version, **who)
        with pytest.raises(PaperTakenError):
            delete_paper(session, registration=row, paper=second, **who)
    with pytest.raises(PaperTakenError):
        world.add_papers(number, PAPERS[:1])


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("", SCAN, "kind"),
        ("病理报告", b"MZ", "file"),
        ("病理报告", b"%PDF" + bytes(6 << 20), "file"),
    ],
)
def test_a_paper_of_another_kind_or_too_large_is_refused(world, monkeypatch, kind, content, field):
    number = world.draft()
    monkeypatch.setattr("tests.procurement.pharmacies.patients.world.SCAN", content)
    with pytest.raises(InvalidInputError) as caught:
        world.add_papers(number, (kind,))
    assert field in faults(caught)


def test_a_refusal_needs_a_reason_and_frees_the_patient(world):
    number = world.apply()
    with pytest.raises(InvalidInputError):
        world.decide(number, is_approved=False)
    assert world.decide(number, is_approved=False, note="材料不全") == "refused"
    with pytest.raises(WrongStateError):
        world.decide(number)
    assert world.draft() != number


def test_a_late_decision_is_noted_as_late(world):
    number = world.apply()
    world.later(days=4)
    world.decide(number)
    with world.read() as session:
        newest = select(RegistrationEvent).order_by(RegistrationEvent.id.desc()).limit(1)
        assert session.scalars(newest).one().is_late


def test_what_changed_since_the_application_hinders_the_approval(world):
    number = world.apply()
    with world.write() as session:
        session.execute(update(Designation).values(ends_on=today(world) - timedelta(days=1)))
    with pytest.raises(InvalidInputError) as caught:
        world.decide(number)
    assert faults(caught) == {"pharmacy_code": "It is not designated for the dual channel."}
    with world.read() as session:
        assert registration_of(session, number=number).status == "applied"


def test_a_stale_page_decides_nothing(world):
    number = world.apply()
    with world.write() as session, pytest.raises(StaleError):
        decide_registration(
            session,
            registration=registration_of(session, number=number),
            version=1,
            is_approved=True,
            note="",
            actor=world.actor("agency"),
            moment=MOMENT,
        )


def test_an_ended_registration_frees_the_patient(world):
    number = world.approve()
    with world.write() as session:
        row = registration_of(session, number=number)
        end_registration(
            session,
            registration=row,
            version=row.version,
            actor=world.actor("agency"),
            moment=MOMENT,
        )
    assert world.draft() != number


def test_who_sees_a_registration_finds_it_by_the_number_on_the_card(world):
    number = world.approve()

    def found(who, patient=1):
        with world.read() as session:
            rows = find_registrations(
                session,
                insured_number=insured(patient),
                secret_key=SECRET,
                actor=world.actor(who),
                moment=MOMENT,
            )
            return [one.number for one in rows]

    assert found("doctor") == found("pharmacist") == found("agency") == [number]
    for who in ("colleague", "clerk", "other pharmacist", "stranger", "officer"):
        assert found(who) == []
    assert found("doctor", 2) == []


def test_numbers_tell_nothing_and_are_not_counted_up(world):
    one, other = world.draft(), world.draft(2)
    assert one[0] == other[0] == "R"
    assert len(one) == 13
    assert one != other
    with world.read() as session:
        assert session.scalar(select(func.count(Registration.id))) == 2
        assert session.scalar(select(func.count(ListPeriod.id))) == 2


def test_a_draft_that_another_doctor_left_does_not_bar_the_patient(world):
    left = world.draft(fund="resident")
    made = world.draft(who="colleague")
    with world.read() as session:
        row = registration_of(session, number=left)
        assert (row.status, row.live_patient_id) == ("withdrawn", None)
        assert registration_of(session, number=made).status == "drafted"
    applied = world.apply(2)
    with pytest.raises(RegistrationExistsError):
        world.draft(2, who="colleague")
    with world.read() as session:
        assert registration_of(session, number=applied).status == "applied"
