"""What several commands share: their help pages, and the arguments that name a round folder."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bidding.wording import LANGUAGES
from procurement.cli.commands import COMMANDS
from procurement.rounds.folder import GovernedRound, RoundFolder, govern, read_folder


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    example: str,
) -> argparse.ArgumentParser:
    """Add a command with its one-line summary and an example of use.

    Args:
        commands: Where commands are added.
        name: The command's word, one of `procurement.cli.commands.COMMANDS`.
        run: Carries it out.
        example: A line that can be typed.

    Returns:
        Its parser, for further arguments.
    """
    parser = commands.add_parser(
        name,
        help=COMMANDS[name],
        description=COMMANDS[name],
        epilog=f"example:  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="language of the output")
    parser.add_argument("--json", action="store_true", help="print one JSON document, nothing else")
    return parser


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a command that reads a round folder."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a round folder")
    add_encoding(parser)


def add_encoding(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says how the files of a round folder are encoded."""
    parser.add_argument(
        "--encoding",
        choices=("utf-8", "gb18030"),
        default="utf-8",
        help="of the folder's files; utf-8 unless given",
    )


def folder_of(arguments: argparse.Namespace) -> RoundFolder:
    """Read the round folder that the arguments name.

    Raises:
        BadFolderError: With every fault in it.
    """
    return read_folder(arguments.folder, encoding=arguments.encoding)


def round_of(arguments: argparse.Namespace) -> GovernedRound:
    """Read the round folder that the arguments name, with the rules that govern it.

    Raises:
        BadFolderError: With every fault in it.
    """
    return govern(arguments.folder, encoding=arguments.encoding)
