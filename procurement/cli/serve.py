"""``jicai serve``: the web platform."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from procurement.cli.arguments import add_command
from procurement.database import open_database
from procurement.settings import read_settings, with_installation_key

TARGET = "procurement.app.asgi:app"

ANNOUNCE = Path(__file__).with_name("announce.py")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "serve",
        run,
        summary="the web platform; prints a line when it is ready",
        example="jicai serve --port 8000",
    )
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=1, help="processes (1)")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; with --tls-key: HTTPS")
    parser.add_argument("--tls-key", type=Path, help="PEM file of its key")


def run(arguments: argparse.Namespace) -> int:
    """Bring the database to the newest schema, then serve until a signal ends it."""
    settings = with_installation_key(read_settings(os.environ))
    # Once, before the processes start: they would all try.
    open_database(settings.database_url).dispose()
    server = Granian(
        TARGET,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.ASGI,
        workers=arguments.workers,
        ssl_cert=arguments.tls_certificate,
        ssl_key=arguments.tls_key,
        log_level=LogLevels.warning,
        # Requests of an open round are not counted anywhere, in no log either.
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    scheme = "https" if arguments.tls_certificate else "http"
    address = f"{scheme}://{arguments.host}:{arguments.port}"
    waits = [sys.executable, str(ANNOUNCE), address, str(os.getpid())]
    with subprocess.Popen(waits):  # noqa: S603 - our own file
        server.serve()
    return 0
