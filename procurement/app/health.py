"""What machines ask: is it alive, what is its interface, how much does it do."""

from typing import Any

from litestar import Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics import Gauge
from sqlalchemy import func, select

from procurement.database import database_moment
from procurement.jobs import Job, JobStatus
from procurement.web import Visit, reads


@get("/health", include_in_schema=False)
@reads
def health(visit: Visit) -> dict[str, str]:
    """Answer when the database answers."""
    return {"status": "ok", "moment": database_moment(visit.session).isoformat()}


@get("/clock", include_in_schema=False)
@reads
def clock(visit: Visit) -> dict[str, str]:
    """Tell the time by which deadlines are measured, for the countdown of a page."""
    return {"moment": database_moment(visit.session).isoformat()}


@get("/metrics", include_in_schema=False)
@reads
def metrics(visit: Visit) -> Response[bytes]:
    """Tell the state of the jobs; nothing here may grow with the bids of an open round."""
    registry = CollectorRegistry()
    jobs = Gauge("jicai_jobs", "Jobs by status", ["status"], registry=registry)
    counted = select(Job.status, func.count()).group_by(Job.status)
    counts = {str(status): count for status, count in visit.session.execute(counted)}
    for status in JobStatus:
        jobs.labels(status=status.value).set(counts.get(status.value, 0))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Describe the API."""
    return request.app.openapi_schema.to_schema()


ROUTES = (health, clock, metrics, openapi)
