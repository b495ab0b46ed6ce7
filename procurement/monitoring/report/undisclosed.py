"""Drugs with a price that its round does not disclose: no public list may name what they cost."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import Quarter
from procurement.monitoring.analytics.engine import Drug
from procurement.monitoring.surveys.asked import holds_there
from procurement.orders.partitions.columns import generic_key, maker_key
from procurement.prices.tables import Price
from procurement.rounds.tables import Lot, LotStrength

_LotGeneric = aliased(GenericProduct)


def undisclosed_drugs(session: Session, *, region: str, quarter: Quarter) -> frozenset[Drug]:
    """Return the drugs with a price that is not public, named as purchase lines name them.

    Winning prices of rounds that disclose them to their parties only, and whatever follows from
    such a price; a hospital's own price says nothing about what others pay.

    Args:
        session: Any session.
        region: Where the prices hold.
        quarter: That is compared with the one before.
    """
    found: set[Drug] = set()
    for row in session.execute(_prices(region, quarter)):
        strength, of_lot, product, name, form, lot_name, lot_form, code, maker = row
        named = maker_key(credit_code=code, name=maker) or ""
        # Lines name the catalogue's generic, their lot's, or what the lot calls it.
        generics = {
            generic_key(generic=one, form=its_form, product=product or "")
            for one, its_form in ((name, form), (lot_name, lot_form), (None, None))
        }
        found |= {
            Drug(generic, each, named)
            for generic in generics - {""}
            for each in {strength, of_lot} - {None}
        }
    return frozenset(found)


def _prices(region: str, quarter: Quarter) -> Select[*tuple[Any, ...]]:
    newer = aliased(Price)
    # A version that another one followed before both quarters is no price of theirs.
    was_replaced = (
        select(newer.id)
        .where(newer.series == Price.series, newer.version > Price.version)
        .where(newer.starts_on <= quarter.before.first_day)
        .exists()
    )
    return (
        select(
            Price.strength,
            LotStrength.strength,
            Lot.product,
            GenericProduct.name,
            GenericProduct.printed_form,
            _LotGeneric.name,
            _LotGeneric.printed_form,
            Organisation.credit_code,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == Price.organisation_id)
        .outerjoin(GenericProduct, GenericProduct.id == Price.generic_product_id)
        .outerjoin(LotStrength, LotStrength.id == Price.lot_strength_id)
        .outerjoin(Lot, Lot.id == LotStrength.lot_id)
        .outerjoin(_LotGeneric, _LotGeneric.id == Lot.generic_product_id)
        .where(Price.is_public.is_(False), Price.hospital_id.is_(None), holds_there(region))
        .where(Price.starts_on <= quarter.last_day)
        .where(or_(Price.ends_on.is_(None), Price.ends_on >= quarter.before.first_day))
        .where(~was_replaced)
        .distinct()
    )
