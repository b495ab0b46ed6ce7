import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    ConsistencyProof,
    FormatError,
    InclusionProof,
    Log,
    MismatchError,
    SealingError,
    SignatureError,
    check_checkpoint,
    check_log,
    log_document,
    proves_consistency,
    proves_inclusion,
    read_checkpoint,
    read_log,
    read_proof,
)
from bidding.sealing.canonical import canonical_bytes
from tests.bidding.sealing.material import make_party

PARTY = make_party()
for bidder in "ABCDE":
    PARTY.submit(bidder)
CHECKPOINT = PARTY.checkpoint()
EARLY = PARTY.checkpoint(Log("intl-1", PARTY.log.leaves[:3]), is_final=False)
PUBLISHED = canonical_bytes(log_document(CHECKPOINT, PARTY.log.leaves))


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
def test_every_bidder_gets_a_proof_that_leads_to_the_final_checkpoint(suite_name):
    party = make_party(suite_name)
    digests = [party.submit(bidder).digest for bidder in "ABC"]
    checkpoint = read_checkpoint(party.checkpoint().to_bytes())
    check_checkpoint(checkpoint, party.manifest)
    for index, digest in enumerate(digests):
        proof = read_proof(party.log.inclusion_proof(index).to_bytes())
        assert isinstance(proof, InclusionProof)
        assert proof.envelope == digest
        assert proves_inclusion(proof, checkpoint)
        assert not proves_inclusion(replace(proof, envelope="00" * 32), checkpoint)
        assert not proves_inclusion(replace(proof, index=(index + 1) % 3), checkpoint)


def test_a_log_grew_from_one_checkpoint_to_the_next():
    proof = read_proof(PARTY.log.consistency_proof(3).to_bytes())
    assert isinstance(proof, ConsistencyProof)
    assert proves_consistency(proof, EARLY, CHECKPOINT)
    assert not proves_consistency(proof, replace(EARLY, root="00" * 32), CHECKPOINT)
    assert not proves_consistency(proof, CHECKPOINT, EARLY)
    assert not proves_consistency(replace(proof, suite_name="sm-1"), EARLY, CHECKPOINT)


def test_the_published_log_gives_the_signed_root():
    checkpoint, leaves = read_log(PUBLISHED)
    assert (checkpoint, leaves) == (CHECKPOINT, PARTY.log.leaves)
    check_log(checkpoint, leaves, PARTY.manifest)
    with pytest.raises(MismatchError, match="as many leaves"):
        check_log(checkpoint, leaves[1:], PARTY.manifest)
    with pytest.raises(MismatchError, match="root"):
        check_log(checkpoint, leaves[::-1], PARTY.manifest)


def test_a_log_without_leaves_can_be_signed_too():
    party = make_party()
    checkpoint = party.checkpoint()
    check_log(checkpoint, (), party.manifest)
    assert checkpoint.size == 0


@settings(deadline=None)
@given(st.integers(0, len(PUBLISHED) * 8 - 1))
def test_any_flipped_bit_of_a_log_is_noticed(bit):
    changed = bytearray(PUBLISHED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        check_log(*read_log(bytes(changed)), PARTY.manifest)


def test_a_checkpoint_of_another_server_or_round_is_refused():
    other = make_party(seed="other")
    with pytest.raises(MismatchError, match="this manifest"):
        check_checkpoint(CHECKPOINT, other.manifest)
    with pytest.raises(SignatureError, match="the server"):
        check_checkpoint(replace(CHECKPOINT, size=4), PARTY.manifest)
    with pytest.raises(MismatchError, match="server_key"):
        replace(PARTY, server=other.server).checkpoint()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"index": 5}, "index"),
        ({"index": -1}, "index"),
        ({"size": 0}, "size"),
        ({"path": ["0"]}, r"path\[0\]"),
        ({"path": ["00" * 32] * 100}, "path"),
        ({"path": "00"}, "path"),
    ],
)
def test_a_proof_of_another_form_is_refused(changes, where):
    document = json.loads(PARTY.log.inclusion_proof(1).to_bytes()) | changes
    with pytest.raises(FormatError, match=rf"proof\.{where}"):
        read_proof(json.dumps(document))
