"""Opening 2,000 bids with the shares of four keyholders, beside bare decryption and inserts.

``python -m benchmarks.opening 0.1`` takes a tenth of the bids.
"""

import secrets
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, MetaData, Table, text

from benchmarks.bid_world import lasting_databases
from benchmarks.volume_world import bulk_insert
from bidding.sealing import Envelope, Manifest, post_shares
from bidding.sealing.envelope import associated_data
from procurement.bids.opening import shares
from procurement.bids.submission import close
from procurement.bids.submission.submit import submit_bid
from procurement.database import database_moment, transaction
from procurement.rounds.tables import ProposalStatus, Step, StepProposal
from tests.procurement.bids.world import SECRET, World

BIDS, HOLDERS, SEATS = 2_000, 7, 4
LIMIT_SECONDS = 10
A_PAGE = 100
"""Envelopes that a browser takes at once, and posts the shares of."""

AT_ONCE = 50
"""Bids submitted in one transaction, to be ready sooner."""

COLUMNS = (
    *("opening_id", "round_id", "sitting", "leaf_id", "organisation_id", "verdict"),
    *("content", "content_key"),
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed round.

    Attributes:
        world: The round.
        manifest: Under which all is sealed.
        envelopes: Those that are to be opened.
    """

    world: World
    manifest: Manifest
    envelopes: Sequence[Envelope]


def main(scale: float = 1.0) -> None:
    """Print the figures for each database."""
    bids = max(1, round(BIDS * scale))
    print(f"Opening {bids:,} bids with {SEATS} shares each (aim: {LIMIT_SECONDS} s)")
    with tempfile.TemporaryDirectory() as folder, lasting_databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, bids=bids)
    print("  floor: decrypting the same envelopes with their keys, and bare inserts of the rows")
    print("  taking in: what a browser posts, 100 shares at a time, checked and kept\n")


def measure(engine: Engine, *, bids: int) -> None:
    """Measure one database."""
    closed = close_round(engine, bids=bids)
    taking = take_in(closed)
    _decide(closed.world)
    start = perf_counter()
    closed.world.open()
    seconds = perf_counter() - start
    bare = bare_decryption(closed) + bare_inserts(engine)
    print(
        f"  {engine.dialect.name:10} {seconds:6.2f} s  floor {bare:6.3f} s  x {seconds / bare:.1f}"
        f"  taking in {taking:6.1f} s",
        flush=True,
    )


def close_round(engine: Engine, *, bids: int) -> Closed:
    """Let many manufacturers bid, and close the round."""
    world = World(engine, holders=HOLDERS, name="opening")
    manifest = world.prepare()
    world.set_times(closes_in=timedelta(days=1))
    makers = iter([world.new_maker() for _ in range(bids)])
    envelopes = []
    while some := list(islice(makers, AT_ONCE)):
        with transaction(engine) as session:
            for maker in some:
                envelope = maker.seal(manifest)
                envelopes.append(envelope)
                submit_bid(
                    session,
                    round_name=world.name,
                    actor=maker.actor,
                    body=envelope.to_bytes(),
                    key=envelope.digest[:40],
                    secret_key=SECRET,
                )
    world.end_bidding()
    with transaction(engine) as session:
        close.close_round(session, round_=world.round(session), secret_key=SECRET)
    return Closed(world, manifest, envelopes)


def take_in(closed: Closed) -> float:
    """Post the shares of a quorum page by page; the seconds that the platform took."""
    world, seconds = closed.world, 0.0
    for seat in range(1, 1 + SEATS):
        for start in range(0, len(closed.envelopes), A_PAGE):
            posting = post_shares(
                closed.manifest,
                envelopes=closed.envelopes[start : start + A_PAGE],
                seat=seat,
                key=world.keys[seat - 1],
                moment=closed.manifest.opens_at,
                random_bytes=secrets.token_bytes,
            ).to_bytes()
            begun = perf_counter()
            with transaction(world.engine) as session:
                shares.post_shares(
                    session,
                    round_=world.round(session),
                    actor=world.holder_actors[seat - 1],
                    body=posting,
                    secret_key=SECRET,
                )
            seconds += perf_counter() - begun
    return seconds


def _decide(world: World) -> None:
    """Two officers decided to open."""
    with transaction(world.engine) as session:
        moment = database_moment(session)
        session.add(
            StepProposal(
                round_id=world.round_id,
                step=Step.OPEN_BIDS,
                content="{}",
                digest="0" * 64,
                status=ProposalStatus.CONFIRMED,
                proposed_by=world.officers[0].id,
                proposed_at=moment,
                decided_by=world.officers[1].id,
                decided_at=moment,
            )
        )


def bare_decryption(closed: Closed) -> float:
    """Decrypt the envelopes with the keys that are known by now; the seconds it took."""
    keys = {one.envelope: one.content_key for maker in closed.world.makers for one in maker.secrets}
    suite, manifest = closed.manifest.suite, closed.manifest
    todo = [
        (
            keys[one.digest],
            one.nonce,
            one.ciphertext,
            associated_data(manifest, bidder=one.bidder, version=one.version),
        )
        for one in closed.envelopes
    ]
    start = perf_counter()
    for key, nonce, ciphertext, associated in todo:
        suite.decrypt(key, nonce=nonce, ciphertext=ciphertext, associated=associated)
    return perf_counter() - start


def bare_inserts(engine: Engine) -> float:
    """The same rows into a table with the same indexes, in one transaction; the seconds it took."""
    names = ", ".join(COLUMNS)
    with transaction(engine) as session:
        rows = [tuple(row) for row in session.execute(text(f"SELECT {names} FROM opened_bid"))]  # noqa: S608 - our own names
        session.execute(text(f"CREATE TABLE floor AS SELECT {names} FROM opened_bid WHERE 1 = 0"))  # noqa: S608 - as above
        session.execute(text("CREATE UNIQUE INDEX floor_leaf ON floor (leaf_id)"))
        for name in ("round_id", "organisation_id"):
            session.execute(text(f"CREATE INDEX floor_{name} ON floor ({name})"))
    start = perf_counter()
    with transaction(engine) as session:
        bulk_insert(session.connection(), Table("floor", MetaData()), COLUMNS, rows)
    return perf_counter() - start


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
