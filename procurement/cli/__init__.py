"""The command line: ``jicai COMMAND``; one module for each command."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bidding.errors import BiddingError
from pricing.faults import ModelError, ModelFaultsError
from procurement.cli.commands import COMMANDS, module_of
from procurement.cli.errors import BadCaseError
from procurement.errors import JicaiError
from procurement.rounds.folder import BadFolderError
from rulebooks.errors import RulebookError

BAD_INPUT = 2
"""Exit status of every refusal; the faults are on standard error, one a line."""

Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words after ``jicai``; those of the process unless given.

    Returns:
        The exit status: 0, or 2 for bad input.

    Examples:
        >>> main(["rulebooks", "no-such-rulebook"])
        2
    """
    words = sys.argv[1:] if arguments is None else arguments
    parsed = _parser(words[0] if words else "").parse_args(words)
    run: Run = parsed.run
    try:
        return run(parsed)
    except (BadFolderError, BadCaseError, ModelFaultsError) as refusal:
        return _refuse(str(refusal))
    except (BiddingError, ModelError, RulebookError, JicaiError) as refusal:
        return _refuse(f"jicai {parsed.command}: {refusal}")
    except BrokenPipeError:
        # The reader (a pager, head) has seen enough.
        sys.stderr.close()
        return 0


def _refuse(faults: str) -> int:
    print(faults, file=sys.stderr)
    return BAD_INPUT


def _parser(asked: str) -> argparse.ArgumentParser:
    """Return the parser of all commands; only the one that is asked for is loaded."""
    parser = argparse.ArgumentParser(
        prog="jicai", description="集采 Jicai: drug procurement by published rules"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        if name == asked:
            import_module(module_of(name)).add(commands)
        else:
            commands.add_parser(name, help=summary)
    return parser
