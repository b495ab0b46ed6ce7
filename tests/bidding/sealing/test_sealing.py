"""Sealing and opening as a whole, for both suites, and against every kind of change."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    AnswerLine,
    Bid,
    BidLine,
    Envelope,
    FormatError,
    MismatchError,
    Purpose,
    SealingError,
    SignatureError,
    Verdict,
    check_submission,
    new_signing_key,
    open_envelope,
    read_receipt_secret,
    read_submission,
    seal_bid,
    seal_withdrawal,
    shares_of,
    unseal_share,
)
from tests.bidding.sealing.material import BID, dice, make_party, resigned

PARTY = make_party()
ENVELOPE = PARTY.submit()
POSTINGS = [PARTY.post(seat) for seat in range(1, 6)]
SHARES = shares_of(ENVELOPE, POSTINGS)
BIDDER_KEY = PARTY.bidder().public


def seal(party=PARTY, **changes):
    arguments = {
        "bid": BID,
        "bidder": "91310000MA1FL0000X",
        "version": 1,
        "replaces": None,
        "signing_key": party.bidder(),
        "random_bytes": dice("seal"),
    }
    return seal_bid(party.manifest, **(arguments | changes))


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
@pytest.mark.parametrize(("threshold", "count"), [(2, 3), (4, 7)])
def test_what_was_sealed_is_what_is_opened(suite_name, threshold, count):
    party = make_party(suite_name, threshold=threshold, count=count)
    envelope = read_submission(party.submit().to_bytes())
    assert isinstance(envelope, Envelope)
    check_submission(envelope, party.manifest, bidder_key=party.bidder().public)
    postings = [party.post(seat) for seat in range(count, count - threshold, -1)]
    opened = open_envelope(party.manifest, envelope, shares=shares_of(envelope, postings))
    assert (opened.verdict, opened.bid) == (Verdict.OPENED, BID)
    assert opened.missing_seats == tuple(range(1, count - threshold + 1))
    assert opened.content_key == party.secrets[envelope.digest].content_key


@settings(deadline=None)
@given(st.permutations(range(1, 6)), st.integers(3, 5))
def test_any_quorum_opens_in_any_order(seats, present):
    shares = {seat: SHARES[seat] for seat in seats[:present]}
    assert open_envelope(PARTY.manifest, ENVELOPE, shares=shares).bid == BID


@settings(deadline=None)
@given(st.sets(st.integers(1, 5), max_size=2))
def test_fewer_than_the_quorum_open_nothing(seats):
    shares = {seat: SHARES[seat] for seat in seats}
    opened = open_envelope(PARTY.manifest, ENVELOPE, shares=shares)
    assert (opened.verdict, opened.bid, opened.content_key) == (Verdict.QUORUM_MISSING, None, None)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(ENVELOPE.to_bytes()) * 8 - 1))
def test_any_flipped_bit_of_an_envelope_is_noticed_by_the_server(bit):
    changed = bytearray(ENVELOPE.to_bytes())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        check_submission(read_submission(bytes(changed)), PARTY.manifest, bidder_key=BIDDER_KEY)


def test_no_message_of_a_refusal_repeats_a_value():
    document = json.loads(ENVELOPE.to_bytes())
    for field in document:
        with pytest.raises(FormatError) as refusal:
            read_submission(json.dumps(document | {field: ["secret-9.87"]}))
        assert "9.87" not in str(refusal.value)


prices = st.decimals("0.0001", "99999", places=4).map(lambda value: BidLine("L01", "20mg", value))


@settings(deadline=None)
@given(prices, prices)
def test_the_size_of_an_envelope_does_not_tell_the_price(one, other):
    sizes = {len(seal(bid=Bid((line,)))[0].to_bytes()) for line in (one, other)}
    assert len(sizes) == 1


def test_longer_bids_grow_in_steps_of_one_kilobyte():
    sizes = {len(seal(bid=Bid(tuple(lines(count))))[0].ciphertext) - 16 for count in range(1, 60)}
    assert all(size % 1024 == 0 for size in sizes)
    assert len(sizes) < 8


def lines(count):
    for number in range(count):
        yield BidLine("L01", "20mg", Decimal("0.55"), product=f"p{number}")


def test_two_envelopes_of_one_bid_have_nothing_in_common():
    one, other = (seal(random_bytes=dice(name))[0] for name in "ab")
    assert one.plaintext_hash != other.plaintext_hash
    assert one.key_hash != other.key_hash
    assert {share.box for share in one.shares}.isdisjoint(share.box for share in other.shares)


def test_the_price_stands_nowhere_in_the_envelope():
    text = seal(bid=Bid((BidLine("L01", "20mg", Decimal("123.4567")),)))[0].to_bytes()
    assert b"123.4567" not in text


def test_the_secret_stays_with_the_bidder_and_shows_in_no_log():
    envelope, secret = seal()
    again = read_receipt_secret(secret.to_bytes())
    assert again == secret
    assert again.envelope == envelope.digest
    assert secret.content_key.hex() not in repr(secret)
    assert repr(secret.content_key) not in repr(secret)


@pytest.mark.parametrize("field", sorted(PARTY.secrets[ENVELOPE.digest].document()))
def test_a_receipt_secret_without_a_field_is_refused(field):
    document = json.loads(PARTY.secrets[ENVELOPE.digest].to_bytes())
    del document[field]
    with pytest.raises(FormatError, match=field):
        read_receipt_secret(json.dumps(document))


def test_an_envelope_of_another_round_or_manifest_is_refused():
    other = make_party(seed="other")
    with pytest.raises(MismatchError, match="this manifest"):
        check_submission(ENVELOPE, other.manifest)
    amended = resigned(PARTY.manifest, PARTY.bureau, document_digest="c3" * 32)
    with pytest.raises(MismatchError, match="this manifest"):
        check_submission(ENVELOPE, amended)


def test_an_envelope_signed_with_a_key_that_is_not_the_bidders_is_refused():
    stranger = new_signing_key("intl-1", random_bytes=dice("stranger"))
    forged, _ = seal(signing_key=stranger)
    check_submission(forged, PARTY.manifest)
    with pytest.raises(SignatureError, match="the bidder"):
        check_submission(forged, PARTY.manifest, bidder_key=BIDDER_KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"shares": ENVELOPE.shares[1:]},
        {"shares": ENVELOPE.shares[::-1]},
        {
            "shares": (
                ENVELOPE.shares[0],
                replace(ENVELOPE.shares[1], place=1),
                *ENVELOPE.shares[2:],
            )
        },
        {"replaces": "00" * 32},
        {"version": 2},
    ],
)
def test_an_envelope_with_other_shares_or_another_place_in_its_line_is_refused(changes):
    with pytest.raises((MismatchError, FormatError)):
        check_submission(replace(ENVELOPE, **changes), PARTY.manifest)


@pytest.mark.parametrize(
    "changes",
    [
        {"bid": Bid()},
        {"bid": Bid(answers=(AnswerLine("L01", "revive", True),))},
        {"bid": Bid((BidLine("L09", "20mg", Decimal(1)),))},
        {"bid": Bid((BidLine("L01", "5mg", Decimal(1)),))},
        {"bid": Bid((BidLine("L01", "20mg", Decimal(1)),) * 2)},
        {"version": 2},
        {"version": 1, "replaces": "00" * 32},
    ],
)
def test_what_does_not_fit_the_manifest_is_not_sealed(changes):
    with pytest.raises(MismatchError):
        seal(**changes)


def test_a_key_of_another_suite_does_not_sign():
    other = new_signing_key("sm-1", random_bytes=dice())
    with pytest.raises(FormatError, match="suite"):
        seal(signing_key=other)


def test_second_answers_are_sealed_the_same_way():
    answers = Bid(
        answers=(
            AnswerLine("L01", "revive", True, Decimal("0.50")),
            AnswerLine("L02", "tie", False, product="p1"),
        )
    )
    manifest = resigned(PARTY.manifest, PARTY.bureau, purpose=Purpose.ANSWERS)
    party = replace(PARTY, manifest=manifest, submissions=[])
    envelope = party.submit(bid=answers)
    postings = [party.post(seat, [envelope]) for seat in (1, 2, 4)]
    assert open_envelope(manifest, envelope, shares=shares_of(envelope, postings)).bid == answers
    with pytest.raises(MismatchError, match="lot of the manifest"):
        party.submit(bid=Bid(answers=(AnswerLine("L09", "tie", True),)))
    with pytest.raises(MismatchError, match="one answer"):
        party.submit(bid=Bid(answers=(AnswerLine("L01", "tie", True),) * 2))


def test_a_withdrawal_names_the_envelope_and_is_signed():
    party = make_party()
    envelope = party.submit()
    withdrawal = read_submission(party.withdraw().to_bytes())
    assert not isinstance(withdrawal, Envelope)
    assert (withdrawal.replaces, withdrawal.version) == (envelope.digest, 2)
    check_submission(withdrawal, party.manifest, bidder_key=party.bidder().public)
    with pytest.raises(SignatureError):
        check_submission(replace(withdrawal, replaces="00" * 32), party.manifest)
    with pytest.raises(MismatchError, match="2 or more"):
        seal_withdrawal(
            party.manifest,
            bidder="b",
            version=1,
            replaces=envelope.digest,
            signing_key=party.bidder(),
            random_bytes=dice(),
        )


@pytest.mark.parametrize("seat", range(1, 6))
def test_a_share_moved_to_another_envelope_is_not_unsealed(seat):
    other, _ = seal(bidder="somebody else", random_bytes=dice("other"))
    copied = replace(other, shares=ENVELOPE.shares)
    with pytest.raises(SealingError, match="made for another envelope"):
        unseal_share(PARTY.manifest, copied, seat=seat, key=PARTY.holders[seat - 1])
