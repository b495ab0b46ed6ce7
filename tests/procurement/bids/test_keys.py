"""Keyholders hand over keys that they hold, and rehearse before the round goes live."""

import dataclasses
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from bidding.sealing import FormatError, SignatureError, check_manifest, new_holder_key
from bidding.sealing.canonical import canonical_bytes
from bidding.sealing.signing import with_signature
from procurement.bids.keyholders.checks import publication_checks
from procurement.bids.keyholders.holder_proof import read_statement
from procurement.bids.keyholders.keys import KeysFrozenError, hand_over_keys, seats_of
from procurement.bids.keyholders.rehearsals import (
    NoRehearsalError,
    RehearsalImpossibleError,
    post_rehearsal_share,
    rehearsal_documents,
    rehearsal_state,
    start_rehearsal,
)
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from procurement.rounds.progress import lock_round
from tests.procurement.bids.world import SECRET, statement_of
from tests.procurement.rounds.world import publish_round


def hand_over(world, seat, statement):
    with transaction(world.engine) as session:
        return hand_over_keys(
            session,
            round_=world.round(session),
            actor=world.holder_actors[seat - 1],
            statement=statement,
            moment=database_moment(session),
        )


def unmet(world):
    with world.read() as session:
        round_ = world.round(session)
        checks = publication_checks(session, round_, database_moment(session))
        return [check.key for check in checks if not check.is_met]


def state(world):
    with world.read() as session:
        return rehearsal_state(session, round_=world.round(session))


def documents(session, round_):
    rehearsal = rehearsal_state(session, round_=round_).rehearsal
    assert rehearsal is not None
    return rehearsal_documents(rehearsal)


def document_of(statement):
    return canonical_bytes(with_signature(statement.unsigned(), statement.signature))


def test_a_statement_is_read_as_it_was_signed(world):
    statement = statement_of(world.keys[0], world.name, 1)
    assert read_statement(document_of(statement)) == statement


@pytest.mark.parametrize("change", [{"seat": 2}, {"round_name": "other"}])
def test_a_changed_statement_is_refused(world, change):
    statement = dataclasses.replace(statement_of(world.keys[0], world.name, 1), **change)
    with pytest.raises(SignatureError):
        read_statement(document_of(statement))


def test_a_weak_sealing_key_is_refused(world):
    weak = dataclasses.replace(statement_of(world.keys[0], world.name, 1), sealing_key=bytes(32))
    with pytest.raises(FormatError):
        read_statement(document_of(weak))


def test_every_holder_hands_over_keys_for_the_own_seat_and_the_newest_counts(world):
    world.hand_over_all_keys()
    newer = new_holder_key("intl-1", random_bytes=secrets.token_bytes)
    hand_over(world, 2, statement_of(newer, world.name, 2))
    with world.read() as session:
        seats = seats_of(session, round_id=world.round_id)
    assert [seat.seat for seat in seats] == [1, 2, 3, 4, 5]
    assert seats[1].key is not None
    assert seats[1].key.public_key == newer.sealing_pair.public.hex()


def test_keys_for_another_seat_or_another_holders_keys_are_refused(world):
    hand_over(world, 1, statement_of(world.keys[0], world.name, 1))
    with pytest.raises(InvalidInputError, match="another round or another seat"):
        hand_over(world, 2, statement_of(world.keys[1], world.name, 3))
    with pytest.raises(InvalidInputError, match="on another seat"):
        hand_over(world, 2, statement_of(world.keys[0], world.name, 2))


def test_who_is_no_keyholder_of_the_round_has_no_seat(world):
    with transaction(world.engine) as session, pytest.raises(NotFoundForActorError):
        hand_over_keys(
            session,
            round_=world.round(session),
            actor=world.officer_actors[0],
            statement=statement_of(world.keys[0], world.name, 1),
            moment=database_moment(session),
        )


