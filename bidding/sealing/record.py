"""The opening record: all that was posted and what came of it, so that anyone can repeat it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bidding.sealing.bid import Bid, bid_document, bid_from
from bidding.sealing.canonical import Json, canonical_bytes, parse_json
from bidding.sealing.envelope import Submission, check_submission, submission_from
from bidding.sealing.errors import MismatchError
from bidding.sealing.log import SIZE_MAX, Checkpoint, check_log, checkpoint_from
from bidding.sealing.manifest import HOLDERS_MAX, Manifest, manifest_from
from bidding.sealing.opening import (
    Fault,
    KeyReveal,
    Opened,
    Verdict,
    check_reveal,
    open_envelope,
    open_with_key,
    reveal_from,
    shares_of,
)
from bidding.sealing.reading import Fields
from bidding.sealing.shares import SharePosting, check_posting, posting_from
from bidding.sealing.signing import Document
from bidding.sealing.succession import standing_envelopes

KIND = "opening/1"
POSTINGS_MAX = 1000
RECORD_SIZE_MAX = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """An opening, complete or as far as its reader is entitled to see it.

    Attributes:
        manifests: Of the round, oldest first: an amendment makes a new one; the last is in force.
        checkpoint: The final one.
        leaves: All leaves of the log.
        submissions: Envelopes and withdrawals in the log's order; all of them in a complete record.
        postings: What the holders posted; in a record for one bidder, with its shares only.
        reveals: Content keys that bidders revealed, where a quorum failed.
        results: What came of each envelope that stood at closing.
    """

    manifests: tuple[Manifest, ...]
    checkpoint: Checkpoint
    leaves: tuple[str, ...]
    submissions: tuple[Submission, ...]
    postings: tuple[SharePosting, ...]
    reveals: tuple[KeyReveal, ...]
    results: tuple[Opened, ...]

    def __repr__(self) -> str:
        """Without prices and keys, so that no log can hold them."""
        return f"OpeningRecord(log={self.checkpoint.root!r}, results={len(self.results)})"

    @property
    def manifest(self) -> Manifest:
        """The manifest in force at closing."""
        return self.manifests[-1]

    def document(self) -> Document:
        """The whole document."""
        return {
            "type": KIND,
            "manifests": [one.document() for one in self.manifests],
            "checkpoint": self.checkpoint.document(),
            "leaves": list(self.leaves),
            "submissions": [one.document() for one in self.submissions],
            "postings": [one.document() for one in self.postings],
            "reveals": [one.document() for one in self.reveals],
            "results": [result_document(one) for one in self.results],
        }

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())

    def only(self, bidder: str) -> "OpeningRecord":
        """The record as one bidder may see it: its own leaves, shares and result."""
        own = tuple(one for one in self.submissions if one.bidder == bidder)
        digests = [one.digest for one in own]
        return replace(
            self,
            submissions=own,
            postings=tuple(posting.only(digests) for posting in self.postings),
            reveals=tuple(one for one in self.reveals if one.envelope in digests),
            results=tuple(one for one in self.results if one.envelope in digests),
        )


def result_document(result: Opened) -> Document:
    """A result without the content key, which the shares or the reveal give."""
    return {
        "envelope": result.envelope,
        "bidder": result.bidder,
        "version": result.version,
        "verdict": result.verdict.value,
        "fault": None if result.fault is None else result.fault.value,
        "wrong_seats": list(result.wrong_seats),
        "missing_seats": list(result.missing_seats),
        "bid": None if result.bid is None else bid_document(result.bid),
    }


def open_all(
    manifests: Sequence[Manifest],
    *,
    submissions: Sequence[Submission],
    postings: Sequence[SharePosting],
    reveals: Sequence[KeyReveal] = (),
) -> tuple[Opened, ...]:
    """Open every envelope that stands, by the holders' shares or else by the revealed key.

    Args:
        manifests: Of the round; each envelope names the one that it was sealed under.
        submissions: All leaves in the log's order, accepted by `check_submission`.
        postings: Accepted by `check_posting`.
        reveals: Accepted by `check_reveal`.

    Raises:
        MismatchError: An envelope names none of the manifests.
    """
    keys = {reveal.envelope: reveal.content_key for reveal in reveals}
    results = []
    for envelope in standing_envelopes(submissions):
        manifest = manifest_of(manifests, envelope.manifest)
        result = open_envelope(manifest, envelope, shares=shares_of(envelope, postings))
        if result.verdict is Verdict.QUORUM_MISSING and envelope.digest in keys:
            revealed = open_with_key(manifest, envelope, content_key=keys[envelope.digest])
            result = replace(
                revealed, wrong_seats=result.wrong_seats, missing_seats=result.missing_seats
            )
        results.append(result)
    return tuple(results)


def manifest_of(manifests: Sequence[Manifest], digest: str) -> Manifest:
    """The manifest with a digest.

    Raises:
        MismatchError: It is not among them.
    """
    for manifest in manifests:
        if manifest.digest == digest:
            return manifest
    raise MismatchError("manifest", "the digest of one of the round's manifests")


def check_record(record: OpeningRecord) -> None:
    """Repeat an opening from its record.

    Whether the manifests are the bureau's is for `check_manifest` to say, with the bureau's key.

    Raises:
        MismatchError: Manifests that do not follow one another, a submission that is not in the
            log, or another result than recorded.
        SignatureError: Log, submission, posting or reveal is not signed by whom it should be.
    """
    _check_chain(record.manifests)
    check_log(record.checkpoint, record.leaves, record.manifest)
    if not record.checkpoint.is_final:
        raise MismatchError("opening.checkpoint", "the final checkpoint")
    _check_leaves(record)
    for submission in record.submissions:
        check_submission(submission, manifest_of(record.manifests, submission.manifest))
    for posting in record.postings:
        check_posting(posting, manifest_of(record.manifests, posting.manifest))
    _check_reveals(record)
    _check_results(record)


def _check_chain(manifests: Sequence[Manifest]) -> None:
    for older, newer in pairwise(manifests):
        if newer.supersedes != older.digest:
            raise MismatchError("opening.manifests", "each to supersede the one before it")
    if not manifests or manifests[0].supersedes is not None:
        raise MismatchError("opening.manifests", "all of them, from the first one on")


def _check_leaves(record: OpeningRecord) -> None:
    places = {leaf: place for place, leaf in enumerate(record.leaves)}
    found = [places.get(one.digest, -1) for one in record.submissions]
    if -1 in found or found != sorted(set(found)):
        raise MismatchError("opening.submissions", "leaves of the log, in its order, each once")


def _check_reveals(record: OpeningRecord) -> None:
    envelopes = {one.digest: one for one in standing_envelopes(record.submissions)}
    for reveal in record.reveals:
        if reveal.envelope not in envelopes:
            raise MismatchError("opening.reveals", "keys of envelopes that stood at closing")
        check_reveal(reveal, envelopes[reveal.envelope])


def _check_results(record: OpeningRecord) -> None:
    repeated = open_all(
        record.manifests,
        submissions=record.submissions,
        postings=record.postings,
        reveals=record.reveals,
    )
    recorded = [result_document(one) for one in record.results]
    if [result_document(one) for one in repeated] != recorded:
        raise MismatchError("opening.results", "what the shares and keys in the record give")


def read_record(text: bytes | str) -> OpeningRecord:
    """Read an opening record strictly; `check_record` then repeats it.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    return record_from(parse_json(text, where="opening", size_max=RECORD_SIZE_MAX))


