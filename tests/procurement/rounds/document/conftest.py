"""A round with two officers, two manufacturers and a hospital."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationKind, Person
from procurement.database import transaction
from procurement.permissions import Actor, Role
from procurement.rounds.progress import set_status
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.rounds.world import (
    MOMENT,
    actor_of,
    new_bureau,
    new_organisation,
    new_person,
    new_round,
    publish_round,
    start_reporting,
)


@dataclass
class Scene:
    """A round and everybody who has to do with its document."""

    session: Session
    round_: Round
    officer: Actor
    second: Actor
    maker: Actor
    rival: Actor
    hospital: Actor
    people: dict[str, Person]

    @property
    def published_at(self) -> datetime:
        """A moment at which the round is published and bidding has not begun."""
        return MOMENT + timedelta(days=14)

    def to_comments(self) -> None:
        """Open the draft for comments."""
        start_reporting(self.session, self.round_)
        set_status(self.session, round_=self.round_, status=RoundStatus.COMMENTS, moment=MOMENT)

    def to_published(self) -> None:
        """Bring the round itself to its publication; the document is the test's business."""
        publish_round(self.session, self.round_)


def build(session: Session) -> Scene:
    """Store the scene."""
    bureau = new_bureau(session)
    people = {
        "officer": new_person(session, bureau, Role.OFFICER),
        "second": new_person(session, bureau, Role.OFFICER),
    }
    for name, kind, role in (
        ("maker", OrganisationKind.MANUFACTURER, Role.MANUFACTURER),
        ("rival", OrganisationKind.MANUFACTURER, Role.MANUFACTURER),
        ("hospital", OrganisationKind.HOSPITAL, Role.HOSPITAL),
    ):
        people[name] = new_person(session, new_organisation(session, kind, f"机构 {name}"), role)
    round_ = new_round(session, bureau=bureau, officer=people["officer"])
    actors = {name: actor_of(session, person) for name, person in people.items()}
    return Scene(session=session, round_=round_, people=people, **actors)


@pytest.fixture
def scene(engine):
    """Yield a scene within one open transaction."""
    with transaction(engine) as session:
        yield build(session)
