"""What the public finds: by drug, by place, by county, by words."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.pharmacies.finder.age_limits import age_limits, decide_age_limit
from procurement.pharmacies.finder.counties import (
    counties_in,
    county_exists,
    name_counties,
    require_county,
)
from procurement.pharmacies.finder.finding import (
    Narrowed,
    all_holders,
    counties_having,
    county_view,
    holders_of,
    place_card,
    provinces_having,
)
from procurement.pharmacies.finder.searching import search
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.opening_hours import Span
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    HOSPITAL,
    MOMENT,
    OTHER,
    SECOND,
    SECOND_CODE,
    designate,
)


@pytest.fixture
def stocked(world):
    """Both pharmacies of the chain in the same county as the hospital have something."""
    with transaction(world.engine) as session:
        session.get_one(Place, world.places[SECOND]).county = "341502"
    world.report(
        {"drug_code": CODE, "packs": "5", "price": "4400", "as_of": "2026-11-10"}, by="hospital"
    )
    world.report(
        {"place": FIRST, "drug_code": CODE, "level": "few", "price": "4500"},
        {"place": SECOND, "drug_code": CODE, "packs": "0"},
        {"place": SECOND, "drug_code": SECOND_CODE, "packs": "7"},
    )
    world.report({"drug_code": CODE, "packs": "1", "as_of": "2026-11-21"}, by="other")
    return world


def found(world, county="341502", **narrowed):
    with snapshot(world.engine) as session:
        part = holders_of(
            session,
            generic_product_id=world.drugs["奥希替尼"],
            county=county,
            narrowed=Narrowed(**narrowed),
            page=1,
            moment=MOMENT,
        )
    return part.cards


def test_who_has_it_comes_first_and_who_has_none_last(stocked):
    cards = found(stocked)
    assert [card.place.institution_code for card in cards] == [HOSPITAL, FIRST, SECOND]
    hospital = cards[0].stock[0]
    assert (hospital.packs, hospital.age_days, hospital.is_old) == (5, 12, False)
    assert hospital.prices.standard.price == Decimal(4500)
    assert cards[0].county.zh == "安徽 金安区"


def test_a_list_is_narrowed_to_places_that_have_it_and_are_designated(stocked):
    assert [card.place.institution_code for card in found(stocked, only_having=True)] == [
        HOSPITAL,
        FIRST,
    ]
    (card,) = found(stocked, only_dual=True)
    assert card.place.institution_code == FIRST and card.is_dual and not card.is_convenience


def test_a_designation_counts_on_the_day_alone(stocked):
    with transaction(stocked.engine) as session:
        designate(session, place_id=stocked.places[SECOND], bureau=stocked.actors["officer"])
    assert len(found(stocked, only_dual=True)) == 2


def test_closed_places_and_places_that_moved_are_not_shown(stocked):
    with transaction(stocked.engine) as session:
        session.get_one(Place, stocked.places[HOSPITAL]).status = PlaceStatus.CLOSED
        session.get_one(Place, stocked.places[FIRST]).county = "341503"
    assert [card.place.institution_code for card in found(stocked)] == [SECOND]
    assert found(stocked, county="341503") == []


def test_closed_places_and_places_that_moved_are_not_counted(stocked):
    drug = stocked.drugs["奥希替尼"]
    with transaction(stocked.engine) as session:
        session.get_one(Place, stocked.places[HOSPITAL]).status = PlaceStatus.CLOSED
        session.get_one(Place, stocked.places[FIRST]).county = "341503"
    with snapshot(stocked.engine) as session:
        held = counties_having(session, generic_product_id=drug, province="340000")
        assert [one.county.code for one in held] == ["341523"]
        view = county_view(session, county="341502", page=1, moment=MOMENT)
    assert [one.drug.name for one in view.drugs] == ["阿美替尼"]
    with transaction(stocked.engine) as session:
        session.get_one(Place, stocked.places[OTHER]).status = PlaceStatus.CLOSED
    with snapshot(stocked.engine) as session:
        assert provinces_having(session, generic_product_id=drug) == []


def test_a_place_is_shown_with_the_hours_of_the_day(stocked):
    with snapshot(stocked.engine) as session:
        place = session.get_one(Place, stocked.places[SECOND])
        card = place_card(session, place=place, moment=MOMENT)
    assert {one.name for one in card.stock} == {"奥希替尼", "阿美替尼"}
    assert card.today == (Span(540, 720), Span(840, 1080))


def test_provinces_and_counties_count_places_that_have_it(stocked):
    drug = stocked.drugs["奥希替尼"]
    with snapshot(stocked.engine) as session:
        assert provinces_having(session, generic_product_id=drug) == ["340000"]
        held = counties_having(session, generic_product_id=drug, province="340000")
        assert [(one.county.code, one.places) for one in held] == [("341502", 2), ("341523", 1)]
        assert counties_having(session, generic_product_id=drug, province="320000") == []


def test_a_county_shows_its_drugs_and_its_places(stocked):
    with snapshot(stocked.engine) as session:
        view = county_view(session, county="341502", page=1, moment=MOMENT)
    assert {one.drug.name: one.places for one in view.drugs} == {"奥希替尼": 2, "阿美替尼": 1}
    assert {card.place.institution_code for card in view.places.cards} == {
        HOSPITAL,
        FIRST,
        SECOND,
    }
    assert not view.places.has_more


def test_a_file_holds_all_places_in_the_order_of_the_page(stocked):
    with snapshot(stocked.engine) as session:
        cards = all_holders(
            session,
            generic_product_id=stocked.drugs["奥希替尼"],
            county="341502",
            narrowed=Narrowed(),
            moment=MOMENT,
        )
    assert [card.place.id for card in cards] == [card.place.id for card in found(stocked)]


@pytest.mark.parametrize(
    ("words", "region", "drugs", "places", "counties"),
    [
        ("希替", "", ["奥希替尼"], [], []),
        ("泰瑞沙", "", ["奥希替尼"], [], []),
        ("大药房", "", [], [FIRST, SECOND], []),
        ("人民路", "", [], [], []),
        ("人民路", "340000", [], [FIRST], []),
        ("人民路", "341523", [], [], []),
        ("p34152300003", "", [], [OTHER], []),
        ("舒城", "", [], [], ["341523"]),
        ("341523", "", [], [], ["341523"]),
        ("%", "340000", [], [], []),
        ("   ", "", [], [], []),
    ],
)
def test_words_find_drugs_places_and_counties(world, words, region, drugs, places, counties):
    with snapshot(world.engine) as session:
        one = search(session, words=words, region=region, moment=MOMENT)
        assert [drug.name for drug in one.drugs] == drugs
        assert {card.place.institution_code for card in one.places} == set(places)
        assert [county.code for county in one.counties] == counties


def test_stock_is_old_only_where_the_bureau_decided_from_when(stocked):
    def decide(days, basis="本省规定", by="officer"):
        with transaction(stocked.engine) as session:
            decide_age_limit(
                session, days=days, basis=basis, actor=stocked.actors[by], moment=MOMENT
            )

    for days, basis in ((0, "x"), (None, "x"), (400, "x"), (7, "")):
        with pytest.raises(InvalidInputError):
            decide(days, basis)
    decide(3, by="far officer")
    assert not found(stocked)[0].stock[0].is_old
    decide(30)
    decide(12)
    assert found(stocked)[0].stock[0].is_old
    with snapshot(stocked.engine) as session:
        assert age_limits(session, counties=["341502", "320102", "110101"]) == {
            "341502": 12,
            "320102": 3,
            "110101": None,
        }


def test_counties_are_known_by_points_and_places(world):
    with snapshot(world.engine) as session:
        assert [one.code for one in counties_in(session, province="340000")] == [
            "341502",
            "341503",
            "341523",
        ]
        assert county_exists(session, code="341523")
        # Nobody imported points of Jiangsu: the form must do.
        assert county_exists(session, code="320505")
        for code in ("341599", "340000", "000000", "999999", "3415", "舒城县"):
            assert not county_exists(session, code=code)
        with pytest.raises(InvalidInputError):
            require_county(session, code="341599", field="county")
        named = name_counties(session, ["341523", "320505"])
    assert named["341523"].en == "舒城县, Anhui"
    assert named["320505"].zh == "江苏 320505"


def test_a_report_of_the_day_before_is_a_day_old(stocked):
    (card,) = found(stocked, county="341523")
    assert (card.stock[0].as_of, card.stock[0].age_days) == (date(2026, 11, 21), 1)
