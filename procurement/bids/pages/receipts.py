"""A bidder's own receipts, to be kept and checked."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.bids.at_edge import (
    SittingNumber,
    file_name,
    json_bytes,
    own_round,
    paths,
    require_called,
    secret_key,
)
from procurement.bids.keyholders.manifests import manifest_document
from procurement.bids.periods import BIDS, address_of
from procurement.bids.submission.close import find_final_log
from procurement.bids.submission.receipts import OwnLeaf, receipt_of, receipts_of, refusals_of
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import WITH_WASM, Visit, reads, render


@get(paths("receipts"), include_in_schema=False, opt=WITH_WASM)
@reads
def show_receipts(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[Any]:
    """List the own receipts; the browser checks them without trusting the server."""
    round_, organisation_id = own_round(visit, name, Action.READ_RECEIPT)
    require_called(visit, round_, number)
    own: dict[str, Any] = {
        "round_id": round_.id,
        "sitting": number,
        "organisation_id": organisation_id,
        "secret_key": secret_key(visit),
    }
    return render(
        visit,
        "bids/receipts.html",
        round=round_,
        sitting=number,
        base=address_of(round_, number),
        receipts=receipts_of(visit.session, **own),
        refusals=refusals_of(visit.session, **own),
        log=find_final_log(visit.session, round_id=round_.id, sitting=number),
    )


@get(paths("receipts/{digest:str}/{part:str}"), include_in_schema=False)
@reads
def download(
    visit: Visit,
    name: FromPath[str],
    digest: FromPath[str],
    part: FromPath[str],
    number: SittingNumber = BIDS,
) -> Response[bytes]:
    """Send receipt, envelope or proof of an own bid, or the manifest that it was sealed under."""
    round_, organisation_id = own_round(visit, name, Action.READ_RECEIPT)
    own = receipt_of(
        visit.session,
        round_id=round_.id,
        organisation_id=organisation_id,
        digest=digest,
        secret_key=secret_key(visit),
        sitting=number,
    )
    document = _part(visit, own, round_.id, part)
    return json_bytes(document, file=file_name(round_, number, f"{digest[:12]}-{part}"))


def _part(visit: Visit, own: OwnLeaf, round_id: int, part: str) -> str:
    if part == "receipt":
        return own.leaf.receipt
    if part == "envelope":
        return own.leaf.body
    if part == "proof" and own.proof is not None:
        return own.proof.to_bytes().decode()
    if part == "manifest":
        wanted = own.leaf.submission.manifest
        document = manifest_document(visit.session, round_id=round_id, digest=wanted)
        if document is not None:
            return document
    raise NotFoundForActorError


ROUTES = (show_receipts, download)
