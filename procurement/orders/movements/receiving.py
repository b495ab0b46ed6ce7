"""Taking in stock movements that a hospital sent: all of them, or nothing with every fault."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.movements.cells import Value
from procurement.orders.movements.deleting import delete_records, targets_of
from procurement.orders.movements.errors import FileTwiceError
from procurement.orders.movements.fields import layout
from procurement.orders.movements.kinds import MovementKind, MovementStatus
from procurement.orders.movements.reading import SentMovements, SentRow, place
from procurement.orders.movements.row_rules import (
    MOMENT_FIELDS,
    PRICE_FIELDS,
    QUANTITY_FIELDS,
    happened_on,
    record_key,
)
from procurement.orders.movements.settling import settle_purchases, settle_returns
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.orders.numbers import hold_hospital
from procurement.permissions import Actor

CHUNK = 500

_COLUMNS: Mapping[str, str] = {
    "code": "med_list_codg",
    "own_code": "fixmedins_hilist_id",
    "name": "fixmedins_hilist_name",
    "serial": "fixmedins_bchno",
    "note_number": "dynt_no",
    "seller": "spler_name",
    "maker": "prodentp_name",
    "approval_number": "aprvno",
    "batch_number": "manu_lotnum",
    "invoice_code": "purc_invo_codg",
    "invoice_number": "purc_invo_no",
}
"""Columns of their own; everything else is kept as JSON."""

_ORIGINALS = ("medins_prod_purc_no", "medins_prod_sel_no")


@dataclass(frozen=True, slots=True)
class _Taking:
    """What is being taken in."""

    session: Session
    hospital: Organisation
    sent: SentMovements
    moment: datetime

    @property
    def today(self) -> date:
        """The present day in China."""
        return day_in_china(self.moment)


def receive_movements(
    session: Session,
    *,
    hospital_id: int,
    sent: SentMovements,
    actor: Actor,
    moment: datetime,
) -> MovementFile:
    """Store what a hospital sent, and decide what its purchases are.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Whose movements they are.
        sent: What was read, see `procurement.orders.movements.reading`.
        actor: Who sent it.
        moment: Now.

    Raises:
        InvalidInputError: Something is wrong with records; every fault is listed, nothing stored.
        FileTwiceError: The same content was sent before.
    """
    # Returns, deletions and twins are compared with what is there: one file after the other.
    hold_hospital(session, hospital_id=hospital_id)
    hospital = session.get(Organisation, hospital_id)
    if hospital is None or hospital.kind != OrganisationKind.HOSPITAL:
        zh, en = "没有这家医疗机构。", "There is no such hospital."
        raise InvalidInputError([FieldFault("hospital_id", zh, en)])
    _refuse_twin(session, hospital_id, sent)
    taking = _Taking(session, hospital, sent, moment)
    targets = targets_of(session, hospital_id=hospital_id, sent=sent)
    faults = [*_day_faults(taking), *_twin_faults(taking), *targets.faults]
    if faults:
        raise InvalidInputError(faults)
    file = _file(taking, actor)
    movements = [_movement(taking, file, row) for row in sent.rows]
    session.add_all(movements)
    session.flush()
    _settle(taking, movements)
    if sent.kind is MovementKind.DELETION:
        delete_records(session, deletions=movements, targets=targets, moment=moment)
    _sum_up(file, movements)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="upload-movements",
        subject=f"movement-file/{file.id}",
        facts={"digest": file.digest, "kind": file.kind, "lines": str(file.lines)},
        moment=moment,
    )
    return file


def _refuse_twin(session: Session, hospital_id: int, sent: SentMovements) -> None:
    twin = session.scalars(
        select(MovementFile).where(
            MovementFile.hospital_id == hospital_id, MovementFile.digest == sent.digest
        )
    ).one_or_none()
    if twin is not None:
        raise FileTwiceError(
            file_id=twin.id, file_name=twin.file_name, sent_on=day_in_china(twin.sent_at)
        )


def _day_faults(taking: _Taking) -> Iterator[FieldFault]:
    for row in taking.sent.rows:
        day = happened_on(taking.sent.kind, row.values)
        if day is not None and day > taking.today:
            name = MOMENT_FIELDS[taking.sent.kind]
            yield FieldFault(place(row.line, name), "在今天之后。", "Lies after today.")


def _twin_faults(taking: _Taking) -> Iterator[FieldFault]:
    """Records that are there already, or twice in what was sent."""
    kind = taking.sent.kind
    if kind is MovementKind.DELETION:
        return
    lines: dict[str, int] = {}
    for row in taking.sent.rows:
        key = record_key(kind, row.values)
        first = lines.setdefault(key, row.line)
        if first != row.line:
            yield FieldFault(
                place(row.line, "fixmedins_bchno"),
                f"与第 {first} 行重复。",
                f"The same record as line {first}.",
            )
    keys = list(lines)
    for start in range(0, len(keys), CHUNK):
        known = taking.session.execute(
            select(StockMovement.record_key, StockMovement.file_id).where(
                StockMovement.hospital_id == taking.hospital.id,
                StockMovement.record_key.in_(keys[start : start + CHUNK]),
                StockMovement.status != MovementStatus.DELETED,
            )
        )
        for key, file_id in known:
            yield FieldFault(
                place(lines[key], "fixmedins_bchno"),
                f"该批次流水号已上传（第 {file_id} 号）；如需更正，请先用 3507 删除。",
                f"This record was sent before (number {file_id}); to correct it, delete it first.",
            )


def _file(taking: _Taking, actor: Actor) -> MovementFile:
    sent = taking.sent
    file = MovementFile(
        hospital_id=taking.hospital.id,
        kind=sent.kind,
        counted_in=sent.counted_in,
        digest=sent.digest,
        file_name=sent.file_name,
        lines=len(sent.rows),
        matched=0,
        counted=0,
        unclear=0,
        sent_by=actor.person_id,
        sent_at=taking.moment,
    )
    taking.session.add(file)
    taking.session.flush()
    return file


def _movement(taking: _Taking, file: MovementFile, row: SentRow) -> StockMovement:
    kind, values = taking.sent.kind, row.values
    own = {column: str(values.get(name, "")) for column, name in _COLUMNS.items()}
    original = next((str(values[name]) for name in _ORIGINALS if name in values), "")
    key = f"{kind.value}:{file.id}:{row.line}"
    return StockMovement(
        **own,
        file_id=file.id,
        line=row.line,
        hospital_id=taking.hospital.id,
        kind=kind,
        record_key=key if kind is MovementKind.DELETION else record_key(kind, values),
        original_serial=original,
        happened_on=happened_on(kind, values) or taking.today,
        quantity=_decimal(values.get(QUANTITY_FIELDS.get(kind, ""))),
        price=_decimal(values.get(PRICE_FIELDS.get(kind, ""))),
        fields=_rest(kind, values),
        status=MovementStatus.KEPT,
        reason_zh="",
        reason_en="",
    )


def _decimal(value: Value | None) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _rest(kind: MovementKind, values: Mapping[str, Value]) -> str:
    """All fields without a column, as JSON; people's names and numbers are not among them."""
    fields = layout(kind)
    columns = {*_COLUMNS.values(), *_ORIGINALS}
    rest = {
        name: str(value)
        for name, value in values.items()
        if name not in columns and not fields[name].is_personal
    }
    return json.dumps(rest, ensure_ascii=False, sort_keys=True)


def _settle(taking: _Taking, movements: Sequence[StockMovement]) -> None:
    settle = {
        MovementKind.PURCHASE: settle_purchases,
        MovementKind.PURCHASE_RETURN: settle_returns,
    }.get(taking.sent.kind)
    if settle is not None:
        settle(
            taking.session,
            hospital=taking.hospital,
            movements=movements,
            counted_in=taking.sent.counted_in,
            moment=taking.moment,
        )


def _sum_up(file: MovementFile, movements: Sequence[StockMovement]) -> None:
    file.matched = sum(one.status == MovementStatus.MATCHED for one in movements)
    file.counted = sum(one.status == MovementStatus.COUNTED for one in movements)
    file.unclear = sum(one.status == MovementStatus.UNCLEAR for one in movements)
