"""The limit of delivery of an order, by the rules of the hospital's region."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.rules.delivery_limit import DeliveryLimit, delivery_limit


def delivery_due(
    session: Session,
    *,
    region: str,
    confirmed_at: datetime,
    is_emergency: bool,
    is_remote: bool,
    is_cold_chain: bool,
) -> DeliveryLimit:
    """Say until when an order must be delivered.

    Args:
        session: Any session.
        region: Division code of the hospital.
        confirmed_at: When the order was confirmed.
        is_emergency: An emergency order.
        is_remote: To a remote place.
        is_cold_chain: Of goods that are kept cold.

    Returns:
        The limit with its rule and reason; without a moment where no rule of the region states
        one, or days off are left out and nobody gave them.
    """
    rules = rules_of(session, region=region, day=day_in_china(confirmed_at))
    return delivery_limit(
        rules=rules.delivery,
        confirmed_at=confirmed_at,
        is_emergency=is_emergency,
        is_remote=is_remote,
        is_cold_chain=is_cold_chain,
        days_off=rules.days_off,
    )
