"""Taking over a published list: read and checked first, proposed by a second step.

Every line says how one drug stands from the decision's day on. What differs from the list becomes
a line of a decision that a second person confirms; what is the same is passed over. A list that is
said to be whole takes off what it does not name.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.listed.columns import COLUMNS, FIELD_NAMES, cell_text
from procurement.pharmacies.listed.kinds import Control
from procurement.pharmacies.listed.matching import drugs_by_name, find_drug
from procurement.pharmacies.listed.proposing import LINES_MAX, propose
from procurement.pharmacies.listed.reading import read_typed
from procurement.pharmacies.listed.service import Listed, listed_on
from procurement.pharmacies.listed.tables import ListDecision, ListImport
from procurement.pharmacies.listed.terms import DecisionDraft, LineDraft, Terms, terms_of
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.sheets import ENCODINGS, SheetRow, read_sheet

BYTES_MAX = 5_000_000
NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at one place of a file.

    Attributes:
        row: As a spreadsheet counts, from 1; 0 for the file as a whole.
        column: Key of the column; empty for the whole row.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.
    """

    row: int
    column: str
    zh: str
    en: str

    @property
    def place(self) -> tuple[str, str]:
        """Row and column in Chinese and in English."""
        zh, en = FIELD_NAMES.get(self.column, (self.column, self.column))
        if not self.row:
            return "文件", "file"
        return f"第 {self.row} 行 {zh}".rstrip(), f"row {self.row}, {en}".rstrip(", ")


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of a file: its row and what stands in its cells, by column."""

    row: int
    cells: Mapping[str, str]


def upload_list(
    session: Session,
    *,
    filename: str,
    content: bytes,
    encoding: str,
    actor: Actor,
    moment: datetime,
) -> ListImport:
    """Read a file and keep what was found; nothing is decided yet.

    Args:
        session: Session of the caller's transaction.
        filename: As the user's computer called it.
        content: The whole file: CSV or Excel.
        encoding: Of a CSV file.
        actor: Who uploads it, for the list of the own region.
        moment: When, aware.

    Returns:
        The upload with its lines and every fault that its cells have.

    Raises:
        InvalidInputError: The encoding is none that is known, or the file is too large.
    """
    if encoding not in ENCODINGS:
        raise _whole("encoding", "应为 utf-8 或 gb18030。", "Expected utf-8 or gb18030.")
    if len(content) > BYTES_MAX:
        most = BYTES_MAX // 1_000_000
        raise _whole("file", f"文件超过 {most} MB。", f"The file is larger than {most} MB.")
    lines, faults = _read(content, encoding)
    faults += _cell_faults(session, lines)
    upload = ListImport(
        region=actor.region,
        bureau_id=actor.organisation_id,
        filename=filename.strip()[:NAME_MAX] or "-",
        digest=sha256(content).hexdigest(),
        lines=json.dumps([asdict(one) for one in lines], ensure_ascii=False),
        faults="[]",
        line_count=len(lines),
        fault_count=0,
        uploaded_by=actor.person_id,
        uploaded_at=moment,
    )
    _keep(upload, faults)
    session.add(upload)
    session.flush()
    return upload


def propose_upload(
    session: Session,
    *,
    upload: ListImport,
    draft: DecisionDraft,
    is_whole: bool,
    actor: Actor,
    moment: datetime,
) -> ListDecision:
    """Propose what a file changes as a decision.

    Args:
        session: Session of the caller's transaction.
        upload: Without faults of its own.
        draft: Head of the decision; its lines are those of the file.
        is_whole: The file is the whole list: what it does not name leaves the list.
        actor: Who proposes.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault, by row and column or by field of the head; overlapping
            periods among them. Nothing is stored.
    """
    session.refresh(upload, with_for_update=True)
    if upload.decision_id is not None:
        decided = session.get_one(ListDecision, upload.decision_id)
        raise _whole(
            "file",
            f"该文件已提出为决定 {decided.number}。",
            f"The file was proposed before, as decision {decided.number}.",
        )
    if upload.fault_count:
        raise _whole(
            "file",
            f"文件有 {upload.fault_count} 处需要更正。",
            f"The file has {upload.fault_count} faults.",
        )
    rows, lines = _drafts(session, lines_of_upload(upload), draft)
    if is_whole:
        lines += _leaving(session, draft, lines)
    try:
        decision = propose(
            session, draft=replace(draft, lines=tuple(lines)), actor=actor, moment=moment
        )
    except InvalidInputError as refused:
        raise InvalidInputError([_at_row(fault, rows) for fault in refused.faults]) from refused
    upload.decision_id = decision.id
    session.flush()
    record(
        session,
        actor=actor,
        action="import-drug-list",
        subject=f"list-decision/{decision.number}",
        facts={
            "filename": upload.filename,
            "digest": upload.digest,
            "complete": "yes" if is_whole else "no",
        },
        moment=moment,
    )
    return decision


def lines_of_upload(upload: ListImport) -> list[FileLine]:
    """Return the lines of an upload as they were read."""
    return [FileLine(**one) for one in json.loads(upload.lines)]


def faults_of_upload(upload: ListImport) -> list[FileFault]:
    """Return the faults of an upload, in the order of rows."""
    return [FileFault(**one) for one in json.loads(upload.faults)]


def uploads_of(session: Session, *, bureau_id: int, count: int = 20) -> Sequence[ListImport]:
    """Return the newest uploads of a bureau first."""
    return session.scalars(
        select(ListImport)
        .where(ListImport.bureau_id == bureau_id)
        .order_by(ListImport.id.desc())
        .limit(count)
    ).all()


def upload_by_id(session: Session, *, upload_id: int) -> ListImport | None:
    """Return an upload, or None."""
    return session.get(ListImport, upload_id)


def _read(content: bytes, encoding: str) -> tuple[list[FileLine], list[FileFault]]:
    try:
        with closing(read_sheet(io.BytesIO(content), columns=COLUMNS, encoding=encoding)) as rows:
            lines = list(_lines(rows))
    except FileRefusedError as refused:
        return [], [FileFault(0, "", refused.zh, refused.en)]
    if not lines:
        return [], [FileFault(0, "", "没有数据行。", "There is no line of data.")]
    if len(lines) > LINES_MAX:
        zh, en = f"超过 {LINES_MAX} 行。", f"More than {LINES_MAX} lines."
        return [], [FileFault(0, "", zh, en)]
    return lines, []


def _lines(rows: Iterator[SheetRow]) -> Iterator[FileLine]:
    for number, row in enumerate(rows):
        if number > LINES_MAX:
            return
        yield FileLine(row.number, {key: cell_text(value) for key, value in row.cells.items()})


def _cell_faults(session: Session, lines: Sequence[FileLine]) -> list[FileFault]:
    known = drugs_by_name(session, names={one.cells.get("name", "") for one in lines})
    faults = []
    for line in lines:
        found = find_drug(line.cells.get("name", ""), line.cells.get("form", ""), known)
        own = [] if isinstance(found, GenericProduct) else [found]
        for fault in (*own, *read_typed(line.cells).faults):
            faults.append(FileFault(line.row, fault.field, fault.zh, fault.en))
    return faults


def _drafts(
    session: Session, lines: Sequence[FileLine], draft: DecisionDraft
) -> tuple[list[int], list[LineDraft]]:
    known = drugs_by_name(session, names={one.cells.get("name", "") for one in lines})
    held = _held(session, draft)
    rows, drafts = [], []
    for line in lines:
        generic = find_drug(line.cells.get("name", ""), line.cells.get("form", ""), known)
        if not isinstance(generic, GenericProduct):
            raise InvalidInputError([generic])
        brand = line.cells.get("brand", "")
        base = held.get((generic.id, brand))
        typed = read_typed(line.cells, base=None if base is None else _terms(base))
        rows.append(line.row)
        drafts.append(
            LineDraft(
                generic_product_id=generic.id,
                brand=brand,
                control=typed.control,
                terms=typed.terms,
                starts_on=typed.starts_on,
                ends_on=typed.ends_on,
                catalogue_number=line.cells.get("catalogue_number", ""),
                evidence=typed.evidence,
            )
        )
    return rows, drafts


def _terms(listed: Listed) -> Terms:
    return terms_of(listed.period)


def _held(session: Session, draft: DecisionDraft) -> dict[tuple[int, str], Listed]:
    """What is on this list, and on no other, on the decision's day."""
    return {
        (one.drug.generic_product_id, one.drug.brand): one
        for one in listed_on(session, region=draft.region, day=draft.in_force_from)
        if one.drug.region == draft.region
    }


