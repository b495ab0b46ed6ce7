"""People who act at the same moment: nothing is used, registered or taken twice."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select

from procurement.errors import RefusedError
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    Patient,
    Prescription,
    PrescriptionReport,
    Registration,
)

TOGETHER = 4


@pytest.fixture
def together():
    """Let several do the same at once; returns how many were not refused."""

    def run(act):
        start = Barrier(TOGETHER)

        def one(number):
            start.wait()
            try:
                act(number)
            except RefusedError:
                return 0
            return 1

        with ThreadPoolExecutor(TOGETHER) as pool:
            return sum(pool.map(one, range(TOGETHER)))

    return run


def test_the_deductible_is_used_once_by_bills_at_the_same_moment(world, together):
    number = world.approve()
    prescriptions = [world.prescribe(number, rx=f"RX{one}") for one in range(TOGETHER)]

    def act(place):
        if place % 2:
            world.settle(number, place="hospital", bill=f"H{place}")
        else:
            world.settle(number, prescriptions[place], bill=f"P{place}")

    assert together(act) == TOGETHER
    with world.read() as session:
        used = session.scalars(select(BenefitRecord.deductible_used)).all()
        # Four times 800 count, and 1,200 are the patient's.
        assert sum(used) == Decimal(1200)
        assert sum(session.scalars(select(BenefitRecord.fund_amount))) == Decimal(1400)


def test_the_cap_holds_for_bills_at_the_same_moment(world, together):
    number = world.approve()
    together(lambda place: world.settle(number, None, "hospital", f"H{place}", "60000.00"))
    with world.read() as session:
        assert sum(session.scalars(select(BenefitRecord.fund_amount))) == Decimal(100000)


def test_a_prescription_is_used_by_one_of_several(world, together):
    number = world.approve()
    rx = world.prescribe(number)
    assert together(lambda place: world.settle(number, rx, bill=f"B{place}")) == 1


def test_one_bill_sent_several_times_is_settled_once(world, together):
    number = world.approve()
    rx = world.prescribe(number)
    assert together(lambda place: world.settle(number, rx)) == TOGETHER
    with world.read() as session:
        assert session.scalar(select(func.count(BenefitRecord.id))) == 1


def test_one_patient_is_registered_once_by_several_doctors(world, together):
    made = together(lambda place: world.draft(who=("doctor", "colleague")[place % 2]))
    with world.read() as session:
        assert session.scalar(select(func.count(Patient.id))) == 1
        # What another doctor drafted is withdrawn: one is left.
        assert session.scalar(select(func.count(Registration.id))) == made
        living = select(func.count(Registration.id)).where(Registration.status == "drafted")
        assert session.scalar(living) == 1


def test_a_registration_is_decided_once(world, together):
    number = world.apply()
    assert together(lambda place: world.decide(number, bool(place % 2), "材料不全")) == 1


def test_the_same_report_sent_several_times_at_once_counts_once(world, together):
    head = world.head(world.approve())
    reports = [
        world.report("E1", "signed", head=head),
        world.report("E2", "uploaded"),
        world.report("E3", "dispensed", place_code=world.codes["pharmacy"]),
    ]
    assert together(lambda place: world.take(*(reports if place % 2 else reversed(reports)))) == 4
    with world.read() as session:
        row = session.scalars(select(Prescription)).one()
        assert (row.status, row.times_reported) == ("dispensed", 1)
        assert session.scalar(select(func.count(PrescriptionReport.id))) == len(reports)
