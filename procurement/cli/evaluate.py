"""``jicai evaluate FOLDER``: who is selected, by which clause, with what share."""

import argparse
import sys

from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from procurement.cli.arguments import add_command, add_folder, folder_of
from procurement.cli.describe_report import describe_report
from rulebooks import load_rulebook


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "evaluate",
        run,
        summary="evaluate a round: who is selected, by which clause, and what is still to be asked",
        example="jicai evaluate examples/national-3-eight-lots --lang en",
    )
    add_folder(parser)
    parser.add_argument("--lot", help="print this lot only, with every step")


def run(arguments: argparse.Namespace) -> int:
    """Evaluate the folder and print the report."""
    folder = folder_of(arguments)
    rulebook = load_rulebook(folder.round.rulebook)
    report = evaluate(folder.round, rulebook, folder.answers)
    if arguments.json:
        sys.stdout.write(dumps(report_document(report)))
    else:
        sys.stdout.write(describe_report(report, language=arguments.lang, lot=arguments.lot))
    return 0
