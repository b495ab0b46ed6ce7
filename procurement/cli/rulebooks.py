"""``jicai rulebooks [ID]``: list the rulebooks, or print one as a person would read it."""

import argparse
import sys

from bidding.report_json import dumps
from procurement.cli.arguments import add_command
from procurement.cli.describe_rulebook import as_json, describe, list_as_json, list_rulebooks
from rulebooks import load_rulebook


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "rulebooks",
        run,
        example="jicai rulebooks national-11 --lang en",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="a rulebook; all of them unless given")


def run(arguments: argparse.Namespace) -> int:
    """Print one rulebook, or the list."""
    if arguments.id is None:
        document, text = list_as_json, list_rulebooks
        sys.stdout.write(dumps(document()) if arguments.json else text(arguments.lang))
        return 0
    rulebook = load_rulebook(arguments.id)
    if arguments.json:
        sys.stdout.write(dumps(as_json(rulebook)))
    else:
        sys.stdout.write(describe(rulebook, language=arguments.lang))
    return 0
