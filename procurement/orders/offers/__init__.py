"""What a hospital may order on a day, at which price, and who delivers it."""

from procurement.orders.offers.offer import Offer, Seller
from procurement.orders.offers.service import (
    find_offer,
    offers_by_key,
    offers_for,
    require_hospital,
)

__all__ = ["Offer", "Seller", "find_offer", "offers_by_key", "offers_for", "require_hospital"]
