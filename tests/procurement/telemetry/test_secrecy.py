"""A round takes bids at a real server: its logs, metrics and traces tell nothing of them."""

import json
import time
from decimal import Decimal

import httpx
import pytest

from bidding.sealing import Bid, BidLine, Envelope
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.sign_in.tokens import make_token
from procurement.accounts.tables import Person
from procurement.database import database_moment, transaction
from procurement.web import SESSION_COOKIE
from tests.procurement.bids.test_secrecy import (
    PRICES,
    encodings,
    price_encodings,
    secrets_of,
)
from tests.procurement.bids.world import World
from tests.procurement.telemetry.collector import collecting
from tests.server import KEY, start_server

COUNTING = "jicai_request_seconds"


@pytest.fixture
def world(engine):
    return World(engine)


@pytest.fixture
def site(world, tmp_path):
    """A server with two processes, and what its collector of traces was sent."""
    with collecting() as (address, bodies):
        extra = {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        server = start_server(world.engine, tmp_path, workers=2, extra=extra)
        try:
            yield server, bodies
        finally:
            server.stop()


def token_of(world, person_id):
    with transaction(world.engine) as session:
        token, _row = make_token(
            session,
            person_id=person_id,
            name="test",
            life_days=1,
            moment=database_moment(session),
        )
    return token


def browser(world, person_id):
    with transaction(world.engine) as session:
        entered = begin_session(
            session,
            person=session.get_one(Person, person_id),
            address="127.0.0.1",
            moment=database_moment(session),
            has_second_factor=True,
        )
    return {SESSION_COOKIE: entered.token}


def send_bid(http, world, maker, envelope, token):
    return http.post(
        f"/api/v1/rounds/{world.name}/bids?price={PRICES[0]}",
        content=envelope.to_bytes(),
        headers={
            "authorization": f"Bearer {token}",
            "idempotency-key": envelope.digest[:40],
            "content-type": "application/json",
        },
    )


def counts(http):
    text = http.get("/metrics").text
    return sorted(line for line in text.splitlines() if line.startswith(COUNTING))


def wait_for(check):
    for _ in range(100):
        if check():
            return True
        time.sleep(0.2)
    return False


def test_logs_metrics_and_traces_tell_nothing_of_bids(world, site, tmp_path):
    server, traces = site
    manifest = world.prepare()
    makers = [world.new_maker() for _ in range(3)]
    with httpx.Client(base_url=server.address, timeout=60) as http:
        officer = {"authorization": f"Bearer {token_of(world, world.officers[0].id)}"}
        # So that there is something to compare with: what others do is told.
        assert http.get(f"/api/v1/rounds/{world.name}", headers=officer).status_code == 200
        before = counts(http)
        assert any('route="/api/v1/rounds/{name' in line for line in before)
        envelopes: dict[int, list[Envelope]] = {maker.id: [] for maker in makers}
        told = []
        for maker, price in zip(makers, PRICES, strict=True):
            token = token_of(world, maker.person_id)
            cookies = browser(world, maker.person_id)
            told += [token, cookies[SESSION_COOKIE], maker.name, maker.bidder]
            line = BidLine("L01", "1mg", declared_price=Decimal(price))
            envelope = maker.seal(manifest, Bid(lines=(line,)))
            answer = send_bid(http, world, maker, envelope, token)
            assert answer.status_code == 201
            told += [
                envelope.digest,
                *(str(word) for word in answer.json().values() if len(str(word)) > 20),
            ]
            maker.sent(envelope)
            envelopes[maker.id].append(envelope)
            broken = http.post(
                f"/api/v1/rounds/{world.name}/bids",
                content=envelope.to_bytes()[:-40],
                headers={"authorization": f"Bearer {token}", "idempotency-key": "x"},
            )
            assert broken.status_code == 422
            for page in ("", "/bid", "/receipts", "/log"):
                http.get(
                    f"/rounds/{world.name}{page}",
                    headers={"cookie": f"{SESSION_COOKIE}={cookies[SESSION_COOKIE]}"},
                )
            http.get("/sign-in")
            http.get("/clock")
        assert counts(http) == before
        assert wait_for(lambda: any(b"/api/v1/rounds/{name" in body for body in traces))
    time.sleep(1)
    needles = {coded for price in PRICES for coded in price_encodings(price) if len(coded) > 5}
    for secret in (KEY, *secrets_of(world, manifest, envelopes)):
        needles |= {coded for coded in encodings(secret) if len(coded) > 10}
    needles |= {word.encode() for word in told}
    needles |= {json.dumps(word)[1:-1].encode() for word in told}
    with httpx.Client(base_url=server.address, timeout=60) as http:
        metrics = http.get("/metrics").content
    everything = (server.log.read_bytes(), metrics, b"".join(traces))
    assert all(everything)
    assert {needle for part in everything for needle in needles if needle in part} == set()
    assert b"/bids" not in b"".join(everything)
    assert b'/bid"' not in b"".join(everything)


def test_every_line_of_the_log_is_one_json_object(world, site):
    server, _traces = site
    assert wait_for(lambda: server.log.read_text().count("job ended") > 1)
    for line in server.log.read_text().splitlines():
        assert {"moment", "level", "event"} <= json.loads(line).keys(), line
