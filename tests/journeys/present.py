"""A round whose cycle runs today and ends today, prepared by services; people at browsers go on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

import tests.procurement.agreements.world as agreements_world
import tests.procurement.awards.regions.world as regions_world
import tests.procurement.orders.world as orders_world
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.web import SESSION_COOKIE
from tests.journeys.people import Somebody, Town
from tests.procurement.orders.world import OrdersWorld
from tests.procurement.rounds.world import REGIONS, new_organisation, new_person

YEAR = timedelta(days=364)
"""From the first to the last day of a term of one year."""


def today() -> date:
    """The present day in China."""
    return in_china().date()


def in_china() -> datetime:
    """The present moment as clocks in China show it, without a zone."""
    return (now() + timedelta(hours=8)).replace(tzinfo=None)


def running_today(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> OrdersWorld:
    """A round with signed agreements whose first year began a year ago and ends today.

    So goods that are taken in today belong to the year, and the year can be settled today.
    """
    begins = today() - YEAR
    for module in (agreements_world, regions_world, orders_world):
        monkeypatch.setattr(module, "STARTS_ON", begins)
    world = OrdersWorld(engine, bids=regions_world.BIDS)
    world.bring_to_opening().evaluate()
    world.fix()
    world.choose_all_regions()
    world.make_first()
    world.bring_to_orders()
    # Goods of last month, so that a month is over and can be claimed.
    first = datetime.combine(today().replace(day=1), datetime.min.time(), tzinfo=UTC)
    world.moment = first - timedelta(hours=20)
    world.buy(3)
    return world


@dataclass
class Market:
    """Who buys, supplies, delivers and pays, each at a browser.

    Attributes:
        world: What was prepared.
        town: Where they are.
        hospital: Buys.
        maker: Supplies.
        distributor: Delivers and invoices; ``clerk`` is another person there.
        clerk: See there.
        agency: Of the fund; ``second`` of it confirms what ``agency`` instructs.
        second: See there.
        county: Officer of the bureau of the hospital's region.
        officer: Of the bureau that leads the round.
    """

    world: OrdersWorld
    town: Town
    hospital: Somebody
    maker: Somebody
    distributor: Somebody
    clerk: Somebody
    agency: Somebody
    second: Somebody
    county: Somebody
    officer: Somebody


def open_market(town: Town, world: OrdersWorld) -> Market:
    """Seat everybody of the world at a browser, signed in."""
    with transaction(world.engine) as session:
        agency = session.get_one(Organisation, world.agency.id)
        second = new_person(session, agency, Role.FUND_AGENCY).id
        seller = session.get_one(Organisation, world.distributor.id)
        clerk = new_person(session, seller, Role.DISTRIBUTOR).id
        bureau = new_organisation(
            session, OrganisationKind.BUREAU, "某市医疗保障局", region=REGIONS[0]
        )
        county = new_person(session, bureau, Role.OFFICER).id
    people = {
        "hospital": world.hospital.person.id,
        "maker": world.maker.person_id,
        "distributor": world.distributor.person.id,
        "agency": world.agency.person.id,
        "second": second,
        "clerk": clerk,
        "county": county,
        "officer": world.officers[0].id,
    }
    seated = {name: seat(town, world.engine, person) for name, person in people.items()}
    return Market(world, town, **seated)


def seat(town: Town, engine: Engine, person_id: int) -> Somebody:
    """Give a person a browser in which he is signed in with a second factor."""
    somebody = town.newcomer()
    with transaction(engine) as session:
        person = session.get_one(Person, person_id)
        somebody.user = person.user
        somebody.organisation = f"/organisations/{person.organisation_id}"
        token = begin_session(
            session,
            person=person,
            address="127.0.0.1",
            moment=database_moment(session),
            has_second_factor=True,
        ).token
    somebody.page.context.add_cookies(
        [{"name": SESSION_COOKIE, "value": token, "url": town.address}]
    )
    return somebody
