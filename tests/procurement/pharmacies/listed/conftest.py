"""A province with drugs to list, and its people at their pages."""

from datetime import UTC, datetime

import pytest

from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.procurement.pharmacies.listed.world import ListWorld
from tests.procurement.platform import running_platform

NOW = datetime(2022, 6, 1, 1, tzinfo=UTC)


class Desks:
    """The pages of a list, as the public and its officers see them on 1 June 2022."""

    def __init__(self, platform, world) -> None:
        self.platform = platform
        self.world = world

    def of(self, actor):
        """Return a person at a browser."""
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, actor.person_id)
        return self.platform.signed_in(person)

    def token_of(self, actor):
        """Return a machine with a person's token."""
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, actor.person_id)
        return self.platform.with_token(person)

    @property
    def public(self):
        """Somebody who is not signed in."""
        return self.platform.nobody()

    @property
    def officer(self):
        """Who proposes."""
        return self.of(self.world.officer)

    @property
    def second(self):
        """Who confirms."""
        return self.of(self.world.second)


@pytest.fixture
def world(engine):
    """Return a province whose list is still empty."""
    return ListWorld(engine).settle_in()


@pytest.fixture
def desks(engine, world, tmp_path):
    """Return the people of a list at their pages."""
    with running_platform(engine, tmp_path, clock=lambda: NOW) as platform:
        yield Desks(platform, world)
