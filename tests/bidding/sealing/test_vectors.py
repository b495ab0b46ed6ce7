"""The fixed vectors: the core writes them again, and reads what they say."""

import json

import pytest

from bidding.sealing import (
    FormatError,
    HolderKey,
    SigningKey,
    canonical_bytes,
    check_manifest,
    check_posting,
    check_receipt,
    check_reveal,
    check_submission,
    open_envelope,
    open_with_key,
    parse_json,
    read_key_file,
    read_manifest,
    read_posting,
    read_receipt,
    read_reveal,
    read_submission,
    seed_from_words,
    unlock_holder_key,
    unseal_share,
)
from bidding.sealing.bid import bid_document
from bidding.sealing.canonical import pad
from bidding.sealing.envelope import Envelope
from bidding.sealing.shamir import combine
from tests.bidding.sealing.vectors import FILE, text

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
H = bytes.fromhex


def test_the_vectors_are_still_those_that_were_frozen():
    assert FILE.read_text(encoding="utf-8") == text()


def test_canonical_texts_and_refusals():
    for document, written in VECTORS["canonical"]:
        assert canonical_bytes(document).decode() == written
    for refused in VECTORS["refused"]:
        with pytest.raises(FormatError):
            parse_json(refused, where="vector", size_max=1000)
    for length, padded in VECTORS["padded_sizes"]:
        assert len(pad(bytes(length))) == padded


def test_shares_and_paper_words():
    shamir = VECTORS["shamir"]
    assert combine([H(share) for share in shamir["shares"][:1:-1]]) == H(shamir["secret"])
    paper = VECTORS["paper_words"]
    assert seed_from_words(paper["words"].split()) == H(paper["seed"])


@pytest.mark.parametrize("name", ["intl-1", "sm-1"])
def test_documents_of_a_suite_hold(name):
    given = VECTORS["suites"][name]
    manifest = read_manifest(json.dumps(given["manifest"]))
    check_manifest(manifest)
    assert manifest.digest == given["manifest_digest"]
    envelope = read_submission(json.dumps(given["envelope"]))
    assert isinstance(envelope, Envelope)
    check_submission(
        envelope, manifest, bidder_key=SigningKey(name, H(given["bidder_seed"])).public
    )
    check_submission(read_submission(json.dumps(given["withdrawal"])), manifest)
    assert envelope.digest == given["envelope_digest"]
    check_receipt(read_receipt(json.dumps(given["receipt"])), manifest)
    check_reveal(read_reveal(json.dumps(given["reveal"])), envelope)
    for posting in given["postings"]:
        check_posting(read_posting(json.dumps(posting)), manifest)


@pytest.mark.parametrize("name", ["intl-1", "sm-1"])
def test_envelopes_of_a_suite_open(name):
    given = VECTORS["suites"][name]
    manifest = read_manifest(json.dumps(given["manifest"]))
    envelope = read_submission(json.dumps(given["envelope"]))
    assert isinstance(envelope, Envelope)
    shares = {int(seat): H(share) for seat, share in given["shares"].items()}
    for seat, share in shares.items():
        key = HolderKey(name, H(given["keys"][seat - 1]["seed"]))
        assert unseal_share(manifest, envelope, seat=seat, key=key) == share
    by_shares = open_envelope(manifest, envelope, shares=shares)
    by_key = open_with_key(manifest, envelope, content_key=H(given["content_key"]))
    for opened in (by_shares, by_key):
        assert opened.bid is not None
        assert bid_document(opened.bid) == given["bid"]


@pytest.mark.parametrize("name", ["intl-1", "sm-1"])
def test_key_files_of_a_suite_open(name):
    given = VECTORS["suites"][name]
    file = read_key_file(json.dumps(given["key_file"]))
    key = unlock_holder_key(file, passphrase=given["key_file_passphrase"])
    assert key.seed.hex() == given["keys"][0]["seed"]
    for pairs in given["keys"]:
        key = HolderKey(name, H(pairs["seed"]))
        assert key.sealing_pair.public.hex() == pairs["sealing_key"]
        assert key.signing_key.public.hex() == pairs["signing_key"]
