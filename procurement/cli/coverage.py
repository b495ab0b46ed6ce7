"""``jicai coverage FOLDER``: the fewest pharmacies that cover every county."""

import argparse
import math
import sys
from pathlib import Path

from bidding.report_json import dumps
from procurement.cli.arguments import add_command, add_encoding
from procurement.cli.describe_coverage import describe_coverage
from procurement.pharmacies.coverage.document import plan_document
from procurement.pharmacies.coverage.folder import read_coverage_folder
from procurement.pharmacies.rules.coverage.choosing import choose_pharmacies
from procurement.pharmacies.rules.coverage.task import SECONDS, CoverageTask

KM_MAX = 20_100
"""Half the way around the Earth, and a little."""

COUNT_MAX = 1000
SECONDS_MAX = 86_400


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "coverage",
        run,
        example="jicai coverage examples/coverage/ten-counties --within-km 30 --lang en",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a coverage folder")
    parser.add_argument(
        "--within-km",
        type=_kilometres,
        metavar="KM",
        help="a pharmacy covers every county whose point is at most so far away (great circle); "
        "without it, the county in which it lies",
    )
    parser.add_argument(
        "--per-county",
        type=_count,
        default=1,
        metavar="N",
        help="pharmacies for each county that names no minimum of its own; 1 unless given",
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="S",
        help=f"how long solvers may search; {SECONDS:g} unless given",
    )
    add_encoding(parser)


def run(arguments: argparse.Namespace) -> int:
    """Choose pharmacies and print them.

    Raises:
        BadFolderError: With every fault of the folder.
    """
    folder = read_coverage_folder(arguments.folder, encoding=arguments.encoding)
    task = CoverageTask(
        folder.counties,
        folder.pharmacies,
        within_km=arguments.within_km,
        per_county=arguments.per_county,
    )
    plan = choose_pharmacies(task, seconds=arguments.seconds)
    if arguments.json:
        sys.stdout.write(dumps(plan_document(plan, task, language=arguments.lang)))
    else:
        sys.stdout.write(describe_coverage(plan, task, language=arguments.lang))
    return 0


def _kilometres(text: str) -> float:
    return _number(text, KM_MAX, "a distance in km above 0")


def _seconds(text: str) -> float:
    return _number(text, SECONDS_MAX, "seconds above 0")


def _number(text: str, most: float, expected: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= most:
        raise argparse.ArgumentTypeError(f"{text!r}: expected {expected}, at most {most:,}")
    return number


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= len(str(COUNT_MAX)):
        count = int(text)
        if count <= COUNT_MAX:
            return count
    raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 0 to {COUNT_MAX}")
