"""Bills are judged by the day of the dispensing, also where they are recorded late."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from procurement.permissions import Action, NotFoundForActorError, Subject, permit
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.patients.changing_pharmacy import decide_change, request_change
from procurement.pharmacies.patients.deciding import end_registration
from procurement.pharmacies.patients.dispensing import reverse_bill, year_so_far
from procurement.pharmacies.patients.errors import (
    BillReversedError,
    DispensingRefusedError,
    SelfPayMissingError,
)
from procurement.pharmacies.patients.listing import (
    prescription_of,
    prescriptions_seen,
    registration_of,
)
from procurement.pharmacies.patients.reviewing import overdue_registrations, suspend_overdue
from procurement.pharmacies.patients.subjects import prescription_subject
from procurement.pharmacies.patients.tables import PatientRules, Registration
from procurement.pharmacies.patients.terms import is_paid_straight_from_the_pool
from procurement.pharmacies.rules.benefit import Fund
from tests.procurement.pharmacies.patients.world import AREA, today


def refused(world, *args, **kwargs):
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(*args, **kwargs)
    return [one.key for one in caught.value.obstacles]


def end(world, number):
    with world.write() as session:
        row = registration_of(session, number=number)
        end_registration(
            session,
            registration=row,
            version=row.version,
            actor=world.actor("doctor"),
            moment=world.moment,
        )


def change_pharmacy(world, number):
    with world.write() as session:
        row = registration_of(session, number=number)
        asked = request_change(
            session,
            registration=row,
            version=row.version,
            pharmacy_code=world.codes["second"],
            reason="搬家",
            actor=world.actor("doctor"),
            moment=world.moment,
        )
        decide_change(
            session,
            change=asked,
            version=row.version,
            is_accepted=True,
            note="",
            actor=world.actor("agency"),
            moment=world.moment,
        )


def test_what_was_dispensed_before_the_approval_is_not_covered(world):
    number = world.approve()
    begun = world.moment
    rx = world.prescribe(number, prescribed_at=begun - timedelta(days=1))
    world.moment = begun - timedelta(hours=20)
    assert refused(world, number, rx) == ["begun"]
    assert refused(world, number, place="hospital", bill="H1") == ["begun"]
    world.moment = begun
    assert world.settle(number, rx)


def test_the_days_of_a_suspension_and_of_a_late_review_stay_uncovered(world):
    number = world.approve()
    begun = world.moment
    suspended = begun.replace(month=9, day=7)
    world.moment = suspended
    with world.write() as session:
        for one in overdue_registrations(session, day=today(world)):
            assert suspend_overdue(session, registration_id=one, moment=world.moment)
    world.later(days=10)
    world.review(number)
    world.later(days=2)
    world.decide_review(number)
    world.moment = suspended + timedelta(days=5)
    assert refused(world, number, place="hospital", bill="H1") == ["registration", "review"]
    world.moment = suspended + timedelta(days=11)
    assert refused(world, number, place="hospital", bill="H1") == ["registration"]
    world.moment = suspended - timedelta(days=1)
    assert world.settle(number, place="hospital", bill="H2")
    world.moment = suspended + timedelta(days=12)
    assert world.settle(number, place="hospital", bill="H3")


def test_a_gap_before_a_late_review_is_not_paid_although_nothing_was_suspended(world):
    number = world.approve()
    due = world.moment.replace(month=9, day=6)
    world.moment = due + timedelta(days=5)
    world.review_again(number)
    world.moment = due + timedelta(days=2)
    assert refused(world, number, place="hospital", bill="H1") == ["review"]


@pytest.mark.parametrize("status", ["closed", "expired"])
def test_what_the_centre_closed_since_is_recorded_as_often_as_it_was_dispensed(world, status):
    number = world.approve()
    rx = world.prescribe(number)
    given = world.moment
    world.later(minutes=1)
    world.take(world.report("E2", "dispensed", place_code=world.codes["pharmacy"]))
    world.later(minutes=1)
    world.take(world.report("E3", status))
    over = world.moment
    world.moment = given + timedelta(minutes=1)
    assert world.settle(number, rx)
    assert "state" in refused(world, number, rx, bill="B2")
    world.moment = over + timedelta(minutes=1)
    assert "state" in refused(world, number, rx, bill="B3")


def test_what_was_dispensed_before_the_end_is_recorded_after_it(world):
    number = world.approve()
    rx = world.prescribe(number)
    given = world.moment
    world.later(days=1)
    end(world, number)
    assert refused(world, number, rx) == ["registration"]
    world.moment = given
    assert world.settle(number, rx)


def test_the_former_pharmacy_records_what_it_dispensed_before_the_change(world):
    number = world.approve()
    rx = world.prescribe(number)
    given = world.moment
    world.later(days=1)
    change_pharmacy(world, number)
    later = world.prescribe(number, rx="RX2")
    pharmacist = world.actor("pharmacist")
    with world.read() as session:
        seen = session.scalars(prescriptions_seen(actor=pharmacist)).all()
        assert [one.number for one in seen] == [rx]

        def subject(one: str) -> Subject:
            return prescription_subject(
                session,
                prescription=prescription_of(session, number=one),
                organisation_id=pharmacist.organisation_id,
            )

        permit(pharmacist, Action.DISPENSE_PRESCRIPTION, subject(rx))
        with pytest.raises(NotFoundForActorError):
            permit(pharmacist, Action.DISPENSE_PRESCRIPTION, subject(later))
    world.moment = given
    assert refused(world, number, rx, place="second", bill="S1") == ["place"]
    assert world.settle(number, rx)


def test_a_later_use_does_not_bar_an_earlier_one_recorded_late(world):
    number = world.approve()
    rx = world.prescribe(
        number,
        is_reusable=True,
        times_max=3,
        interval_days_min=28,
        valid_until=world.moment + timedelta(days=90),
    )
    given = world.moment
    world.moment = given + timedelta(days=28)
    world.settle(number, rx, bill="B2")
    world.moment = given + timedelta(days=1)
    assert refused(world, number, rx, bill="B1") == ["interval"]
    world.moment = given
    assert world.settle(number, rx, bill="B1")


def test_a_reversed_bill_sent_again_is_not_answered_as_settled(world):
    number = world.approve()
    rx = world.prescribe(number)
    row = world.settle(number, rx)
    with world.write() as session:
        reverse_bill(session, record_id=row.id, actor=world.actor("agency"), moment=world.moment)
    with pytest.raises(BillReversedError):
        world.settle(number, rx)
    assert world.settle(number, rx, bill="B2")


def test_a_cap_is_used_up_only_by_bills_of_its_fund_and_state(world):
    separate = world.approve(listed_drug_id=world.separate_id, indication="I10")
    rx = world.prescribe(separate, rx="RX2", indication="")
    assert world.settle(separate, rx, bill="B2", amount="200000.00").fund_amount == 140000
    number = world.approve()
    row = world.settle(number, world.prescribe(number), amount="5000.00")
    assert row.fund_amount == Decimal("1960.00")
    with world.read() as session:
        patient_id = registration_of(session, number=number).patient_id
        assert patient_id is not None
        so_far = year_so_far(
            session,
            patient_id=patient_id,
            year=2026,
            fund=Fund.RESIDENT,
            state=DrugState.DUAL,
        )
        # The deductible is one for all.
        assert (so_far.deductible_used, so_far.fund_paid) == (Decimal(1200), Decimal(0))


def test_without_a_document_on_separate_payment_no_first_self_pay_is_assumed(world):
    number = world.approve(listed_drug_id=world.separate_id, indication="I10")
    rx = world.prescribe(number, indication="")
    with world.read() as session:
        assert is_paid_straight_from_the_pool(session, region=AREA, day=today(world))
        assert not is_paid_straight_from_the_pool(session, region=AREA, day=date(2020, 1, 1))
    with world.write() as session:
        session.connection().exec_driver_sql(
            {
                "sqlite": "DROP TRIGGER IF EXISTS tr_patient_rules_refuse_update",
                "postgresql": "ALTER TABLE patient_rules DISABLE TRIGGER USER",
            }[world.engine.dialect.name]
        )
        session.execute(update(PatientRules).values(rulebooks='[["dual-suzhou-2022", ""]]'))
    with pytest.raises(SelfPayMissingError):
        world.settle(number, rx)
    with world.read() as session:
        assert session.get_one(Registration, 1).starts_on == today(world)
