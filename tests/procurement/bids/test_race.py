"""Submits racing the closing: acknowledged means in the final log, all else is refused."""

import itertools
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest

from bidding.sealing import Receipt, check_log, check_receipt, read_receipt, seal_bid
from procurement.bids.submission.close import BiddingNotOverError, close_round
from procurement.bids.submission.submit import submit_bid
from procurement.database import database_moment, transaction
from procurement.rounds.progress import lock_round
from tests.procurement.bids.world import BID, SECRET

MAKERS, VERSIONS, THREADS = 50, 20, 6


def chains(world, manifest):
    """Every maker's envelopes, each replacing the one before."""
    for _ in range(MAKERS):
        maker = world.new_maker()
        sealed = []
        for _ in range(VERSIONS):
            sealed.append(maker.seal(manifest))
            maker.sent(sealed[-1])
        yield maker, sealed


def send_all(world, maker, sealed):
    return [(envelope, world.submit(maker, envelope)) for envelope in sealed]


def close_when_due(world):
    while True:
        try:
            with transaction(world.engine) as session:
                return close_round(session, round_=world.round(session), secret_key=SECRET)
        except BiddingNotOverError:
            continue


def test_a_thousand_submits_racing_the_closing_are_in_the_log_or_refused_in_writing(bidding):
    world, manifest = bidding
    racing = list(chains(world, manifest))
    with ThreadPoolExecutor(THREADS + 1) as pool:
        # The closing time comes while they are on their way.
        closes_at = world.set_times(closes_in=timedelta(seconds=1.5))
        closing = pool.submit(close_when_due, world)
        sent = pool.map(lambda one: send_all(world, *one), racing)
        answers = list(itertools.chain.from_iterable(sent))
        log = closing.result()
    check_log(log.checkpoint, log.leaves, manifest)
    acknowledged, refused = [], 0
    for envelope, answer in answers:
        document = read_receipt(answer.document)
        check_receipt(document, manifest)
        assert document.envelope == envelope.digest
        assert answer.is_receipt == isinstance(document, Receipt)
        if isinstance(document, Receipt):
            assert document.received_at < closes_at
            acknowledged.append(envelope.digest)
        else:
            assert document.reason == "late"
            assert document.refused_at >= closes_at
            refused += 1
    assert sorted(log.leaves) == sorted(acknowledged)
    assert len(acknowledged) + refused == MAKERS * VERSIONS
    # Otherwise nothing raced.
    assert acknowledged and refused


def test_the_same_envelope_sent_many_times_at_once_is_taken_once(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda _: world.submit(maker, envelope), range(20)))
    assert {answer.document for answer in answers} == {answers[0].document}
    assert world.close().leaves == (envelope.digest,)


def test_of_two_rivals_for_the_same_place_one_is_taken(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    rivals = [
        seal_bid(
            manifest,
            bid=BID,
            bidder=maker.bidder,
            version=1,
            replaces=None,
            signing_key=maker.key,
            random_bytes=secrets.token_bytes,
        )[0]
        for _ in range(8)
    ]

    def send(envelope):
        try:
            return json.loads(world.submit(maker, envelope).document)["envelope"]
        except Exception as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(send, rivals))
    (taken,) = [answer for answer in answers if answer != "BrokenChainError"]
    assert world.close().leaves == (taken,)


def test_the_clock_is_asked_after_the_lock_was_granted(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    with ThreadPoolExecutor(1) as pool:
        with transaction(world.engine) as session:
            lock_round(session, round_=world.round(session))
            waiting = pool.submit(world.submit, maker, envelope)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            released_at = database_moment(session)
        receipt = read_receipt(waiting.result().document)
    assert isinstance(receipt, Receipt)
    assert receipt.received_at >= released_at


def test_who_waits_while_the_round_is_being_closed_is_late(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    with ThreadPoolExecutor(1) as pool:
        with transaction(world.engine) as session:
            round_ = lock_round(session, round_=world.round(session))
            round_.closes_at = database_moment(session)
            waiting = pool.submit(world.submit, maker, envelope)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            log = close_round(session, round_=round_, secret_key=SECRET)
        assert not waiting.result().is_receipt
    assert log.leaves == ()


def test_a_request_that_is_repeated_over_the_closing_gets_the_receipt_of_the_first(bidding):
    """Else a bidder would hold a refusal of what stands in the log."""
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    with ThreadPoolExecutor(1) as pool:
        closes_at = world.set_times(closes_in=timedelta(seconds=1.5))
        with transaction(world.engine) as session:
            first = submit_bid(
                session,
                round_name=world.name,
                actor=maker.actor,
                body=envelope.to_bytes(),
                key=envelope.digest[:40],
                secret_key=SECRET,
            )
            while database_moment(session) < closes_at:
                sleep(0.05)
            again = pool.submit(world.submit, maker, envelope)
            with pytest.raises(TimeoutError):
                again.result(timeout=0.5)
    assert first.is_receipt
    assert again.result() == first
    assert world.submit(maker, envelope) == first
