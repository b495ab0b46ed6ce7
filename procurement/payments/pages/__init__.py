"""The pages of payments, one module for each task."""

from procurement.payments.pages import (
    accounts,
    bank_files,
    claims,
    goods,
    instructions,
    ledger,
    month,
    months,
    overview,
    prepayments,
    receivables,
    reconciliation,
    reserve,
)

ROUTES = (
    *overview.ROUTES,
    *goods.ROUTES,
    *months.ROUTES,
    *month.ROUTES,
    *claims.ROUTES,
    *instructions.ROUTES,
    *bank_files.ROUTES,
    *accounts.ROUTES,
    *prepayments.ROUTES,
    *reserve.ROUTES,
    *receivables.ROUTES,
    *ledger.ROUTES,
    *reconciliation.ROUTES,
)
"""All of them."""