def record_from(document: Json) -> OpeningRecord:
    """The record in a parsed document."""
    fields = Fields(document, "opening")
    fields.word("type", [KIND])
    record = OpeningRecord(
        manifests=tuple(manifest_from(one) for one in fields.objects("manifests", most=100)),
        checkpoint=checkpoint_from(Fields(fields.take("checkpoint"), "opening.checkpoint")),
        leaves=fields.digests("leaves", most=SIZE_MAX),
        submissions=tuple(
            submission_from(one) for one in fields.items("submissions", most=SIZE_MAX)
        ),
        postings=tuple(posting_from(one) for one in fields.objects("postings", most=POSTINGS_MAX)),
        reveals=tuple(reveal_from(one) for one in fields.objects("reveals", most=SIZE_MAX)),
        results=tuple(_result(one) for one in fields.objects("results", most=SIZE_MAX)),
    )
    fields.done()
    return record


def _result(fields: Fields) -> Opened:
    fault = fields.optional("fault", lambda name: fields.word(name, [one.value for one in Fault]))
    result = Opened(
        envelope=fields.digest("envelope"),
        bidder=fields.text("bidder"),
        version=fields.whole("version", 1, 10**6),
        verdict=Verdict(fields.word("verdict", [one.value for one in Verdict])),
        fault=None if fault is None else Fault(fault),
        wrong_seats=fields.wholes("wrong_seats", 1, HOLDERS_MAX),
        missing_seats=fields.wholes("missing_seats", 1, HOLDERS_MAX),
        bid=fields.optional("bid", lambda name: _bid(fields, name)),
    )
    fields.done()
    return result


def _bid(fields: Fields, name: str) -> Bid:
    return bid_from(Fields(fields.take(name), fields.place(name)))
