"""Lists of places and of points of counties: all of their lines, or none."""

import pytest
from sqlalchemy import func, select

from procurement.accounts.tables import Organisation
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import InvalidInputError
from procurement.pharmacies.places.geography import county_facts, import_county_points
from procurement.pharmacies.places.importing import import_places, place_template
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import find_place, places_in, places_of
from procurement.pharmacies.places.tables import Place
from tests.procurement.pharmacies.designation.world import COUNTY

HEAD = ["institution_code", "name", "county", "latitude", "longitude", "phone", "opening_hours"]
NEW = ["P44010300009", "新药店", COUNTY, "23.11", "113.2", "020-9", "周一至周日 8:00-22:00"]


def take(world, *rows, who="agency"):
    with world.write() as session:
        return import_places(
            session, content=as_csv(rows), actor=world.actor(who), moment=world.moment
        )


def take_counties(world, *rows, source="示例名单", who="agency"):
    head = ["county", "name", "latitude", "longitude", "radius_km"]
    with world.write() as session:
        return import_county_points(
            session,
            content=as_csv([head, *rows]),
            source=source,
            actor=world.actor(who),
            moment=world.moment,
        )


def test_new_places_are_added_and_known_ones_change_where_a_cell_says_so(world):
    code = world.codes["pharmacy"]
    done = take(world, HEAD, NEW, [code, "改名药店", COUNTY, "", "", "", ""])
    assert (done.added, done.changed, done.unchanged, done.warnings) == (1, 1, 0, [])
    with world.read() as session:
        old, new = (find_place(session, code=one) for one in (code, NEW[0]))
        assert (old.name, old.latitude, old.version) == ("改名药店", 23.12, 2)
        assert (new.kind, new.phone, new.organisation_id) == ("pharmacy", "020-9", None)
        assert len(places_in(session, region="440000")) == 4
        assert len(places_in(session, region=COUNTY, kind=PlaceKind.HOSPITAL)) == 1
        own = world.people["pharmacy"].organisation_id
        assert [one.id for one in places_of(session, organisation_id=own)] == [old.id]
    again = take(world, HEAD, NEW)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)


def test_one_bad_line_stores_nothing_and_every_fault_has_its_place(world):
    with pytest.raises(InvalidInputError) as refusal:
        take(
            world,
            HEAD,
            NEW,
            NEW,
            ["X1", "", "440103", "113.2", "23.1", "", ""],
            ["P44010300010", "药店", "440199", "23.1", "113.2", "", "周一 9:00-8:00"],
            ["P44010300011", "药店", COUNTY, "24.1", "113.2", "", ""],
            ["P32050500001", "药店", "320505", "31.3", "120.6", "", ""],
        )
    places = [fault.field for fault in refusal.value.faults]
    assert places == [
        "第 3 行，机构代码 institution_code",
        "第 4 行，名称 name",
        "第 4 行，纬度 latitude",
        "第 4 行，机构代码 institution_code",
        "第 5 行，县区代码 county",
        "第 5 行，营业时间 opening_hours",
        "第 6 行，纬度 latitude",
        "第 7 行，县区代码 county",
        "第 7 行，县区代码 county",
    ]
    with world.read() as session:
        assert session.scalar(select(func.count(Place.id))) == 3


def test_what_could_not_be_checked_is_a_warning(world):
    done = take(world, HEAD, [*NEW[:3], "", "", "", ""])
    assert [en for _, en in done.warnings] == ["Line 2, P44010300009: No point: it is on no map."]
    take_counties(world, [COUNTY, "荔湾区", "23.12", "113.24", ""])
    done = take(world, HEAD, NEW)
    assert "radius is not known" in done.warnings[0][1]


def test_whoever_keeps_a_place_is_found_by_its_credit_code(world):
    with world.write() as session:
        own = find_place(session, code=world.codes["stranger"]).organisation_id
        organisation = session.get_one(Organisation, own)
        organisation.credit_code = "91440103MA0000001A"
    head = [*HEAD, "organisation"]
    take(world, head, [*NEW, "91440103MA0000001A"])
    with world.read() as session:
        assert find_place(session, code=NEW[0]).organisation_id == own
    with pytest.raises(InvalidInputError):
        take(world, head, ["H44010300012", *NEW[1:], "91440103MA0000001A"])


def test_points_of_counties_are_checked_and_replaced(world):
    assert take_counties(world, ["440104", "越秀区", "23.13", "113.27", "10"]) == 1
    take_counties(world, ["440104", "越秀区", "23.14", "113.27", ""])
    with world.read() as session:
        found = county_facts(session)["440104"]
        assert (found.latitude, found.radius_km) == (23.14, None)
    with pytest.raises(InvalidInputError) as refusal:
        take_counties(
            world,
            ["440105", "", "113.3", "23.1", "-1"],
            ["320505", "虎丘区", "31.3", "120.5", ""],
            ["440106", "天河区", "x", "113.3", "5000"],
            ["440107", "甲", "23.1", "113.1", ""],
            ["440107", "甲", "23.1", "113.1", ""],
            source="",
        )
    assert len(refusal.value.faults) == 8
    with world.read() as session:
        assert "440107" not in county_facts(session)


def test_the_empty_list_has_every_heading():
    assert "机构代码" in place_template().decode("utf-8-sig")
