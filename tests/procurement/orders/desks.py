"""People of a running round at their pages, on a day of its cycle."""

from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.procurement.platform import Platform, Visitor


class Desks:
    """The pages of a world, as its people see them at its present moment."""

    def __init__(self, platform: Platform, world) -> None:
        self.platform = platform
        self.world = world
        self.regional_id = 0

    def of(self, somebody) -> Visitor:
        """Return a person of an organisation at a browser."""
        return self.person(somebody.actor.person_id)

    def person(self, person_id: int) -> Visitor:
        """Return a person at a browser."""
        with transaction(self.world.engine) as session:
            person = session.get_one(Person, person_id)
        return self.platform.signed_in(person)

    @property
    def hospital(self) -> Visitor:
        """The hospital that orders."""
        return self.of(self.world.hospital)

    @property
    def distributor(self) -> Visitor:
        """Whom every hospital chose."""
        return self.of(self.world.distributor)

    @property
    def maker(self) -> Visitor:
        """The winner of L03."""
        return self.person(self.world.maker.person_id)

    @property
    def regional(self) -> Visitor:
        """An officer of a bureau of the hospital's region, once there is one."""
        return self.person(self.regional_id)

    @property
    def officer(self) -> Visitor:
        """An officer of the bureau that leads the round."""
        return self.person(self.world.officers[0].id)
