"""Writes ``vectors.json``: what another implementation of docs/sealed-envelope.md must reproduce.

The file is frozen: a test writes it again and compares. After a deliberate change of the format,
``.venv/bin/python -m tests.bidding.sealing.vectors`` writes it.
"""

import json
from pathlib import Path
from typing import Any

from bidding.sealing import (
    Envelope,
    KeyUse,
    Log,
    canonical_bytes,
    lock_key,
    reveal_key,
    shares_of,
    suite,
    words_from_seed,
)
from bidding.sealing.bid import bid_document
from bidding.sealing.envelope import associated_data, share_context
from bidding.sealing.record import result_document
from bidding.sealing.shamir import split
from tests.bidding.sealing.example import OPENS_THE_EXAMPLE, A, played, prices
from tests.bidding.sealing.material import Party, dice

FILE = Path(__file__).parent / "vectors.json"

CANONICAL: list[Any] = [
    {"b": 1, "a": [True, False, None, -9007199254740991], "B": "Ω"},
    {"text": '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028𠮷'},
    {"": {}, "a": [], "aa": "", "a-": 0, "a ": "0.10"},
]

REFUSED = [
    '{"a":1,"a":1}',
    '{"a":1.0}',
    '{"a":1e3}',
    '{"a":9007199254740992}',
    '{"价":1}',
    '{"a":"\\ud800"}',
    '{"a":NaN}',
    "",
]

SECRET = bytes(range(100, 132))


def vectors() -> dict[str, Any]:
    """Return all vectors, the same every time."""
    shares = split(SECRET, places=[1, 2, 3, 77, 255], threshold=3, random_bytes=dice("shamir"))
    log = Log("intl-1", [suite("intl-1").hash(b"%d" % number).hex() for number in range(7)])
    return {
        "canonical": [[one, canonical_bytes(one).decode()] for one in CANONICAL],
        "refused": REFUSED,
        "padded_sizes": [[0, 1024], [1023, 1024], [1024, 2048], [5000, 5120]],
        "shamir": {
            "secret": SECRET.hex(),
            "threshold": 3,
            "shares": [share.hex() for share in shares.values()],
        },
        "merkle": {
            "leaves": list(log.leaves),
            "roots": [log.root(size) for size in range(8)],
            "inclusion": [list(log.inclusion_proof(index).path) for index in range(7)],
            "consistency": [list(log.consistency_proof(size).path) for size in range(8)],
        },
        "paper_words": {
            "seed": SECRET.hex(),
            "words": " ".join(words_from_seed(SECRET, random_bytes=dice("paper"))),
        },
        "suites": {name: of_suite(played(name)) for name in ("intl-1", "sm-1")},
    }


def of_suite(party: Party) -> dict[str, Any]:
    """Return one round with its secrets."""
    manifest, chosen = party.manifest, party.manifest.suite
    envelope = party.submissions[0]
    assert isinstance(envelope, Envelope)
    secret = party.secrets[envelope.digest]
    postings = [party.post(seat, [envelope]) for seat in (2, 3)]
    log = party.log
    return {
        "hash": [b"abc".decode(), chosen.hash(b"abc").hex()],
        "keys": [key_pairs(chosen, holder.seed) for holder in party.holders],
        "manifest": manifest.document(),
        "manifest_digest": manifest.digest,
        "bidder_seed": party.bidders[A].seed.hex(),
        "envelope": envelope.document(),
        "envelope_digest": envelope.digest,
        "associated_data": associated_data(manifest, bidder=A, version=1).decode(),
        "share_contexts": [
            share_context(manifest, bidder=A, version=1, seat=seat).hex() for seat in (1, 2, 3)
        ],
        "content_key": secret.content_key.hex(),
        "shares": {str(seat): share.hex() for seat, share in shares_of(envelope, postings).items()},
        "bid": bid_document(prices("0.77")),
        "withdrawal": party.submissions[-1].document(),
        "receipt": party.receipt(envelope).document(),
        "checkpoint": party.checkpoint().document(),
        "inclusion": log.inclusion_proof(0).document(),
        "postings": [posting.document() for posting in postings],
        "reveal": reveal_key(
            secret, signing_key=party.bidders[A], random_bytes=dice("reveal")
        ).document(),
        "results": [result_document(one) for one in party.record((1, 3)).results],
        "key_file": json.loads(
            lock_key(
                party.holders[0],
                use=KeyUse.HOLDER,
                passphrase=OPENS_THE_EXAMPLE,
                random_bytes=dice("file"),
                stretching=chosen.stretching._replace(
                    passes=2, memory_bytes=chosen.stretching.memory_min
                ),
            )
        ),
        "key_file_passphrase": OPENS_THE_EXAMPLE,
    }


def key_pairs(chosen, seed: bytes) -> dict[str, str]:
    return {
        "seed": seed.hex(),
        "sealing_key": chosen.sealing_pair(seed).public.hex(),
        "signing_key": chosen.signing_pair(seed).public.hex(),
    }


def text() -> str:
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
