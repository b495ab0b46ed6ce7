"""What several commands share: their arguments, reading a folder, printing aligned text."""

import argparse
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from bidding.wording import LANGUAGES
from procurement.rounds.folder import RoundFolder, read_folder


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add a command with its one-line summary and an example of use.

    Args:
        commands: Where commands are added.
        name: The command's word.
        run: Carries it out.
        summary: One line.
        example: A line that can be typed.

    Returns:
        Its parser, for further arguments.
    """
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
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


def width(text: str) -> int:
    """Columns that a text takes in a terminal; Chinese characters take two.

    Examples:
        >>> width("集采 Jicai")
        10
    """
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def pad(text: str, columns: int) -> str:
    """A text filled up with blanks to so many columns; a minus sign aligns to the right."""
    blanks = " " * (abs(columns) - width(text))
    return blanks + text if columns < 0 else text + blanks


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned lines, without trailing blanks.

    Args:
        rows: Cells as text, the head first.
        right: Columns (from 0) that are aligned to the right.

    Examples:
        >>> table([["企业", "价"], ["甲", "12.5"]], right=[1])
        ['企业    价', '甲    12.5']
    """
    columns = range(len(rows[0]))
    widths = [max(width(row[column]) for row in rows) for column in columns]
    signed = [-widths[column] if column in right else widths[column] for column in columns]
    return ["  ".join(map(pad, row, signed)).rstrip() for row in rows]
