"""Orders by file: one CSV line for each product, made into one order for each manufacturer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.money import PriceError, parse_price
from procurement.accounts.tables import Organisation
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.catalogue.spreadsheets import as_csv
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.numbers import hold_hospital
from procurement.orders.offers import Offer, Seller, offers_by_key, offers_for, require_hospital
from procurement.orders.placing import Terms, of_one_order, seller_of, store_order
from procurement.orders.tables import OrderFile, PurchaseOrder
from procurement.orders.wanted import Chosen, Wanted, choose
from procurement.permissions import Actor

OFFER = Column("offer", "订购编号")
PACKS = Column("packs", "数量")
PRICE = Column("pack_price", "包装单价", is_needed=False)
SELLER = Column("distributor", "配送企业", is_needed=False)
COLUMNS = (OFFER, PACKS, PRICE, SELLER)

_SHOWN = (
    ("product", "产品"),
    ("strength", "规格"),
    ("pack_units", "包装数量"),
    ("manufacturer", "生产企业"),
    ("remaining", "约定量余量"),
)
"""Columns that the template shows, and that a file which is sent back may keep."""

_PACKS = re.compile(r"[0-9]{1,18}")
_BY_NAME = {"offer": OFFER, "packs": PACKS, "price": PRICE}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file that says something orderly."""

    row: Row
    wanted: Wanted
    seller: str


def order_template(session: Session, *, hospital_id: int, day_at: datetime) -> bytes:
    """Write what a hospital may order as CSV: fill in the packs, delete other lines, send it.

    Args:
        session: Any session.
        hospital_id: Who orders.
        day_at: Now: its day in China decides.
    """
    offers = offers_for(session, hospital_id=hospital_id, day=day_in_china(day_at))
    heading = [*(column.zh for column in COLUMNS), *(zh for _, zh in _SHOWN)]
    return as_csv([heading, *(_template_row(one) for one in offers if one.refusal is None)])


def _template_row(offer: Offer) -> list[str]:
    price = "" if offer.pack_price is None else f"{offer.pack_price.normalize():f}"
    seller = offer.sellers[0].name if len(offer.sellers) == 1 else ""
    shown = [getattr(offer, name) for name, _ in _SHOWN]
    return [offer.key, "", price, seller, *("" if one is None else str(one) for one in shown)]


def place_from_file(
    session: Session,
    *,
    hospital_id: int,
    content: bytes,
    terms: Terms,
    actor: Actor,
    moment: datetime,
) -> list[PurchaseOrder]:
    """Place the orders of a file: all of them, or none.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Who buys.
        content: CSV with the columns `COLUMNS`.
        terms: How all its orders are to be delivered.
        actor: Of the hospital, or of the lead of its group.
        moment: When, aware.

    Returns:
        One order for each manufacturer, agreement and distributor.

    Raises:
        InvalidInputError: With every fault of the file by line and column; nothing is stored.
    """
    hospital = require_hospital(session, hospital_id=hospital_id, day=day_in_china(moment))
    digest = sha256(content).hexdigest()
    hold_hospital(session, hospital_id=hospital.id)
    _refuse_again(session, hospital, digest, moment)
    lines = _read(content)
    offers = offers_by_key(
        session,
        hospital_id=hospital_id,
        day=day_in_china(moment),
        keys=[one.wanted.offer_key for one in lines],
    )
    groups = _grouped(lines, offers)
    orders = [
        store_order(
            session,
            hospital=hospital,
            chosen=chosen,
            seller=seller,
            terms=terms,
            actor=actor,
            moment=moment,
        )
        for seller, chosen in groups
    ]
    session.add(
        OrderFile(
            hospital_id=hospital.id,
            digest=digest,
            placed_on=day_in_china(moment),
            orders=len(orders),
            lines=len(lines),
            uploaded_by=actor.person_id,
            uploaded_at=moment,
        )
    )
    session.flush()
    return orders


def _refuse_again(session: Session, hospital: Organisation, digest: str, moment: datetime) -> None:
    known = select(OrderFile.id).where(
        OrderFile.hospital_id == hospital.id,
        OrderFile.digest == digest,
        OrderFile.placed_on == day_in_china(moment),
    )
    if session.scalar(known) is not None:
        zh, en = "今天已提交过同一文件，未重复下单。", "The same file was sent today already."
        raise InvalidInputError([FieldFault("file", zh, en)])


def _read(content: bytes) -> list[_Line]:
    """Read the file; an empty number of packs leaves a line of the template out.

    Raises:
        InvalidInputError: It is no such file, or cells cannot be read.
    """
    shown = [Column(key, zh, is_needed=False) for key, zh in _SHOWN]
    found = read_lines(content, [*COLUMNS, *shown])
    faults = list(found.faults)
    lines = []
    for row in found.rows:
        if row.cells[PACKS.key] or not row.cells[OFFER.key]:
            line, own = _line(row)
            lines.append(line)
            faults += own
    if not faults and not lines:
        zh, en = "没有一行填写了数量。", "No line says how many packs."
        faults.append(FieldFault("file", zh, en))
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    return lines


def _line(row: Row) -> tuple[_Line, list[FieldFault]]:
    faults = []
    packs, price = row.cells[PACKS.key], row.cells.get(PRICE.key, "")
    if not row.cells[OFFER.key]:
        faults.append(
            FieldFault(cell_place(row.number, OFFER), "不能为空。", "Expected the offer's key.")
        )
    if not _PACKS.fullmatch(packs):
        zh, en = "须为不小于 1 的整数。", "Expected a whole number from 1."
        faults.append(FieldFault(cell_place(row.number, PACKS), zh, en))
    exact: Decimal | None = None
    try:
        exact = parse_price(price) if price else None
    except PriceError:
        zh, en = "须为大于 0 的金额，如 12.34。", "Expected an amount above 0, such as 12.34."
        faults.append(FieldFault(cell_place(row.number, PRICE), zh, en))
    number = int(packs) if _PACKS.fullmatch(packs) else 0
    wanted = Wanted(row.cells[OFFER.key], number, exact)
    return _Line(row, wanted, row.cells.get(SELLER.key, "")), faults


def _grouped(
    lines: Sequence[_Line], offers: Mapping[str, Offer]
) -> list[tuple[Seller, list[Chosen]]]:
    """Put the lines of one manufacturer, agreement and distributor together.

    Raises:
        InvalidInputError: Lines that cannot be ordered, or that nobody delivers.
    """

    def place(index: int, name: str) -> str:
        return cell_place(lines[index].row.number, _BY_NAME[name])

    chosen, faults = choose([one.wanted for one in lines], offers=offers, place=place)
    by_key = {one.wanted.offer_key: one for one in lines}
    groups: dict[tuple[object, ...], tuple[Seller, list[Chosen]]] = {}
    for one in chosen:
        line = by_key[one.offer.key]
        seller, more = _seller(one.offer, line)
        faults += more
        if seller is not None:
            group = groups.setdefault((*of_one_order(one.offer), seller.id), (seller, []))
            group[1].append(one)
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    return list(groups.values())


def _seller(offer: Offer, line: _Line) -> tuple[Seller | None, list[FieldFault]]:
    """Who delivers a line: the one that it names, else the only one."""
    named = [one.id for one in offer.sellers if one.name == line.seller]
    wanted = None if not line.seller else (named[0] if len(named) == 1 else 0)
    seller, faults = seller_of([offer], wanted)
    place = cell_place(line.row.number, SELLER)
    return seller, [FieldFault(place, one.zh, one.en) for one in faults]
