import pytest

from bidding.sealing import (
    FormatError,
    KeyUse,
    issue_postponement,
    lock_key,
    log_document,
    reveal_key,
    suite,
)
from bidding.sealing.canonical import canonical_bytes
from bidding.sealing.evidence import read_bundle
from tests.bidding.sealing.material import IN_TIME, dice, make_party

PARTY = make_party()
ENVELOPE = PARTY.submit()
SECRET = PARTY.secrets[ENVELOPE.digest]


def every_document():
    checkpoint = PARTY.checkpoint()
    yield PARTY.manifest.to_bytes()
    yield ENVELOPE.to_bytes()
    yield PARTY.receipt(ENVELOPE).to_bytes()
    yield SECRET.to_bytes()
    yield checkpoint.to_bytes()
    yield canonical_bytes(log_document(checkpoint, PARTY.log.leaves))
    yield PARTY.log.inclusion_proof(0).to_bytes()
    yield PARTY.log.consistency_proof(1).to_bytes()
    yield PARTY.post(1).to_bytes()
    yield reveal_key(SECRET, signing_key=PARTY.bidder(), random_bytes=dice()).to_bytes()
    yield issue_postponement(
        PARTY.manifest, issued_at=IN_TIME, key=PARTY.server, random_bytes=dice()
    ).to_bytes()
    yield PARTY.record().to_bytes()


def test_documents_are_told_apart_by_their_type_and_kept_once():
    files = [(f"{number}.json", text) for number, text in enumerate(every_document())]
    bundle = read_bundle(files)
    assert bundle.size == len(files)
    assert read_bundle(files + files).size == len(files)
    assert repr(bundle) == f"Bundle(documents={len(files)})"


@pytest.mark.parametrize("text", [b"{}", b"[]", b'{"type":"spam/1"}', b'{"type":1}'])
def test_a_document_of_an_unknown_type_is_refused_with_its_file(text):
    with pytest.raises(FormatError, match=r"my\.json: type: expected one of manifest/1"):
        read_bundle([("my.json", text)])


def test_a_fault_names_its_file_and_place():
    text = PARTY.manifest.to_bytes().replace(b'"threshold":3', b'"threshold":0')
    with pytest.raises(FormatError, match=r"my\.json: manifest\.threshold: expected a whole"):
        read_bundle([("my.json", text)])


def test_a_key_file_belongs_into_no_bundle():
    quick = suite("intl-1").stretching._replace(passes=1, memory_bytes=8192)
    text = lock_key(
        PARTY.holders[0],
        use=KeyUse.HOLDER,
        passphrase="p" * 12,
        random_bytes=dice(),
        stretching=quick,
    )
    with pytest.raises(FormatError, match="no key file"):
        read_bundle([("key.json", text)])
