"""All bids are opened together, and every failure is somebody's: holder's, bidder's or nobody's."""

import dataclasses
import json
import secrets
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from bidding.sealing import (
    Bid,
    BidLine,
    check_log,
    check_record,
    new_holder_key,
    proves_inclusion,
    read_record,
    reveal_key,
)
from bidding.sealing.signing import sign_document
from procurement.bids.kinds import BidVerdict, OpeningWay
from procurement.bids.opening.evidence import NotOpenedError, opened_bids, opening_record
from procurement.bids.opening.readiness import readiness
from procurement.bids.opening.reveal import (
    AlreadyCalledError,
    NoRevealCallError,
    call_for_keys,
    reveal_content_key,
)
from procurement.bids.opening.service import NotReadyToOpenError, open_bids
from procurement.bids.opening.shares import NotOpeningError, envelopes_to_unseal, post_shares
from procurement.bids.submission.close import (
    BiddingNotOverError,
    LogNotFinalError,
    close_round,
    final_log,
)
from procurement.bids.submission.receipts import receipts_of
from procurement.bids.tables import OpenedBid, RevealCall
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import ProposalStatus, RoundStatus, Step, StepProposal
from tests.procurement.bids.world import SECRET


def price(yuan):
    return Bid(lines=(BidLine("L01", "1mg", declared_price=Decimal(yuan)),))


def decide(world):
    """Two officers decide to open."""
    with transaction(world.engine) as session:
        session.add(
            StepProposal(
                round_id=world.round_id,
                step=Step.OPEN_BIDS,
                content="{}",
                digest="0" * 64,
                status=ProposalStatus.CONFIRMED,
                proposed_by=world.officers[0].id,
                proposed_at=database_moment(session),
                decided_by=world.officers[1].id,
                decided_at=database_moment(session),
            )
        )


def post(world, manifest, seat, *, key=None, changed=lambda posting: posting):
    with transaction(world.engine) as session:
        return post_in(session, world, manifest, seat, key=key, changed=changed)


def post_in(session, world, manifest, seat, *, key=None, changed):
    round_ = world.round(session)
    leaves = envelopes_to_unseal(session, round_=round_, after=0, limit=1000, secret_key=SECRET)
    posting = world.posting(manifest, [leaf.envelope for leaf in leaves], seat, key=key)
    return post_shares(
        session,
        round_=round_,
        actor=world.holder_actors[seat - 1],
        body=changed(posting).to_bytes(),
        secret_key=SECRET,
    )


def ready(world):
    with world.read() as session:
        return readiness(session, round_=world.round(session), secret_key=SECRET)


def open_all(world):
    with transaction(world.engine) as session:
        return open_bids(session, round_=world.round(session), secret_key=SECRET)


def verdicts(world):
    with world.read() as session:
        return {
            organisation.id: (bid.verdict, bid.content and json.loads(bid.content))
            for bid, organisation in opened_bids(session, round_id=world.round_id)
        }


def closed(world, manifest, makers=3):
    for number in range(makers):
        world.bid(world.new_maker(), manifest, price(f"7.{number}1"))
    world.close()
    # Nothing is hidden from here on but the prices.
    return world.makers


def test_a_round_is_not_closed_before_its_time(bidding):
    world, _ = bidding
    with transaction(world.engine) as session, pytest.raises(BiddingNotOverError):
        close_round(session, round_=world.round(session), secret_key=SECRET)
    with world.read() as session, pytest.raises(LogNotFinalError):
        final_log(session, round_id=world.round_id)


def test_closing_publishes_the_log_and_proves_every_receipt(bidding):
    world, manifest = bidding
    makers = closed(world, manifest)
    with world.read() as session:
        log = final_log(session, round_id=world.round_id)
        assert world.round(session).status == RoundStatus.CLOSED
        check_log(log.checkpoint, log.leaves, manifest)
        assert log.checkpoint.is_final
        assert len(log.standing) == 3
        for maker in makers:
            (own,) = receipts_of(
                session, round_id=world.round_id, organisation_id=maker.id, secret_key=SECRET
            )
            assert own.proof is not None
            assert proves_inclusion(own.proof, log.checkpoint)


