"""Statements as PDF, by Typst: one compiler prints as many as are wanted."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

import typst

from procurement.rounds.document.pdf import FontsMissingError, entry_of, families, missing_fonts
from procurement.savings.papers.content import SettlementContent, StatementContent
from procurement.savings.papers.written import Writer
from procurement.settings import resource_folder

TEMPLATE = "savings/statement.typ"
PDF = "application/pdf"


def print_statement(
    settlement: SettlementContent,
    statement: StatementContent,
    *,
    language: str,
    moment: datetime,
) -> bytes:
    """Print one statement as PDF; equal statements give equal bytes on one machine.

    Args:
        settlement: What all statements share.
        statement: What one hospital keeps.
        language: ``zh`` or ``en``.
        moment: Stands in the file's properties.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    return next(print_statements(settlement, [statement], language=language, moment=moment))


def print_statements(
    settlement: SettlementContent,
    statements: Iterable[StatementContent],
    *,
    language: str,
    moment: datetime,
) -> Iterator[bytes]:
    """Print statements one after the other, each as a PDF.

    Fonts are read and the template is parsed once: a start for each costs more than the page.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    missing = missing_fonts(families())
    if missing:
        raise FontsMissingError(missing)
    writer = Writer(settlement, language=language)
    folder = resource_folder("templates")
    compiler = typst.Compiler(str(folder / entry_of(TEMPLATE)), root=str(folder))
    # Typst takes whole seconds only.
    stamp = moment.replace(microsecond=0)
    for statement in statements:
        form = json.dumps(asdict(writer.write(statement)), ensure_ascii=False)
        printed = compiler.compile(
            format="pdf", sys_inputs={"form": form, "template": f"/{TEMPLATE}"}, timestamp=stamp
        )
        if not isinstance(printed, bytes):
            raise TypeError("typst gave pages instead of one PDF")
        yield printed
