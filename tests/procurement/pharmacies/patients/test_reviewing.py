"""Re-evaluation, change of pharmacy, and forgetting patients when the retention ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError
from procurement.jobs import JobRun
from procurement.permissions import NotFoundForActorError
from procurement.pharmacies.patients.changing_pharmacy import (
    decide_change,
    request_change,
    waiting_change,
)
from procurement.pharmacies.patients.deciding import end_registration
from procurement.pharmacies.patients.errors import DispensingRefusedError
from procurement.pharmacies.patients.jobs import HANDLERS
from procurement.pharmacies.patients.listing import registration_of
from procurement.pharmacies.patients.purging import forget_patient
from procurement.pharmacies.patients.states import ReviewOutcome, WrongStateError
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    Patient,
    Prescription,
    Registration,
    RegistrationEvent,
    RegistrationPaper,
    RegistrationReview,
)
from procurement.settings import Settings
from tests.procurement.pharmacies.patients.world import SECRET


def status(world, number):
    with world.read() as session:
        return registration_of(session, number=number).status


def run_jobs(world, tmp_path):
    settings = Settings(tmp_path, str(world.engine.url), secret_key=SECRET)
    run = JobRun(0, {}, world.engine, settings, lambda: world.moment)
    for handler in HANDLERS.values():
        handler(run)


def test_an_overdue_review_suspends_and_an_accepted_one_lifts_it(world, tmp_path):
    number = world.approve()
    world.moment = world.moment.replace(month=9, day=6)
    run_jobs(world, tmp_path)
    assert status(world, number) == "approved"
    world.later(days=1)
    run_jobs(world, tmp_path)
    assert status(world, number) == "suspended"
    rx = world.prescribe(number)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert {one.key for one in caught.value.obstacles} == {"registration", "review"}
    world.review_again(number)
    assert status(world, number) == "approved"
    assert world.settle(number, rx)
    with world.read() as session:
        row = registration_of(session, number=number)
        assert (row.reviewed_on, row.review_due_on) == (date(2026, 9, 7), date(2027, 3, 7))


def test_a_review_made_in_time_protects_while_it_waits(world, tmp_path):
    number = world.approve()
    world.moment = world.moment.replace(month=9, day=6)
    world.review(number)
    world.later(days=3)
    run_jobs(world, tmp_path)
    assert status(world, number) == "approved"
    assert world.settle(number, world.prescribe(number))
    world.decide_review(number, is_accepted=False, note="缺少影像报告")
    run_jobs(world, tmp_path)
    assert status(world, number) == "suspended"


def test_the_outcome_stop_ends_the_registration(world):
    number = world.approve()
    world.review(number, ReviewOutcome.STOP)
    world.decide_review(number)
    assert status(world, number) == "ended"
    assert world.draft()


def test_one_review_waits_at_a_time_and_needs_a_finding(world):
    number = world.approve()
    world.review(number)
    with pytest.raises(InvalidInputError):
        world.review(number)
    with pytest.raises(InvalidInputError):
        world.decide_review(number, is_accepted=False)
    draft = world.draft(2)
    with pytest.raises(WrongStateError):
        world.review(draft)


def change(world, number, code, reason="搬家"):
    with world.write() as session:
        row = registration_of(session, number=number)
        return request_change(
            session,
            registration=row,
            version=row.version,
            pharmacy_code=code,
            reason=reason,
            actor=world.actor("doctor"),
            moment=world.moment,
        )


def decided(world, number, is_accepted, note=""):
    with world.write() as session:
        row = registration_of(session, number=number)
        waiting = waiting_change(session, registration_id=row.id)
        assert waiting is not None
        return decide_change(
            session,
            change=waiting,
            version=row.version,
            is_accepted=is_accepted,
            note=note,
            actor=world.actor("agency"),
            moment=world.moment,
        ).status


def test_another_pharmacy_counts_from_the_decision_on(world):
    number = world.approve()
    rx = world.prescribe(number)
    change(world, number, world.codes["second"])
    with pytest.raises(DispensingRefusedError):
        world.settle(number, rx, place="second")
    assert decided(world, number, True) == "accepted"
    assert world.settle(number, rx, place="second")
    with pytest.raises(DispensingRefusedError):
        world.settle(number, world.prescribe(number, rx="RX2"), bill="B2")


def test_a_change_is_refused_with_a_reason_and_the_pharmacy_stays(world):
    number = world.approve()
    change(world, number, world.codes["second"])
    with pytest.raises(InvalidInputError):
        decided(world, number, False)
    assert decided(world, number, False, "所选药店缺货") == "refused"
    assert world.settle(number, world.prescribe(number))


@pytest.mark.parametrize(
    ("place", "reason"),
    [("pharmacy", "搬家"), ("hospital", "搬家"), ("abroad", "搬家"), ("second", "")],
)
def test_a_change_that_cannot_be_is_refused(world, place, reason):
    number = world.approve()
    with pytest.raises(InvalidInputError):
        change(world, number, world.codes[place], reason)


def test_one_change_waits_at_a_time(world):
    number = world.approve()
    change(world, number, world.codes["second"])
    with pytest.raises(InvalidInputError):
        change(world, number, world.codes["off-site"])


def test_patients_are_forgotten_when_the_retention_ends(world, tmp_path):
    number = world.approve()
    rx = world.prescribe(number)
    world.settle(number, rx)
    world.review(number)
    change(world, number, world.codes["second"])
    end_by_hand(world, number)
    start = world.moment
    world.moment = start.replace(year=2029)
    run_jobs(world, tmp_path)
    with world.read() as session:
        # Three years from the last step, and that day itself.
        assert session.scalar(select(func.count(Patient.id))) == 1
    world.later(days=1)
    run_jobs(world, tmp_path)
    with world.read() as session:
        assert session.scalar(select(func.count(Patient.id))) == 0
        row = session.scalars(select(Registration)).one()
        assert (row.patient_id, row.indication, row.status) == (None, None, "ended")
        assert session.scalars(select(RegistrationPaper.sealed)).all() == [None, None]
        assert session.scalars(select(RegistrationReview.finding)).all() == [None]
        one = session.scalars(select(Prescription)).one()
        assert (one.rx_number, one.indication, one.doctor_code) == (None, None, None)
        # What was paid stays, and names nobody.
        assert session.scalar(select(func.count(BenefitRecord.id))) == 1
        newest = select(RegistrationEvent.step).order_by(RegistrationEvent.id.desc()).limit(1)
        assert session.scalar(newest) == "purged"
    for who in ("doctor", "pharmacist", "agency"):
        with world.read() as session:
            row = registration_of(session, number=number)
            assert row.patient_id is None, who
    world.moment = start
    again = world.draft()
    assert again != number


def test_nobody_is_forgotten_before_the_time(world):
    world.approve()
    with world.write() as session:
        patient = session.scalars(select(Patient)).one()
        assert not forget_patient(session, patient_id=patient.id, moment=world.moment)
        with pytest.raises(NotFoundForActorError):
            forget_patient(session, patient_id=999_999, moment=world.moment)


def test_drafts_and_applications_are_withdrawn_when_forgotten(world, tmp_path):
    draft, applied = world.draft(1), world.apply(2)
    world.moment += timedelta(days=4 * 366)
    run_jobs(world, tmp_path)
    assert status(world, draft) == status(world, applied) == "withdrawn"


def test_a_report_begins_the_retention_anew_and_comes_to_no_forgotten_patient(world, tmp_path):
    number = world.approve()
    world.later(days=300)
    world.prescribe(number, valid_until=world.moment + timedelta(days=3))
    with world.read() as session:
        kept = session.scalars(select(Patient.retain_until)).one()
    assert kept >= day_in_china(world.moment.replace(year=world.moment.year + 3))
    world.later(days=2)
    world.take(world.report("E2", "dispensed"))
    with world.read() as session:
        assert session.scalars(select(Patient.retain_until)).one() == kept + timedelta(days=2)
    end_by_hand(world, number)
    world.moment += timedelta(days=4 * 366)
    run_jobs(world, tmp_path)
    with pytest.raises(InvalidInputError) as caught:
        world.prescribe(number, rx="RX1")
    assert "no such registration" in str(caught.value)
    with world.read() as session:
        assert session.scalars(select(Prescription.rx_number)).all() == [None]


def test_who_is_covered_is_not_forgotten(world, tmp_path):
    number = world.approve()
    with world.write() as session:
        session.execute(update(Registration).values(review_due_on=None))
    world.moment += timedelta(days=4 * 366)
    run_jobs(world, tmp_path)
    with world.write() as session:
        patient = session.scalars(select(Patient)).one()
        assert not forget_patient(session, patient_id=patient.id, moment=world.moment)
    end_by_hand(world, number)
    run_jobs(world, tmp_path)
    with world.read() as session:
        assert session.scalar(select(func.count(Patient.id))) == 0


def test_prescriptions_that_never_came_to_a_registration_are_forgotten_too(world, tmp_path):
    world.take(world.report("E1"))
    world.moment = world.moment.replace(year=2029)
    run_jobs(world, tmp_path)
    with world.read() as session:
        assert session.scalars(select(Prescription.rx_number)).all() == ["RX1"]
    world.later(days=1)
    run_jobs(world, tmp_path)
    with world.read() as session:
        assert session.scalars(select(Prescription.rx_number)).all() == [None]


def end_by_hand(world, number):
    with world.write() as session:
        row = registration_of(session, number=number)
        end_registration(
            session,
            registration=row,
            version=row.version,
            actor=world.actor("doctor"),
            moment=world.moment,
        )
