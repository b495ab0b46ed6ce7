"""Bills under a registration: who pays what, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from procurement.errors import InvalidInputError
from procurement.pharmacies.designation.tables import DesignatedDoctor, Designation
from procurement.pharmacies.errors import RuleMissingError
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.tables import ListPeriod
from procurement.pharmacies.patients.area_rules import Given, NewRules, give_rules
from procurement.pharmacies.patients.dispensing import reverse_bill, year_so_far
from procurement.pharmacies.patients.errors import (
    AlreadyReversedError,
    BillDiffersError,
    DispensingRefusedError,
    NoTermsError,
    OtherProvinceError,
    SelfPayMissingError,
)
from procurement.pharmacies.patients.listing import registration_of
from procurement.pharmacies.patients.tables import BenefitRecord, Registration
from procurement.pharmacies.patients.terms import NewTerms, give_terms
from procurement.pharmacies.rules.benefit import Fund, YearSoFar
from tests.procurement.pharmacies.patients.world import AREA, RULES, today


def obstacles(caught):
    return [one.key for one in caught.value.obstacles]


def change_list(world, statement):
    """Write what a list might say; nobody else may change its rows."""
    free = {
        "sqlite": "DROP TRIGGER IF EXISTS tr_listed_drug_period_refuse_update",
        "postgresql": "ALTER TABLE listed_drug_period DISABLE TRIGGER USER",
    }
    with world.write() as session:
        session.connection().exec_driver_sql(free[world.engine.dialect.name])
        session.execute(statement)


def test_a_bill_is_split_by_list_and_area(world):
    number = world.approve()
    row = world.settle(number, world.prescribe(number), amount="5000.00")
    # 5,000 less 20 % class B is 4,000, less 1,200 deductible is 2,800, of which 70 %.
    assert (row.deductible_used, row.fund_amount, row.patient_amount) == (
        Decimal(1200),
        Decimal("1960.00"),
        Decimal("3040.00"),
    )


def test_the_deductible_counts_once_in_the_year_over_both_channels_and_all_drugs(world):
    number = world.approve()
    world.settle(number, place="hospital", bill="H1", amount="1000.00")
    row = world.settle(number, world.prescribe(number), amount="1000.00")
    # 800 were used in the hospital, 400 are left.
    assert (row.deductible_used, row.fund_amount) == (Decimal(400), Decimal("280.00"))
    other = world.approve(listed_drug_id=world.separate_id, indication="I10")
    rx = world.prescribe(other, rx="RX2", indication="")
    row = world.settle(other, rx, bill="B2", amount="1000.00")
    assert (row.deductible_used, row.fund_amount) == (Decimal(0), Decimal("700.00"))
    world.moment = world.moment.replace(year=2027)
    world.review_again(number)
    row = world.settle(number, place="hospital", bill="H2", amount="1000.00")
    assert row.deductible_used == Decimal(800)


def test_the_cap_of_the_year_is_not_exceeded(world):
    number = world.approve()
    row = world.settle(number, place="hospital", bill="H1", amount="200000.00")
    assert row.fund_amount == Decimal(100000)
    row = world.settle(number, place="hospital", bill="H2", amount="1000.00")
    assert (row.fund_amount, row.patient_amount) == (Decimal(0), Decimal(1000))


def test_off_site_patients_have_the_benefit_of_where_they_are_insured(world):
    number = world.approve(pharmacy_code=world.codes["off-site"])
    row = world.settle(number, world.prescribe(number), place="off-site", amount="5000.00")
    assert row.fund_amount == Decimal("1960.00")


def test_a_share_that_the_list_states_goes_before_the_areas(world):
    change_list(
        world,
        update(ListPeriod)
        .where(ListPeriod.listed_drug_id == world.separate_id)
        .values(employee_share=Decimal("0.80")),
    )
    number = world.approve(listed_drug_id=world.separate_id)
    row = world.settle(number, world.prescribe(number), amount="1000.00")
    assert row.fund_amount == Decimal(800)


def test_the_same_bill_sent_twice_is_settled_once(world):
    number = world.approve()
    rx = world.prescribe(number)
    assert world.settle(number, rx).id == world.settle(number, rx).id
    with pytest.raises(BillDiffersError):
        world.settle(number, rx, amount="1000.01")


def test_a_bill_taken_back_frees_deductible_and_use(world):
    number = world.approve()
    rx = world.prescribe(number)
    row = world.settle(number, rx)
    who = {"actor": world.actor("agency"), "moment": world.moment}
    with world.write() as session:
        taken = reverse_bill(session, record_id=row.id, **who)
        assert taken.amount == -row.amount
    with world.write() as session:
        with pytest.raises(AlreadyReversedError):
            reverse_bill(session, record_id=row.id, **who)
        with pytest.raises(AlreadyReversedError):
            reverse_bill(session, record_id=taken.id, **who)
        patient = registration_of(session, number=number).patient_id
        assert patient is not None
        so_far = year_so_far(
            session,
            patient_id=patient,
            year=2026,
            fund=Fund.EMPLOYEE,
            state=DrugState.DUAL,
        )
        assert so_far == YearSoFar(Decimal(0), Decimal(0))
    assert world.settle(number, rx, bill="B2").deductible_used == row.deductible_used


def test_an_expired_prescription_is_refused(world):
    number = world.approve()
    rx = world.prescribe(number)
    world.later(hours=72, seconds=1)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["expired"]
    assert "有效期" in caught.value.zh


def test_the_last_moment_counts(world):
    number = world.approve()
    rx = world.prescribe(number)
    world.later(hours=72)
    assert world.settle(number, rx).patient_amount == Decimal(1000)


def test_the_centres_own_end_goes_before_the_hours(world):
    number = world.approve()
    rx = world.prescribe(number, valid_until=world.moment + timedelta(days=7))
    world.later(days=6)
    assert world.settle(number, rx)


def test_a_second_pharmacy_is_refused(world):
    number = world.approve()
    rx = world.prescribe(number)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx, place="second")
    assert obstacles(caught) == ["place"]
    with pytest.raises(OtherProvinceError):
        world.settle(number, rx, place="abroad")


def test_a_drug_outside_its_indication_is_refused(world):
    number = world.approve()
    rx = world.prescribe(number, indication="I10")
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["indication"]


def test_a_prescriber_who_is_no_responsible_doctor_is_refused(world):
    number = world.approve()
    rx = world.prescribe(number, doctor_code="D9999")
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["doctor"]
    with world.write() as session:
        session.execute(update(DesignatedDoctor).values(ends_on=today(world) - timedelta(days=1)))
    rx = world.prescribe(number, rx="RX2")
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["doctor"]


def test_an_overdue_review_is_refused_even_before_the_daily_job(world):
    number = world.approve()
    with world.write() as session:
        session.execute(update(Registration).values(review_due_on=today(world) - timedelta(days=1)))
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, world.prescribe(number))
    assert obstacles(caught) == ["review"]


def test_a_place_that_is_no_longer_designated_is_refused(world):
    number = world.approve()
    rx = world.prescribe(number)
    with world.write() as session:
        session.execute(
            update(Designation)
            .where(Designation.place_id == world.places["pharmacy"])
            .values(ends_on=today(world) - timedelta(days=1))
        )
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["designation"]


@pytest.mark.parametrize("status", ["undone", "refused", "expired"])
def test_what_the_centre_took_back_is_refused(world, status):
    number = world.approve()
    rx = world.prescribe(number)
    world.later(minutes=1)
    world.take(world.report("E2", status))
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["state"]


def test_a_prescription_is_used_once_unless_it_says_otherwise(world):
    number = world.approve()
    rx = world.prescribe(number)
    world.settle(number, rx)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx, bill="B2")
    assert obstacles(caught) == ["times"]


def test_reuse_is_limited_in_times_and_by_its_interval(world):
    number = world.approve()
    rx = world.prescribe(
        number,
        is_reusable=True,
        times_max=2,
        interval_days_min=28,
        valid_until=world.moment + timedelta(days=90),
    )
    world.settle(number, rx)
    world.later(days=27)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx, bill="B2")
    assert obstacles(caught) == ["interval"]
    world.later(days=1)
    world.settle(number, rx, bill="B2")
    world.later(days=28)
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx, bill="B3")
    assert obstacles(caught) == ["times"]


def test_what_another_place_dispensed_counts_too(world):
    number = world.approve()
    rx = world.prescribe(number)
    world.later(minutes=1)
    world.take(world.report("E2", "dispensed", place_code=world.codes["second"]))
    with pytest.raises(DispensingRefusedError) as caught:
        world.settle(number, rx)
    assert obstacles(caught) == ["times"]


def test_the_report_of_the_same_dispensing_may_come_before_the_bill(world):
    number = world.approve()
    rx = world.prescribe(number)
    world.later(minutes=1)
    world.take(world.report("E2", "dispensed", place_code=world.codes["pharmacy"]))
    assert world.settle(number, rx)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"bill": ""}, "bill_number"),
        ({"bill": "a b"}, "bill_number"),
    ],
)
def test_a_bill_that_cannot_be_is_refused(world, changed, field):
    number = world.approve()
    with pytest.raises(InvalidInputError) as caught:
        world.settle(number, world.prescribe(number), **changed)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_what_nobody_gave_is_said_and_not_guessed(world):
    number = world.approve(fund="resident")
    rx = world.prescribe(number)
    with world.write() as session:
        give_terms(
            session,
            new=NewTerms(
                "320100",
                Fund.RESIDENT,
                DrugState.DUAL,
                Decimal("0.5"),
                Decimal(0),
                None,
                date(2026, 1, 1),
                "示例",
            ),
            actor=world.actor("agency"),
            moment=world.moment,
        )
        # Begins later: what was given for before holds until then.
        give_rules(
            session,
            new=NewRules(
                AREA, RULES, {"patient.retained_years": Given("3", "示例")}, today(world), "示例"
            ),
            actor=world.actor("agency"),
            moment=world.moment,
        )
    assert world.settle(number, rx)
    other = world.approve(2)
    with pytest.raises(RuleMissingError) as caught:
        world.settle(other, world.prescribe(other, rx="RX2"), bill="B2")
    assert caught.value.key == "prescription.valid_hours"
    world.moment = world.moment.replace(year=2025, month=12)
    with world.write() as session:
        session.execute(update(Registration).values(review_due_on=None, starts_on=today(world)))
    with pytest.raises(NoTermsError):
        world.settle(number, place="hospital", bill="H9")


def test_class_b_without_a_share_on_the_list_is_not_computed(world):
    change_list(world, update(ListPeriod).values(self_pay_share=None))
    number = world.approve()
    with pytest.raises(SelfPayMissingError):
        world.settle(number, world.prescribe(number))
    with world.read() as session:
        assert session.scalar(select(func.count(BenefitRecord.id))) == 0
