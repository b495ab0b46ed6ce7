"""The closed log by machine."""

from litestar import Response, get
from litestar.params import FromPath

from bidding.sealing import canonical_bytes
from procurement.bids.at_edge import (
    SittingNumber,
    api_paths,
    json_bytes,
    public_round,
    require_called,
)
from procurement.bids.keyholders.postponements import find_postponement
from procurement.bids.periods import BIDS
from procurement.bids.submission.close import FinalLog, final_log
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import Visit, reads


@get(api_paths("checkpoint"))
@reads
def checkpoint(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Return the final signed checkpoint of a closed round, or of a closed sitting."""
    return json_bytes(_log(visit, name, number).checkpoint.to_bytes())


@get(api_paths("log"))
@reads
def log(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Return the final log of a closed round or sitting: checkpoint and all leaves."""
    return json_bytes(canonical_bytes(_log(visit, name, number).document()))


def _log(visit: Visit, name: str, sitting: int) -> FinalLog:
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, sitting)
    return final_log(visit.session, round_id=round_.id, sitting=sitting)


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
