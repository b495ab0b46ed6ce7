"""Codes, points and counties of places: what is wrong is said, by field."""

from math import acos, cos, isclose, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.distance import (
    EARTH_RADIUS_KM,
    great_circle_km,
    is_in_china,
    looks_swapped,
)
from procurement.pharmacies.rules.place_facts import (
    FIELDS,
    CountyFacts,
    PlaceReader,
    code_faults,
    county_faults,
    kind_of_code,
    outside_faults,
)

latitudes, longitudes = st.floats(3, 54), st.floats(73, 136)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_distance_is_that_of_the_law_of_cosines(one, east, other, other_east):
    found = great_circle_km(one, east, other_latitude=other, other_longitude=other_east)
    back = great_circle_km(other, other_east, other_latitude=one, other_longitude=east)
    one, other = radians(one), radians(other)
    cosine = sin(one) * sin(other) + cos(one) * cos(other) * cos(radians(other_east - east))
    assert isclose(found, back, abs_tol=1e-9)
    # The law of cosines loses its digits for points that lie close together.
    assert isclose(found, EARTH_RADIUS_KM * acos(max(-1.0, min(1.0, cosine))), abs_tol=0.2)


@given(latitudes, longitudes)
def test_every_point_of_china_looks_swapped_when_it_is(latitude, longitude):
    assert is_in_china(latitude, longitude) and not looks_swapped(latitude, longitude)
    assert looks_swapped(longitude, latitude) or is_in_china(longitude, latitude)


@pytest.mark.parametrize("code", ["", "H123", "X34010200123", "P3401020012a", "p34010200123"])
def test_a_code_of_a_wrong_form_is_refused(code):
    assert kind_of_code(code) is None
    assert [fault.field for fault in code_faults(code, county="340102")] == ["institution_code"]


def test_a_code_of_another_province_is_refused_and_of_another_county_is_not():
    assert code_faults("P34010200123", county="320505") != []
    assert code_faults("P34010200123", county="341523") == []


@pytest.mark.parametrize("county", ["", "340000", "3401", "990101", "34010x", "000000"])
def test_a_county_of_a_wrong_form_is_refused(county):
    assert county_faults(county, {}) != []


def test_a_county_must_be_on_the_list_where_there_is_one():
    known = {"340103": CountyFacts("庐阳区", 31.88, 117.26)}
    assert county_faults("340103", known) == [] and county_faults("340104", known) != []
    # Cities without counties are their own.
    assert county_faults("441900", {}) == []


@given(latitudes, longitudes, st.floats(1, 100))
def test_a_place_is_outside_exactly_beyond_the_radius(latitude, longitude, radius):
    known = {"340103": CountyFacts("庐阳区", 31.88, 117.26, radius)}
    far = great_circle_km(31.88, 117.26, other_latitude=latitude, other_longitude=longitude)
    faults = outside_faults("340103", known, latitude=latitude, longitude=longitude)
    assert bool(faults) == (far > radius)


def test_every_fault_of_a_place_is_said_at_once():
    texts = {
        "name": " ",
        "county": "34",
        "latitude": "117.2",
        "longitude": "31.8",
        "opening_hours": "周一 9:00-8:00",
        "is_barrier_free": "perhaps",
        "phone": "1" * 61,
    }
    _, faults = PlaceReader(texts, {}, {}).read()
    assert [fault.field for fault in faults] == [
        "name",
        "phone",
        "county",
        "latitude",
        "opening_hours",
        "is_barrier_free",
    ]


def test_one_coordinate_alone_is_refused_and_none_is_taken():
    _, faults = PlaceReader({"latitude": "31.8", "longitude": ""}, {}, {}).read()
    assert [fault.field for fault in faults] == ["longitude"]
    values, faults = PlaceReader({"latitude": "", "longitude": ""}, {}, {}).read()
    assert (values, faults) == ({"latitude": None, "longitude": None}, [])


def test_a_place_that_moves_to_another_county_takes_its_point_along():
    known = {"340103": CountyFacts("庐阳区", 31.88, 117.26, 25)}
    present = {"latitude": 33.0, "longitude": 117.0, "county": "340102"}
    _, faults = PlaceReader({"county": "340103"}, known, present).read()
    assert [fault.field for fault in faults] == ["latitude"]


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_nothing_that_is_typed_breaks_the_reader(texts):
    PlaceReader(texts, {}, {}).read()
