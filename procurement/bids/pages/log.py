"""The closed log, for everybody."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from bidding.sealing import canonical_bytes
from procurement.bids.at_edge import json_bytes, public_round
from procurement.bids.keyholders.manifests import manifests_of
from procurement.bids.submission.close import final_log, find_final_log
from procurement.permissions import Action
from procurement.web import WITH_WASM, Visit, reads, render


@get("/rounds/{name:str}/log", include_in_schema=False, opt=WITH_WASM)
@reads
def show_log(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the final checkpoint and all leaves; before closing, why there is nothing to see."""
    round_ = public_round(visit, name, Action.READ_LOG)
    return render(
        visit,
        "bids/log.html",
        round=round_,
        log=find_final_log(visit.session, round_id=round_.id),
        manifests=manifests_of(visit.session, round_id=round_.id),
    )


@get("/rounds/{name:str}/log.json", include_in_schema=False)
@reads
def log_file(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Send the final log as a file for ``jicai verify``."""
    round_ = public_round(visit, name, Action.READ_LOG)
    document = final_log(visit.session, round_id=round_.id).document()
    return json_bytes(canonical_bytes(document), file=f"{name}-log.json")


@get("/rounds/{name:str}/manifests/{digest:str}", include_in_schema=False)
@reads
def manifest_file(visit: Visit, name: FromPath[str], digest: FromPath[str]) -> Response[bytes]:
    """Send one of a round's manifests."""
    round_ = public_round(visit, name, Action.READ_MANIFEST)
    rows = manifests_of(visit.session, round_id=round_.id)
    document = next((row.document for row in rows if row.digest == digest), None)
    if document is None:
        return Response(b"", status_code=404)
    return json_bytes(document, file=f"{name}-{digest[:12]}-manifest.json")


ROUTES = (show_log, log_file, manifest_file)
