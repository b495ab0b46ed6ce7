"""``jicai ceiling MODEL``: the price ceilings of a negotiation model."""

import argparse
import sys
from pathlib import Path

from bidding.report_json import dumps
from pricing.model_file import read_model
from pricing.negotiation_report import DRAWS, report_json, run_model
from procurement.cli.arguments import add_command
from procurement.cli.ceiling_files import add_files, write_files
from procurement.cli.describe_ceiling import describe_ceiling

SEED = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "ceiling",
        run,
        example="jicai ceiling examples/models/disease-x --draws 10000 --lang en",
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="a folder or a .toml file")
    parser.add_argument(
        "--draws",
        type=_whole_number,
        default=None,
        metavar="N",
        help=f"of the probabilistic analysis; {DRAWS} unless given, 0 for none",
    )
    parser.add_argument(
        "--seed",
        type=_whole_number,
        default=SEED,
        metavar="S",
        help=f"of the draws; the same seed gives the same output ({SEED} unless given)",
    )
    add_files(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compute the ceilings of the model and print them.

    Raises:
        ModelFaultsError: With every fault of the model.
    """
    model = read_model(arguments.model)
    report = run_model(model, draws=arguments.draws, seed=arguments.seed)
    write_files(arguments, model, report)
    if arguments.json:
        sys.stdout.write(dumps(report_json(report)))
    else:
        sys.stdout.write(describe_ceiling(report, language=arguments.lang))
    return 0


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number, 0 or more")
    return int(text)


_DIGITS_MAX = 9
