"""``jicai settle FOLDER``: retained savings of hospitals."""

import argparse
import gc
import os
import sys
from pathlib import Path

from bidding.report_json import dumps
from procurement.cli.arguments import add_command, add_encoding
from procurement.cli.describe_settlement import describe_settlement
from procurement.savings.analytics import chosen_engine
from procurement.savings.document import settlement_document, summary_document
from procurement.savings.run import settle_folder
from procurement.savings.written import write_settlement


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "settle",
        run,
        example="jicai settle examples/settlement/county-2024 --lang en",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a settlement folder")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write lines, hospitals and groups there as CSV and Parquet instead of printing them",
    )
    add_encoding(parser)


def run(arguments: argparse.Namespace) -> int:
    """Settle the folder, then print it or write it."""
    # What imports left need not be searched for garbage: a tenth of a second of a short run.
    gc.freeze()
    try:
        settled = settle_folder(
            arguments.folder,
            engine=chosen_engine(os.environ),
            encoding=arguments.encoding,
            progress=_say,
        )
    finally:
        gc.unfreeze()
    if arguments.out is not None:
        written = write_settlement(settled, arguments.out)
        if arguments.json:
            sys.stdout.write(dumps(summary_document(settled)))
        else:
            sys.stdout.write("".join(f"{path}\n" for path in written))
    elif arguments.json:
        sys.stdout.write(dumps(settlement_document(settled)))
    else:
        sys.stdout.write(describe_settlement(settled, language=arguments.lang))
    return 0


def _say(text: str) -> None:
    # For people who wait; a program that reads standard error finds faults there only.
    if sys.stderr.isatty():
        sys.stderr.write(f"jicai settle: {text}\n")
