"""Acknowledged bids stand in the log; requests are answered once; late is refused in writing."""

import json

import pytest
from sqlalchemy import func, select

from bidding.sealing import Receipt, Refusal, check_receipt, new_signing_key, read_receipt
from procurement.bids.papers.eligibility import NotEligibleError
from procurement.bids.submission.errors import (
    BrokenChainError,
    KeyReusedError,
    MissingKeyError,
    NotBiddingError,
)
from procurement.bids.submission.receipts import receipts_of, refusals_of
from procurement.bids.tables import LogLeaf
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.rounds.tables import RoundStatus
from tests.procurement.bids.world import SECRET


def rows(world):
    with world.read() as session:
        return session.scalar(select(func.count()).select_from(LogLeaf))


def own(world, maker):
    with world.read() as session:
        return receipts_of(
            session, round_id=world.round_id, organisation_id=maker.id, secret_key=SECRET
        )


def test_a_bid_gets_a_receipt_that_anybody_can_check(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    answer = world.submit(maker, envelope)
    receipt = read_receipt(answer.document)
    assert isinstance(receipt, Receipt)
    check_receipt(receipt, manifest)
    assert receipt.envelope == envelope.digest
    assert receipt.received_at < manifest.closes_at


def test_a_receipt_names_neither_position_nor_size(bidding):
    world, manifest = bidding
    documents = [json.loads(world.bid(world.new_maker(), manifest).document) for _ in range(3)]
    assert {tuple(document) for document in documents} == {
        ("envelope", "manifest", "receipt_id", "received_at", "round", "signature", "suite", "type")
    }
    assert len({document["receipt_id"] for document in documents}) == 3


def test_the_same_request_gets_the_same_receipt_byte_for_byte(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    first = world.submit(maker, envelope, key="k")
    assert world.submit(maker, envelope, key="k") == first
    assert len(own(world, maker)) == 1


def test_the_same_key_with_another_body_is_refused(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    world.submit(maker, maker.seal(manifest), key="k")
    with pytest.raises(KeyReusedError):
        world.submit(maker, maker.seal(manifest), key="k")
    assert len(own(world, maker)) == 1


def test_two_makers_may_choose_the_same_key(bidding):
    world, manifest = bidding
    for maker in (world.new_maker(), world.new_maker()):
        assert world.submit(maker, maker.seal(manifest), key="1").is_receipt


@pytest.mark.parametrize("key", ["", "k" * 101])
def test_a_submission_needs_a_key(bidding, key):
    world, manifest = bidding
    maker = world.new_maker()
    with pytest.raises(MissingKeyError):
        world.send(maker, maker.seal(manifest).to_bytes(), key=key)


def test_a_receipt_is_repeated_after_closing_and_after_admission_was_lost(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    first = world.submit(maker, envelope, key="k")
    world.close()
    assert world.submit(maker, envelope, key="k") == first


def test_a_better_bid_names_the_one_that_it_replaces(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    for _ in range(3):
        assert world.bid(maker, manifest).is_receipt
    assert [one.leaf.version for one in own(world, maker)] == [1, 2, 3]
    assert [one.stands for one in own(world, maker)] == [False, False, True]


def test_a_bid_that_does_not_follow_the_last_one_is_refused(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    rival = maker.seal(manifest)
    world.bid(maker, manifest)
    with pytest.raises(BrokenChainError):
        world.submit(maker, rival)
    maker.version = 5
    with pytest.raises(BrokenChainError):
        world.submit(maker, maker.seal(manifest))
    assert len(own(world, maker)) == 1


def test_a_bid_is_withdrawn_and_made_anew(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    world.bid(maker, manifest)
    withdrawal = maker.withdraw(manifest)
    assert world.submit(maker, withdrawal).is_receipt
    maker.sent(withdrawal)
    with pytest.raises(BrokenChainError):
        world.submit(maker, maker.withdraw(manifest))
    assert world.bid(maker, manifest).is_receipt
    assert [one.leaf.is_bid for one in own(world, maker)] == [True, False, True]


def test_a_late_bid_gets_a_signed_refusal_and_gets_it_again(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    envelope = maker.seal(manifest)
    closes_at = world.end_bidding()
    answer = world.submit(maker, envelope, key="k")
    refusal = read_receipt(answer.document)
    assert isinstance(refusal, Refusal) and not answer.is_receipt
    check_receipt(refusal, manifest)
    assert (refusal.reason, refusal.envelope) == ("late", envelope.digest)
    assert refusal.refused_at >= closes_at
    assert world.submit(maker, envelope, key="k") == answer
    with pytest.raises(KeyReusedError):
        world.submit(maker, maker.seal(manifest), key="k")
    with world.read() as session:
        kept = refusals_of(
            session, round_id=world.round_id, organisation_id=maker.id, secret_key=SECRET
        )
    assert kept == [answer.document]
    assert own(world, maker) == []


def test_a_bid_before_bidding_begins_is_refused(world):
    world.hand_over_all_keys()
    world.rehearse()
    manifest = world.open_bidding()
    with transaction(world.engine) as session:
        world.round(session).status = RoundStatus.PUBLISHED
    maker = world.new_maker()
    with pytest.raises(NotBiddingError):
        world.submit(maker, maker.seal(manifest))


def test_a_cancelled_round_refuses_in_writing(bidding):
    world, manifest = bidding
    with transaction(world.engine) as session:
        world.round(session).status = RoundStatus.CANCELLED
    maker = world.new_maker()
    answer = world.submit(maker, maker.seal(manifest))
    assert json.loads(answer.document)["reason"] == "withdrawn-round"


def test_a_maker_whose_papers_are_not_admitted_cannot_bid(bidding):
    world, manifest = bidding
    maker = world.new_maker(admitted=False)
    with pytest.raises(NotEligibleError):
        world.submit(maker, maker.seal(manifest))
    assert own(world, maker) == []


def test_an_envelope_in_another_makers_name_is_refused(bidding):
    world, manifest = bidding
    maker, other = world.new_maker(), world.new_maker()
    with pytest.raises(InvalidInputError, match="own organisation"):
        world.submit(maker, other.seal(manifest))


def test_an_envelope_signed_with_an_unbound_or_revoked_key_is_refused(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    bound = maker.key
    maker.key = new_signing_key("intl-1", random_bytes=lambda size: b"7" * size)
    with pytest.raises(InvalidInputError, match="bound to your organisation"):
        world.submit(maker, maker.seal(manifest))
    assert bound != maker.key


def test_a_tampered_envelope_is_refused_without_repeating_any_of_it(bidding):
    world, manifest = bidding
    maker = world.new_maker()
    document = json.loads(maker.seal(manifest).to_bytes())
    document["plaintext_hash"] = "0" * 64
    with pytest.raises(InvalidInputError) as raised:
        world.send(maker, json.dumps(document).encode(), key="k")
    assert document["ciphertext"][:20] not in str(raised.value)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[" * 1000, b'{"type":"envelope/1"}'])
def test_anything_else_is_refused_as_malformed(bidding, body):
    world, _ = bidding
    with pytest.raises(InvalidInputError):
        world.send(world.new_maker(), body, key="k")


def test_an_envelope_under_a_replaced_manifest_is_refused_in_writing(bidding):
    world, manifest = bidding
    maker, early = world.new_maker(), world.new_maker()
    assert world.bid(early, manifest).is_receipt
    amended = world.amend()
    answer = world.submit(maker, maker.seal(manifest))
    assert json.loads(answer.document)["reason"] == "stale-manifest"
    assert amended.supersedes == manifest.digest
    # Who bid before the amendment still stands, and may replace the bid under the new manifest.
    assert world.bid(early, amended).is_receipt
    assert world.bid(maker, amended).is_receipt
