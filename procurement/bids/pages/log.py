"""The closed log, for everybody."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from bidding.sealing import canonical_bytes
from procurement.bids.at_edge import (
    SittingNumber,
    file_name,
    json_bytes,
    paths,
    public_round,
    require_called,
)
from procurement.bids.keyholders.manifests import manifest_document, manifests_of
from procurement.bids.periods import BIDS, address_of
from procurement.bids.submission.close import final_log, find_final_log
from procurement.permissions import Action
from procurement.web import WITH_WASM, Visit, reads, render


@get(paths("log"), include_in_schema=False, opt=WITH_WASM)
@reads
def show_log(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[Any]:
    """Show the final checkpoint and all leaves; before closing, why there is nothing to see."""
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, number)
    return render(
        visit,
        "bids/log.html",
        round=round_,
        sitting=number,
        base=address_of(round_, number),
        log=find_final_log(visit.session, round_id=round_.id, sitting=number),
        manifests=manifests_of(visit.session, round_id=round_.id, sitting=number),
    )


@get(paths("log.json"), include_in_schema=False)
@reads
def log_file(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Send the final log as a file for ``jicai verify``."""
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, number)
    document = final_log(visit.session, round_id=round_.id, sitting=number).document()
    return json_bytes(canonical_bytes(document), file=file_name(round_, number, "log"))


@get("/rounds/{name:str}/manifests/{digest:str}", include_in_schema=False)
@reads
def manifest_file(visit: Visit, name: FromPath[str], digest: FromPath[str]) -> Response[bytes]:
    """Send one of a round's manifests, of the bids or of a sitting."""
    round_ = public_round(visit, name, Action.READ_MANIFEST)
    document = manifest_document(visit.session, round_id=round_.id, digest=digest)
    if document is None:
        return Response(b"", status_code=404)
    return json_bytes(document, file=f"{name}-{digest[:12]}-manifest.json")


ROUTES = (show_log, log_file, manifest_file)
