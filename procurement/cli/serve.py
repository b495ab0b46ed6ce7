"""``jicai serve``: the web platform."""

import argparse
import os
import signal
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.request import urlopen

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from procurement.cli.arguments import add_command
from procurement.database import open_database
from procurement.settings import read_settings, with_installation_key

TARGET = "procurement.app.asgi:app"

ATTEMPTS = 1200
"""How often the first answer is asked for, ten times a second, before the start is given up."""


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
    Thread(target=_announce, args=(address,), daemon=True).start()
    server.serve()
    return 0


def _announce(address: str) -> None:
    """Print the line that says that people can come, once the first answer was given."""
    # The certificate names the public address, and this asks the local one.
    anybody = ssl._create_unverified_context()  # noqa: S323
    for _attempt in range(ATTEMPTS):
        with suppress(OSError), urlopen(f"{address}/health", timeout=5, context=anybody):  # noqa: S310
            print(f"jicai: ready at {address}", flush=True)
            return
        sleep(0.1)
    print(f"jicai serve: nothing answers at {address}; see the log above", file=sys.stderr)
    os.kill(os.getpid(), signal.SIGTERM)