def test_closing_again_changes_nothing(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    first = world.close()
    assert world.close().checkpoint == first.checkpoint


def test_a_round_without_bids_is_closed_and_opened(bidding):
    world, _ = bidding
    assert world.close().leaves == ()
    decide(world)
    open_all(world)
    assert verdicts(world) == {}
    with world.read() as session:
        assert world.round(session).status == RoundStatus.OPENED


def test_replaced_and_withdrawn_bids_are_in_the_log_and_never_opened(bidding):
    world, manifest = bidding
    keeps, replaces, withdraws = (world.new_maker() for _ in range(3))
    for maker in (keeps, replaces, withdraws):
        world.bid(maker, manifest, price("9.99"))
    world.bid(replaces, manifest, price("5.55"))
    withdrawal = withdraws.withdraw(manifest)
    world.submit(withdraws, withdrawal)
    log = world.close()
    assert (len(log.leaves), len(log.standing)) == (5, 2)
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    decide(world)
    open_all(world)
    assert {
        maker: content["lines"][0]["declared_price"]
        for maker, (_, content) in verdicts(world).items()
    } == {keeps.id: "9.99", replaces.id: "5.55"}


def test_bids_are_opened_by_a_quorum_and_the_record_can_be_repeated(bidding):
    world, manifest = bidding
    closed(world, manifest)
    for seat in (5, 1, 3):
        post(world, manifest, seat)
    assert ready(world).shares_suffice
    decide(world)
    opening = open_all(world)
    assert (opening.way, opening.seats) == (OpeningWay.SHARES, "1 3 5")
    assert {verdict for verdict, _ in verdicts(world).values()} == {BidVerdict.OPENED}
    with world.read() as session:
        record = opening_record(session, round_=world.round(session), secret_key=SECRET)
    check_record(read_record(record.to_bytes()))
    own = record.only(world.makers[0].bidder)
    check_record(own)
    assert b"7.11" not in own.to_bytes() and b"7.01" in own.to_bytes()


def test_nothing_is_opened_without_quorum_or_without_two_officers(bidding):
    world, manifest = bidding
    closed(world, manifest)
    for seat in (1, 2):
        post(world, manifest, seat)
    decide(world)
    assert ready(world).short == 3
    with pytest.raises(NotReadyToOpenError):
        open_all(world)
    assert opened(world) == 0


def opened(world):
    with world.read() as session:
        return session.scalar(select(func.count()).select_from(OpenedBid))


def test_two_officers_must_have_decided(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    with pytest.raises(NotReadyToOpenError):
        open_all(world)
    decide(world)
    first = open_all(world)
    assert open_all(world).id == first.id
    assert opened(world) == 1


def test_shares_are_not_taken_before_the_opening_time(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)

    def later(posting):
        with world.read() as session:
            now = database_moment(session)
        round_.opens_at = now + timedelta(hours=1)
        return posting

    with transaction(world.engine) as session:
        round_ = world.round(session)
        with pytest.raises(NotOpeningError):
            post_in(session, world, manifest, 1, changed=later)


def test_holders_get_no_envelope_before_the_opening_time(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    with transaction(world.engine) as session:
        world.round(session).opens_at = database_moment(session) + timedelta(hours=1)
    with world.read() as session, pytest.raises(NotOpeningError):
        envelopes_to_unseal(
            session, round_=world.round(session), after=0, limit=9, secret_key=SECRET
        )


def test_a_wrong_share_is_the_holders_fault_and_another_one_serves(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=2)

    def spoilt(posting):
        first = sorted(posting.shares)[0]
        share = bytes([posting.shares[first][0] ^ 1]) + posting.shares[first][1:]
        hashes = {**posting.hashes, first: manifest.suite.hash(share).hex()}
        changed = dataclasses.replace(
            posting, shares={**posting.shares, first: share}, hashes=hashes
        )
        signature = sign_document(
            changed.unsigned(), key=world.keys[0].signing_key, random_bytes=secrets.token_bytes
        )
        return dataclasses.replace(changed, signature=signature)

    wrong = post(world, manifest, 1, changed=spoilt)
    assert len(wrong.faults.split()) == 1
    for seat in (2, 3):
        post(world, manifest, seat)
    assert (ready(world).short, ready(world).seats[0].wrong) == (1, 1)
    post(world, manifest, 4)
    assert ready(world).shares_suffice
    decide(world)
    assert open_all(world).seats == "2 3 4"


def test_a_holder_may_post_again_and_the_newest_counts(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=2)

    def only_one(posting):
        return posting.only([sorted(posting.shares)[0]])

    post(world, manifest, 1, changed=only_one)
    assert ready(world).seats[0].right == 1
    post(world, manifest, 1)
    assert ready(world).seats[0].right == 2


def test_a_posting_with_another_key_or_tampered_is_refused(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    with pytest.raises(InvalidInputError):
        post(
            world,
            manifest,
            1,
            changed=lambda posting: dataclasses.replace(posting, signature=bytes(64)),
        )
    with pytest.raises(InvalidInputError):
        post(world, manifest, 1, changed=lambda posting: dataclasses.replace(posting, seat=2))


def test_inconsistent_shares_are_the_bidders_fault_and_stop_nobody(bidding):
    world, manifest = bidding
    honest, cheat = world.new_maker(), world.new_maker()
    world.bid(honest, manifest, price("7.77"))
    world.submit(cheat, inconsistent(cheat, manifest))
    world.close()
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    decide(world)
    open_all(world)
    found = verdicts(world)
    assert found[honest.id][0] == BidVerdict.OPENED
    assert found[cheat.id] == (BidVerdict.INCONSISTENT, None)


def inconsistent(maker, manifest):
    """Name the hash of another key than the one that was split."""
    envelope = dataclasses.replace(maker.seal(manifest), key_hash="0" * 64)
    signature = sign_document(envelope.unsigned(), key=maker.key, random_bytes=secrets.token_bytes)
    return dataclasses.replace(envelope, signature=signature)


def call(world, due_in=timedelta(minutes=30), reason="三名持有人未到场"):
    with transaction(world.engine) as session:
        return call_for_keys(
            session,
            round_=world.round(session),
            actor=world.officer_actors[0],
            due_at=database_moment(session) + due_in,
            reason=reason,
            secret_key=SECRET,
        )


def reveal(world, maker, secret):
    body = reveal_key(secret, signing_key=maker.key, random_bytes=secrets.token_bytes)
    with transaction(world.engine) as session:
        return reveal_content_key(
            session,
            round_=world.round(session),
            actor=maker.actor,
            body=body.to_bytes(),
            secret_key=SECRET,
        )


def end_reveal(world):
    """Let the deadline be over; the row itself cannot be changed by anybody."""
    with world.engine.begin() as connection:
        if world.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER tr_reveal_call_refuse_update")
        else:
            connection.exec_driver_sql("ALTER TABLE reveal_call DISABLE TRIGGER USER")
        connection.execute(update(RevealCall).values(due_at=RevealCall.called_at))


def test_without_a_quorum_revealed_keys_open_and_who_keeps_silent_has_withdrawn(bidding):
    world, manifest = bidding
    first, second, silent = closed(world, manifest)
    post(world, manifest, 1)
    decide(world)
    call(world)
    reveal(world, first, first.secrets[-1])
    reveal(world, second, second.secrets[-1])
    with pytest.raises(NotReadyToOpenError):
        open_all(world)
    assert opened(world) == 0
    end_reveal(world)
    assert open_all(world).way == OpeningWay.REVEALED_KEYS
    found = verdicts(world)
    assert found[first.id][0] == found[second.id][0] == BidVerdict.OPENED
    assert found[silent.id] == (BidVerdict.NOT_REVEALED, None)
    with world.read() as session:
        record = opening_record(session, round_=world.round(session), secret_key=SECRET)
    check_record(read_record(record.to_bytes()))


def test_only_the_sealed_key_can_be_revealed_and_only_by_its_bidder(bidding):
    world, manifest = bidding
    first, second, _ = closed(world, manifest)
    call(world)
    with pytest.raises(InvalidInputError):
        reveal(world, first, second.secrets[-1])
    forged = dataclasses.replace(first.secrets[-1], content_key=bytes(32))
    with pytest.raises(InvalidInputError):
        reveal(world, first, forged)
    stranger = world.new_maker()
    with pytest.raises(NotFoundForActorError):
        reveal(world, stranger, first.secrets[-1])
    kept = reveal(world, first, first.secrets[-1])
    assert reveal(world, first, first.secrets[-1]).id == kept.id


def test_keys_are_asked_for_once_with_a_reason_and_a_deadline_ahead(bidding):
    world, manifest = bidding
    (maker,) = closed(world, manifest, makers=1)
    with pytest.raises(NoRevealCallError):
        reveal(world, maker, maker.secrets[-1])
    with pytest.raises(InvalidInputError) as raised:
        call(world, due_in=timedelta(minutes=5), reason="")
    assert [fault.field for fault in raised.value.faults] == ["due_at", "reason"]
    call(world)
    with pytest.raises(AlreadyCalledError):
        call(world)
    end_reveal(world)
    with pytest.raises(NoRevealCallError):
        reveal(world, maker, maker.secrets[-1])


def test_bids_under_an_older_manifest_are_opened_too(bidding):
    world, manifest = bidding
    early, late = world.new_maker(), world.new_maker()
    world.bid(early, manifest, price("8.88"))
    amended = world.amend()
    world.bid(late, amended, price("6.66"))
    world.close()
    with world.read() as session:
        leaves = envelopes_to_unseal(
            session, round_=world.round(session), after=0, limit=9, secret_key=SECRET
        )
    assert [leaf.envelope.manifest for leaf in leaves] == [manifest.digest, amended.digest]
    for seat in (1, 2, 3):
        for of, leaf in zip((manifest, amended), leaves, strict=True):
            posting = world.posting(of, [leaf.envelope], seat)
            with transaction(world.engine) as session:
                post_shares(
                    session,
                    round_=world.round(session),
                    actor=world.holder_actors[seat - 1],
                    body=posting.to_bytes(),
                    secret_key=SECRET,
                )
    decide(world)
    open_all(world)
    assert {verdict for verdict, _ in verdicts(world).values()} == {BidVerdict.OPENED}
    with world.read() as session:
        record = opening_record(session, round_=world.round(session), secret_key=SECRET)
    check_record(read_record(record.to_bytes()))


def test_there_is_no_record_before_the_opening(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    with world.read() as session, pytest.raises(NotOpenedError):
        opening_record(session, round_=world.round(session), secret_key=SECRET)


def test_holder_with_another_key_posts_nothing(bidding):
    world, manifest = bidding
    closed(world, manifest, makers=1)
    foreign = new_holder_key("intl-1", random_bytes=secrets.token_bytes)
    with pytest.raises(Exception, match="seat 1"):
        post(world, manifest, 1, key=foreign)
