"""The centre's reports: late, twice, in any order, contradictory, and wrong."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from procurement.errors import InvalidInputError
from procurement.pharmacies.patients.listing import (
    find_prescription,
    prescription_of,
    prescriptions_seen,
)
from procurement.pharmacies.patients.reporting import contradictions_of
from procurement.pharmacies.patients.tables import Prescription, PrescriptionReport


def minutes(world, number):
    return world.moment - timedelta(minutes=60 - number)


def way(world, number):
    """A prescription from its upload to the bill."""
    at = [minutes(world, step) for step in range(5)]
    head = world.head(number, prescribed_at=at[0])
    return [
        world.report("E1", "signed", head=head, at=at[0]),
        world.report("E2", "uploaded", at=at[1]),
        world.report("E3", "stock-checked", stock_check=1, at=at[2]),
        world.report("E4", "dispensed", place_code=world.codes["pharmacy"], at=at[3]),
        world.report("E5", "settled", at=at[4]),
    ]


def standing(world, number):
    with world.read() as session:
        row = prescription_of(session, number=number)
        return (row.status, row.stock_check, row.times_reported, row.place_id, row.doctor_code)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (3, 0, 4, 2, 1)])
def test_reports_say_the_same_in_any_order_and_twice(world, order):
    reports = way(world, world.approve())
    for place in (*order, *order[:2]):
        taken = world.take(reports[place])
    assert (taken.new, taken.known) == (0, 1)
    assert standing(world, taken.numbers[0]) == (
        "settled",
        1,
        1,
        world.places["pharmacy"],
        "D0001",
    )


def test_one_delivery_may_hold_the_same_report_twice(world):
    reports = way(world, world.approve())
    taken = world.take(*reports, reports[0])
    assert (taken.new, taken.known) == (5, 1)


def test_a_prescription_without_its_head_is_the_agencys_alone(world):
    number = world.approve()
    reports = way(world, number)
    world.take(*reports[1:])

    def seen(who):
        with world.read() as session:
            return len(session.scalars(prescriptions_seen(actor=world.actor(who))).all())

    assert [seen(who) for who in ("agency", "pharmacist", "doctor", "stranger")] == [1, 0, 0, 0]
    world.take(reports[0])
    assert [seen(who) for who in ("agency", "pharmacist", "doctor", "stranger")] == [1, 1, 1, 0]


def test_a_pharmacy_sees_no_prescription_before_it_was_uploaded(world):
    number = world.approve()
    world.take(world.report("E1", "signed", head=world.head(number)))
    with world.read() as session:
        seen = prescriptions_seen(actor=world.actor("pharmacist"))
        assert session.scalars(seen).all() == []


def test_the_same_number_with_other_contents_is_refused(world):
    reports = way(world, world.approve())
    world.take(*reports)
    for other in (
        replace(reports[1], happened_at=minutes(world, 9)),
        replace(reports[1], status="refused"),
        replace(reports[1], rx_number="RX2"),
        replace(reports[3], place_code=world.codes["second"]),
    ):
        with pytest.raises(InvalidInputError) as caught:
            world.take(other)
        assert "This number came before with other contents." in str(caught.value)
    with world.read() as session:
        assert session.scalar(select(func.count(PrescriptionReport.id))) == 5
        assert session.scalar(select(func.count(Prescription.id))) == 1


def test_a_prescription_that_now_says_something_else_is_refused(world):
    number = world.approve()
    world.prescribe(number)
    with pytest.raises(InvalidInputError) as caught:
        world.take(world.report("E9", head=world.head(number, doctor_code="D0002", times_max=3)))
    assert [fault.field for fault in caught.value.faults] == [
        "reports.1.doctor_code",
        "reports.1.times_max",
    ]


def test_what_does_not_follow_is_kept_and_named_but_not_believed(world):
    reports = way(world, world.approve())
    undone = world.report("E6", "undone", at=minutes(world, 2) + timedelta(seconds=30))
    taken = world.take(*reports, undone)
    assert standing(world, taken.numbers[0])[:3] == ("undone", 1, 0)
    with world.read() as session:
        row = prescription_of(session, number=taken.numbers[0])
        assert contradictions_of(session, prescription_id=row.id) == ("E4", "E5")


def test_every_fault_of_a_delivery_is_named_and_nothing_is_stored(world):
    good = way(world, world.approve())[0]
    bad = world.report(
        "E 2",
        "sent",
        rx="",
        at=world.moment + timedelta(days=1),
        stock_check=5,
        place_code="P99999999999",
        head=world.head(
            "R00000000000",
            doctor_code="",
            indication="cancer",
            valid_until=world.moment - timedelta(days=1),
            times_max=0,
            interval_days_min=-1,
        ),
    )
    with pytest.raises(InvalidInputError) as caught:
        world.take(good, bad)
    assert sorted({fault.field.removeprefix("reports.2.") for fault in caught.value.faults}) == [
        "doctor_code",
        "event_number",
        "happened_at",
        "indication",
        "interval_days_min",
        "place",
        "registration",
        "rx_number",
        "status",
        "stock_check",
        "times_max",
        "valid_until",
    ]
    with world.read() as session:
        assert session.scalar(select(func.count(Prescription.id))) == 0
    with pytest.raises(InvalidInputError):
        world.take()


def test_an_agency_reports_on_registrations_of_its_region_only(world):
    number = world.approve()
    world.people["agency"] = world.people["stranger"]
    with pytest.raises(InvalidInputError) as caught:
        world.prescribe(number)
    assert "no such registration in your region" in str(caught.value)


def test_the_centres_number_is_in_no_address(world):
    number = world.prescribe(world.approve())
    assert "RX1" not in number
    with world.read() as session:
        found = find_prescription(session, rx_number="RX1", actor=world.actor("pharmacist"))
        assert found.number == number


def test_all_orders_of_a_short_way_agree(world):
    number = world.approve()
    seen = set()
    for place, order in enumerate(permutations(way(world, number)[:3])):
        reports = [
            replace(one, rx_number=f"RX{place}", event_number=f"{one.event_number}-{place}")
            for one in order
        ]
        taken = world.take(*reports)
        seen.add(standing(world, taken.numbers[0]))
    assert len(seen) == 1
