"""Importing a file: read and checked first, with every fault shown; stored by a second step."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.audit import record
from procurement.catalogue.checking import standing_faults
from procurement.catalogue.file_checks import file_faults
from procurement.catalogue.reading import ENCODINGS, Line, LineFault, read_file
from procurement.catalogue.rules import ProductFacts, read_product
from procurement.catalogue.standing import Standing, lock_catalogue, read_standing
from procurement.catalogue.tables import CatalogueImport
from procurement.catalogue.writing import is_unchanged, write_products
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError

FILENAME_MAX = 200


class ImportFaultyError(RefusedError):
    """The file has faults; nothing of it is stored."""

    def __init__(self, count: int) -> None:
        """Keep how many there are."""
        super().__init__(
            zh=f"文件有 {count} 处需要更正，未写入目录。请更正后重新上传。",
            en=f"The file has {count} faults and nothing was stored. Mend it and upload it again.",
        )
        self.count = count


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a file would do to the catalogue.

    Attributes:
        lines: As read.
        faults: All of them, in the order of rows and columns.
        facts: Of the lines without faults of their own, in order.
        added: Products that would be new.
        changed: Products that would have another value.
    """

    lines: Sequence[Line]
    faults: Sequence[LineFault]
    facts: Sequence[ProductFacts]
    added: int
    changed: int


def upload_file(
    session: Session,
    *,
    filename: str,
    content: bytes,
    encoding: str,
    actor: Actor,
    moment: datetime,
) -> CatalogueImport:
    """Read and check a file and keep what was found; the catalogue itself is not touched.

    Args:
        session: Session of the caller's transaction.
        filename: As the user's computer called it.
        content: The whole file.
        encoding: Of a CSV file: ``utf-8`` or ``gb18030``.
        actor: Who uploads it.
        moment: When.

    Returns:
        The upload, with its lines, its faults and what applying it would do.

    Raises:
        InvalidInputError: The encoding is none of the two.
    """
    if encoding not in ENCODINGS:
        raise InvalidInputError(
            [FieldFault("encoding", "应为 utf-8 或 gb18030。", "Expected utf-8 or gb18030.")]
        )
    read = read_file(content, encoding=encoding)
    checked = check_lines(session, read.lines, faults=read.faults, missing=read.missing)
    upload = CatalogueImport(
        filename=filename.strip()[:FILENAME_MAX] or "-",
        digest=sha256(content).hexdigest(),
        lines=json.dumps([asdict(line) for line in read.lines], ensure_ascii=False),
        line_count=len(read.lines),
        uploaded_by=actor.person_id,
        uploaded_at=moment,
    )
    _keep(upload, checked)
    session.add(upload)
    session.flush()
    return upload


def apply_upload(
    session: Session, *, upload_id: int, actor: Actor, moment: datetime
) -> CatalogueImport:
    """Store the lines of an upload in the catalogue, all of them or none; once.

    The lines are checked again, since the catalogue may have changed after the preview. Where
    that finds faults, they are kept for the page and nothing is stored.

    Args:
        session: Session of the caller's transaction.
        upload_id: As `upload_file` made it.
        actor: Who decides.
        moment: When.

    Returns:
        The upload; ``applied_at`` is set where its lines are stored, now or earlier.

    Raises:
        NotFoundForActorError: There is no such upload.
        ImportFaultyError: Its file already had faults when it was uploaded.
    """
    lock_catalogue(session)
    upload = session.get(CatalogueImport, upload_id, with_for_update=True)
    if upload is None:
        raise NotFoundForActorError
    if upload.applied_at is not None:
        return upload
    if upload.fault_count:
        raise ImportFaultyError(upload.fault_count)
    checked = check_lines(session, lines_of(upload))
    if checked.faults:
        _keep(upload, checked)
        session.flush()
        return upload
    standing = read_standing(session, checked.facts)
    written = write_products(session, checked.facts, standing, moment=moment)
    upload.added, upload.changed = written.added, written.changed
    upload.applied_by, upload.applied_at = actor.person_id, moment
    session.flush()
    record(
        session,
        actor=actor,
        action="import-catalogue",
        subject=f"catalogue-import/{upload.id}",
        facts={
            "filename": upload.filename,
            "digest": upload.digest,
            "added": str(upload.added),
            "changed": str(upload.changed),
        },
        moment=moment,
    )
    return upload


