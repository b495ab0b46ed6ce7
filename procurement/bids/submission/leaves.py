"""Leaves of a round's log as they are stored: sealed, among rows that are no leaves."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import Envelope, FormatError, Submission, read_submission
from procurement.bids.periods import BIDS
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.tables import LogLeaf

PURPOSE = "leaf"
VERSIONS_READ = 64
"""Versions of one bidder that are looked up at once."""


@dataclass(frozen=True)
class Leaf:
    """A bid or a withdrawal that was acknowledged.

    Attributes:
        organisation_id: Whose it is.
        person_id: Who sent it.
        version: From 1, counting the bidder's own.
        digest: Digest of the envelope or withdrawal: the log's leaf.
        body_digest: SHA-256 of the body as sent, for repeated requests.
        receipt: The signed receipt.
        body: The envelope or withdrawal, canonical.
        is_bid: It is an envelope and no withdrawal.
        bidder: How the envelope names who sent it.
        id: Row id; 0 before it is stored. Never shown.
    """

    organisation_id: int
    person_id: int
    version: int
    digest: str
    body_digest: str
    receipt: str
    body: str
    is_bid: bool
    bidder: str
    id: int = 0

    @cached_property
    def submission(self) -> Submission:
        """The envelope or withdrawal."""
        return read_submission(self.body)

    @property
    def envelope(self) -> Envelope:
        """The envelope; only of a bid."""
        submission = self.submission
        if not isinstance(submission, Envelope):
            raise FormatError("leaf", "an envelope")
        return submission


def pack_leaf(leaf: Leaf) -> bytes:
    """Write a leaf for sealing."""
    return json.dumps(
        [
            leaf.organisation_id,
            leaf.person_id,
            leaf.version,
            leaf.digest,
            leaf.body_digest,
            leaf.receipt,
            leaf.body,
            leaf.is_bid,
            leaf.bidder,
        ],
        ensure_ascii=False,
    ).encode()


def unpack_leaf(packed: bytes, *, row_id: int) -> Leaf | None:
    """Read what `pack_leaf` wrote; None for a cover row, which is empty."""
    if not packed:
        return None
    return replace(Leaf(*json.loads(packed)), id=row_id)


@dataclass(frozen=True, slots=True)
class Chain:
    """The leaves of one bidder in one sitting, which follow one another.

    Attributes:
        round_id: The round.
        organisation_id: The bidder.
        sitting: 0 = the bids, from 1 on second answers.
    """

    round_id: int
    organisation_id: int
    sitting: int = BIDS

    def request_tag(self, at_rest: AtRest, key: str) -> str:
        """Name a request: the same key of the same bidder in the same sitting."""
        return at_rest.tag("request", *self._names, key)

    def tag(self, at_rest: AtRest, version: int) -> str:
        """Name a place in the chain of versions."""
        return at_rest.tag("chain", *self._names, str(version))

    @property
    def _names(self) -> tuple[str, str]:
        # Rows of bids from before there were sittings are found as they were.
        where = f"{self.round_id}" if self.sitting == BIDS else f"{self.round_id}/{self.sitting}"
        return where, str(self.organisation_id)


def opened_rows(at_rest: AtRest, rows: Iterable[LogLeaf]) -> list[Leaf]:
    """Unseal rows and leave out those that are no leaves."""
    leaves = (unpack_leaf(at_rest.open(row.sealed, purpose=PURPOSE), row_id=row.id) for row in rows)
    return [leaf for leaf in leaves if leaf is not None]


def leaves_of_round(
    session: Session, *, round_id: int, at_rest: AtRest, sitting: int = BIDS
) -> Sequence[Leaf]:
    """Return all leaves of a round's sitting in the order of the log.

    Only for closing and what follows it: before, nobody may know how many there are.
    """
    of_sitting = (
        select(LogLeaf)
        .where(LogLeaf.round_id == round_id, LogLeaf.sitting == sitting)
        .order_by(LogLeaf.id)
    )
    return opened_rows(at_rest, session.scalars(of_sitting))


def own_leaves(session: Session, *, chain: Chain, at_rest: AtRest) -> Sequence[Leaf]:
    """Return the leaves of one bidder in one sitting, by version."""
    leaves: list[Leaf] = []
    while True:
        tags = [
            chain.tag(at_rest, version)
            for version in range(len(leaves) + 1, len(leaves) + 1 + VERSIONS_READ)
        ]
        rows = session.scalars(
            select(LogLeaf).where(LogLeaf.chain_tag.in_(tags)).order_by(LogLeaf.id)
        ).all()
        leaves += opened_rows(at_rest, rows)
        if len(rows) < VERSIONS_READ:
            return leaves


def standing(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Return the bids that count: each bidder's last leaf, unless it is a withdrawal.

    Args:
        leaves: In the order of the log.

    Returns:
        Leaves that are bids, in the order of the log.
    """
    last = {leaf.organisation_id: leaf for leaf in leaves}
    ordered = sorted(last.values(), key=lambda leaf: leaf.id)
    return [leaf for leaf in ordered if leaf.is_bid]


def cover_row(*, round_id: int, at_rest: AtRest, sitting: int = BIDS) -> LogLeaf:
    """Make a row that is no leaf and looks like one."""
    return LogLeaf(
        round_id=round_id,
        sitting=sitting,
        chain_tag=secrets.token_hex(32),
        request_tag=secrets.token_hex(32),
        sealed=at_rest.seal(b"", purpose=PURPOSE),
    )
