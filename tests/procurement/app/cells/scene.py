"""Both sides on a running platform, where nothing that a request changes is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.files import store_file
from procurement.permissions import Action, Actor, Role, Subject, permit
from procurement.web import handlers, visit
from tests.procurement.app.cells.agreed import agree_round
from tests.procurement.app.cells.asking import Ask, is_passed
from tests.procurement.app.cells.awards import announce_round
from tests.procurement.app.cells.banked import bank_goods
from tests.procurement.app.cells.designated import designate_places
from tests.procurement.app.cells.drug_listed import list_drugs
from tests.procurement.app.cells.marks import Marks, marking, marks_of
from tests.procurement.app.cells.negotiated import negotiate
from tests.procurement.app.cells.of_rounds import PUBLIC_OPENING
from tests.procurement.app.cells.ordered import order_goods
from tests.procurement.app.cells.paid import settle_goods
from tests.procurement.app.cells.papers import hand_in_papers
from tests.procurement.app.cells.registered import register_patient
from tests.procurement.app.cells.routes import Route, routes_of
from tests.procurement.app.cells.settled import settle_savings
from tests.procurement.app.cells.sides import HELD_BACK, Side, new_side, opened_round
from tests.procurement.app.cells.stocked import stock_places
from tests.procurement.app.cells.things import SCAN, furnish
from tests.procurement.app.cells.warned import watch_fulfilment
from tests.procurement.app.cells.watched import watch_prices
from tests.procurement.platform import Platform, Visitor, running_platform

MISSING = 2_000_000_001

LIKELY = (
    Role.OFFICER,
    Role.ADMINISTRATOR,
    Role.MANUFACTURER,
    Role.HOSPITAL,
    Role.EVALUATOR,
    Role.KEYHOLDER,
    Role.SUPERVISOR,
    Role.DISTRIBUTOR,
    Role.FUND_AGENCY,
    Role.DOCTOR,
    Role.PHARMACY,
)
"""Together they may use every route."""


@dataclass(repr=False)
class Scene:
    """What the tests act on.

    Attributes:
        ours: Whose people ask.
        theirs: Whose things are foreign.
        nowhere: Names things that do not exist.
        marks: The words that show whose things an answer holds.
        asked: What the last request required a permission for.
    """

    platform: Platform
    ours: Side
    theirs: Side
    nowhere: Side
    marks: Marks
    asked: list[Action] = field(default_factory=list)
    visitors: dict[tuple[Role, bool], Visitor] = field(default_factory=dict)
    known: dict[str, Role | None] = field(default_factory=dict)

    def answer(self, role: Role, ask: Ask) -> httpx.Response:
        """Send a request of our side's person of a role, and undo what it changed."""
        self.asked.clear()
        visitor = self._visitor(role, by_token=ask.address.startswith("/api/"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(handlers, "transaction", _undone)
            patch.setattr(visit, "permit", self._noting)
            return visitor.send(ask.method, ask.address, **ask.options)

    @cached_property
    def routes(self) -> list[Route]:
        """Every route of the application."""
        return list(routes_of(self.platform.client.app))

    def passing(self, route: Route) -> Role | None:
        """Somebody who may use a route about our things; None where nobody can be found."""
        if str(route) not in self.known:
            ask = route.ask(self.ours)
            likely = (role for role in LIKELY if is_passed(self.answer(role, ask)))
            self.known[str(route)] = next(likely, None)
        return self.known[str(route)]

    def actor(self, role: Role) -> Actor:
        """Our side's person of a role, as the permissions see it."""
        person = self.ours.people.get(role)
        if person is None:
            return Actor()
        home = self.marks.owners.rows["organisation"][person.organisation_id,]
        return Actor(
            person_id=person.id,
            organisation_id=person.organisation_id,
            roles=frozenset({Role.PUBLIC, role}),
            region=home["region"],
        )

    def _noting(self, actor: Actor, action: Action, subject: Subject) -> None:
        """`permit`, and a note of what it was asked."""
        self.asked.append(action)
        permit(actor, action, subject)

    def _visitor(self, role: Role, *, by_token: bool) -> Visitor:
        if (role, by_token) not in self.visitors:
            person = self.ours.people.get(role)
            if person is None:
                visitor = self.platform.nobody()
            elif by_token:
                visitor = self.platform.with_token(person)
            else:
                visitor = self.platform.signed_in(person)
            self.visitors[role, by_token] = visitor
        return self.visitors[role, by_token]


@contextmanager
def standing_scene(engine: Engine, folder: Path) -> Iterator[Scene]:
    """Build both sides and run the platform."""
    with marking() as made:
        ours, theirs = _both_sides(engine)
    store_file(folder, SCAN)
    with running_platform(engine, folder) as platform:
        yield Scene(platform, ours, theirs, _nowhere(ours), marks_of(engine, made))


def _both_sides(engine: Engine) -> tuple[Side, Side]:
    theirs = new_side(engine, region="110000", letter="b", maker=1)
    ours = new_side(engine, region="340000", letter="a", maker=0)
    for side, letter in ((theirs, "b"), (ours, "a")):
        announce_round(engine, side, letter=letter, rulebook=HELD_BACK)
    furnish(engine, theirs, ours)
    furnish(engine, ours, theirs)
    for side, other, letter in ((theirs, ours, "b"), (ours, theirs, "a")):
        agree_round(engine, side, other, letter=letter)
        negotiate(engine, side, letter=letter)
        list_drugs(engine, side)
        register_patient(engine, side)
    designate_places(engine, theirs, ours)
    designate_places(engine, ours, theirs)
    for side, other in ((theirs, ours), (ours, theirs)):
        order_goods(engine, side, other)
        hand_in_papers(engine, side, other)
        watch_fulfilment(engine, side, other)
        settle_goods(engine, side, other)
        bank_goods(engine, side)
        watch_prices(engine, side, other)
    for side, other, letter in ((theirs, ours, "b"), (ours, theirs, "a")):
        settle_savings(engine, side, other, letter=letter)
    for side, other in ((theirs, ours), (ours, theirs)):
        stock_places(engine, side, other)
    opened_round(theirs, name=PUBLIC_OPENING, rulebook="national-3", bids=False)
    return ours, theirs


@contextmanager
def _undone(engine: Engine) -> Iterator[Session]:
    """A transaction that is rolled back at its end."""
    with Session(engine, expire_on_commit=False) as session, session.begin() as unit:
        yield session
        session.flush()
        unit.rollback()


def _nowhere(side: Side) -> Side:
    """A side of which nothing exists."""
    return Side(
        region="990000",
        bidding=side.bidding,
        maker=side.maker,
        people={},
        second_officer=side.second_officer,
        rounds={stage: f"no-{stage}" for stage in side.rounds},
        things={
            name: "no-such-thing" if isinstance(value, str) else MISSING
            for name, value in side.things.items()
        }
        # What is sent must be well-formed to reach the question where it is sent to.
        | {"envelope": side.things["envelope"]},
    )
