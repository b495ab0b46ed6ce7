"""Factors from a CSV file: every fault at once, and with one bad line nothing is stored."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError
from procurement.files import csv_writer
from procurement.permissions import Actor
from procurement.savings.settlements.factor_values import FACTORS, FactorValues, read_factors
from procurement.savings.settlements.factors import (
    ALL,
    PRICE_WITHOUT_STRENGTH,
    Place,
    open_for_factors,
    store_factors,
    with_known,
)
from procurement.savings.settlements.lines import Supply, supplies_of
from procurement.savings.settlements.terms import TermView, in_region, terms_of
from procurement.savings.tables import SavingsSettlement

HOSPITAL, BATCH, LOT, PRODUCT, STRENGTH = "hospital", "batch", "lot", "product", "strength"
COLUMNS = (HOSPITAL, BATCH, LOT, PRODUCT, STRENGTH, *FACTORS)
LINES_MAX = 200_000
FAULTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of a file may name."""

    hospitals: Mapping[str, int]
    batches: Mapping[str, int]
    strengths: Mapping[tuple[str, str], int]


def give_factors_from_csv(
    session: Session,
    *,
    settlement: SavingsSettlement,
    content: bytes,
    actor: Actor,
    moment: datetime,
) -> int:
    """Take over the factors of a file; an empty cell leaves what was given before.

    An empty cell of ``hospital``, ``batch`` or ``strength`` stands for all. A hospital is named by
    its credit code, institution code or name; a strength by lot and strength.

    Returns:
        How many lines were taken over.

    Raises:
        InvalidInputError: With every fault, each with its line and column; nothing is stored.
    """
    locked = open_for_factors(session, settlement)
    terms = terms_of(session, settlement=locked)
    supplies = supplies_of(session, term_ids=[one.term_id for one in terms])
    rows, faults = _read(content, _known(session, locked, terms, supplies))
    if faults:
        shown = faults[:FAULTS_SHOWN]
        if len(faults) > len(shown):
            more = len(faults) - len(shown)
            shown.append(FieldFault("file", f"另有 {more} 处错误。", f"{more} more faults."))
        raise InvalidInputError(shown)
    complete = with_known(session, settlement=locked, rows=rows)
    store_factors(session, settlement=locked, rows=complete, actor=actor, moment=moment)
    return len(rows)


def factor_template(session: Session, *, settlement: SavingsSettlement) -> bytes:
    """Make a file to be filled in: one line for each batch-year and strength."""
    terms = terms_of(session, settlement=settlement)
    batches = {one.term_id: one.batch for one in terms}
    sheet = io.StringIO()
    writer = csv_writer(sheet)
    writer.writerow(COLUMNS)
    seen = set()
    for one in supplies_of(session, term_ids=list(batches)).values():
        names = (batches[one.term_id], one.lot, one.product, one.strength)
        if names not in seen:
            writer.writerow(["", *names, *("" for _ in FACTORS)])
        seen.add(names)
    # Spreadsheets take a file for UTF-8 only if it says so.
    return sheet.getvalue().encode("utf-8-sig")


def _known(
    session: Session,
    settlement: SavingsSettlement,
    terms: Sequence[TermView],
    supplies: Mapping[int, Supply],
) -> _Known:
    hospitals: dict[str, int] = {}
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.institution_code,
            Organisation.credit_code,
        )
        .where(Organisation.kind == OrganisationKind.HOSPITAL, in_region(settlement.region))
        .order_by(Organisation.id)
    )
    for hospital_id, *names in rows:
        hospitals |= {name: hospital_id for name in names if name}
    return _Known(
        hospitals=hospitals,
        batches={one.batch: one.term_id for one in terms},
        strengths={(one.lot, one.strength): one.strength_id for one in supplies.values()},
    )


