"""Submitting bids by machine, and a bidder's own receipts and proofs."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import (
    JSON,
    SittingNumber,
    api_paths,
    json_bytes,
    own_round,
    public_round,
    require_called,
    secret_key,
)
from procurement.bids.keyholders.manifests import manifests_of, require_manifest
from procurement.bids.periods import BIDS, address_of
from procurement.bids.submission.receipts import OwnLeaf, receipt_of, receipts_of, refusals_of
from procurement.bids.submission.submit import submit_bid
from procurement.permissions import Action, Subject
from procurement.web import OWN_IDEMPOTENCY, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One of a bidder's own bids or withdrawals.

    Attributes:
        envelope: Digest of the envelope or withdrawal: the log's leaf.
        version: From 1, counting the bidder's own.
        kind: ``bid`` or ``withdrawal``.
        stands: It is the bidder's last one.
        receipt: Address of the signed receipt.
        proof: Address of the inclusion proof; null before closing.
    """

    envelope: str
    version: int
    kind: str
    stands: bool
    receipt: str
    proof: str | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """A bidder's own receipts and refusals of a round.

    Attributes:
        items: Oldest first.
        refusals: Signed refusals, as documents.
        next_cursor: Always null: they are few.
    """

    items: list[ReceiptEntry]
    refusals: list[str]
    next_cursor: str | None = None


@get(api_paths("manifest"))
@reads
def manifest(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Return the signed manifest in force, under which bids or a sitting's answers are sealed."""
    round_ = public_round(visit, name, Action.READ_MANIFEST)
    require_called(visit, round_, number)
    found = require_manifest(visit.session, round_id=round_.id, sitting=number)
    return json_bytes(found.to_bytes())


@get("/api/v1/rounds/{name:str}/manifests")
@reads
def manifests(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return all manifests of a round, oldest first: an amendment makes another."""
    round_ = public_round(visit, name, Action.READ_MANIFEST)
    rows = manifests_of(visit.session, round_id=round_.id)
    return json_bytes(f'{{"items":[{",".join(row.document for row in rows)}],"next_cursor":null}}')


@post(
    "/api/v1/rounds/{name:str}/bids",
    opt={OWN_IDEMPOTENCY: True},
    status_code=201,
    request_max_body_size=3 * 2**20,
)
@writes
def submit(visit: Visit, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """Submit a sealed bid, a better one in its place, or its withdrawal.

    The body is the envelope as ``jicai seal`` writes it; the header ``Idempotency-Key`` is needed.
    The answer is the signed receipt (201), or, after closing, the signed refusal (409).
    """
    visit.require(Action.SUBMIT_BID, Subject(organisation_id=visit.actor.organisation_id))
    answer = submit_bid(
        visit.session,
        round_name=name,
        actor=visit.actor,
        body=body,
        key=visit.request.headers.get("idempotency-key", ""),
        secret_key=secret_key(visit),
    )
    # A refusal is returned and not raised: it is kept, and so the transaction must be.
    return json_bytes(answer.document, status=201 if answer.is_receipt else 409)


@get(api_paths("receipts"))
@reads
def receipts(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Receipts:
    """List the own receipts and refusals of a round's bids, or of a sitting."""
    round_, organisation_id = own_round(visit, name, Action.READ_RECEIPT)
    require_called(visit, round_, number)
    own: dict[str, Any] = {
        "round_id": round_.id,
        "sitting": number,
        "organisation_id": organisation_id,
        "secret_key": secret_key(visit),
    }
    found = receipts_of(visit.session, **own)
    return Receipts(
        [_entry(address_of(round_, number), one) for one in found],
        list(refusals_of(visit.session, **own)),
    )


def _entry(base: str, own: OwnLeaf) -> ReceiptEntry:
    address = f"/api/v1{base}/receipts/{own.leaf.digest}"
    return ReceiptEntry(
        envelope=own.leaf.digest,
        version=own.leaf.version,
        kind="bid" if own.leaf.is_bid else "withdrawal",
        stands=own.stands,
        receipt=address,
        proof=None if own.proof is None else f"{address}/proof",
    )


@get(api_paths("receipts/{digest:str}"))
@reads
def receipt(
    visit: Visit, name: FromPath[str], digest: FromPath[str], number: SittingNumber = BIDS
) -> Response[bytes]:
    """Return one of the own receipts, as it was signed."""
    return json_bytes(_own(visit, name, digest, number).leaf.receipt)


@get(api_paths("receipts/{digest:str}/envelope"))
@reads
def envelope(
    visit: Visit, name: FromPath[str], digest: FromPath[str], number: SittingNumber = BIDS
) -> Response[bytes]:
    """Return the own envelope or withdrawal of a receipt."""
    return json_bytes(_own(visit, name, digest, number).leaf.body)


@get(api_paths("receipts/{digest:str}/proof"))
@reads
def proof(
    visit: Visit, name: FromPath[str], digest: FromPath[str], number: SittingNumber = BIDS
) -> Response[bytes]:
    """Return the proof that an own bid or withdrawal is in the final log; empty before closing."""
    own = _own(visit, name, digest, number)
    if own.proof is None:
        return Response(b"", status_code=204, media_type=JSON)
    return json_bytes(own.proof.to_bytes())


def _own(visit: Visit, name: str, digest: str, sitting: int) -> OwnLeaf:
    round_, organisation_id = own_round(visit, name, Action.READ_RECEIPT)
    return receipt_of(
        visit.session,
        round_id=round_.id,
        organisation_id=organisation_id,
        digest=digest,
        secret_key=secret_key(visit),
        sitting=sitting,
    )


ROUTES = (manifest, manifests, submit, receipts, receipt, envelope, proof)
