"""The pages of orders, their papers and fulfilment, one module for each task."""

from procurement.orders.pages import (
    hub,
    invoices,
    invoicing,
    mismatches,
    movements,
    notices,
    order,
    placing,
    progress,
    progress_of_hospital,
    rating,
    receiving,
    region_rules,
    replacements,
    shipping,
    suppliers,
    uploading,
    warning,
)

ROUTES = (
    *hub.ROUTES,
    *placing.ROUTES,
    *order.ROUTES,
    *shipping.ROUTES,
    *receiving.ROUTES,
    *invoicing.ROUTES,
    *invoices.ROUTES,
    *uploading.ROUTES,
    *movements.ROUTES,
    *mismatches.ROUTES,
    *progress.ROUTES,
    *progress_of_hospital.ROUTES,
    *suppliers.ROUTES,
    *replacements.ROUTES,
    *warning.ROUTES,
    *notices.ROUTES,
    *rating.ROUTES,
    *region_rules.ROUTES,
)
"""All of them."""