def upload_of(session: Session, *, upload_id: int) -> CatalogueImport:
    """Return an upload.

    Raises:
        NotFoundForActorError: There is none.
    """
    upload = session.get(CatalogueImport, upload_id)
    if upload is None:
        raise NotFoundForActorError
    return upload


def own_upload(session: Session, *, upload_id: int, actor: Actor) -> CatalogueImport:
    """Return an upload of the actor's organisation: what another decides on is not there.

    Raises:
        NotFoundForActorError: The organisation has no such upload.
    """
    upload = upload_of(session, upload_id=upload_id)
    uploader = None if upload.uploaded_by is None else session.get(Person, upload.uploaded_by)
    if uploader is None or uploader.organisation_id != actor.organisation_id:
        raise NotFoundForActorError
    return upload


def recent_uploads(session: Session, *, actor: Actor, count: int = 20) -> Sequence[CatalogueImport]:
    """Return the newest uploads of the actor's organisation first."""
    newest = (
        select(CatalogueImport)
        .join(Person, Person.id == CatalogueImport.uploaded_by)
        .where(Person.organisation_id == actor.organisation_id)
        .order_by(CatalogueImport.id.desc())
        .limit(count)
    )
    return session.scalars(newest).all()


def lines_of(upload: CatalogueImport) -> list[Line]:
    """Return the lines of an upload as they were read."""
    return [Line(**line) for line in json.loads(upload.lines)]


def faults_of(upload: CatalogueImport) -> list[LineFault]:
    """Return the faults of an upload, in the order of rows and columns."""
    return [LineFault(**fault) for fault in json.loads(upload.faults)]


def check_lines(
    session: Session,
    lines: Sequence[Line],
    *,
    faults: Sequence[LineFault] = (),
    missing: frozenset[str] = frozenset(),
) -> CheckedFile:
    """Check lines by themselves, against each other and against the catalogue.

    Args:
        session: Any session.
        lines: Of one file.
        faults: Found while reading it.
        missing: Needed columns that the file lacks as a whole.

    Returns:
        Everything that is wrong and, where nothing is, what the lines would do.
    """
    found = list(faults)
    at_fault = {(fault.row, fault.column) for fault in faults}
    told: list[tuple[int, ProductFacts]] = []
    for line in lines:
        facts, wrong = read_product(line.cells)
        for one in wrong:
            # A cell that could not be read is not blamed twice.
            if one.field not in missing and (line.row, one.field) not in at_fault:
                found.append(LineFault(line.row, one.field, one.zh, one.en))
        if facts is not None:
            told.append((line.row, facts))
    facts_only = [facts for _row, facts in told]
    standing = read_standing(session, facts_only)
    found.extend(file_faults(told, standing))
    for row, facts in told:
        for one in standing_faults(facts, standing):
            found.append(LineFault(row, one.field, one.zh, one.en))
    found.sort(key=lambda fault: fault.row)
    added, changed = (0, 0) if found else _effect(facts_only, standing)
    return CheckedFile(lines, found, facts_only, added, changed)


def _effect(facts: Sequence[ProductFacts], standing: Standing) -> tuple[int, int]:
    products = [(one, standing.product_of(one)) for one in facts]
    added = sum(product is None for _facts, product in products)
    changed = sum(
        product is not None and not is_unchanged(one, product, standing)
        for one, product in products
    )
    return added, changed


def _keep(upload: CatalogueImport, checked: CheckedFile) -> None:
    upload.faults = json.dumps([asdict(fault) for fault in checked.faults], ensure_ascii=False)
    upload.fault_count = len(checked.faults)
    upload.added, upload.changed = checked.added, checked.changed
