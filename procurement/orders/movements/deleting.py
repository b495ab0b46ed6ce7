"""Taking records back (3507): they stay, marked, and what was counted is corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault
from procurement.orders.movements.kinds import DELETES, MovementKind, MovementStatus
from procurement.orders.movements.reading import SentMovements, SentRow, place
from procurement.orders.movements.settling import take_back_counted
from procurement.orders.movements.tables import MovementFile, StockMovement


@dataclass(frozen=True, slots=True)
class Targets:
    """What deletions are about.

    Attributes:
        by_line: Records that each line takes back.
        faults: Why lines take back nothing.
    """

    by_line: Mapping[int, Sequence[StockMovement]]
    faults: Sequence[FieldFault]


def targets_of(session: Session, *, hospital_id: int, sent: SentMovements) -> Targets:
    """Find the records that deletions name by serial and type; of other kinds none."""
    by_line: dict[int, Sequence[StockMovement]] = {}
    faults: list[FieldFault] = []
    seen: dict[int, int] = {}
    for row in sent.rows if sent.kind is MovementKind.DELETION else ():
        found = _live(session, hospital_id, row)
        by_line[row.line] = found
        if not found:
            faults.append(_missing(row))
        for record in found:
            first = seen.setdefault(record.id, row.line)
            if first != row.line:
                faults.append(_twice(row, first))
            elif _has_returns(session, record):
                faults.append(_has_return(row))
    return Targets(by_line, faults)


def delete_records(
    session: Session, *, deletions: Sequence[StockMovement], targets: Targets, moment: datetime
) -> None:
    """Mark the records that deletions name, and correct what was counted.

    Args:
        session: Session of the caller's transaction.
        deletions: Stored deletions.
        targets: What they are about.
        moment: Now.
    """
    for deletion in deletions:
        for record in targets.by_line[deletion.line]:
            if record.status == MovementStatus.COUNTED:
                take_back_counted(session, movement=record, moment=moment)
            record.status = MovementStatus.DELETED
            deletion.original_id = record.id
    session.flush()
    _free_files(session, [one for some in targets.by_line.values() for one in some])


def _free_files(session: Session, records: Sequence[StockMovement]) -> None:
    """Let the content of a file be sent again once all its records are taken back."""
    for file_id in sorted({record.file_id for record in records}):
        live = select(StockMovement.id).where(
            StockMovement.file_id == file_id, StockMovement.status != MovementStatus.DELETED
        )
        if session.scalar(live.limit(1)) is None:
            file = session.get_one(MovementFile, file_id)
            # Short enough for the column, and no digest: it stands for nothing any more.
            file.digest = f"{file.digest[:40]} deleted {file.id}"
    session.flush()


def _live(session: Session, hospital_id: int, row: SentRow) -> Sequence[StockMovement]:
    kinds = DELETES[str(row.values["inv_data_type"])]
    return session.scalars(
        select(StockMovement)
        .where(
            StockMovement.hospital_id == hospital_id,
            StockMovement.serial == str(row.values["fixmedins_bchno"]),
            StockMovement.kind.in_(kinds),
            StockMovement.status != MovementStatus.DELETED,
        )
        .order_by(StockMovement.id)
    ).all()


def _has_returns(session: Session, record: StockMovement) -> bool:
    returns = select(StockMovement.id).where(
        StockMovement.original_id == record.id,
        StockMovement.kind == MovementKind.PURCHASE_RETURN,
        StockMovement.status != MovementStatus.DELETED,
        # A return with the same serial goes with its purchase.
        StockMovement.serial != record.serial,
    )
    return session.scalar(returns.limit(1)) is not None


def _missing(row: SentRow) -> FieldFault:
    return FieldFault(
        place(row.line, "fixmedins_bchno"), "没有上传过该记录。", "No such record was sent."
    )


def _twice(row: SentRow, first: int) -> FieldFault:
    return FieldFault(
        place(row.line, "fixmedins_bchno"),
        f"与第 {first} 行重复。",
        f"The same record as line {first}.",
    )


def _has_return(row: SentRow) -> FieldFault:
    return FieldFault(
        place(row.line, "fixmedins_bchno"),
        "该采购已有退货记录，请先删除退货记录。",
        "A return of this purchase was sent: delete that first.",
    )
