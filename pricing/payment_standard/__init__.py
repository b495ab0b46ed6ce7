"""Payment standards: of products that did not win, by bidding, and from a pool of their own.

All rules come from the rulebooks ``standard-…`` and ``negotiation-…`` by `StatedRules`.
"""

from pricing.payment_standard.bidding import (
    BiddingResult,
    BrandBid,
    Listing,
    bidding_standard,
    decide_bidding,
)
from pricing.payment_standard.cases import answer_standard_case, rulebook_of_title
from pricing.payment_standard.dates import InForce, in_force_for
from pricing.payment_standard.non_winners import (
    CatalogueClass,
    NonWinner,
    Standard,
    payment_standard,
    standard_that_is_stated,
)
from pricing.payment_standard.pool import (
    PoolRules,
    PoolYear,
    highest_pool_price,
    pool_rules,
    pool_years,
)
from pricing.payment_standard.split import Split, added_share, split_price
from pricing.payment_standard.unit_price import unit_price
from pricing.payment_standard.winners import (
    Convergence,
    convergence,
    negotiated_standard,
    winner_standard,
)

__all__ = [
    "BiddingResult",
    "BrandBid",
    "CatalogueClass",
    "Convergence",
    "InForce",
    "Listing",
    "NonWinner",
    "PoolRules",
    "PoolYear",
    "Split",
    "Standard",
    "added_share",
    "answer_standard_case",
    "bidding_standard",
    "convergence",
    "decide_bidding",
    "highest_pool_price",
    "in_force_for",
    "negotiated_standard",
    "payment_standard",
    "pool_rules",
    "pool_years",
    "rulebook_of_title",
    "split_price",
    "standard_that_is_stated",
    "unit_price",
    "winner_standard",
]
