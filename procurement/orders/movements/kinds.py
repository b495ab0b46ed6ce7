"""Kinds of stock movements, what becomes of them, and in what they are counted."""

from enum import StrEnum


class MovementKind(StrEnum):
    """Number of the national interface (交易编号)."""

    COUNT = "3501"
    """Stock on a day (商品盘存)."""
    CHANGE = "3502"
    """Stock changed otherwise: lost, moved, split (商品库存变更)."""
    PURCHASE = "3503"
    """Taken in (商品采购)."""
    PURCHASE_RETURN = "3504"
    """Sent back to the seller (商品采购退货)."""
    SALE = "3505"
    """Given to a patient (商品销售)."""
    SALE_RETURN = "3506"
    """Taken back from a patient (商品销售退货)."""
    DELETION = "3507"
    """A record sent before is taken back (商品信息删除)."""


KIND_NAMES = {
    MovementKind.COUNT: ("盘存", "count"),
    MovementKind.CHANGE: ("库存变更", "change"),
    MovementKind.PURCHASE: ("采购", "purchase"),
    MovementKind.PURCHASE_RETURN: ("采购退货", "purchase return"),
    MovementKind.SALE: ("销售", "sale"),
    MovementKind.SALE_RETURN: ("销售退货", "sale return"),
    MovementKind.DELETION: ("删除", "deletion"),
}
"""How people call them, in both languages."""

DELETES = {
    "1": (MovementKind.COUNT,),
    "2": (MovementKind.CHANGE,),
    "3": (MovementKind.PURCHASE, MovementKind.PURCHASE_RETURN),
    "4": (MovementKind.SALE, MovementKind.SALE_RETURN),
}
"""What a deletion (3507) means by its ``inv_data_type``."""


class CountedIn(StrEnum):
    """What a file's quantities and prices are of: the interface says “smallest priced pack”."""

    PACKS = "packs"
    """Packs, as the catalogue has them (盒)."""
    UNITS = "units"
    """Minimal units (片, 支)."""


class MovementStatus(StrEnum):
    """What the platform made of a movement."""

    KEPT = "kept"
    """Kept for monitoring; it is no purchase."""
    MATCHED = "matched"
    """The same goods as a delivery, or as a return, on the platform."""
    COUNTED = "counted"
    """Bought off the platform: it became a purchase line."""
    OUTSIDE = "outside"
    """A purchase of a product for which the hospital has no agreed volume that day."""
    UNCLEAR = "unclear"
    """Listed, and not counted: the reason says what is missing."""
    DELETED = "deleted"
    """Taken back by a later deletion."""


STATUS_NAMES = {
    MovementStatus.KEPT: ("已留存", "kept"),
    MovementStatus.MATCHED: ("与平台相符", "matched"),
    MovementStatus.COUNTED: ("平台外采购，已计入", "counted, off the platform"),
    MovementStatus.OUTSIDE: ("非约定品种", "no agreed volume"),
    MovementStatus.UNCLEAR: ("待核实，未计入", "unclear, not counted"),
    MovementStatus.DELETED: ("已删除", "deleted"),
}
"""How people call it, in both languages."""