def _read(content: bytes, known: _Known) -> tuple[dict[Place, FactorValues], list[FieldFault]]:
    faults: list[FieldFault] = []
    rows: dict[Place, FactorValues] = {}
    for line, cells in _lines(content, faults):
        place, wrong = _place(line, cells, known)
        values, more = read_factors(cells, place=lambda name, line=line: _at(line, name))  # type: ignore[misc]
        wrong += more
        if values.price_before is not None and not place[2]:
            zh, en = PRICE_WITHOUT_STRENGTH.zh, PRICE_WITHOUT_STRENGTH.en
            wrong.append(FieldFault(_at(line, STRENGTH), zh, en))
        if values.is_empty and not more:
            wrong.append(FieldFault(_at(line, ""), "没有给出任何系数。", "It gives no factor."))
        if place in rows and not wrong:
            zh, en = "与前面的一行重复。", "The same line stands there already."
            wrong.append(FieldFault(_at(line, ""), zh, en))
        faults += wrong
        rows[place] = values
    if not rows and not faults:
        faults.append(FieldFault("file", "文件没有数据行。", "The file has no line."))
    return rows, faults


def _lines(content: bytes, faults: list[FieldFault]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines with their number; faults of the file as a whole are noted."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(FieldFault("file", "须为 UTF-8 编码的 CSV。", "Expected CSV in UTF-8."))
        return
    reader = csv.reader(io.StringIO(text.replace("\x00", "�"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _is_header(header, faults):
            return
        for number, cells in enumerate(reader, start=2):
            if number > LINES_MAX:
                zh, en = f"最多 {LINES_MAX} 行。", f"At most {LINES_MAX} lines."
                faults.append(FieldFault("file", zh, en))
                return
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                zh = f"有 {len(cells)} 格，表头有 {len(header)} 格。"
                en = f"It has {len(cells)} cells, the header has {len(header)}."
                faults.append(FieldFault(_at(number, ""), zh, en))
                continue
            yield number, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        line = reader.line_num
        faults.append(FieldFault(_at(line, ""), f"不是 CSV：{error}。", f"No CSV: {error}."))


def _is_header(header: Sequence[str], faults: list[FieldFault]) -> bool:
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if header.count(name) > 1})
    expected = ", ".join(COLUMNS)
    for name in unknown:
        zh, en = f"不是本文件的列；应为 {expected}。", f"It is no column; expected {expected}."
        faults.append(FieldFault(_at(1, name[:40]), zh, en))
    for name in twice:
        faults.append(FieldFault(_at(1, name[:40]), "列重复。", "The column is there twice."))
    if not set(header) & set(FACTORS) and not unknown:
        zh, en = f"没有系数列；应有 {expected}。", f"No column of factors; expected {expected}."
        faults.append(FieldFault(_at(1, ""), zh, en))
    return not unknown and not twice and bool(set(header) & set(FACTORS))


def _place(line: int, cells: Mapping[str, str], known: _Known) -> tuple[Place, list[FieldFault]]:
    wrong: list[FieldFault] = []
    hospital, batch, lot, strength = (
        cells.get(name, "").strip() for name in (HOSPITAL, BATCH, LOT, STRENGTH)
    )
    hospital_id = known.hospitals.get(hospital, ALL)
    if hospital and not hospital_id:
        zh = f"本地区没有医疗机构“{hospital[:40]}”。"
        en = f"There is no hospital “{hospital[:40]}” in the region."
        wrong.append(FieldFault(_at(line, HOSPITAL), zh, en))
    term_id = known.batches.get(batch, ALL)
    if batch and not term_id:
        expected = ", ".join(known.batches)
        zh, en = f"不是本次清算的批次年度；应为 {expected}。", f"Expected one of {expected}."
        wrong.append(FieldFault(_at(line, BATCH), zh, en))
    strength_id = known.strengths.get((lot, strength), ALL)
    if (lot or strength) and not strength_id:
        zh = f"没有品规“{lot[:30]} {strength[:30]}”。"
        en = f"There is no strength “{lot[:30]} {strength[:30]}” in the settlement."
        wrong.append(FieldFault(_at(line, STRENGTH), zh, en))
    return (hospital_id, term_id, strength_id), wrong


def _at(line: int, column: str) -> str:
    return f"line {line}, {column}" if column else f"line {line}"