def test_keys_cannot_change_after_publication(bidding):
    world, manifest = bidding
    with pytest.raises(KeysFrozenError):
        hand_over(world, 1, statement_of(world.keys[0], world.name, 1))
    check_manifest(manifest)
    assert [one.sealing_key for one in manifest.holders] == [
        key.sealing_pair.public for key in world.keys
    ]


def test_keys_cannot_slip_in_while_the_round_is_being_published(world):
    world.hand_over_all_keys()
    world.rehearse()
    with world.read() as session:
        confirmed = public_keys(session, world)
    world.keys[0] = new_holder_key("intl-1", random_bytes=secrets.token_bytes)
    with ThreadPoolExecutor(1) as pool:
        with transaction(world.engine) as session:
            round_ = lock_round(session, round_=world.round(session))
            waiting = pool.submit(world.hand_over_key, 1)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            publish_round(session, round_, moment=database_moment(session))
        with pytest.raises(KeysFrozenError):
            waiting.result()
    with world.read() as session:
        assert public_keys(session, world) == confirmed


def public_keys(session, world):
    seats = seats_of(session, round_id=world.round_id)
    return [None if seat.key is None else seat.key.public_key for seat in seats]


def test_a_round_without_keys_or_rehearsal_may_not_be_published(world):
    assert unmet(world) == ["holder-keys", "rehearsal"]
    world.hand_over_all_keys()
    assert unmet(world) == ["rehearsal"]
    world.rehearse(seats=2)
    assert unmet(world) == ["rehearsal"]
    world.rehearse(seats=3)
    assert unmet(world) == []


def test_new_keys_ask_for_a_new_rehearsal(world):
    world.hand_over_all_keys()
    world.rehearse()
    world.keys[0] = new_holder_key("intl-1", random_bytes=secrets.token_bytes)
    hand_over(world, 1, statement_of(world.keys[0], world.name, 1))
    assert unmet(world) == ["rehearsal"]
    with pytest.raises(NoRehearsalError):
        post(world, world.keys[1], seat=2)
    world.rehearse()
    assert unmet(world) == []


def test_a_rehearsal_needs_all_keys(world):
    with transaction(world.engine) as session, pytest.raises(RehearsalImpossibleError):
        start_rehearsal(
            session,
            round_=world.round(session),
            actor=world.officer_actors[0],
            secret_key=SECRET,
            moment=database_moment(session),
        )


def post(world, key, *, seat, changed=lambda posting: posting):
    with transaction(world.engine) as session:
        round_ = world.round(session)
        manifest, envelope = documents(session, round_)
        posting = world.posting(manifest, [envelope], seat, key=key)
        return post_rehearsal_share(
            session,
            round_=round_,
            actor=world.holder_actors[seat - 1],
            post=changed(posting).to_bytes(),
            moment=database_moment(session),
        )


def test_a_posting_of_another_seat_is_refused(world):
    world.hand_over_all_keys()
    world.rehearse(seats=1)
    with transaction(world.engine) as session:
        round_ = world.round(session)
        manifest, envelope = documents(session, round_)
        posting = world.posting(manifest, [envelope], 1)
        with pytest.raises(InvalidInputError):
            post_rehearsal_share(
                session,
                round_=round_,
                actor=world.holder_actors[1],
                post=posting.to_bytes(),
                moment=database_moment(session),
            )


def test_the_rehearsal_shows_who_has_unsealed(world):
    world.hand_over_all_keys()
    world.rehearse(seats=2)
    assert (state(world).fitting, state(world).has_opened) == ((1, 2), False)
    post(world, world.keys[4], seat=5)
    assert (state(world).fitting, state(world).has_opened) == ((1, 2, 5), True)


def test_a_malformed_posting_is_refused(world):
    world.hand_over_all_keys()
    world.rehearse(seats=1)
    with transaction(world.engine) as session, pytest.raises(InvalidInputError):
        post_rehearsal_share(
            session,
            round_=world.round(session),
            actor=world.holder_actors[0],
            post=b"{}",
            moment=database_moment(session),
        )
