"""Rows of a file that could not be taken over: kept as typed, mended later, or dropped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.permissions import NotFoundForActorError
from procurement.volumes.cells import clean, storable
from procurement.volumes.filling.rows import CellFault
from procurement.volumes.tables import VolumeUpload, VolumeUploadFault

CELL_MAX = 500
"""Characters of a cell that are kept: more is no need and no explanation."""


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row with its cells as typed, and what is wrong with which of them."""

    number: int
    cells: Mapping[str, str]
    faults: Sequence[CellFault]

    def faults_of(self, column: str) -> list[CellFault]:
        """What is wrong with one cell."""
        return [fault for fault in self.faults if fault.column == column]


def fault_values(
    *,
    upload_id: int,
    number: int,
    cells: Mapping[str, object],
    faults: Sequence[CellFault],
    hospital_id: int | None = None,
) -> dict[str, object]:
    """The values of a stored faulty row."""
    kept = {key: storable(clean(cell))[:CELL_MAX] for key, cell in cells.items()}
    return {
        "upload_id": upload_id,
        "row_number": number,
        "hospital_id": hospital_id,
        "cells": json.dumps(kept, ensure_ascii=False),
        "faults": json.dumps(
            [[fault.column, fault.zh, fault.en] for fault in faults], ensure_ascii=False
        ),
    }


def faulty_rows(
    session: Session, *, upload_id: int, after: int = 0, size: int | None = None
) -> list[FaultyRow]:
    """Return the rows that are still to be mended, in the order of the file."""
    rows = session.scalars(
        select(VolumeUploadFault)
        .where(VolumeUploadFault.upload_id == upload_id, VolumeUploadFault.mended_at.is_(None))
        .where(VolumeUploadFault.row_number > after)
        .order_by(VolumeUploadFault.row_number)
        .limit(size)
    )
    return [as_row(row) for row in rows]


def unmended_upload(session: Session, *, report_id: int) -> int | None:
    """Return the newest form of a report that has rows still to be mended; None if none has."""
    newest = (
        select(VolumeUpload.id)
        .join(VolumeUploadFault, VolumeUploadFault.upload_id == VolumeUpload.id)
        .where(VolumeUpload.report_id == report_id, VolumeUploadFault.mended_at.is_(None))
        .order_by(VolumeUpload.id.desc())
        .limit(1)
    )
    return session.scalar(newest)


def as_row(row: VolumeUploadFault) -> FaultyRow:
    """Read a stored row."""
    faults = [CellFault(*fault) for fault in json.loads(row.faults)]
    return FaultyRow(row.row_number, json.loads(row.cells), faults)


def drop_rows(
    session: Session, *, upload: VolumeUpload, numbers: Sequence[int], moment: datetime
) -> None:
    """Do without some rows of a form; they stay on record as they were."""
    for row in _rows(session, upload.id, numbers):
        row.mended_at = moment
    session.flush()


def _rows(session: Session, upload_id: int, numbers: Sequence[int]) -> Sequence[VolumeUploadFault]:
    return session.scalars(
        select(VolumeUploadFault).where(
            VolumeUploadFault.upload_id == upload_id, VolumeUploadFault.row_number.in_(numbers)
        )
    ).all()


def upload_of(session: Session, *, upload_id: int) -> VolumeUpload:
    """Return an upload.

    Raises:
        NotFoundForActorError: There is none.
    """
    upload = session.get(VolumeUpload, upload_id)
    if upload is None:
        raise NotFoundForActorError
    return upload
