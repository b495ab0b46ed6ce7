"""Past purchases from a bureau's file: one row for each hospital, strength, brand and year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct, ProductStrength
from procurement.database import MONEY_MAX
from procurement.volumes.bulk.hospitals import Hospitals, hospitals_of_division
from procurement.volumes.bulk.upserts import insert_or_leave, insert_or_update
from procurement.volumes.cells import Fault, clean, read_quantity
from procurement.volumes.filling.columns import (
    AMOUNT,
    BRAND,
    FORM,
    HOSPITAL,
    PRODUCT,
    QUANTITY,
    STRENGTH,
    YEAR,
    Column,
)
from procurement.volumes.filling.faulty_rows import fault_values
from procurement.volumes.filling.form_upload import manufacturers_of
from procurement.volumes.filling.rows import CellFault, name_key
from procurement.volumes.filling.sheets import SheetRow
from procurement.volumes.tables import PurchaseHistory, VolumeUpload, VolumeUploadFault

YEAR_MIN, YEAR_MAX = 2000, 2100

Cells = Mapping[str, object]
Found = dict[str, object]


@dataclass(frozen=True, slots=True)
class HistoryContext:
    """What every row is read against: hospitals, strengths and manufacturers by name."""

    hospitals: Hospitals
    strengths: Mapping[tuple[str, str, str], int]
    forms: Mapping[tuple[str, str], set[int]]
    brands: Mapping[str, int]


def load_history_context(session: Session, upload: VolumeUpload) -> HistoryContext:
    """Load the catalogue, the manufacturers and the hospitals, once for a file."""
    sender = session.get_one(Organisation, upload.organisation_id)
    strengths: dict[tuple[str, str, str], int] = {}
    forms: dict[tuple[str, str], set[int]] = {}
    rows = session.execute(
        select(
            ProductStrength.id,
            ProductStrength.label,
            GenericProduct.name,
            GenericProduct.printed_form,
        ).join(GenericProduct, GenericProduct.id == ProductStrength.generic_product_id)
    )
    for strength_id, label, name, form in rows:
        strengths[name_key(name), name_key(form), name_key(label)] = strength_id
        forms.setdefault((name_key(name), name_key(label)), set()).add(strength_id)
    brands = {
        name_key(name): maker.id
        for maker in manufacturers_of(session)
        for name in (maker.credit_code or maker.name, maker.name)
    }
    hospitals = hospitals_of_division(session, division=sender.region)
    return HistoryContext(hospitals, strengths, forms, brands)


def take_history(
    session: Session,
    upload: VolumeUpload,
    context: HistoryContext,
    rows: Sequence[SheetRow],
    moment: datetime,
) -> None:
    """Take over a chunk of past purchases and note the progress.

    A row replaces what was known of its hospital, strength, brand and year.
    """
    good: dict[tuple[object, ...], Found] = {}
    faults = []
    for row in rows:
        found, wrong = _read(context, row.cells)
        if wrong:
            faults.append(
                fault_values(upload_id=upload.id, number=row.number, cells=row.cells, faults=wrong)
            )
        else:
            key = tuple(found[name] for name in ("hospital_id", "strength_id", "brand_id", "year"))
            good[key] = found
    _store(session, list(good.values()))
    if faults:
        session.execute(insert_or_leave(session, VolumeUploadFault), faults)
    upload.faults += len(faults)
    upload.stored += len(rows) - len(faults)
    upload.done = rows[-1].number


def _store(session: Session, values: Sequence[Found]) -> None:
    for has_brand in (False, True):
        some = [row for row in values if (row["brand_id"] is not None) == has_brand]
        if not some:
            continue
        brand = PurchaseHistory.brand_id
        statement = insert_or_update(
            session,
            PurchaseHistory,
            key=["hospital_id", "strength_id", "year", *(["brand_id"] if has_brand else [])],
            values=["quantity", "amount"],
            where=brand.is_not(None) if has_brand else brand.is_(None),
        )
        session.execute(statement, some)


def _read(context: HistoryContext, cells: Cells) -> tuple[Found, list[CellFault]]:
    wrong: list[CellFault] = []
    values: Found = {}
    readers = (
        (HOSPITAL, "hospital_id", _hospital),
        (STRENGTH, "strength_id", _strength),
        (BRAND, "brand_id", _brand),
        (YEAR, "year", _year),
        (QUANTITY, "quantity", _quantity),
        (AMOUNT, "amount", _amount),
    )
    for column, name, read in readers:
        found = read(context, cells, column)
        if isinstance(found, Fault):
            wrong.append(CellFault(column.key, found.zh, found.en))
        else:
            values[name] = found
    return values, wrong


def _hospital(context: HistoryContext, cells: Cells, column: Column) -> int | Fault:
    found = context.hospitals.find(cells.get(column.key))
    return found if isinstance(found, Fault) else found.fault or found.id


def _strength(context: HistoryContext, cells: Cells, column: Column) -> int | Fault:
    name, form, label = (clean(cells.get(part.key)) for part in (PRODUCT, FORM, column))
    keys = name_key(name), name_key(form), name_key(label)
    found = context.strengths.get(keys)
    if found is not None:
        return found
    same = context.forms.get((keys[0], keys[2]), set())
    if not form and len(same) == 1:
        return next(iter(same))
    if not form and same:
        return Fault("该规格有多个剂型，请填写剂型。", "Several dosage forms; name one.")
    return Fault(
        f"目录中没有“{name}{form} {label}”，请先在目录中登记。"[:300],
        f"The catalogue has no “{name} {form} {label}”; add it there first."[:300],
    )


def _brand(context: HistoryContext, cells: Cells, column: Column) -> int | Fault | None:
    name = clean(cells.get(column.key))
    if not name:
        return None
    found = context.brands.get(name_key(name))
    if found is not None:
        return found
    return Fault(f"没有名为“{name[:60]}”的生产企业。", f"No manufacturer is called “{name[:60]}”.")


def _year(context: HistoryContext, cells: Cells, column: Column) -> int | Fault:
    text = clean(cells.get(column.key)).removesuffix("年")
    if text.isascii() and text.isdigit() and YEAR_MIN <= int(text[:6]) <= YEAR_MAX:
        return int(text)
    return Fault("须为年份，如 2024。", "Expected a year, such as 2024.")


def _quantity(context: HistoryContext, cells: Cells, column: Column) -> int | Fault:
    read = read_quantity(cells.get(column.key))
    if read.fault is not None:
        return read.fault
    missing = Fault("请填写采购数量。", "Expected the quantity.")
    return missing if read.value is None else read.value


def _amount(context: HistoryContext, cells: Cells, column: Column) -> Decimal | Fault | None:
    text = clean(cells.get(column.key)).replace(",", "")
    if not text:
        return None
    try:
        amount = Decimal(text)
        is_good = amount.is_finite() and 0 <= amount <= MONEY_MAX
        # Finer than 0.01 分 is no amount that anybody paid.
        if is_good and amount == amount.quantize(Decimal("0.0001")):
            return amount
    except InvalidOperation:
        pass
    return Fault("须为金额（元），至多四位小数。", "Expected yuan with at most four decimals.")
