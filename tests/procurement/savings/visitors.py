"""Visitors of the pages of savings: the people of a world at a browser, at the world's time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import select

from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.procurement.platform import Platform, Visitor, running_platform
from tests.procurement.savings.world import NAME, SavingsWorld

ROOT = f"/savings/{NAME}"


@contextmanager
def visited(world: SavingsWorld) -> Iterator["Visits"]:
    """Run the platform on a world's database; jobs wait for the test."""
    with running_platform(world.engine, world.data, clock=lambda: world.moment) as platform:
        yield Visits(platform, world)


class Visits:
    """The people of a world at their browsers."""

    def __init__(self, platform: Platform, world: SavingsWorld):
        self.platform, self.world = platform, world

    def of(self, person_id: int | None) -> Visitor:
        with transaction(self.world.engine) as session:
            person = session.scalars(select(Person).where(Person.id == person_id)).one()
            session.expunge(person)
        return self.platform.signed_in(person)

    @property
    def officer(self) -> Visitor:
        return self.of(self.world.officer.person_id)

    @property
    def agency(self) -> Visitor:
        return self.of(self.world.agency.actor.person_id)

    def hospital(self, number: int = 0) -> Visitor:
        return self.of(self.world.hospitals[number].actor.person_id)


def ok(answer: httpx.Response) -> httpx.Response:
    """The answer, which is a page or sends on."""
    assert answer.status_code in (200, 303), (answer.status_code, faults_in(answer.text))
    return answer


def faults_in(page: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r'class="(?:fault-summary|field-fault)".*?</(?:ul|p)>', page, re.S) or [
        page[:1500]
    ]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def text_of(page: str) -> str:
    """The main part of a page without its marks."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
