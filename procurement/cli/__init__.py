"""The command line: ``jicai COMMAND``; one module for each command."""

import argparse
import sys
from collections.abc import Callable, Sequence

from bidding.errors import BiddingError
from pricing.faults import ModelError, ModelFaultsError
from procurement.cli import (
    back_up,
    case,
    ceiling,
    coverage,
    demo,
    evaluate,
    invite,
    keys,
    lab,
    ocds,
    renewal,
    replay,
    restore,
    rulebooks,
    sandbox,
    seal,
    serve,
    settle,
    unseal,
    verify,
)
from procurement.cli.cases import BadCaseError
from procurement.errors import JicaiError
from procurement.rounds.folder import BadFolderError
from rulebooks.errors import RulebookError

COMMANDS = (
    demo,
    replay,
    evaluate,
    lab,
    ceiling,
    case,
    renewal,
    rulebooks,
    settle,
    coverage,
    serve,
    sandbox,
    invite,
    back_up,
    restore,
    seal,
    verify,
    unseal,
    keys,
    ocds,
)
"""Each module adds its command's arguments (``add``) and carries it out (``run``)."""

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
    parsed = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jicai", description="集采 Jicai: drug procurement by published rules"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser
