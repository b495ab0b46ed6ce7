"""Agreements between fund and maker, and uptake that follows the price.

An agreement leads from the list price, which is published, to the net price, which the fund pays on
average: a cap with a refund, discounts by volume, a cap on the dose, a rebate for patients who do
not respond.
"""

from pricing.managed_entry.reading import read_elasticity, read_managed_entry
from pricing.managed_entry.spending import (
    Spending,
    Use,
    joint_use,
    list_of,
    negotiated_treatment,
    net_of,
    paid_part,
    spending,
    use_of,
)
from pricing.managed_entry.terms import Elasticity, ManagedEntry, OutcomeRebate, Tier
from pricing.managed_entry.uptake import at_price, elastic_share

__all__ = [
    "Elasticity",
    "ManagedEntry",
    "OutcomeRebate",
    "Spending",
    "Tier",
    "Use",
    "at_price",
    "elastic_share",
    "joint_use",
    "list_of",
    "negotiated_treatment",
    "net_of",
    "paid_part",
    "read_elasticity",
    "read_managed_entry",
    "spending",
    "use_of",
]
