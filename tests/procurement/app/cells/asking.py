"""Asking the platform as somebody of a role, and what a request for an action is made of."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.bids.files import store_file
from procurement.permissions import (
    PERMISSIONS,
    Action,
    Actor,
    Condition,
    Role,
    Subject,
    permit,
)
from procurement.web import handlers, visit
from tests.procurement.app.cells.sides import Side, new_side, opened_round
from tests.procurement.app.cells.things import SCAN, furnish
from tests.procurement.platform import Platform, Visitor, running_platform

PUBLIC_OPENING = "opened-public"
"""A round of the other side whose rulebook lets everybody see the prices."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Attributes:
        method: Of HTTP.
        address: Without host; machines ask below ``/api/``, people elsewhere.
        options: What the client takes: ``data`` of a form, ``json``, ``content``, ``files``.
    """

    method: str
    address: str
    options: Mapping[str, Any] = field(default_factory=dict)


Make = Callable[[Side, Side, Role], Ask]
"""Makes the request of somebody of a role: of our side, of the other, and of which role."""


@dataclass(frozen=True)
class Exemplar:
    """How an action is asked for.

    Attributes:
        holds: For each condition of its cells the request for a thing where it holds.
        fails: Requests for things where none of them holds; empty where nobody can name one.
        unsaid: Roles whose request is answered, with what they may not change left as it was.
    """

    holds: Mapping[Condition, Make]
    fails: tuple[Make, ...] = ()
    unsaid: frozenset[Role] = frozenset()


def get(address: str) -> Ask:
    """Ask for an address."""
    return Ask("GET", address)


def form(address: str, **fields: Any) -> Ask:
    """Send a form."""
    return Ask("POST", address, {"data": fields})


def send(address: str, body: object, *, method: str = "POST") -> Ask:
    """Send JSON."""
    return Ask(method, address, {"json": body})


def raw(address: str, content: bytes = b"{}") -> Ask:
    """Send a document, once."""
    return Ask("POST", address, {"content": content, "headers": {"idempotency-key": "once"}})


def cell_of(action: Action, role: Role) -> tuple[Condition, ...]:
    """The conditions under which somebody of a role may act; everybody is public too."""
    row = PERMISSIONS[action]
    return tuple(dict.fromkeys((*row.get(role, ()), *row.get(Role.PUBLIC, ()))))


@dataclass(repr=False)
class Scene:
    """Two sides on a running platform, where nothing that a request changes is kept.

    Attributes:
        ours: Whose people ask.
        theirs: Whose things are foreign.
        nowhere: Names things that do not exist.
        asked: What the last request required a permission for.
    """

    platform: Platform
    ours: Side
    theirs: Side
    nowhere: Side
    asked: list[Action] = field(default_factory=list)
    visitors: dict[tuple[Role, bool], Visitor] = field(default_factory=dict)

    def answer(self, role: Role, ask: Ask) -> httpx.Response:
        """Send a request of our side's person of a role."""
        self.asked.clear()
        visitor = self._visitor(role, by_token=ask.address.startswith("/api/"))
        return visitor.send(ask.method, ask.address, **ask.options)

    def _visitor(self, role: Role, *, by_token: bool) -> Visitor:
        known = self.visitors.get((role, by_token))
        if known is not None:
            return known
        person = self.ours.person(role)
        if person is None:
            visitor = self.platform.nobody()
        else:
            sign_in = self.platform.with_token if by_token else self.platform.signed_in
            visitor = sign_in(person)
        self.visitors[role, by_token] = visitor
        return visitor


@contextmanager
def standing_scene(engine: Engine, folder: Path) -> Iterator[Scene]:
    """Build both sides and run the platform; every request finds them as they were built."""
    theirs = new_side(engine, region="110000", letter="b", maker=1)
    ours = new_side(engine, region="340000", letter="a", maker=0)
    furnish(engine, theirs, ours)
    furnish(engine, ours, theirs)
    opened_round(theirs, name=PUBLIC_OPENING, rulebook="national-3", bids=False)
    store_file(folder, SCAN)
    with running_platform(engine, folder) as platform, pytest.MonkeyPatch.context() as patch:
        scene = Scene(platform, ours, theirs, _nowhere(ours))
        # Signed in before: what a request writes is undone from here on.
        for role in Role:
            for by_token in (False, True):
                scene._visitor(role, by_token=by_token)
        patch.setattr(handlers, "transaction", _undone)
        patch.setattr(visit, "permit", _noting(scene))
        yield scene


@contextmanager
def _undone(engine: Engine) -> Iterator[Session]:
    """A transaction that is rolled back at its end."""
    with Session(engine, expire_on_commit=False) as session, session.begin() as unit:
        yield session
        session.flush()
        unit.rollback()


def _noting(scene: Scene) -> Callable[..., None]:
    """`permit`, and a note of what it was asked."""

    def noting(actor: Actor, action: Action, subject: Subject) -> None:
        scene.asked.append(action)
        permit(actor, action, subject)

    return noting


MISSING = 2_000_000_001


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


def is_refused(answer: httpx.Response, role: Role) -> bool:
    """Tell whether nobody of a role may do it: 403, or the way to the sign-in."""
    if role is not Role.PUBLIC:
        return answer.status_code == 403
    leads_in = answer.headers.get("location", "").startswith("/sign-in?next=")
    return answer.status_code == 401 or (answer.status_code == 303 and leads_in)


def is_passed(answer: httpx.Response) -> bool:
    """Tell whether the permission was there, whatever else was wrong with the request."""
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in?next=")
    return answer.status_code not in (401, 403, 404) and answer.status_code < 500 and not to_sign_in
