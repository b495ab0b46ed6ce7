"""Orders by machine: offers, orders, deliveries, receipts, returns, invoices, movements."""

from procurement.orders.api import (
    deliveries,
    fulfilment,
    invoices,
    movements,
    orders,
    partitions,
    replacements,
    warnings,
)

ROUTES = (
    *orders.ROUTES,
    *deliveries.ROUTES,
    *invoices.ROUTES,
    *movements.ROUTES,
    *partitions.ROUTES,
    *fulfilment.ROUTES,
    *warnings.ROUTES,
    *replacements.ROUTES,
)
"""Handlers of this stage's interface."""
