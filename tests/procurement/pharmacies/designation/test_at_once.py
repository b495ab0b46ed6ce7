"""People who act at the same moment: nobody is designated twice, nothing is decided twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from procurement.catalogue.spreadsheets import as_csv
from procurement.china_days import day_in_china
from procurement.database import transaction
from procurement.errors import RefusedError
from procurement.pharmacies.designation.applying import draft_application
from procurement.pharmacies.designation.doctors import NewDoctor, designate_doctor
from procurement.pharmacies.designation.lasting import Agreed, Happened, decide, sign_agreement
from procurement.pharmacies.designation.noticing import (
    NewObjection,
    answer_objection,
    file_objection,
)
from procurement.pharmacies.designation.states import DesignationEventKind
from procurement.pharmacies.designation.tables import (
    DesignatedDoctor,
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.places.importing import import_places
from procurement.pharmacies.places.tables import Place
from tests.procurement.pharmacies.designation.world import COUNTY, SECRET, TODAY

TOGETHER = 4


@pytest.fixture
def together(world):
    """Let several do the same at once; returns how many were not refused."""

    def run(act):
        start = Barrier(TOGETHER)

        def one(number):
            start.wait()
            try:
                with transaction(world.engine) as session:
                    act(session, number)
            except RefusedError:
                return 0
            return 1

        with ThreadPoolExecutor(TOGETHER) as pool:
            return sum(pool.map(one, range(TOGETHER)))

    return run


def count(world, table):
    with world.read() as session:
        return session.scalar(select(func.count(table.id)))


def test_a_place_applies_once_however_many_press_the_button(world, together):
    call_id = world.open()
    actor = world.actor("pharmacy")

    def act(session, number):
        call = session.get_one(DesignationCall, call_id)
        draft_application(
            session,
            call=call,
            place_id=world.places["pharmacy"],
            actor=actor,
            moment=world.moment,
        )

    assert together(act) == 1 and count(world, DesignationApplication) == 1


def test_two_agreements_of_two_calls_make_one_designation(world, together):
    applications = [world.noticed(world.open(title=f"通知 {number}")) for number in (1, 2)]
    world.later(days=8)
    actor = world.actor("agency")
    with world.read() as session:
        versions = [world.version(session, one) for one in applications]

    def act(session, number):
        sign_agreement(
            session,
            application_id=applications[number % 2],
            agreed=Agreed(f"协议 {number}", day_in_china(world.moment)),
            version=versions[number % 2],
            actor=actor,
            moment=world.moment,
        )

    assert together(act) == 1 and count(world, Designation) == 1


def test_a_designation_is_ended_once(world, together):
    designation_id = world.designated()
    actor = world.actor("agency")
    kinds = (DesignationEventKind.TERMINATED, DesignationEventKind.SUSPENDED)

    def act(session, number):
        happened = Happened(kinds[number % 2], day_in_china(world.moment), "x", "x")
        decide(
            session,
            designation_id=designation_id,
            happened=happened,
            version=1,
            actor=actor,
            moment=world.moment,
        )

    assert together(act) == 1 and count(world, DesignationEvent) == 2


def test_an_objection_is_answered_once(world, together):
    application_id = world.noticed(world.open())
    with world.write() as session:
        objection_id = file_objection(
            session,
            application_id=application_id,
            objection=NewObjection("x", "y", "z"),
            secret_key=SECRET,
            moment=world.moment,
        ).id
    actor = world.actor("agency")

    def act(session, number):
        answer_objection(
            session,
            objection_id=objection_id,
            is_upheld=bool(number % 2),
            answer="x",
            actor=actor,
            moment=world.moment,
        )

    assert together(act) == 1


def test_a_doctor_is_named_once_for_the_same_days(world, together):
    actor = world.actor("agency")
    new = NewDoctor(
        hospital=world.codes["hospital"],
        code="D1",
        specialty="肿瘤科",
        starts_on=TODAY,
        document="名单",
    )

    def act(session, number):
        designate_doctor(session, new=new, actor=actor, moment=world.moment)

    assert together(act) == 1 and count(world, DesignatedDoctor) == 1


def test_two_lists_with_the_same_new_place_add_it_once(world, together):
    actor = world.actor("agency")
    head = ["institution_code", "name", "county"]

    def act(session, number):
        content = as_csv([head, ["P44010300099", f"新药店{number}", COUNTY]])
        import_places(session, content=content, actor=actor, moment=world.moment)

    assert together(act) == TOGETHER and count(world, Place) == 4
