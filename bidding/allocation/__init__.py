"""Allocation: shares, regions and agreed volumes of the winners, which add up to the unit."""

from bidding.allocation.allocate import Awarded, OrderMatters, allocate

__all__ = ["Awarded", "OrderMatters", "allocate"]
