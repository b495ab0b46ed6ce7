"""Payment standards in force by machine."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from procurement.catalogue.generic_products import generic_product_card
from procurement.china_days import day_in_china
from procurement.permissions import Action, Subject
from procurement.prices.service import EVERYWHERE
from procurement.prices.standards import PackStandard, standards_in_force
from procurement.web import RowId, Visit, reads

Region = Annotated[str, QueryParameter(name="region", pattern=r"^[0-9]{6}$")]
Day = Annotated[date | None, QueryParameter(name="on_date")]
ProductId = Annotated[int | None, QueryParameter(name="product_id", ge=1, le=2**31 - 1)]


class PaymentStandardOut(Struct, kw_only=True):
    """The payment standard of one pack.

    Attributes:
        organisation_id: Whose product.
        product_id: In the catalogue; null where only the chain of prices knows the pack.
        strength: As printed.
        pack_units: Minimal units in the pack.
        step: negotiated, winning, non-winning or unknown.
        standard: Yuan a pack; null where it is not known.
        rulebook: The rules that were applied, if any.
        clause: How rule or decision is cited.
        is_verified: Whether sources state it in full.
        text_zh: Why, in Chinese.
        text_en: Why, in English.
        price_ids: Prices that it rests on.
    """

    organisation_id: int
    product_id: int | None
    strength: str
    pack_units: int
    step: str
    standard: str | None
    rulebook: str | None
    clause: str
    is_verified: bool
    text_zh: str
    text_en: str
    price_ids: list[int]


class PaymentStandards(Struct, kw_only=True):
    """The payment standards of a generic product; all stand on one page.

    Attributes:
        region: Where.
        on_date: On which day.
        items: By strength, pack and firm.
        next_cursor: Always null.
    """

    region: str
    on_date: date
    items: list[PaymentStandardOut]
    next_cursor: str | None


@get(
    "/api/v1/catalogue/generic-products/{generic_product_id:int}/payment-standards",
    tags=["prices"],
)
@reads
def read_payment_standards(
    visit: Visit,
    generic_product_id: RowId,
    region: Region = EVERYWHERE,
    on_date: Day = None,
    product_id: ProductId = None,
) -> PaymentStandards:
    """Read the payment standards in force in a region on a day, and where each comes from."""
    visit.require(Action.READ_PRICES, Subject(is_public=True))
    generic_product_card(visit.session, generic_product_id=generic_product_id)
    day = on_date or day_in_china(visit.moment)
    found = standards_in_force(
        visit.session,
        generic_product_id=generic_product_id,
        region=region,
        day=day,
        actor=visit.actor,
        product_id=product_id,
    )
    return PaymentStandards(
        region=region, on_date=day, items=[_out(one) for one in found], next_cursor=None
    )


def _out(found: PackStandard) -> PaymentStandardOut:
    pack, said = found.pack, found.said
    return PaymentStandardOut(
        organisation_id=pack.organisation_id,
        product_id=None if pack.product is None else pack.product.id,
        strength=pack.strength,
        pack_units=pack.pack_units,
        step=said.step.value,
        standard=None if said.standard is None else f"{said.standard.normalize():f}",
        rulebook=said.rulebook,
        clause=said.clause,
        is_verified=said.is_verified,
        text_zh=said.zh,
        text_en=said.en,
        price_ids=[one.id for one in found.basis],
    )


ROUTES = (read_payment_standards,)
"""Handlers of this module."""
