"""Each row of the design's table "claim | what settles it", settled from a bundle of files."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.sealing import Log, issue_postponement, issue_refusal, log_document, reveal_key
from bidding.sealing.canonical import canonical_bytes
from bidding.sealing.evidence import Blame, Outcome, examine, read_bundle
from bidding.sealing.opening import open_envelope
from bidding.sealing.shares import SharePosting
from bidding.sealing.signing import sign_document
from tests.bidding.sealing.material import (
    CLOSES_AT,
    IN_TIME,
    altered,
    dice,
    make_party,
)


def bundle_of(*documents):
    """Return the bundle of what parties keep as files."""
    files = [one if isinstance(one, bytes) else one.to_bytes() for one in documents]
    return read_bundle((f"{number}.json", text) for number, text in enumerate(files))


def findings(party, *documents):
    bundle = bundle_of(party.manifest, *documents)
    return examine(bundle, bureau_key=party.bureau.public)


def failures(party, *documents):
    return [
        (found.blame, found.about.split()[0])
        for found in findings(party, *documents)
        if found.outcome is Outcome.FAILS
    ]


def unchecked(party, *documents):
    return [
        found.about.split()[0]
        for found in findings(party, *documents)
        if found.outcome is Outcome.UNCHECKED
    ]


def published(party, log=None):
    log = log or party.log
    return canonical_bytes(log_document(party.checkpoint(log), log.leaves))


@pytest.fixture
def party():
    party = make_party(seed="claims")
    for bidder in "ABC":
        party.submit(bidder)
    return party


def test_nothing_fails_where_everybody_kept_to_the_rules(party):
    envelope = party.submissions[1]
    documents = (
        envelope,
        party.receipt(envelope),
        party.secrets[envelope.digest],
        published(party),
        party.log.inclusion_proof(1),
        party.record(),
    )
    assert failures(party, *documents) == []
    # Whose key it is that signed an envelope stands in no bundle.
    assert unchecked(party, *documents) == ["envelopes"]


def test_my_bid_was_dropped(party):
    receipt = party.receipt(party.submissions[1])
    without = Log("intl-1", (party.log.leaves[0], party.log.leaves[2]))
    assert failures(party, receipt, published(party, without)) == [(Blame.SERVER, "receipt")]


def test_my_bid_was_altered(party):
    mine = party.submissions[1]
    changed = altered(mine, party.server, bidder_key=party.server.public)
    log = Log("intl-1", (party.log.leaves[0], changed.digest, party.log.leaves[2]))
    assert failures(party, mine, party.receipt(mine), published(party, log)) == [
        (Blame.SERVER, "receipt")
    ]


def test_an_inclusion_proof_of_another_leaf_does_not_settle_a_receipt(party):
    receipt = party.receipt(party.submissions[1])
    other = party.log.inclusion_proof(0)
    assert failures(party, receipt, party.checkpoint(), other) == []
    assert "receipt" in unchecked(party, receipt, party.checkpoint(), other)
    forged = replace(other, envelope=receipt.envelope)
    assert failures(party, receipt, party.checkpoint(), forged) == [(Blame.UNKNOWN, "inclusion")]


def test_this_bid_was_late(party):
    late = party.submit("late")
    log = Log("intl-1", party.log.leaves[:3])
    refusal = refused(party, late, CLOSES_AT)
    assert failures(party, refusal, published(party, log)) == []
    assert failures(party, refusal, published(party)) == [(Blame.SERVER, "refusal")]


def refused(party, envelope, refused_at):
    return issue_refusal(
        party.manifest,
        envelope=envelope.digest,
        reason="late",
        refused_at=refused_at,
        key=party.server,
        random_bytes=dice(),
    )


def test_a_bid_in_time_is_not_refused_as_late(party):
    refusal = refused(party, party.submissions[0], IN_TIME)
    assert failures(party, refusal) == [(Blame.SERVER, "refusal")]


def test_a_receipt_given_after_closing_convicts_the_server_unless_closing_moved(party):
    receipt = party.receipt(party.submissions[0], CLOSES_AT)
    assert failures(party, receipt) == [(Blame.SERVER, "receipt")]
    notice = issue_postponement(
        party.manifest, issued_at=IN_TIME, key=party.server, random_bytes=dice()
    )
    assert failures(party, receipt, notice) == []
    false_notice = replace(notice, closes_at=CLOSES_AT + timedelta(days=1))
    blamed = failures(party, receipt, false_notice)
    assert blamed == [(Blame.UNKNOWN, "postponement"), (Blame.SERVER, "receipt")]


def test_the_log_was_rewritten(party):
    early = party.checkpoint(Log("intl-1", party.log.leaves[:2]), is_final=False)
    other = Log("intl-1", (party.log.leaves[1], party.log.leaves[0], party.log.leaves[2]))
    assert failures(party, early, published(party)) == []
    assert failures(party, early, published(party, other)) == [(Blame.SERVER, "checkpoint")]
    final, proof = party.checkpoint(other), other.consistency_proof(2)
    assert failures(party, early, final, proof) == [(Blame.UNKNOWN, "checkpoint")]
    assert failures(party, early, party.checkpoint(), party.log.consistency_proof(2)) == []
    assert unchecked(party, early, party.checkpoint()) == ["checkpoint"]


def test_two_final_checkpoints_convict_the_server(party):
    other = Log("intl-1", party.log.leaves[::-1])
    assert failures(party, party.checkpoint(), party.checkpoint(other)) == [(Blame.SERVER, "final")]
    fewer = Log("intl-1", party.log.leaves[:2])
    assert failures(party, party.checkpoint(fewer), party.checkpoint()) == [(Blame.SERVER, "final")]


def wrong_posting(party, seat):
    """Post, signed by the holder, what was not sealed to it."""
    right = party.post(seat)
    shares = dict.fromkeys(right.shares, bytes(32) + bytes([seat]))
    hashes = {one: party.manifest.suite.hash(share).hex() for one, share in shares.items()}
    posting = SharePosting(right.suite_name, right.manifest, seat, hashes, shares=shares)
    key = party.holders[seat - 1].signing_key
    signature = sign_document(posting.unsigned(), key=key, random_bytes=dice())
    return replace(posting, signature=signature)


def with_postings(party, postings):
    record = party.record(())
    results = tuple(
        open_envelope(
            party.manifest,
            envelope,
            shares={one.seat: one.shares[envelope.digest] for one in postings},
        )
        for envelope in party.submissions
    )
    return replace(record, postings=tuple(postings), results=results)


def test_a_holder_posts_a_wrong_share(party):
    postings = [wrong_posting(party, 1), *(party.post(seat) for seat in (2, 3, 4))]
    record = with_postings(party, postings)
    assert failures(party, record) == [(Blame.HOLDER, "envelope")] * 3
    assert all(result.bid is not None for result in record.results)


def test_a_bidder_sealed_inconsistent_shares(party):
    honest = party.submissions[2]
    crooked = altered(honest, party.bidders["C"], key_hash="00" * 32)
    party.submissions[2] = crooked
    record = with_postings(party, [party.post(seat) for seat in (1, 2, 3)])
    assert failures(party, record) == [(Blame.BIDDER, "envelope")]


def test_a_result_that_the_shares_do_not_give_is_noticed(party):
    record = party.record()
    other = replace(record.results[0], bid=None)
    changed = replace(record, results=(other, *record.results[1:]))
    assert failures(party, changed) == [(Blame.UNKNOWN, "opening")]


def test_a_revealed_key_and_a_kept_secret_are_those_of_the_envelope(party):
    envelope = party.submissions[0]
    secret = party.secrets[envelope.digest]
    reveal = reveal_key(secret, signing_key=party.bidders["A"], random_bytes=dice())
    assert failures(party, envelope, secret, reveal) == []
    wrong = replace(secret, content_key=bytes(32))
    wrong_reveal = reveal_key(wrong, signing_key=party.bidders["A"], random_bytes=dice())
    assert failures(party, envelope, wrong, wrong_reveal) == [
        (Blame.UNKNOWN, "receipt"),
        (Blame.UNKNOWN, "key"),
    ]
    assert unchecked(party, secret, reveal) == ["receipt", "key"]


def test_without_its_manifest_nothing_is_believed(party):
    other = make_party(seed="other")
    documents = (
        party.receipt(party.submissions[0]),
        refused(party, party.submissions[0], CLOSES_AT),
        party.submissions[0],
        published(party),
        party.log.inclusion_proof(0),
        party.post(1),
        issue_postponement(
            party.manifest, issued_at=IN_TIME, key=party.server, random_bytes=dice()
        ),
    )
    found = examine(bundle_of(*documents))
    assert {one.outcome for one in found} == {Outcome.UNCHECKED}
    forged = examine(bundle_of(party.manifest, party.record()), bureau_key=other.bureau.public)
    assert forged[0].outcome is Outcome.FAILS
    assert {one.outcome for one in forged[1:]} == {Outcome.UNCHECKED}


def test_a_manifest_without_a_known_bureau_is_said_to_be_taken_as_it_is(party):
    found = examine(bundle_of(party.manifest))
    assert [one.outcome for one in found] == [Outcome.UNCHECKED, Outcome.HOLDS]
    assert "公钥" in found[0].zh
    assert "bureau's key" in found[0].en


def test_one_bidders_part_of_an_opening_says_what_it_leaves_out(party):
    part = party.record().only("B")
    assert failures(party, part) == []
    assert unchecked(party, part) == ["envelopes", "opening"]


def test_findings_show_no_price(party):
    found = findings(party, party.record(), *party.submissions)
    assert not any("0.55" in one.zh + one.en or "12.30" in one.zh + one.en for one in found)
