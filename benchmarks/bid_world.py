"""A round in bidding with many manufacturers, their tokens, and envelopes sealed beforehand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.senders import request_bytes
from bidding.sealing import Manifest
from procurement.accounts.sign_in.tokens import make_token
from procurement.database import database_moment, make_engine, transaction, upgrade
from tests.crash.power import own_postgresql
from tests.postgresql import find_programs
from tests.procurement.bids.world import Maker, World

VERSIONS = 4
"""Bids of each manufacturer, every one in place of the one before."""

HOLDERS = 7


@dataclass(frozen=True, slots=True)
class Bidding:
    """What is sent to a server.

    Attributes:
        world: The round.
        manifest: Under which the envelopes are sealed.
        chains: The requests of each manufacturer, in order.
    """

    world: World
    manifest: Manifest
    chains: list[list[bytes]]


@contextmanager
def lasting_databases(folder: Path) -> Iterator[list[Engine]]:
    """A migrated SQLite file and, where its programs are installed, a PostgreSQL with fsync."""
    programs = find_programs()
    sqlite = make_engine(f"sqlite:///{folder / 'bench.sqlite3'}")
    upgrade(sqlite)
    if programs is None:
        yield [sqlite]
        return
    with own_postgresql(programs, syncs=True) as server:
        postgresql = make_engine(server.url.render_as_string(hide_password=False))
        upgrade(postgresql)
        yield [postgresql, sqlite]
        postgresql.dispose()


def open_bidding(engine: Engine, *, bids: int, name: str) -> Bidding:
    """Bring a round to bidding, admit manufacturers, and seal their bids.

    Args:
        engine: A migrated database.
        bids: How many envelopes.
        name: Of the round.
    """
    world = World(engine, holders=HOLDERS, name=name)
    manifest = world.prepare()
    world.set_times(closes_in=timedelta(days=1))
    chains = []
    for _ in range(-(-bids // VERSIONS)):
        maker = world.new_maker()
        headers = {"authorization": f"Bearer {_token(engine, maker)}"}
        chain = []
        for _ in range(VERSIONS):
            envelope = maker.seal(manifest)
            maker.sent(envelope)
            body = envelope.to_bytes()
            headers |= {
                "idempotency-key": envelope.digest[:40],
                "content-type": "application/json",
            }
            chain.append(request_bytes("POST", f"/api/v1/rounds/{name}/bids", headers, body))
        chains.append(chain)
    return Bidding(world, manifest, chains)


def _token(engine: Engine, maker: Maker) -> str:
    with transaction(engine) as session:
        token, _row = make_token(
            session,
            person_id=maker.person_id,
            name="bench",
            life_days=30,
            moment=database_moment(session),
        )
    return token
