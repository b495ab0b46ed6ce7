"""Lists from files: designated places and responsible doctors, all lines or none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.designation.doctors import (
    NewDoctor,
    designate_doctor,
    doctors_at,
    end_doctor,
    import_doctors,
)
from procurement.pharmacies.designation.importing import import_designations
from procurement.pharmacies.designation.service import designated_places, is_designated_doctor
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import DesignatedDoctor, Designation
from tests.procurement.pharmacies.designation.world import CITY, TODAY

HEAD = ["institution_code", "scheme", "agreement", "starts_on", "ends_on"]
DOCTORS = ["机构代码", "医师代码", "姓名", "专科", "起始日期", "截止日期", "文号", "账号"]


def import_list(world, *lines, who="agency"):
    with world.write() as session:
        return import_designations(
            session,
            content=as_csv([HEAD, *lines]),
            actor=world.actor(who),
            moment=world.moment,
        )


def test_a_published_list_designates_its_places(world):
    day = TODAY.isoformat()
    lines = [
        [world.codes["hospital"], "dual-channel", "名单 1 号", day, ""],
        [world.codes["pharmacy"], "双通道定点", "名单 1 号", day, "2028-02-29"],
        [world.codes["pharmacy"], "医保便民药店", "名单 2 号", day, ""],
    ]
    assert import_list(world, *lines) == 3
    with world.read() as session:
        for scheme, count in (
            (DesignationScheme.DUAL_CHANNEL, 2),
            (DesignationScheme.CONVENIENCE, 1),
        ):
            found = designated_places(session, scheme=scheme, region=CITY, day=TODAY)
            assert len(found) == count


def test_a_list_with_one_bad_line_designates_nobody_and_says_every_fault(world):
    day = TODAY.isoformat()
    with pytest.raises(InvalidInputError) as refusal:
        import_list(
            world,
            [world.codes["pharmacy"], "dual-channel", "名单 1 号", day, ""],
            [world.codes["pharmacy"], "dual-channel", "名单 1 号", day, ""],
            [world.codes["stranger"], "dual-channel", "名单 1 号", day, "2020-01-01"],
            [world.codes["hospital"], "convenience", "", "tomorrow", ""],
            ["P44010399999", "other", "名单 1 号", day, ""],
        )
    places = [fault.field for fault in refusal.value.faults]
    assert places == [
        "第 5 行，起始日期 starts_on",
        "第 5 行，类别 scheme",
        "第 3 行，机构代码 institution_code",
        "第 4 行，截止日期 ends_on",
        "第 6 行，类别 scheme",
        "第 6 行，机构代码 institution_code",
    ]
    with world.read() as session:
        assert session.scalar(select(func.count(Designation.id))) == 0


def test_places_of_another_region_are_not_designated(world):
    line = [world.codes["pharmacy"], "dual-channel", "名单 1 号", TODAY.isoformat(), ""]
    with pytest.raises(InvalidInputError):
        import_list(world, line, who="elsewhere")


def new_doctor(world, **changed):
    facts = {
        "hospital": world.codes["hospital"],
        "code": "D440103000001",
        "specialty": "肿瘤科",
        "starts_on": TODAY,
        "document": "名单 3 号",
        "user": world.people["hospital"].user,
        **changed,
    }
    return NewDoctor(**facts)


def designate(world, who="agency", **changed):
    with world.write() as session:
        return designate_doctor(
            session, new=new_doctor(world, **changed), actor=world.actor(who), moment=world.moment
        ).id


def is_doctor(world, day):
    with world.read() as session:
        return is_designated_doctor(session, person_id=world.people["hospital"].id, day=day)


def test_a_doctor_counts_on_his_days_while_his_hospital_is_designated(world):
    doctor_id = designate(world)
    assert not is_doctor(world, TODAY)
    import_list(
        world, [world.codes["hospital"], "dual-channel", "名单 1 号", TODAY.isoformat(), ""]
    )
    assert is_doctor(world, TODAY) and not is_doctor(world, TODAY - timedelta(days=1))
    with world.write() as session:
        end_doctor(
            session,
            doctor_id=doctor_id,
            ends_on=TODAY,
            version=1,
            actor=world.actor("agency"),
            moment=world.moment,
        )
    assert is_doctor(world, TODAY) and not is_doctor(world, TODAY + timedelta(days=1))
    with pytest.raises(StaleError), world.write() as session:
        end_doctor(
            session,
            doctor_id=doctor_id,
            ends_on=TODAY,
            version=1,
            actor=world.actor("agency"),
            moment=world.moment,
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"hospital": "H44010399999"}, "institution_code"),
        ({"code": "医师"}, "code"),
        ({"specialty": ""}, "specialty"),
        ({"ends_on": date(2027, 1, 1)}, "ends_on"),
        ({"document": " "}, "document"),
        ({"user": "nobody@example.org"}, "user"),
    ],
)
def test_what_is_wrong_with_a_doctor_is_said(world, changed, field):
    with pytest.raises(InvalidInputError) as refusal:
        designate(world, **changed)
    assert field in [fault.field for fault in refusal.value.faults]


def test_a_pharmacy_has_no_doctors_and_nobody_is_named_twice_for_the_same_days(world):
    with pytest.raises(InvalidInputError):
        designate(world, hospital=world.codes["pharmacy"], user="")
    designate(world, ends_on=TODAY + timedelta(days=30))
    with pytest.raises(InvalidInputError):
        designate(world, starts_on=TODAY + timedelta(days=30))
    assert designate(world, starts_on=TODAY + timedelta(days=31))
    with pytest.raises(InvalidInputError):
        designate(world, who="elsewhere", code="D2")


def test_a_list_of_doctors_with_a_bad_line_names_nobody(world):
    good = [world.codes["hospital"], "D1", "", "肿瘤科", TODAY.isoformat(), "", "名单 3 号", ""]
    bad = [world.codes["hospital"], "D1", "", "肿瘤科", "2027", "", "名单 3 号", "x"]
    with pytest.raises(InvalidInputError) as refusal, world.write() as session:
        import_doctors(
            session,
            content=as_csv([DOCTORS, good, bad]),
            actor=world.actor("agency"),
            moment=world.moment,
        )
    assert {fault.field for fault in refusal.value.faults} == {
        "第 3 行，起始日期 starts_on",
        "第 3 行，账号 user",
    }
    with world.read() as session:
        assert session.scalar(select(func.count(DesignatedDoctor.id))) == 0
    with world.write() as session:
        named = import_doctors(
            session,
            content=as_csv([DOCTORS, good]),
            actor=world.actor("agency"),
            moment=world.moment,
        )
    assert named == 1
    with world.read() as session:
        (doctor,) = doctors_at(session, place_id=world.places["hospital"])
        assert doctor.name == "" and doctor.person_id is None
