"""Importing a list of prices of elsewhere: all of it, or nothing with every fault."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pricing.money import PriceError, parse_price
from procurement import audit
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.catalogue.tables import GenericProduct, Product
from procurement.errors import FieldFault, InvalidInputError
from procurement.monitoring.errors import SameFileError
from procurement.monitoring.states import ListKind
from procurement.monitoring.tables import NAME_LENGTH_MAX, ReferenceList, ReferencePrice
from procurement.permissions import Actor

CODE = Column("drug_code", "药品代码", is_needed=False)
GENERIC = Column("generic", "通用名")
FORM = Column("form", "剂型")
STRENGTH = Column("strength", "规格")
MAKER = Column("maker", "生产企业")
UNITS = Column("pack_units", "包装数量")
PRICE = Column("pack_price", "包装价格")
COLUMNS = (CODE, GENERIC, FORM, STRENGTH, MAKER, UNITS, PRICE)

_LENGTHS = ((CODE, 23, 0), (GENERIC, 200, 1), (FORM, 60, 0), (STRENGTH, 60, 1), (MAKER, 200, 1))
_UNITS_DIGITS_MAX = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What is said of a list as a whole.

    Attributes:
        kind: What it is.
        title: As published.
        place: Province or alliance.
        document: Number of the document that it comes from.
        valid_from: First day; None where it is missing.
    """

    kind: ListKind
    title: str
    place: str
    document: str
    valid_from: date | None


def import_list(
    session: Session, *, facts: ListFacts, content: bytes, actor: Actor, moment: datetime
) -> ReferenceList:
    """Import a list.

    Raises:
        InvalidInputError: With every fault of the form and of the file.
        SameFileError: The bureau has the file already.
    """
    faults = _form_faults(facts)
    found = read_lines(content, COLUMNS)
    faults += found.faults
    rows = [_read(row, faults) for row in found.rows]
    _note_twins(rows, faults)
    if faults or facts.valid_from is None:
        raise InvalidInputError(faults[:FAULTS_MAX])
    stored = ReferenceList(
        bureau_id=actor.organisation_id,
        kind=facts.kind,
        title=facts.title,
        place=facts.place,
        document=facts.document,
        valid_from=facts.valid_from,
        digest=hashlib.sha256(content).hexdigest(),
        lines=len(rows),
        matched=0,
        imported_by=actor.person_id,
        imported_at=moment,
    )
    known = _Known(session, rows)
    matched = [{**row, **known.ids(row)} for row in rows]
    stored.matched = sum(
        row["generic_product_id"] is not None and row["holder_id"] is not None for row in matched
    )
    try:
        with session.begin_nested():
            session.add(stored)
    except IntegrityError as error:
        raise SameFileError from error
    session.execute(insert(ReferencePrice), [{**row, "list_id": stored.id} for row in matched])
    audit.record(
        session,
        actor=actor,
        action="import-reference-list",
        subject=f"reference-list/{stored.id}",
        facts={"document": stored.document, "lines": str(stored.lines), "digest": stored.digest},
        moment=moment,
    )
    return stored


def _form_faults(facts: ListFacts) -> list[FieldFault]:
    faults = []
    for name in ("title", "place", "document"):
        if not 0 < len(getattr(facts, name)) <= NAME_LENGTH_MAX:
            zh, en = f"请填写，不超过 {NAME_LENGTH_MAX} 字。", f"1 to {NAME_LENGTH_MAX} characters."
            faults.append(FieldFault(name, zh, en))
    if facts.valid_from is None:
        zh, en = "请填写日期，例如 2027-03-01。", "Give a day, such as 2027-03-01."
        faults.append(FieldFault("valid_from", zh, en))
    return faults


_Read = dict[str, object]


def _read(row: Row, faults: list[FieldFault]) -> _Read:
    for column, most, least in _LENGTHS:
        if not least <= len(row.cells.get(column.key, "")) <= most:
            zh, en = f"须为 {least} 至 {most} 字。", f"Expected {least} to {most} characters."
            faults.append(FieldFault(cell_place(row.number, column), zh, en))
    units = row.cells[UNITS.key]
    is_count = units.isascii() and units.isdigit() and len(units) <= _UNITS_DIGITS_MAX
    if not is_count or int(units) < 1:
        zh, en = "须为不小于 1 的整数。", "Expected a whole number from 1."
        faults.append(FieldFault(cell_place(row.number, UNITS), zh, en))
    try:
        price = parse_price(row.cells[PRICE.key])
    except PriceError:
        price = Decimal(0)
        zh, en = "须为每包装的元数，例如 12.34。", "Expected yuan a pack, such as 12.34."
        faults.append(FieldFault(cell_place(row.number, PRICE), zh, en))
    return {
        "number": row.number,
        **{column.key: row.cells.get(column.key, "") for column, _, _ in _LENGTHS},
        "pack_units": int(units) if is_count else 0,
        "pack_price": price,
    }


def _note_twins(rows: Sequence[_Read], faults: list[FieldFault]) -> None:
    seen: dict[tuple[object, ...], object] = {}
    for row in rows:
        keys = ("generic", "form", "strength", "maker", "pack_units")
        first = seen.setdefault(tuple(row[key] for key in keys), row["number"])
        if first != row["number"]:
            zh, en = f"与第 {first} 行是同一药品、同一包装。", f"The same pack as in line {first}."
            number = row["number"]
            place = cell_place(number if isinstance(number, int) else 0, GENERIC)
            faults.append(FieldFault(place, zh, en))


class _Known:
    """What the platform knows of the drugs of a list."""

    def __init__(self, session: Session, rows: Sequence[_Read]) -> None:
        generics = session.scalars(
            select(GenericProduct).where(GenericProduct.name.in_(_texts(rows, "generic")))
        )
        self._generics = {(one.name, one.printed_form): one.id for one in generics}
        makers = session.execute(
            select(Organisation.name, Organisation.id)
            .where(Organisation.kind == OrganisationKind.MANUFACTURER)
            .where(Organisation.name.in_(_texts(rows, "maker")))
            .order_by(Organisation.id.desc())
        )
        self._makers = {name: maker for name, maker in makers}
        products = session.execute(
            select(Product.drug_code, Product.generic_product_id, Product.holder_id).where(
                Product.drug_code.in_(_texts(rows, "drug_code"))
            )
        )
        self._coded = {code: (generic, holder) for code, generic, holder in products}

    def ids(self, row: _Read) -> dict[str, int | None]:
        """By its code where it has one that is known; else by name, form and maker."""
        coded = self._coded.get(str(row["drug_code"])) if row["drug_code"] else None
        generic, holder = coded or (
            self._generics.get((str(row["generic"]), str(row["form"]))),
            self._makers.get(str(row["maker"])),
        )
        return {"generic_product_id": generic, "holder_id": holder}


def _texts(rows: Sequence[_Read], key: str) -> list[str]:
    return sorted({str(row[key]) for row in rows if row[key]})
