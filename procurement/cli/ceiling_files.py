"""Files of ``jicai ceiling``: a workbook with live formulas, and the dossier as PDF."""

import argparse
from pathlib import Path

from pricing.model_file import Model
from pricing.negotiation_report import Report
from procurement.clock import now
from procurement.errors import JicaiError
from procurement.negotiations.outputs import dossier_of, make_workbook, print_dossier


class FileNotWrittenError(JicaiError):
    """A file that was asked for could not be written."""


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the options that name files."""
    parser.add_argument(
        "--xlsx",
        type=Path,
        metavar="FILE",
        help="write a workbook with live formulas, in the language of the output",
    )
    parser.add_argument(
        "--pdf",
        type=Path,
        metavar="FILE",
        help="write the dossier with charts, assumptions and checklists, in that language",
    )


def write_files(arguments: argparse.Namespace, model: Model, report: Report) -> None:
    """Write the files that the options name; none without them.

    Raises:
        FileNotWrittenError: One of them could not be written.
        FontsMissingError: A PDF needs Chinese fonts that the machine lacks.
    """
    if arguments.xlsx is None and arguments.pdf is None:
        return
    dossier, language, moment = dossier_of(model, report), arguments.lang, now()
    if arguments.xlsx is not None:
        content = make_workbook(model, report, dossier, language=language, moment=moment)
        _write(arguments.xlsx, content)
    if arguments.pdf is not None:
        _write(arguments.pdf, print_dossier(dossier, language=language, moment=moment))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or "cannot be written"
        raise FileNotWrittenError(f"{path}: {reason}: expected a file to write") from error
