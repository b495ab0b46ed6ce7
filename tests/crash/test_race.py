"""A thousand submits over HTTP race the closing: acknowledged is in the log, the rest refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep

import httpx
import pytest

from bidding.sealing import (
    Manifest,
    Receipt,
    check_log,
    check_receipt,
    read_log,
    read_receipt,
)
from procurement.accounts.sign_in.tokens import make_token
from procurement.database import database_moment, transaction
from procurement.rounds.tables import RoundStatus
from tests.crash.checking import check_status, wait_for_status
from tests.procurement.bids.world import Maker, World
from tests.server import running_server

MAKERS, VERSIONS, LINES, WORKERS = 50, 20, 10, 2
CLOSES_AFTER = 400
"""Answers after which the closing time is set, so that it comes amid the rest."""

CLOSES_IN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sent:
    """An envelope with its answer."""

    digest: str
    status: int
    body: bytes


@dataclass
class Race:
    """A round with its makers' envelopes, sealed beforehand."""

    world: World
    manifest: Manifest
    chains: list[tuple[str, list[tuple[str, bytes]]]]
    answered: list[Sent] = field(default_factory=list)

    def send(self, address: str, number: int) -> None:
        """Send what stands in one line, in its order."""
        with httpx.Client(base_url=address, timeout=60) as http:
            for token, envelopes in self.chains[number::LINES]:
                for digest, body in envelopes:
                    headers = {
                        "authorization": f"Bearer {token}",
                        "idempotency-key": digest[:40],
                        "content-type": "application/json",
                    }
                    path = f"/api/v1/rounds/{self.world.name}/bids"
                    answer = http.post(path, content=body, headers=headers)
                    self.answered.append(Sent(digest, answer.status_code, answer.content))


@pytest.fixture
def race(engine) -> Race:
    world = World(engine, holders=3)
    manifest = world.prepare()
    return Race(world, manifest, [envelopes_of(world, manifest) for _ in range(MAKERS)])


def envelopes_of(world: World, manifest: Manifest) -> tuple[str, list[tuple[str, bytes]]]:
    maker = world.new_maker()
    sealed = []
    for _ in range(VERSIONS):
        envelope = maker.seal(manifest)
        maker.sent(envelope)
        sealed.append((envelope.digest, envelope.to_bytes()))
    return token_of(world, maker), sealed


def token_of(world: World, maker: Maker) -> str:
    with transaction(world.engine) as session:
        moment = database_moment(session)
        token, _row = make_token(
            session, person_id=maker.person_id, name="race", life_days=30, moment=moment
        )
    return token


def run(race: Race, address: str) -> datetime:
    """Let everybody send at once; returns the closing time, which comes on the way."""
    with ThreadPoolExecutor(LINES) as pool:
        lines = [pool.submit(race.send, address, number) for number in range(LINES)]
        while len(race.answered) < CLOSES_AFTER and not all(line.done() for line in lines):
            sleep(0.01)
        closes_at = race.world.set_times(closes_in=timedelta(seconds=CLOSES_IN_SECONDS))
        for line in lines:
            line.result()
    return closes_at


def test_a_thousand_submits_over_http_are_in_the_log_or_refused_in_writing(engine, race, tmp_path):
    name = race.world.name
    with running_server(engine, tmp_path, workers=WORKERS) as server:
        closes_at = run(race, server.address)
        wait_for_status(engine, name, RoundStatus.CLOSED)
        log = httpx.get(f"{server.address}/api/v1/rounds/{name}/log", timeout=60).content
    check_status(engine, name, RoundStatus.CLOSED)
    checkpoint, leaves = read_log(log)
    check_log(checkpoint, leaves, race.manifest)
    acknowledged = []
    for sent in race.answered:
        document = read_receipt(sent.body)
        check_receipt(document, race.manifest)
        assert document.envelope == sent.digest
        if isinstance(document, Receipt):
            assert sent.status == 201 and document.received_at < closes_at
            acknowledged.append(sent.digest)
        else:
            assert sent.status == 409 and document.reason == "late"
            assert document.refused_at >= closes_at
    assert len(race.answered) == MAKERS * VERSIONS
    assert sorted(leaves) == sorted(acknowledged)
    # Otherwise nothing raced.
    assert CLOSES_AFTER <= len(acknowledged) < MAKERS * VERSIONS
