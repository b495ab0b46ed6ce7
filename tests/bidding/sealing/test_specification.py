"""docs/sealed-envelope.md: complete, and enough to open an envelope without our code."""

import base64
import hashlib
import json
import re

import pyshamir  # type: ignore[import-untyped]  # the package ships no types
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmalg import SM2  # type: ignore[import-untyped]  # as above
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from bidding.sealing import issue_postponement
from bidding.sealing.evidence.bundle import KINDS
from bidding.sealing.opening import Fault, Verdict
from bidding.sealing.receipt import REASONS
from tests.bidding.sealing.example import played
from tests.bidding.sealing.material import IN_TIME, dice, make_party
from tests.bidding.sealing.vectors import FILE
from tests.house_rules import ROOT

TEXT = (ROOT / "docs" / "sealed-envelope.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`]+)`", TEXT))
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["suites"]
H = bytes.fromhex


def names_in(document) -> set[str]:
    """Return all names of fields; those of objects that are named by hashes are none."""
    if isinstance(document, list | tuple):
        return set().union(*map(names_in, document))
    if isinstance(document, dict):
        own = {name for name in document if not re.fullmatch("[0-9a-f]{64}", name)}
        return own.union(*map(names_in, document.values()))
    return set()


def test_every_kind_of_document_is_specified():
    assert {*KINDS, "bid/1", "holder-key/1"} <= WORDS


def test_every_field_is_specified():
    party = make_party()
    notice = issue_postponement(
        party.manifest, issued_at=IN_TIME, key=party.server, random_bytes=dice()
    )
    given = VECTORS["intl-1"]
    documents = [one for one in given.values() if isinstance(one, dict) and "type" in one]
    documents += [*given["postings"], notice.document(), played().record().document()]
    assert names_in(documents) <= WORDS | {"type", "signature"}


def test_every_verdict_fault_and_reason_is_specified():
    assert {*Verdict, *Fault, *REASONS} - {"bidder-fault"} <= WORDS


# From here on only what the page says, with other people's libraries.


def canonical(document) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def without(document, *names):
    return {name: value for name, value in document.items() if name not in names}


def sm3(message: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


def sha256(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()


def unseal_intl1(seed: bytes, box: bytes) -> bytes:
    return SealedBox(PrivateKey(sha256(b"jicai-sealing-key-1" + seed))).decrypt(box)


def unseal_sm1(seed: bytes, box: bytes) -> bytes:
    return bytes(SM2(sm3(b"jicai-sealing-key-1\0" + seed)).decrypt(box))


def decrypt_intl1(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, associated, nonce, key)


def decrypt_sm1(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-16:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(sealed[:-16]) + decryptor.finalize()


def verify_intl1(public: bytes, message: bytes, signature: bytes) -> bool:
    return VerifyKey(public).verify(message, signature) == message


def verify_sm1(public: bytes, message: bytes, signature: bytes) -> bool:
    checker = SM2(uid=b"1234567812345678", pk=public)
    return bool(checker.verify(message, signature[:32], signature[32:]))


BY_PAGE = {
    "intl-1": (sha256, unseal_intl1, decrypt_intl1, verify_intl1),
    "sm-1": (sm3, unseal_sm1, decrypt_sm1, verify_sm1),
}


@pytest.mark.parametrize("name", BY_PAGE)
def test_an_envelope_is_opened_by_the_page_alone(name):
    hashed, unseal, decrypt, verify = BY_PAGE[name]
    given = VECTORS[name]
    manifest, envelope = given["manifest"], given["envelope"]
    name_of_manifest = hashed(canonical(without(manifest, "signature"))).hex()
    assert name_of_manifest == envelope["manifest"]
    assert hashed(canonical(envelope)).hex() == given["receipt"]["envelope"]
    signature = base64.b64decode(envelope["signature"])
    signed = canonical(without(envelope, "signature"))
    assert verify(base64.b64decode(envelope["bidder_key"]), signed, signature)
    associated = f"{manifest['round']}|{envelope['bidder']}|1|{name_of_manifest}".encode()
    shares = []
    for seat in (3, 1):
        sealed = envelope["shares"][seat - 1]
        message = unseal(H(given["keys"][seat - 1]["seed"]), base64.b64decode(sealed["box"]))
        context, share = message[:32], message[32:]
        assert context == hashed(b"jicai-share-1|%d|" % seat + associated)
        assert hashed(share).hex() == sealed["share_hash"]
        assert share[-1] == sealed["place"]
        shares.append(bytearray(share))
    key = bytes(pyshamir.combine(shares))
    assert hashed(key).hex() == envelope["key_hash"]
    nonce, ciphertext = (base64.b64decode(envelope[one]) for one in ("nonce", "ciphertext"))
    plaintext = decrypt(key, nonce, ciphertext, associated)
    assert hashed(plaintext).hex() == envelope["plaintext_hash"]
    bid = json.loads(plaintext.rstrip(b"\0")[:-1])
    assert {one: bid[one] for one in ("lines", "answers")} == given["bid"]


def test_signing_keys_are_derived_as_the_page_says():
    for pair in VECTORS["intl-1"]["keys"]:
        key = SigningKey(sha256(b"jicai-signing-key-1" + H(pair["seed"])))
        assert bytes(key.verify_key).hex() == pair["signing_key"]
    for pair in VECTORS["sm-1"]["keys"]:
        private = sm3(b"jicai-signing-key-1\0" + H(pair["seed"]))
        assert bytes(SM2(private).generate_pk(private)).hex() == pair["signing_key"]


def test_a_leaf_leads_to_the_root_as_the_page_says():
    given = VECTORS["intl-1"]
    assert (given["inclusion"]["index"], given["inclusion"]["size"]) == (0, 5)
    value = sha256(b"\0" + H(given["envelope_digest"]))
    for sibling in given["inclusion"]["path"]:
        value = sha256(b"\1" + value + H(sibling))
    assert value.hex() == given["checkpoint"]["root"]
