"""``jicai serve``: the web platform."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from procurement.cli.arguments import add_command
from procurement.cli.opening import open_installation
from procurement.cli.safeguards import check_safeguards
from procurement.settings import read_settings, with_installation_key

TARGET = "procurement.cli.process:make_process"

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# What the server itself says, in the form of all other lines.
LOGS = {
    "formatters": {"line": {"()": "procurement.telemetry.logs.json_formatter"}},
    "handlers": {
        name: {"formatter": "line", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    },
}

ANNOUNCE = Path(__file__).with_name("announce.py")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "serve",
        run,
        example="jicai serve --port 8000",
    )
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=1, help="processes (1)")
    parser.add_argument(
        "--sandbox", action="store_true", help="for a rehearsal; see `jicai sandbox` for its clock"
    )
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; with --tls-key: HTTPS")
    parser.add_argument("--tls-key", type=Path, help="PEM file of its key")


def run(arguments: argparse.Namespace) -> int:
    """Bring the database to the newest schema, then serve until a signal ends it."""
    if arguments.sandbox:
        # The processes read it anew.
        os.environ["JICAI_SANDBOX"] = "1"
    # Once, before the processes start: they would all try.
    settings = read_settings(os.environ)
    has_certificate = arguments.tls_certificate is not None
    check_safeguards(settings, os.environ, host=arguments.host, has_certificate=has_certificate)
    open_installation(settings).dispose()
    with_installation_key(settings)
    server = Granian(
        TARGET,
        factory=True,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.ASGI,
        workers=arguments.workers,
        ssl_cert=arguments.tls_certificate,
        ssl_key=arguments.tls_key,
        log_level=LogLevels.warning,
        log_dictconfig=LOGS,
        # Requests of an open round are not counted anywhere, in no log either.
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    scheme = "https" if arguments.tls_certificate else "http"
    address = f"{scheme}://{arguments.host}:{arguments.port}"
    waits = [sys.executable, str(ANNOUNCE), address, str(os.getpid())]
    with (
        TemporaryDirectory(prefix="jicai-metrics-") as shared,
        subprocess.Popen(waits),  # noqa: S603 - our own file
    ):
        # What the processes count together; each of them reads it when it loads the library.
        os.environ[METRICS_FOLDER] = shared
        server.serve()
    return 0
