"""What the demo shows of the dual channel: a drug list, places that have the drugs, a patient."""

from datetime import datetime

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.carrying import COUNTIES, LISTED, MADE_UP, OUTLETS
from procurement.cli.demo_platform.cast import MARK, PROVINCE
from procurement.cli.demo_platform.designating import APPLYING, DESIGNATED
from procurement.database import make_engine, snapshot
from procurement.pharmacies.designation.service import designated_places
from procurement.pharmacies.designation.states import ApplicationStatus, DesignationScheme
from procurement.pharmacies.designation.tables import DesignatedDoctor, DesignationApplication
from procurement.pharmacies.finder.finding import Narrowed, counties_having, holders_of, listed_here
from procurement.pharmacies.finder.searching import search
from procurement.pharmacies.finder.tables import PlaceStock, StockPriceFlag, StockUpload
from procurement.pharmacies.listed.kinds import DecisionStatus
from procurement.pharmacies.listed.service import listed_on
from procurement.pharmacies.listed.tables import ListDecision
from procurement.pharmacies.patients.states import RegistrationStatus
from procurement.pharmacies.patients.tables import Registration
from procurement.pharmacies.places.service import find_place, places_in
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price

DRUG = "阿那曲唑"


@pytest.fixture
def session(demo_once):
    """Return a session on the demo's database, which nobody changes."""
    engine = make_engine(f"sqlite:///{demo_once / 'jicai.sqlite3'}")
    with snapshot(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def moment(session) -> datetime:
    """Return the moment at which the demo's list was confirmed."""
    settled: datetime | None = session.scalars(select(ListDecision)).one().settled_at
    assert settled is not None
    return settled


def test_the_finder_finds_a_drug_with_stock_that_the_list_has(session, moment):
    (drug,) = search(session, words=DRUG, region="", moment=moment).drugs
    having = counties_having(session, generic_product_id=drug.id, province=PROVINCE.region)
    assert [one.county.code for one in having] == [code for code, *_ in COUNTIES]
    for one in having:
        listed = listed_here(
            session, generic_product_id=drug.id, county=one.county.code, moment=moment
        )
        assert listed is not None
        assert listed.drug.region == PROVINCE.region
        cards = holders_of(
            session,
            generic_product_id=drug.id,
            county=one.county.code,
            narrowed=Narrowed(only_having=True),
            page=1,
            moment=moment,
        ).cards
        assert len(cards) == one.places
        stock = [line for card in cards for line in card.stock]
        assert {line.as_of for line in stock} == {day_in_china(moment)}
        assert all(line.packs and line.price for line in stock)


def test_two_people_decided_on_the_list_and_it_says_that_it_is_made_up(session, moment):
    (decision,) = session.scalars(select(ListDecision))
    assert decision.status == DecisionStatus.CONFIRMED
    assert decision.proposed_by != decision.settled_by
    assert decision.document == MADE_UP
    assert MARK in decision.notice_title
    assert "虚构" in decision.notice_text
    listed = listed_on(session, region=PROVINCE.region, day=day_in_china(moment))
    assert len(listed) == len(LISTED)


def test_places_say_in_their_names_that_they_are_made_up_and_some_are_designated(session, moment):
    places = places_in(session, region=PROVINCE.region)
    assert [one.institution_code for one in places] == sorted(one.code for one in OUTLETS)
    assert all(one.name.endswith(MARK) for one in places)
    designated = designated_places(
        session,
        scheme=DesignationScheme.DUAL_CHANNEL,
        region=PROVINCE.region,
        day=day_in_china(moment),
    )
    assert {place.institution_code for place, _ in designated} == {one.code for one in DESIGNATED}
    (application,) = session.scalars(select(DesignationApplication))
    assert application.place_id == find_place(session, code=APPLYING.code).id
    assert application.status == ApplicationStatus.SUBMITTED


def test_no_price_is_above_the_winning_price_of_the_pack(session):
    assert session.scalars(select(StockPriceFlag)).all() == []
    assert {upload.too_high for upload in session.scalars(select(StockUpload))} == {0}
    for row in session.scalars(select(PlaceStock)):
        pack, _, holder = row.product.partition(" ")
        won = session.scalars(
            select(Price.pack_price)
            .join(Organisation, Organisation.id == Price.organisation_id)
            .where(
                Price.kind == PriceKind.WINNING,
                Price.generic_product_id == row.generic_product_id,
                Price.strength == pack.partition("×")[0],
                Price.pack_units == 1,
                Organisation.short_name == holder,
            )
        ).one()
        assert row.price is not None
        assert row.price <= won


def test_a_patient_of_the_doctor_waits_for_the_agency(session):
    (doctor,) = session.scalars(select(DesignatedDoctor))
    (registration,) = session.scalars(select(Registration))
    assert registration.status == RegistrationStatus.APPLIED
    assert registration.doctor_id == doctor.person_id
    assert registration.hospital_place_id == doctor.place_id
