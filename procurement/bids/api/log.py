"""The closed log by machine."""

from litestar import Response, get
from litestar.params import FromPath

from bidding.sealing import canonical_bytes
from procurement.bids.at_edge import json_bytes, public_round
from procurement.bids.keyholders.postponements import find_postponement
from procurement.bids.submission.close import final_log
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import Visit, reads


@get("/api/v1/rounds/{name:str}/checkpoint")
@reads
def checkpoint(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return the final signed checkpoint of a closed round."""
    round_ = public_round(visit, name, Action.READ_LOG)
    return json_bytes(final_log(visit.session, round_id=round_.id).checkpoint.to_bytes())


@get("/api/v1/rounds/{name:str}/log")
@reads
def log(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return the final log of a closed round: checkpoint and all leaves."""
    round_ = public_round(visit, name, Action.READ_LOG)
    return json_bytes(canonical_bytes(final_log(visit.session, round_id=round_.id).document()))


@get("/api/v1/rounds/{name:str}/postponement")
@reads
def postponement(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return the signed notice that the outage rule moved closing and opening, if it did."""
    round_ = public_round(visit, name, Action.READ_MANIFEST)
    notice = find_postponement(visit.session, round_id=round_.id)
    if notice is None:
        raise NotFoundForActorError
    return json_bytes(notice.document)


ROUTES = (checkpoint, log, postponement)
