"""Making the application from its parts."""

from asyncio import get_running_loop
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from importlib.metadata import version
from threading import Event, Thread

from litestar import Litestar, Router
from litestar.concurrency import sync_to_thread
from litestar.config.compression import CompressionConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router
from opentelemetry.trace import Tracer
from sqlalchemy import Engine

from procurement import clock as the_clock
from procurement.accounts.sign_in.service import resolve, touch
from procurement.agreements.follow_on.need import needs_before
from procurement.app.language import remember_language
from procurement.app.problems import HANDLERS
from procurement.app.security import add_marks, add_security_headers, csrf_config
from procurement.app.stages import HOOKS, JOBS, PUNCTUAL_JOBS, ROUTES
from procurement.bids.keyholders.document_facts import document_facts
from procurement.database import SandboxClock
from procurement.home.navigation import navigation
from procurement.jobs import Worker
from procurement.rounds.document import later
from procurement.rounds.document.marking import mark_documents
from procurement.rounds.hooks import install
from procurement.settings import Settings, resource_folder
from procurement.telemetry.jobs import told_of
from procurement.telemetry.requests import Telling
from procurement.timetable import Ticker
from procurement.volumes import known_needs
from procurement.web import Edge

THREADS = 4
"""More only get in each other's way on two cores; see docs/decisions/0010-scale-out.md."""

REQUEST_BYTES_MAX = 64 * 2**20


def make_app(
    *,
    settings: Settings,
    engine: Engine,
    clock: Callable[[], datetime] = the_clock.now,
    works: bool = True,
    tracer: Tracer | None = None,
) -> Litestar:
    """Make the web application.

    Args:
        settings: With a secret key, see `procurement.settings.with_installation_key`.
        engine: An open database with the newest schema.
        clock: Tells the time; deadlines ask the database instead.
        works: Whether jobs are carried out in threads of this process.
        tracer: Where traces are on.

    Returns:
        The application.
    """
    install(HOOKS)
    known_needs.install(needs_before)
    later.install(document_facts)
    app = Litestar(
        # Joined first: added one by one, each would have all that came before gone through again.
        route_handlers=[Router("/", route_handlers=ROUTES), _static_files()],
        lifespan=[_running],
        exception_handlers=dict(HANDLERS),
        csrf_config=csrf_config(settings),
        middleware=[Telling()],
        before_send=[add_security_headers, add_marks, remember_language],
        compression_config=CompressionConfig(backend="gzip", minimum_size=1000),
        request_max_body_size=REQUEST_BYTES_MAX,
        openapi_config=_openapi(),
        logging_config=None,
    )
    run_on(app, settings=settings, engine=engine, clock=clock, works=works, tracer=tracer)
    return app


def run_on(
    app: Litestar,
    *,
    settings: Settings,
    engine: Engine,
    clock: Callable[[], datetime] = the_clock.now,
    works: bool = True,
    tracer: Tracer | None = None,
) -> None:
    """Put an application that does not run on a database, in the place of the one it had.

    Nothing else of an application depends on a database, and making one takes most of a second:
    tests put one on many databases, one after the other.

    Args:
        app: As `make_app` made it, with settings of the same secret key and address.
        settings: As for `make_app`.
        engine: As for `make_app`.
        clock: As for `make_app`.
        works: As for `make_app`.
        tracer: As for `make_app`.

    Raises:
        ValueError: The settings have no secret key.
    """
    if settings.secret_key is None:
        raise ValueError("the settings have no secret key: see with_installation_key")
    sandbox = SandboxClock(engine) if settings.is_sandbox else None
    clock = sandbox or clock
    mark_documents(rehearsal=settings.is_sandbox)
    ticker = Ticker(engine, settings.secret_key)
    app.state["edge"] = Edge(engine, settings, resolve, touch, clock, navigation, sandbox)
    app.state["worker"] = (
        Worker(
            engine,
            settings,
            JOBS,
            clock,
            tick=ticker.tick,
            punctual=PUNCTUAL_JOBS,
            told_of=partial(told_of, tracer=tracer),
        )
        if works
        else None
    )
    app.state["tracer"] = tracer
    app.state["ticker"] = ticker


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    executor = ThreadPoolExecutor(THREADS)
    get_running_loop().set_default_executor(executor)
    stop = Event()
    worker: Worker | None = app.state["worker"]
    threads: tuple[Thread, ...] | None = None
    if worker is not None:
        # An outage that has just ended may move a closing: before the first bid is refused.
        await sync_to_thread(app.state["ticker"].tick)
        threads = worker.start(stop)
    app.state["worker_threads"] = threads
    yield
    stop.set()
    for thread in threads or ():
        thread.join(timeout=10)
    executor.shutdown(wait=True)


def _static_files() -> Router:
    return create_static_files_router(path="/static", directories=[resource_folder("static")])


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Jicai",
        version=version("jicai"),
        path="/api/docs",
        render_plugins=[JsonRenderPlugin()],
        components=Components(
            security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
        ),
        security=[{"token": []}],
        use_handler_docstrings=True,
    )
