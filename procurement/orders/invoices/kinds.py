"""Where an invoice stands."""

from enum import StrEnum


class InvoiceStatus(StrEnum):
    """Where an invoice stands."""

    SUBMITTED = "submitted"
    """Waits for goods that were delivered and not accepted yet."""
    MATCHED = "matched"
    """Agrees with orders and receipts: its lines can be paid."""
    MISMATCHED = "mismatched"
    """Something differs; its lines say what."""
    WITHDRAWN = "withdrawn"
    """Taken back by the seller; the same number may be submitted again."""


STATUS_NAMES = {
    InvoiceStatus.SUBMITTED: ("待验收", "waits for acceptance"),
    InvoiceStatus.MATCHED: ("三单相符", "matched"),
    InvoiceStatus.MISMATCHED: ("三单不符", "differs"),
    InvoiceStatus.WITHDRAWN: ("已撤回", "withdrawn"),
}
"""How people call it, in both languages."""
