"""Selecting purchase lines with what hospitals, products and makers are called."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreementTerm
from procurement.catalogue.tables import GenericProduct
from procurement.orders.partitions.columns import (
    SCHEMA,
    batch_key,
    generic_key,
    hospital_key,
    maker_key,
    product_key,
)
from procurement.orders.partitions.sums import price_array
from procurement.orders.states import PurchaseSource
from procurement.orders.tables import (
    DeliveryLine,
    GoodsReturn,
    OrderLine,
    PurchaseLine,
    ReceiptLine,
)
from procurement.rounds.tables import Lot, LotStrength, Round


def within(year: int, region: str) -> ColumnElement[bool]:
    """Whatever was received in a year and a region."""
    days = PurchaseLine.received_on.between(date(year, 1, 1), date(year, 12, 31))
    return days & (PurchaseLine.region == region)


def as_count(column: InstrumentedAttribute[Decimal]) -> ColumnElement[int]:
    """A column of money as the whole numbers that the database holds."""
    return type_coerce(column, BigInteger)


_Maker = aliased(Organisation)


def lines_of(year: int, region: str) -> Select[*tuple[Any, ...]]:
    """Select the purchase lines of a year and a region, with what they are called."""
    # Lots name strengths of their own; of what else was ordered, the order's line does.
    receipt_line = case(
        (PurchaseLine.source == PurchaseSource.RECEIPT, PurchaseLine.source_id),
        else_=GoodsReturn.receipt_line_id,
    )
    is_return = PurchaseLine.source == PurchaseSource.RETURN
    return (
        select(
            Organisation.credit_code,
            Organisation.institution_code,
            Organisation.name,
            Lot.code,
            Lot.product,
            LotStrength.strength,
            PurchaseLine.product,
            Round.name,
            AgreementTerm.number,
            GenericProduct.name,
            GenericProduct.printed_form,
            PurchaseLine.product,
            func.coalesce(LotStrength.strength, OrderLine.strength),
            _Maker.credit_code,
            _Maker.name,
            PurchaseLine.received_on,
            PurchaseLine.is_winning,
            PurchaseLine.quantity,
            as_count(PurchaseLine.unit_price),
        )
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .outerjoin(LotStrength, LotStrength.id == PurchaseLine.lot_strength_id)
        .outerjoin(Lot, Lot.id == func.coalesce(PurchaseLine.lot_id, LotStrength.lot_id))
        .outerjoin(AgreementTerm, AgreementTerm.id == PurchaseLine.term_id)
        .outerjoin(Round, Round.id == AgreementTerm.round_id)
        .outerjoin(
            GenericProduct,
            GenericProduct.id
            == func.coalesce(PurchaseLine.generic_product_id, Lot.generic_product_id),
        )
        .outerjoin(_Maker, _Maker.id == PurchaseLine.organisation_id)
        .outerjoin(GoodsReturn, and_(is_return, GoodsReturn.id == PurchaseLine.source_id))
        .outerjoin(ReceiptLine, ReceiptLine.id == receipt_line)
        .outerjoin(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .outerjoin(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .where(within(year, region))
        .order_by(PurchaseLine.id)
    )


def as_arrow(rows: Sequence[Any]) -> pa.Table:
    """Return selected lines as a table of the schema."""
    # By column, and each name made once: a province has few hospitals and lots, and many lines.
    *names, received_on, is_winning, quantity, price = zip(*rows, strict=True)
    hospitals, products, terms, generics, strengths, makers = (
        list(zip(*some, strict=True))
        for some in (names[:3], names[3:7], names[7:9], names[9:12], names[12:13], names[13:])
    )
    arrays = [
        _texts(hospitals, _hospital),
        _texts(products, _product),
        _texts(terms, _batch_year),
        pa.array(received_on, pa.date32()),
        pa.array(is_winning, pa.bool_()),
        pa.array(quantity, pa.int64()),
        price_array(price),
        _texts(generics, _generic),
        _texts(strengths, _strength),
        _texts(makers, _maker),
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _texts(
    cells: Sequence[tuple[Any, ...]], name: Callable[[tuple[Any, ...]], str | None]
) -> pa.Array:
    named = {each: name(each) for each in set(cells)}
    return pa.array([named[each] for each in cells], pa.string())


def _hospital(cells: tuple[Any, ...]) -> str:
    credit_code, institution_code, name = cells
    return hospital_key(credit_code=credit_code, institution_code=institution_code, name=name)


def _product(cells: tuple[Any, ...]) -> str:
    lot_code, product, strength, generic_name = cells
    if lot_code is None:
        # Outside of lots the generic name alone, which no agreement of a lot is called by.
        return str(generic_name)
    return product_key(lot_code=lot_code, product=product, strength=strength or "")


def _batch_year(cells: tuple[Any, ...]) -> str | None:
    round_name, term = cells
    return None if term is None else batch_key(round_name=round_name, term_number=term)


def _generic(cells: tuple[Any, ...]) -> str:
    generic, form, product = cells
    return generic_key(generic=generic, form=form, product=product)


def _strength(cells: tuple[Any, ...]) -> str | None:
    return cells[0] or None


def _maker(cells: tuple[Any, ...]) -> str | None:
    credit_code, name = cells
    return maker_key(credit_code=credit_code, name=name)
