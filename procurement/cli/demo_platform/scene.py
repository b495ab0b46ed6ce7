"""What every act of the demo shares: the session, the clock, who acts, and the example."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from procurement.accounts.people.service import actor_for, people_of
from procurement.accounts.tables import Organisation
from procurement.cli.demo_platform.cast import Institution
from procurement.cli.demo_platform.progress import Progress
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
        progress: Told how far the set-up is.
    """

    session: Session
    settings: Settings
    example: Sheet
    organisations: Mapping[str, Organisation]
    progress: Progress

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
        """Who acts for an organisation: the place-th of its people, as they were registered.

        Raises:
            NotFoundForActorError: Nobody does.
        """
        people = people_of(self.session, organisation_id=self.organisation(institution).id)
        if place >= len(people):
            raise NotFoundForActorError
        return actor_for(self.session, person=sorted(people, key=lambda one: one.id)[place])

    def wait_for(self, moment: datetime | None) -> None:
        """Let the time pass: no date of a round is ever pretended."""
        while moment is not None and (left := moment - self.moment) > timedelta(0):
            time.sleep(max(left, TICK).total_seconds())
