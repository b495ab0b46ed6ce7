"""Payments by machine: accounts, ledger, months, claims, instructions, prepayment."""

from procurement.payments.api import (
    accounts,
    bank_files,
    claims,
    instructions,
    months,
    objections,
    prepayments,
    receivables,
)

ROUTES = (
    *accounts.ROUTES,
    *months.ROUTES,
    *claims.ROUTES,
    *objections.ROUTES,
    *instructions.ROUTES,
    *prepayments.ROUTES,
    *bank_files.ROUTES,
    *receivables.ROUTES,
)
"""Handlers of this stage's interface."""
