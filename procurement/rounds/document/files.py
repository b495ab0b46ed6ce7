"""The files of a version: as they were issued, else printed anew from its stored content."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.database import text_digest
from procurement.rounds.document.as_json import read_json, write_json
from procurement.rounds.document.clause import Document
from procurement.rounds.document.paper import lay_out
from procurement.rounds.document.pdf import families, missing_fonts, print_pdf
from procurement.rounds.document.tables import DocumentFile, RoundDocument
from procurement.rounds.document.word import print_word

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""Media type by format."""


def store_files(session: Session, *, version: RoundDocument, document: Document) -> None:
    """Keep the Chinese Word file and PDF of a version as they are issued.

    Without the fonts the PDF is left out: a round is not held up by a machine's fonts. It is
    printed from the stored content as soon as a machine has them.

    Args:
        session: Session of the caller's transaction.
        version: The stored version.
        document: What is issued: the document, or an amendment's notice.
    """
    formats = ["docx"] if missing_fonts(families()) else ["docx", "pdf"]
    for name in formats:
        body = printed(document, version, name, language="zh")
        digest = hashlib.sha256(body).hexdigest()
        session.add(DocumentFile(document_id=version.id, format=name, body=body, digest=digest))
    session.flush()


def file_of(
    session: Session,
    *,
    version: RoundDocument,
    form: str,
    language: str = "zh",
    whole: bool = False,
) -> bytes:
    """A file of a version.

    Args:
        session: Any session.
        version: The version.
        form: ``docx`` or ``pdf``.
        language: ``zh``, in which it was issued, or ``en``.
        whole: Of an amendment, the whole document as amended and not its notice.

    Raises:
        FontsMissingError: A PDF is to be printed, and the machine lacks the fonts.
    """
    is_issued = language == "zh" and not (whole and version.notice is not None)
    if is_issued:
        stored = select(DocumentFile.body).where(
            DocumentFile.document_id == version.id, DocumentFile.format == form
        )
        body = session.scalars(stored).one_or_none()
        if body is not None:
            return body
    text = version.content if whole or version.notice is None else version.notice
    return printed(read_json(text), version, form, language=language)


def issued_digests(session: Session, *, version: RoundDocument) -> dict[str, str]:
    """SHA-256 of the files that were issued, by format."""
    files = select(DocumentFile.format, DocumentFile.digest).where(
        DocumentFile.document_id == version.id
    )
    return {form: digest for form, digest in session.execute(files)}


def printed(document: Document, version: RoundDocument, form: str, *, language: str) -> bytes:
    """Print a document: equal contents give equal bytes."""
    paper = lay_out(document, digest=text_digest(write_json(document)), language=language)
    if form == "pdf":
        return print_pdf(paper, moment=version.made_at)
    return print_word(paper, moment=version.made_at)
