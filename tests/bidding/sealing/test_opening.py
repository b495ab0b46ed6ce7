"""Openings that fail, and whose fault it is."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    Fault,
    FormatError,
    MismatchError,
    SealingError,
    SignatureError,
    TooEarlyError,
    UnsealError,
    Verdict,
    check_posting,
    check_reveal,
    check_submission,
    new_holder_key,
    open_envelope,
    open_with_key,
    post_shares,
    read_posting,
    read_reveal,
    reveal_key,
    shares_of,
    unseal_share,
)
from bidding.sealing.bid import SealedContent
from bidding.sealing.envelope import SealedShare, associated_data, share_context
from bidding.sealing.shamir import split
from tests.bidding.sealing.material import BID, OPENS_AT, altered, dice, make_party

PARTY = make_party()
ENVELOPE = PARTY.submit()
SECRET = PARTY.secrets[ENVELOPE.digest]
POSTINGS = {seat: PARTY.post(seat) for seat in range(1, 6)}
SHARES = shares_of(ENVELOPE, list(POSTINGS.values()))
KEY = PARTY.bidder()


def sealed_by_cheat(*, plaintext=None, key_hash=None, shares=None, **associated):
    """Seal as a cheating bidder could, every step under its own control."""
    chosen = PARTY.manifest.suite
    random_bytes = dice("cheat")
    key, nonce = random_bytes(32), random_bytes(24)
    who: dict[str, Any] = {"bidder": ENVELOPE.bidder, "version": 1} | associated
    padded = (
        plaintext or SealedContent(BID, "national-11", ENVELOPE.bidder, 1, bytes(16)).to_plaintext()
    )
    split_shares = shares or split(key, places=range(1, 6), threshold=3, random_bytes=random_bytes)
    return altered(
        ENVELOPE,
        KEY,
        nonce=nonce,
        ciphertext=chosen.encrypt(
            key, nonce=nonce, plaintext=padded, associated=associated_data(PARTY.manifest, **who)
        ),
        plaintext_hash=chosen.hash(padded).hex(),
        key_hash=key_hash or chosen.hash(key).hex(),
        shares=tuple(sealed_share(seat, split_shares[seat]) for seat in range(1, 6)),
    )


def sealed_share(seat, share):
    context = share_context(PARTY.manifest, bidder=ENVELOPE.bidder, version=1, seat=seat)
    holder = PARTY.manifest.holder(seat)
    box = PARTY.manifest.suite.seal_to(
        holder.sealing_key, message=context + share, random_bytes=dice(str(seat))
    )
    return SealedShare(seat, share[-1], box, PARTY.manifest.suite.hash(share).hex())


def opened_by(envelope, seats):
    shares = shares_of(envelope, [PARTY.post(seat, [envelope]) for seat in seats])
    return open_envelope(PARTY.manifest, envelope, shares=shares)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(0, 33 * 8 - 1))
def test_a_wrong_share_is_its_holders_fault_and_another_one_serves(seat, bit):
    wrong = bytearray(SHARES[seat])
    wrong[bit // 8] ^= 1 << bit % 8
    opened = open_envelope(PARTY.manifest, ENVELOPE, shares=SHARES | {seat: bytes(wrong)})
    assert (opened.verdict, opened.wrong_seats) == (Verdict.OPENED, (seat,))
    assert opened.bid == BID


def test_too_many_wrong_shares_leave_the_quorum_missing_and_nobody_else_to_blame():
    shares = SHARES | {seat: bytes(33) for seat in (1, 3, 5)}
    opened = open_envelope(PARTY.manifest, ENVELOPE, shares=shares)
    assert (opened.verdict, opened.fault) == (Verdict.QUORUM_MISSING, None)
    assert opened.wrong_seats == (1, 3, 5)


def test_inconsistent_shares_are_the_bidders_fault_whichever_holders_turn_up():
    good = split(b"k" * 32, places=range(1, 6), threshold=3, random_bytes=dice("one"))
    other = split(b"l" * 32, places=range(1, 6), threshold=3, random_bytes=dice("two"))
    # Seats 1 to 4 agree on a key; only a quorum with seat 5 would notice by the key's hash.
    envelope = sealed_by_cheat(
        shares=good | {5: other[5]}, key_hash=PARTY.manifest.suite.hash(b"k" * 32).hex()
    )
    check_submission(envelope, PARTY.manifest)
    verdicts = {
        (opened.verdict, opened.fault)
        for seats in combinations(range(1, 6), 3)
        for opened in [opened_by(envelope, seats)]
    }
    assert verdicts == {(Verdict.BIDDER_FAULT, Fault.SHARES)}


def test_shares_of_a_higher_degree_are_inconsistent():
    steep = split(b"k" * 32, places=range(1, 6), threshold=4, random_bytes=dice())
    opened = opened_by(sealed_by_cheat(shares=steep), (1, 2, 3))
    assert (opened.verdict, opened.fault) == (Verdict.BIDDER_FAULT, Fault.SHARES)


def test_shares_at_places_that_are_not_stated_are_the_bidders_fault():
    moved = split(b"k" * 32, places=[11, 12, 13, 14, 15], threshold=3, random_bytes=dice())
    shares = {seat: moved[seat + 10] for seat in range(1, 6)}
    envelope = sealed_by_cheat(shares=shares)
    assert opened_by(envelope, (1, 2, 3)).fault is Fault.KEY
    lying = tuple(replace(share, place=share.seat) for share in envelope.shares)
    assert opened_by(altered(envelope, KEY, shares=lying), (1, 2, 3)).fault is Fault.SHARES


def test_one_share_for_everybody_is_the_bidders_fault():
    one = split(b"k" * 32, places=range(1, 6), threshold=3, random_bytes=dice())[1]
    envelope = sealed_by_cheat(shares=dict.fromkeys(range(1, 6), one))
    lying = tuple(replace(share, place=share.seat) for share in envelope.shares)
    envelope = altered(envelope, KEY, shares=lying)
    check_submission(envelope, PARTY.manifest)
    assert opened_by(envelope, (1, 2, 3)).fault is Fault.SHARES


def test_a_key_with_another_hash_is_the_bidders_fault():
    opened = opened_by(sealed_by_cheat(key_hash="00" * 32), (1, 2, 3))
    assert (opened.verdict, opened.fault) == (Verdict.BIDDER_FAULT, Fault.KEY)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ciphertext": bytes(1040)}, Fault.CIPHER),
        ({"nonce": bytes(24)}, Fault.CIPHER),
        ({"plaintext_hash": "00" * 32}, Fault.PLAINTEXT),
    ],
)
def test_a_ciphertext_that_does_not_fit_is_the_bidders_fault(changes, fault):
    opened = opened_by(altered(ENVELOPE, KEY, **changes), (2, 3, 4))
    assert (opened.verdict, opened.fault, opened.bid) == (Verdict.BIDDER_FAULT, fault, None)


def test_a_ciphertext_made_for_another_version_is_the_bidders_fault():
    assert opened_by(sealed_by_cheat(version=2), (1, 2, 3)).fault is Fault.CIPHER
    assert opened_by(sealed_by_cheat(bidder="x"), (1, 2, 3)).fault is Fault.CIPHER


@pytest.mark.parametrize(
    "plaintext",
    [
        b"\x80" + bytes(1023),
        bytes(1024),
        b'{"type":"bid/1"}'.ljust(1024, b"\x80"),
        SealedContent(BID, "other round", ENVELOPE.bidder, 1, bytes(16)).to_plaintext(),
        SealedContent(BID, "national-11", "other", 1, bytes(16)).to_plaintext(),
        SealedContent(BID, "national-11", ENVELOPE.bidder, 2, bytes(16)).to_plaintext(),
        SealedContent(
            replace(BID, lines=()), "national-11", ENVELOPE.bidder, 1, bytes(16)
        ).to_plaintext(),
    ],
)
def test_a_plaintext_that_is_no_bid_of_this_round_is_the_bidders_fault(plaintext):
    opened = opened_by(sealed_by_cheat(plaintext=plaintext), (1, 2, 3))
    assert (opened.verdict, opened.fault) == (Verdict.BIDDER_FAULT, Fault.CONTENT)


def test_a_holder_does_not_unseal_before_the_opening_time():
    with pytest.raises(TooEarlyError):
        post_shares(
            PARTY.manifest,
            envelopes=[ENVELOPE],
            seat=1,
            key=PARTY.holders[0],
            moment=OPENS_AT - timedelta(microseconds=1),
            random_bytes=dice(),
        )


def test_a_holder_with_another_key_is_told_before_anything_is_posted():
    with pytest.raises(MismatchError, match="key of seat 2"):
        post_shares(
            PARTY.manifest,
            envelopes=[ENVELOPE],
            seat=2,
            key=PARTY.holders[0],
            moment=OPENS_AT,
            random_bytes=dice(),
        )
    stranger = new_holder_key("intl-1", random_bytes=dice("stranger"))
    with pytest.raises(UnsealError, match="not sealed to this key"):
        unseal_share(PARTY.manifest, ENVELOPE, seat=1, key=stranger)
    with pytest.raises(UnsealError, match="none for it"):
        unseal_share(PARTY.manifest, ENVELOPE, seat=9, key=stranger)


def test_a_box_that_does_not_open_is_reported_and_others_are_posted():
    broken = replace(ENVELOPE.shares[0], box=bytes(len(ENVELOPE.shares[0].box)))
    bad = altered(ENVELOPE, KEY, shares=(broken, *ENVELOPE.shares[1:]))
    posting = PARTY.post(1, [bad, ENVELOPE])
    assert posting.failed == (bad.digest,)
    assert set(posting.shares) == {ENVELOPE.digest}
    check_posting(read_posting(posting.to_bytes()), PARTY.manifest)


@settings(deadline=None)
@given(st.integers(0, len(POSTINGS[1].to_bytes()) * 8 - 1))
def test_any_flipped_bit_of_a_posting_is_noticed(bit):
    changed = bytearray(POSTINGS[1].to_bytes())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        check_posting(read_posting(bytes(changed)), PARTY.manifest)


def test_a_part_of_a_posting_still_bears_its_signature():
    party = make_party(seed="two bidders")
    one, other = party.submit("one"), party.submit("other")
    part = read_posting(party.post(2).only([one.digest]).to_bytes())
    check_posting(part, party.manifest)
    assert set(part.shares) == {one.digest}
    assert set(part.hashes) == {one.digest, other.digest}


def test_a_holder_does_not_post_in_the_name_of_another_seat():
    with pytest.raises(SignatureError, match="holder of seat 2"):
        check_posting(replace(POSTINGS[1], seat=2), PARTY.manifest)
    with pytest.raises(MismatchError, match="manifest"):
        check_posting(POSTINGS[1], make_party(seed="other").manifest)


def test_no_key_share_or_price_shows_in_what_a_log_would_print():
    opened = open_envelope(PARTY.manifest, ENVELOPE, shares=SHARES)
    reveal = reveal_key(SECRET, signing_key=KEY, random_bytes=dice())
    shown = "".join(map(repr, (opened, POSTINGS[1], reveal, KEY, PARTY.holders[0], SECRET)))
    for secret in (SECRET.content_key, SHARES[1], KEY.seed, PARTY.holders[0].seed):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
    assert "0.55" not in shown


def test_nobody_is_blamed_where_the_manifest_is_another_one():
    other = make_party(seed="other").manifest
    with pytest.raises(MismatchError, match="opened under"):
        open_envelope(other, ENVELOPE, shares=SHARES)
    with pytest.raises(MismatchError, match="opened under"):
        open_with_key(other, ENVELOPE, content_key=SECRET.content_key)


def test_a_revealed_key_opens_where_the_quorum_failed():
    reveal = read_reveal(reveal_key(SECRET, signing_key=KEY, random_bytes=dice()).to_bytes())
    check_reveal(reveal, ENVELOPE)
    opened = open_with_key(PARTY.manifest, ENVELOPE, content_key=reveal.content_key)
    assert (opened.verdict, opened.bid) == (Verdict.OPENED, BID)


def test_no_other_key_than_the_sealed_one_can_be_revealed():
    other = replace(SECRET, content_key=bytes(32))
    with pytest.raises(MismatchError, match="hash"):
        check_reveal(reveal_key(other, signing_key=KEY, random_bytes=dice()), ENVELOPE)
    with pytest.raises(MismatchError, match="hash"):
        open_with_key(PARTY.manifest, ENVELOPE, content_key=bytes(32))


def test_nobody_reveals_in_the_bidders_name():
    with pytest.raises(SignatureError, match="the bidder"):
        check_reveal(reveal_key(SECRET, signing_key=PARTY.server, random_bytes=dice()), ENVELOPE)
    moved = replace(SECRET, envelope="00" * 32)
    with pytest.raises(MismatchError, match="envelope"):
        check_reveal(reveal_key(moved, signing_key=KEY, random_bytes=dice()), ENVELOPE)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_nonsense_is_refused_as_such(text):
    for read in (read_posting, read_reveal):
        with pytest.raises(FormatError):
            read(text)
