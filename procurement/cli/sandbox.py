"""``jicai sandbox``: set up a rehearsal, and let its clock run faster."""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from bidding.report_json import dumps
from procurement.cli.arguments import add_command
from procurement.cli.opening import open_installation
from procurement.database import database_moment, set_pace, transaction
from procurement.database.moments import pace_of
from procurement.settings import Settings, read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "sandbox",
        run,
        example="jicai sandbox --speed 60",
    )
    parser.add_argument("--speed", type=int, help="seconds that pass in each real second, from now")
    parser.add_argument(
        "--shows",
        type=_moment,
        metavar="MOMENT",
        help="put the clock forward, such as to 2026-12-01T08:55+08:00; it never goes back",
    )


def sandbox_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings of a rehearsal, whether ``JICAI_SANDBOX`` says so or not."""
    return read_settings({**environ, "JICAI_SANDBOX": "1"})


def run(arguments: argparse.Namespace) -> int:
    """Set the clock if that is asked for; say what it shows."""
    engine = open_installation(sandbox_settings(os.environ))
    try:
        with transaction(engine) as session:
            pace = pace_of(session)
            if arguments.speed is not None or arguments.shows is not None:
                speed = arguments.speed or (pace.speed if pace else 1)
                pace = set_pace(session, speed=speed, shown=arguments.shows)
            shown = database_moment(session)
            speed = pace.speed if pace else 1
    finally:
        engine.dispose()
    if arguments.json:
        sys.stdout.write(dumps({"moment": shown.isoformat(), "speed": speed}))
    elif arguments.lang == "zh":
        sys.stdout.write(f"演练时钟 {shown:%Y-%m-%d %H:%M:%S} UTC，{speed} 倍速\n")
    else:
        sys.stdout.write(f"the rehearsal's clock shows {shown:%Y-%m-%d %H:%M:%S} UTC, x {speed}\n")
    return 0


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("expected a moment with its zone: 2026-12-01T08:55+08:00")
    return moment.astimezone(UTC)
