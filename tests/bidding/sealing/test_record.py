import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    Envelope,
    FormatError,
    MismatchError,
    SealingError,
    SignatureError,
    Verdict,
    check_record,
    open_all,
    read_record,
    reveal_key,
)
from tests.bidding.sealing.material import BID, altered, dice, make_party, resigned

PARTY = make_party()
PARTY.submit("A")
PARTY.submit("B")
PARTY.submit("A")
PARTY.submit("C")
PARTY.withdraw("C")
RECORD = PARTY.record()
TEXT = RECORD.to_bytes()


def test_an_opening_can_be_repeated_from_its_record():
    again = read_record(TEXT)
    check_record(again)
    assert again.to_bytes() == TEXT
    results = [(result.bidder, result.version, result.verdict) for result in again.results]
    assert results == [("B", 1, Verdict.OPENED), ("A", 2, Verdict.OPENED)]
    assert all(result.bid == BID for result in again.results)


def test_an_opening_under_the_national_suite_can_be_repeated_too():
    party = make_party("sm-1", threshold=2, count=3)
    party.submit("A")
    check_record(read_record(party.record((1, 3)).to_bytes()))


@settings(deadline=None)
@given(st.integers(0, len(TEXT) * 8 - 1))
def test_any_flipped_bit_of_a_record_is_noticed(bit):
    changed = bytearray(TEXT)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        record = read_record(bytes(changed))
        check_record(record)
        # The manifest's own signature is for `check_manifest`, with the bureau's key; its digest
        # stands in every other document.
        assert record.manifest.signature != RECORD.manifest.signature
        raise SignatureError("manifest/1", "the bureau")


def test_one_bidder_sees_its_own_part_and_can_repeat_that():
    own = read_record(RECORD.only("B").to_bytes())
    check_record(own)
    assert {one.bidder for one in own.submissions} == {"B"}
    assert [result.bidder for result in own.results] == ["B"]
    shares = {envelope for posting in own.postings for envelope in posting.shares}
    assert shares == {own.submissions[0].digest}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"results": RECORD.results[:1]}, "results"),
        ({"results": RECORD.results[::-1]}, "results"),
        ({"results": (replace(RECORD.results[0], bid=None), RECORD.results[1])}, "results"),
        ({"submissions": RECORD.submissions[::-1]}, "submissions"),
        ({"submissions": RECORD.submissions * 2}, "submissions"),
        ({"submissions": RECORD.submissions[:1]}, "results"),
        ({"leaves": RECORD.leaves[::-1]}, "leaves"),
        ({"postings": RECORD.postings[:2]}, "results"),
        ({"checkpoint": PARTY.checkpoint(is_final=False)}, "checkpoint"),
        ({"manifests": ()}, "manifests"),
        ({"manifests": RECORD.manifests * 2}, "manifests"),
    ],
)
def test_a_record_that_leaves_out_or_adds_anything_is_refused(changes, where):
    with pytest.raises(MismatchError, match=where):
        check_record(replace(RECORD, **changes))


def test_an_envelope_that_is_not_in_the_log_is_refused():
    envelope = RECORD.submissions[1]
    assert isinstance(envelope, Envelope)
    smuggled = altered(envelope, PARTY.bidders["B"], nonce=bytes(24))
    changed = (RECORD.submissions[0], smuggled, *RECORD.submissions[2:])
    with pytest.raises(MismatchError, match="leaves of the log"):
        check_record(replace(RECORD, submissions=changed))


def test_revealed_keys_open_what_the_holders_could_not():
    party = make_party()
    one, two = party.submit("A"), party.submit("B")
    reveal = reveal_key(
        party.secrets[one.digest], signing_key=party.bidder("A"), random_bytes=dice()
    )
    posting = party.post(1)
    results = open_all(
        [party.manifest], submissions=party.submissions, postings=[posting], reveals=[reveal]
    )
    assert [result.verdict for result in results] == [Verdict.OPENED, Verdict.QUORUM_MISSING]
    assert results[0].missing_seats == (2, 3, 4, 5)
    record = replace(party.record(()), postings=(posting,), reveals=(reveal,), results=results)
    check_record(read_record(record.to_bytes()))
    assert read_record(record.only("B").to_bytes()).reveals == ()
    stray = replace(reveal, envelope="00" * 32)
    with pytest.raises(MismatchError, match="stood at closing"):
        check_record(replace(record, reveals=(stray,)))
    assert two.digest in record.leaves


def test_bids_sealed_before_an_amendment_are_opened_under_their_own_manifest():
    party = make_party()
    one = party.submit("A")
    first = party.manifest
    amended = resigned(first, party.bureau, document_digest="c3" * 32, supersedes=first.digest)
    late = replace(party, manifest=amended)
    other = late.submit("B")
    postings = tuple(
        who.post(seat, [envelope])
        for who, envelope in ((party, one), (late, other))
        for seat in (1, 2, 3)
    )
    record = replace(
        RECORD,
        checkpoint=late.checkpoint(),
        leaves=late.log.leaves,
        submissions=tuple(late.submissions),
        manifests=(first, amended),
        postings=postings,
        results=open_all((first, amended), submissions=party.submissions, postings=postings),
    )
    check_record(read_record(record.to_bytes()))
    assert [result.verdict for result in record.results] == [Verdict.OPENED] * 2
    with pytest.raises(MismatchError, match="from the first one on"):
        check_record(replace(record, manifests=(amended,)))
    with pytest.raises(MismatchError, match="one of the round's manifests"):
        open_all([amended], submissions=party.submissions, postings=[])


@pytest.mark.parametrize("field", sorted(RECORD.document()))
def test_no_field_of_a_record_may_be_missing(field):
    document = json.loads(TEXT)
    del document[field]
    with pytest.raises(FormatError, match=field):
        read_record(json.dumps(document))


def test_a_record_shows_no_price_in_a_log():
    assert "0.55" not in repr(RECORD)
    assert "12.30" not in repr(RECORD)
