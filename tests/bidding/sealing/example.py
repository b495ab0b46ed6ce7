"""Writes ``examples/sealed-bid``: one small round, sealed and opened, the same bytes every time.

The folder is the format frozen: a test writes it again and compares, and what was written once must
verify for ever. After a deliberate change of the format (a new ``…/2`` of a type), write it with
``.venv/bin/python -m tests.bidding.sealing.example``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bidding.sealing import (
    Bid,
    BidLine,
    KeyUse,
    issue_refusal,
    lock_key,
    log_document,
    sign_manifest,
    suite,
)
from bidding.sealing.canonical import canonical_bytes
from tests.bidding.sealing.material import Party, dice, make_party
from tests.house_rules import ROOT

FOLDER = ROOT / "examples" / "sealed-bid"

CLOSES_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPENS_THE_EXAMPLE = "only-an-example"
A, B, C = "91310000EXAMPLE00A", "91310000EXAMPLE00B", "91310000EXAMPLE00C"

BID_CSV = """\
lot,strength,declared_price,pack_units,pack_price
L01,10mg,0.41,,
L01,20mg,,28,19.53
L02,0.75g,3.2,,
"""


def prices(*declared: str) -> Bid:
    return Bid(tuple(BidLine("L01", "20mg", Decimal(price)) for price in declared))


def played(suite_name: str = "intl-1") -> Party:
    """Return the round, with three bidders of whom one replaced and one withdrew."""
    party = make_party(suite_name, threshold=2, count=3, seed=f"example {suite_name}")
    manifest = replace(
        party.manifest,
        round_name="example",
        closes_at=CLOSES_AT,
        opens_at=CLOSES_AT + timedelta(hours=1),
        signature=b"",
    )
    signed = sign_manifest(manifest, key=party.bureau, random_bytes=party.random_bytes)
    party = replace(party, manifest=signed)
    party.submit(A, prices("0.77"))
    party.submit(B, prices("0.69"))
    party.submit(C, prices("1.02"))
    party.submit(A, prices("0.68"))
    party.withdraw(C)
    return party


def documents(party: Party) -> Iterator[tuple[str, bytes]]:
    """Yield the public files of the round."""
    received_at = CLOSES_AT - timedelta(minutes=30)
    yield "manifest.json", party.manifest.to_bytes()
    for number, submission in enumerate(party.submissions, start=1):
        yield f"envelope-{number}.json", submission.to_bytes()
        receipt = party.receipt(submission, received_at + timedelta(minutes=number))
        yield f"receipt-{number}.json", receipt.to_bytes()
        yield f"proof-{number}.json", party.log.inclusion_proof(number - 1).to_bytes()
    refusal = issue_refusal(
        party.manifest,
        envelope="00" * 32,
        reason="late",
        refused_at=CLOSES_AT,
        key=party.server,
        random_bytes=party.random_bytes,
    )
    yield "refusal.json", refusal.to_bytes()
    yield "log.json", canonical_bytes(log_document(party.checkpoint(), party.log.leaves))
    yield "opening.json", party.record((1, 3)).to_bytes()


def files() -> Iterator[tuple[str, bytes]]:
    """Yield all files of the folder."""
    party = played()
    yield from documents(party)
    yield "bid.csv", BID_CSV.encode()
    for seat, holder in enumerate(party.holders, start=1):
        yield f"keys/holder-{seat}.json", locked(holder, KeyUse.HOLDER)
    yield "keys/bidder.json", locked(party.bidder(A), KeyUse.BIDDER)
    yield "keys/passphrase.txt", f"{OPENS_THE_EXAMPLE}\n".encode()


def locked(key, use: KeyUse) -> bytes:
    # Quick to open, as nothing depends on these keys.
    quick = suite(key.suite_name).stretching._replace(passes=1, memory_bytes=8192)
    return lock_key(
        key,
        use=use,
        passphrase=OPENS_THE_EXAMPLE,
        random_bytes=dice("salt"),
        stretching=quick,
    )


def write(folder: Path = FOLDER) -> None:
    for name, content in files():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


if __name__ == "__main__":
    write()
