"""Material for the tests of sealing: a round with holders, and randomness that can be repeated."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.sealing import (
    Bid,
    BidLine,
    Envelope,
    HolderKey,
    Log,
    Manifest,
    ManifestLot,
    ManifestStrength,
    Purpose,
    ReceiptSecret,
    SharePosting,
    SigningKey,
    Submission,
    issue_checkpoint,
    issue_receipt,
    new_holder_key,
    new_signing_key,
    open_all,
    post_shares,
    seal_bid,
    seal_withdrawal,
    sign_manifest,
)
from bidding.sealing.record import OpeningRecord
from bidding.sealing.signing import sign_document

CLOSES_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OPENS_AT = CLOSES_AT + timedelta(hours=1)
IN_TIME = CLOSES_AT - timedelta(minutes=1)

LOTS = (
    ManifestLot(
        "L01",
        "阿托伐他汀口服常释剂型",
        (ManifestStrength("10mg", Decimal("0.96")), ManifestStrength("20mg", Decimal("1.632"))),
    ),
    ManifestLot("L02", "头孢呋辛注射剂", (ManifestStrength("0.75g"),)),
)

BID = Bid(
    (
        BidLine("L01", "20mg", declared_price=Decimal("0.55")),
        BidLine("L02", "0.75g", pack_units=10, pack_price=Decimal("12.30"), capacity=4_000_000),
    )
)


def dice(seed: str = "dice") -> Callable[[int], bytes]:
    """Return a source of bytes that repeats itself in every run."""
    thrown = 0

    def throw(count: int) -> bytes:
        nonlocal thrown
        thrown += 1
        return hashlib.shake_256(f"{seed}|{thrown}".encode()).digest(count)

    return throw


@dataclass
class Party:
    """A round with all its keys; `submit` and `open` play it through."""

    manifest: Manifest
    bureau: SigningKey
    server: SigningKey
    holders: list[HolderKey]
    random_bytes: Callable[[int], bytes]
    bidders: dict[str, SigningKey] = field(default_factory=dict)
    submissions: list[Submission] = field(default_factory=list)
    secrets: dict[str, ReceiptSecret] = field(default_factory=dict)

    def bidder(self, name: str = "91310000MA1FL0000X") -> SigningKey:
        if name not in self.bidders:
            self.bidders[name] = new_signing_key(
                self.manifest.suite_name, random_bytes=self.random_bytes
            )
        return self.bidders[name]

    def _previous(self, name: str) -> Submission | None:
        own = [one for one in self.submissions if one.bidder == name]
        return own[-1] if own else None

    def submit(self, name: str = "91310000MA1FL0000X", bid: Bid = BID) -> Envelope:
        previous = self._previous(name)
        envelope, secret = seal_bid(
            self.manifest,
            bid=bid,
            bidder=name,
            version=1 if previous is None else previous.version + 1,
            replaces=None if previous is None else previous.digest,
            signing_key=self.bidder(name),
            random_bytes=self.random_bytes,
        )
        self.submissions.append(envelope)
        self.secrets[envelope.digest] = secret
        return envelope

    def withdraw(self, name: str = "91310000MA1FL0000X") -> Submission:
        previous = self._previous(name)
        assert previous is not None
        withdrawal = seal_withdrawal(
            self.manifest,
            bidder=name,
            version=previous.version + 1,
            replaces=previous.digest,
            signing_key=self.bidder(name),
            random_bytes=self.random_bytes,
        )
        self.submissions.append(withdrawal)
        return withdrawal

    def receipt(self, envelope: Submission, received_at: datetime = IN_TIME):
        return issue_receipt(
            self.manifest,
            envelope=envelope.digest,
            received_at=received_at,
            key=self.server,
            random_bytes=self.random_bytes,
        )

    @property
    def log(self) -> Log:
        return Log(self.manifest.suite_name, [one.digest for one in self.submissions])

    def checkpoint(self, log: Log | None = None, *, is_final: bool = True):
        return issue_checkpoint(
            self.manifest,
            log=log or self.log,
            issued_at=CLOSES_AT,
            is_final=is_final,
            key=self.server,
            random_bytes=self.random_bytes,
        )

    def post(self, seat: int, envelopes: Sequence[Envelope] | None = None) -> SharePosting:
        sealed = [one for one in self.submissions if isinstance(one, Envelope)]
        return post_shares(
            self.manifest,
            envelopes=sealed if envelopes is None else envelopes,
            seat=seat,
            key=self.holders[seat - 1],
            moment=OPENS_AT,
            random_bytes=self.random_bytes,
        )

    def record(self, seats: Sequence[int] = (1, 2, 3)) -> OpeningRecord:
        postings = tuple(self.post(seat) for seat in seats)
        return OpeningRecord(
            manifests=(self.manifest,),
            checkpoint=self.checkpoint(),
            leaves=self.log.leaves,
            submissions=tuple(self.submissions),
            postings=postings,
            reveals=(),
            results=open_all((self.manifest,), submissions=self.submissions, postings=postings),
        )


def make_party(
    suite_name: str = "intl-1", *, threshold: int = 3, count: int = 5, seed: str = "party"
) -> Party:
    """Return a round with its keys."""
    random_bytes = dice(seed)
    bureau = new_signing_key(suite_name, random_bytes=random_bytes)
    server = new_signing_key(suite_name, random_bytes=random_bytes)
    holders = [new_holder_key(suite_name, random_bytes=random_bytes) for _ in range(count)]
    manifest = Manifest(
        suite_name=suite_name,
        round_name="national-11",
        purpose=Purpose.BIDS,
        rulebook="national-11",
        rulebook_digest="a1" * 32,
        document_digest="b2" * 32,
        lots=LOTS,
        closes_at=CLOSES_AT,
        opens_at=OPENS_AT,
        outage_shift_minutes=120,
        threshold=threshold,
        holders=tuple(
            key.as_holder(seat=seat, organisation=f"第{seat}席")
            for seat, key in enumerate(holders, start=1)
        ),
        bureau_key=bureau.public,
        server_key=server.public,
    )
    signed = sign_manifest(manifest, key=bureau, random_bytes=random_bytes)
    return Party(signed, bureau, server, holders, random_bytes)


def resigned(manifest: Manifest, key: SigningKey, **changes: Any) -> Manifest:
    """Return the manifest with changes, signed again without any check of its shape."""
    changed = replace(manifest, **changes, signature=b"")
    return replace(changed, signature=_sign(changed.unsigned(), key))


def altered(envelope: Envelope, key: SigningKey, **changes: Any) -> Envelope:
    """Return what a cheating bidder sends: an envelope changed, and signed again."""
    changed = replace(envelope, **changes, signature=b"")
    return replace(changed, signature=_sign(changed.unsigned(), key))


def _sign(document, key: SigningKey) -> bytes:
    return sign_document(document, key=key, random_bytes=dice("again"))
