"""What every act of the demo shares: the session, the clock, who acts, and the example."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from procurement.accounts.people.service import actor_for, person_named
from procurement.accounts.tables import Organisation
from procurement.cli.demo_platform.cast import Institution
from procurement.database import database_moment
from procurement.permissions import Actor, NotFoundForActorError
from procurement.settings import Settings

TICK = timedelta(milliseconds=20)


@dataclass(frozen=True, slots=True)
class Scene:
    """The running set-up.

    Attributes:
        session: Of the one transaction in which all of it happens.
        settings: The installation, with its secret key.
        example: The bid sheet of the example.
        organisations: By the name that `cast` gives them.
    """

    session: Session
    settings: Settings
    example: Sheet
    organisations: Mapping[str, Organisation]

    @property
    def moment(self) -> datetime:
        """Now, by the database's clock."""
        return database_moment(self.session)

    @property
    def secret_key(self) -> bytes:
        """The installation's key.

        Raises:
            ValueError: The settings have none.
        """
        if self.settings.secret_key is None:
            raise ValueError("the settings have no secret key: see with_installation_key")
        return self.settings.secret_key

    def organisation(self, institution: Institution) -> Organisation:
        """The registered organisation."""
        return self.organisations[institution.name]

    def actor(self, institution: Institution, place: int = 0) -> Actor:
        """Who acts for an organisation: the place-th of its people."""
        person = person_named(self.session, user=institution.people[place].user)
        if person is None:
            raise NotFoundForActorError
        return actor_for(self.session, person=person)

    def wait_for(self, moment: datetime | None) -> None:
        """Let the time pass: no date of a round is ever pretended."""
        while moment is not None and (left := moment - self.moment) > timedelta(0):
            time.sleep(max(left, TICK).total_seconds())