def _leaving(session: Session, draft: DecisionDraft, lines: Sequence[LineDraft]) -> list[LineDraft]:
    named = {(line.generic_product_id, line.brand) for line in lines}
    return [
        LineDraft(generic_product_id=key[0], brand=key[1], control=Control.NONE, terms=None)
        for key in _held(session, draft)
        if key not in named
    ]


def _at_row(fault: FieldFault, rows: Sequence[int]) -> FieldFault:
    """Name the row of the file in the place of the line's number."""
    name, _, position = fault.field.rpartition("-")
    if not name or not position.isdigit():
        return fault
    number = int(position)
    if number > len(rows):
        return FieldFault("file", fault.zh, fault.en)
    row = rows[number - 1]
    column_zh, column_en = FIELD_NAMES.get(name, ("", ""))
    zh = fault.zh.partition("：")[2]
    en = fault.en.partition(": ")[2]
    return FieldFault("file", f"第 {row} 行 {column_zh}：{zh}", f"row {row}, {column_en}: {en}")


def _keep(upload: ListImport, faults: Sequence[FileFault]) -> None:
    in_order = sorted(faults, key=lambda one: one.row)
    upload.faults = json.dumps([asdict(one) for one in in_order], ensure_ascii=False)
    upload.fault_count = len(faults)


def _whole(name: str, zh: str, en: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(name, zh, en)])
