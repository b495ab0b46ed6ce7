"""The people of a city that designates, at their pages."""

from contextlib import contextmanager

from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.procurement.pharmacies.designation.world import DesignationWorld
from tests.procurement.platform import Platform, Visitor, running_platform


class Desks:
    """The pages of a world, as its people see them at its present moment."""

    def __init__(self, platform: Platform, world: DesignationWorld) -> None:
        self.platform = platform
        self.world = world

    def of(self, who: str) -> Visitor:
        """Return somebody at a browser."""
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, self.world.people[who].id)
        return self.platform.signed_in(person)

    @property
    def public(self) -> Visitor:
        """Return somebody who is not signed in."""
        return self.platform.nobody()


@contextmanager
def desks_of(world, folder):
    """Open the platform for a world."""
    with running_platform(world.engine, folder, clock=lambda: world.moment) as platform:
        yield Desks(platform, world)
