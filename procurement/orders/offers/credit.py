"""What credit grades change in what may be ordered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from procurement.credit_rating.barring import Barring, barring_in
from procurement.orders.errors import BarredByCreditError
from procurement.orders.offers.offer import Offer
from procurement.orders.states import OrderKind

_LISTED = frozenset({OrderKind.NEGOTIATED, OrderKind.OTHER})


def with_credit(
    session: Session, offers: Sequence[Offer], *, region: str, day: date
) -> list[Offer]:
    """Mark the offers of graded firms, and refuse what lost its listing or its deliveries.

    The criteria take listing, bidding and delivery from what they bar. That a grade ends an
    agreement, or changes what is ordered from one, they do not say: agreed supplies stay, with
    the mark.

    Args:
        session: Any session.
        offers: What may be ordered otherwise.
        region: Division code of the buyer.
        day: Of ordering.
    """
    barring = barring_in(session, region=region, on_date=day)
    return [_told(one, barring) for one in offers]


def _told(offer: Offer, barring: Barring) -> Offer:
    sellers = tuple(one for one in offer.sellers if one.id not in barring.firms)
    is_listed = offer.kind in _LISTED and not offer.is_winning
    is_barred = is_listed and barring.bars(
        organisation_id=offer.organisation_id, product_id=offer.product_id
    )
    nobody = bool(offer.sellers) and not sellers
    refusal = BarredByCreditError() if is_barred or nobody else None
    mark = barring.marks.get(offer.organisation_id)
    return replace(offer, sellers=sellers, refusal=offer.refusal or refusal, mark=mark)
