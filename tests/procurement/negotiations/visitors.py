"""Visitors of the pages: the people of a world at a browser, at the world's own time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import Engine

from tests.procurement.negotiations.world import MOMENT, NegotiationWorld
from tests.procurement.platform import Platform, Visitor, running_platform


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.moment = MOMENT

    def __call__(self):
        return self.moment


@contextmanager
def visited(engine: Engine, folder: Path) -> Iterator["Visits"]:
    """Run the platform on a world's database."""
    clock = Clock()
    with running_platform(engine, folder, clock=clock) as platform:
        yield Visits(platform, clock)


class Visits:
    """The people of a world at their browsers."""

    def __init__(self, platform: Platform, clock: Clock):
        self.platform, self.clock = platform, clock
        self.known: dict[str, Visitor] = {}

    def visitor(self, world: NegotiationWorld, name: str) -> Visitor:
        if name not in self.known:
            self.known[name] = self.platform.signed_in(world.person(name))
        return self.known[name]

    def get(self, world: NegotiationWorld, name: str, path: str = "") -> httpx.Response:
        """Ask for a page of the world's dossier."""
        return self.visitor(world, name).get(address(world, path))

    def post(self, world: NegotiationWorld, name: str, path: str, **fields: str) -> httpx.Response:
        """Send a form of the world's dossier."""
        files = fields.pop("files", None)
        return self.visitor(world, name).post(address(world, path), data=fields, files=files)


def address(world: NegotiationWorld, path: str = "") -> str:
    """Where a page of the world's dossier is."""
    root = f"/negotiations/{world.name}/dossiers/{world.dossier_id}"
    return f"{root}/{path}" if path else root


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]
