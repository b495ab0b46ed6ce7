"""The application of one server process, as ``jicai serve`` starts it."""

import os

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from litestar.types import ASGIApp

from procurement.app.make import make_app
from procurement.database import check_installation, make_engine
from procurement.settings import read_settings, with_installation_key
from procurement.telemetry.logs import configure_logs
from procurement.telemetry.metrics import forget_dead_processes, watch_pool
from procurement.telemetry.traces import make_tracer, trace_statements


def make_application() -> ASGIApp:
    """Make the application of this process, with its logs, metrics and traces."""
    configure_logs()
    settings = with_installation_key(read_settings(os.environ))
    engine = make_engine(settings.database_url, sandbox=settings.is_sandbox)
    forget_dead_processes()
    watch_pool(engine)
    check_installation(engine, sandbox=settings.is_sandbox)
    tracer = make_tracer(os.environ)
    if tracer is not None:
        trace_statements(engine, tracer)
    app: ASGIApp = wrap_asgi_with_proxy_headers(
        make_app(settings=settings, engine=engine, tracer=tracer),
        trusted_hosts=list(settings.proxies),
    )
    return app
