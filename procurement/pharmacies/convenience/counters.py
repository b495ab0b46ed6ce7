"""Counters: what a convenience pharmacy sells of winners and negotiated drugs, and for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pricing.money import PriceError, parse_price
from procurement.audit import record
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, fault_in_cell, read_lines
from procurement.catalogue.kinds import ProductStatus
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.convenience.documents import require_convenience
from procurement.pharmacies.convenience.purchases import purchase_prices
from procurement.pharmacies.convenience.states import CounterKind
from procurement.pharmacies.convenience.tables import ConvenienceCounter
from procurement.pharmacies.finder.allowed_prices import (
    NO_PRICES,
    PublicPrices,
    prices_to_judge_by,
)
from procurement.pharmacies.places.service import lock_place
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.zero_markup import PriceOutcome, PurchaseSource, price_outcome

CODE = Column("drug_code", "国家医保药品代码")
SALE = Column("sale_price", "销售价")
PURCHASE = Column("purchase_price", "采购价", is_needed=False)
AS_OF = Column("as_of", "日期")
PRICE_MAX = Decimal(10_000_000)
"""Yuan for a pack: more is a slip."""

COLUMNS = (CODE, SALE, PURCHASE, AS_OF)


@dataclass(frozen=True, slots=True)
class CounterPrice:
    """A pack at a counter, with the prices that it is judged by.

    Attributes:
        counter: The row.
        name: Name and form.
        strength: As printed.
        unit: Minimal unit.
        pack_units: Minimal units in the pack.
        pack: The pack as printed.
        purchase: Yuan per pack; None where nobody knows.
        source: Where that comes from.
        limit: The winning price, else the payment standard; None where there is none.
        price_id: Where that stands.
        is_public: Anybody may see the limit; else what was paid would tell it.
        outcome: What follows.
    """

    counter: ConvenienceCounter
    name: str
    strength: str
    unit: str
    pack_units: int
    pack: str
    purchase: Decimal | None
    source: PurchaseSource
    limit: Decimal | None
    price_id: int | None
    is_public: bool
    outcome: PriceOutcome

    @property
    def shown_purchase(self) -> Decimal | None:
        """What was paid, where anybody may see it."""
        return self.purchase if self.is_public else None

    @property
    def shown_limit(self) -> Decimal | None:
        """The limit, where anybody may see it."""
        return self.limit if self.is_public else None


def keep_counters(
    session: Session, *, place: Place, content: bytes, actor: Actor, moment: datetime
) -> int:
    """Take over the whole counter of a pharmacy from a file: all of its lines, or none.

    Args:
        session: Session of the caller's transaction.
        place: The pharmacy.
        content: CSV with the columns `COLUMNS`; packs that are not in it are sold no more.
        actor: Who keeps the place.
        moment: When, aware.

    Returns:
        How many packs the counter has now.

    Raises:
        InvalidInputError: With every fault by line and column; nothing is kept.
        NotConvenienceError: It is no convenience pharmacy today.
    """
    today = day_in_china(moment)
    require_convenience(session, place=place, day=today)
    lock_place(session, place_id=place.id)
    lines = read_lines(content, COLUMNS)
    faults = list(lines.faults)
    products = _products(session, lines.rows)
    prices = prices_to_judge_by(
        session,
        product_ids=[one.id for one in products.values()],
        county=place.county,
        day=today,
    )
    found: dict[int, ConvenienceCounter] = {}
    for row in lines.rows:
        counter = _read(row, products, prices, today, faults)
        if counter is None:
            continue
        if counter.product_id in found:
            fault_in_cell(faults, row, CODE, "本文件中重复出现。", "It stands twice in this file.")
        found[counter.product_id] = counter
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    session.execute(delete(ConvenienceCounter).where(ConvenienceCounter.place_id == place.id))
    for counter in found.values():
        counter.place_id, counter.reported_by = place.id, actor.person_id
        counter.reported_at = moment
        session.add(counter)
    session.flush()
    record(
        session,
        actor=actor,
        action="keep-convenience-counter",
        subject=f"place/{place.institution_code}",
        facts={"packs": str(len(found)), "digest": sha256(content).hexdigest()},
        moment=moment,
    )
    return len(found)


def counter_prices(session: Session, *, place: Place, day: date) -> list[CounterPrice]:
    """Return what stands at a pharmacy's counter, with the prices of the day.

    Args:
        session: Any session.
        place: The pharmacy.
        day: In China.
    """
    rows = session.execute(
        select(ConvenienceCounter, Product, ProductStrength.label, GenericProduct)
        .join(Product, Product.id == ConvenienceCounter.product_id)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
        .where(ConvenienceCounter.place_id == place.id)
        .order_by(GenericProduct.name, GenericProduct.printed_form, ProductStrength.label)
        .order_by(Product.pack_units, Product.id)
    ).all()
    ids = [product.id for _, product, _, _ in rows]
    limits = prices_to_judge_by(session, product_ids=ids, county=place.county, day=day)
    paid = purchase_prices(session, place=place, product_ids=ids)
    return [
        _priced(counter, product, strength, generic, limits, paid)
        for counter, product, strength, generic in rows
    ]


def _priced(
    counter: ConvenienceCounter,
    product: Product,
    strength: str,
    generic: GenericProduct,
    limits: Mapping[int, PublicPrices],
    paid: Mapping[int, Decimal],
) -> CounterPrice:
    allowed = limits.get(product.id, NO_PRICES)
    limit = allowed.winning or allowed.standard
    purchase, source = paid.get(product.id), PurchaseSource.ORDER
    if purchase is None:
        purchase = counter.stated_purchase_price
        source = PurchaseSource.NONE if purchase is None else PurchaseSource.STATED
    price = None if limit is None else limit.price
    return CounterPrice(
        counter=counter,
        name=f"{generic.name}{generic.printed_form}",
        strength=strength,
        unit=generic.unit,
        pack_units=product.pack_units,
        pack=product.pack,
        purchase=purchase,
        source=source,
        limit=price,
        price_id=None if limit is None else limit.price_id,
        is_public=limit is None or limit.is_public,
        outcome=price_outcome(counter.sale_price, purchase=purchase, limit=price),
    )


def _products(session: Session, rows: Sequence[Row]) -> dict[str, Product]:
    codes = {row.cells[CODE.key] for row in rows} - {""}
    wanted = select(Product).where(Product.drug_code.in_(codes))
    return {one.drug_code or "": one for one in session.scalars(wanted)}


def _read(
    row: Row,
    products: Mapping[str, Product],
    prices: Mapping[int, PublicPrices],
    today: date,
    faults: list[FieldFault],
) -> ConvenienceCounter | None:
    before = len(faults)
    product = products.get(row.cells[CODE.key])
    kind = None
    if product is None or product.status != ProductStatus.ACTIVE:
        zh, en = (
            "药品目录中没有该代码的在用药品。",
            "No active pack of the catalogue has this code.",
        )
        fault_in_cell(faults, row, CODE, zh, en)
    else:
        kind = _kind(prices.get(product.id, NO_PRICES))
        if kind is None:
            zh = "既不是本地区的中选药品，也不是国谈药品。"
            en = "It neither won a round here nor is it negotiated."
            fault_in_cell(faults, row, CODE, zh, en)
    sale = _price(row, SALE, faults)
    purchase = _price(row, PURCHASE, faults) if row.cells.get(PURCHASE.key) else None
    as_of = _day(row, today, faults)
    if len(faults) > before or product is None or kind is None or sale is None or as_of is None:
        return None
    return ConvenienceCounter(
        kind=kind,
        product_id=product.id,
        sale_price=sale,
        stated_purchase_price=purchase,
        as_of=as_of,
    )


def _kind(prices: PublicPrices) -> CounterKind | None:
    if prices.winning is not None:
        return CounterKind.WINNING
    return None if prices.standard is None else CounterKind.NEGOTIATED


def _price(row: Row, column: Column, faults: list[FieldFault]) -> Decimal | None:
    try:
        price = parse_price(row.cells[column.key])
    except PriceError:
        price = None
    if price is None or price != round(price, 2) or price > PRICE_MAX:
        zh, en = (
            "须为大于 0 的每盒价格（元，至多两位小数）。",
            "Expected yuan per pack, to the cent.",
        )
        fault_in_cell(faults, row, column, zh, en)
        return None
    return price


def _day(row: Row, today: date, faults: list[FieldFault]) -> date | None:
    try:
        day = date.fromisoformat(row.cells[AS_OF.key])
    except ValueError:
        zh, en = "须为日期，如 2027-01-31。", "Expected a day such as 2027-01-31."
        fault_in_cell(faults, row, AS_OF, zh, en)
        return None
    if day > today:
        fault_in_cell(faults, row, AS_OF, "日期不能在将来。", "The day lies in the future.")
        return None
    return day
