"""What machines ask: is it alive, can it work, what is its interface, how much does it do."""

from typing import Any

from litestar import Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import func, select

from procurement.app.readiness import Readiness, is_ready
from procurement.database import clock_speed, database_moment
from procurement.jobs import Job, JobStatus
from procurement.telemetry.metrics import exposed
from procurement.timetable.tables import Heartbeat
from procurement.web import Visit, reads


@get("/health", include_in_schema=False, sync_to_thread=False)
def health() -> dict[str, str]:
    """Answer as long as the process lives: one that does not is started anew."""
    return {"status": "ok"}


@get("/ready", include_in_schema=False, sync_to_thread=True)
def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """Tell whether requests can be answered; who balances them asks (503: they cannot)."""
    state = request.app.state
    checked = Readiness(
        state["edge"].engine, state["edge"].settings, state["worker_threads"]
    ).check()
    return Response(checked, status_code=200 if is_ready(checked) else 503)


@get("/clock", include_in_schema=False)
@reads
def clock(visit: Visit) -> dict[str, str | int]:
    """Tell the time by which deadlines are measured, for the countdown of a page."""
    moment = database_moment(visit.session).isoformat()
    return {"moment": moment, "speed": clock_speed(visit.session)}


@get("/metrics", include_in_schema=False)
@reads
def metrics(visit: Visit) -> Response[bytes]:
    """Tell what operators watch; nothing here may grow with the bids of an open round.

    No size of the database and no free space on the disk: both would count.
    """
    session = visit.session
    counted = select(Job.status, func.count()).group_by(Job.status)
    counts = {str(status): count for status, count in session.execute(counted)}
    oldest = session.scalar(
        select(func.min(Job.run_at)).where(
            Job.status == JobStatus.QUEUED, Job.run_at <= visit.moment
        )
    )
    beat = session.scalar(select(func.max(Heartbeat.beat_at)))
    moment = database_moment(session)
    stated = {
        "jicai_jobs": (
            "Jobs by status",
            {status.value: float(counts.get(status.value, 0)) for status in JobStatus},
        ),
        "jicai_queue_age_seconds": (
            "How long the oldest job waits that could be carried out",
            {"": (visit.moment - oldest).total_seconds() if oldest else 0.0},
        ),
        "jicai_heartbeat_age_seconds": (
            "How long ago any process wrote to the database; -1: never",
            {"": (moment - beat).total_seconds() if beat else -1.0},
        ),
        "jicai_sandbox_speed": (
            "Speed of a rehearsal's clock; 0: this is none",
            {"": float(clock_speed(session)) if visit.settings.is_sandbox else 0.0},
        ),
    }
    return Response(exposed(stated), media_type=CONTENT_TYPE_LATEST)


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Describe the API."""
    return request.app.openapi_schema.to_schema()


ROUTES = (health, ready, clock, metrics, openapi)
