"""Base volumes by machine."""

from litestar import get, post
from litestar.params import FromPath

from procurement.permissions import Action
from procurement.volumes.aggregate import aggregate, base_rows, latest_run
from procurement.volumes.api.reports import TAGS
from procurement.volumes.api.shapes import BaseVolumeEntry, BaseVolumePage, RunAnswer
from procurement.volumes.at_edge import round_in_view
from procurement.volumes.tables import AggregationRun
from procurement.web import Visit, reads, writes

PATH = "/api/v1/rounds/{name:str}/base-volumes"


@get(PATH, tags=TAGS)
@reads
def read_base_volumes(visit: Visit, name: FromPath[str]) -> BaseVolumePage:
    """Read the base volumes of the last aggregation."""
    round_ = round_in_view(visit, name, Action.READ_BASE_VOLUMES)
    run = latest_run(visit.session, round_id=round_.id)
    if run is None:
        return BaseVolumePage(None, [])
    items = [
        BaseVolumeEntry(
            region=row.region,
            lot=row.lot,
            product=row.product,
            strength=row.strength.strength,
            strength_ratio=row.strength.strength_ratio,
            brand=row.brand,
            base_volume=row.volume,
            reports=row.reports,
        )
        for row in base_rows(visit.session, run_id=run.id)
    ]
    return BaseVolumePage(_run(run), items)


@post(PATH, tags=TAGS)
@writes
def post_aggregation(visit: Visit, name: FromPath[str]) -> RunAnswer:
    """Add up the accepted reports; without any change the run that exists is given again."""
    round_ = round_in_view(visit, name, Action.AGGREGATE_VOLUMES)
    run = aggregate(visit.session, round_=round_, actor=visit.actor, moment=visit.moment)
    return _run(run)


def _run(run: AggregationRun) -> RunAnswer:
    return RunAnswer(run.number, run.digest, run.reports, run.hospitals, run.missing, run.made_at)


ROUTES = (read_base_volumes, post_aggregation)
"""Handlers of the interface."""
