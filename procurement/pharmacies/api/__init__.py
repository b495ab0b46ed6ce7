"""Interface of the dual channel, one module per part."""

from procurement.pharmacies.api import (
    complaints,
    convenience,
    coverage,
    designation,
    finder,
    listed,
    places,
    prescriptions,
    registrations,
    stock,
)

ROUTES = (
    *listed.ROUTES,
    *complaints.ROUTES,
    *finder.ROUTES,
    *stock.ROUTES,
    *registrations.ROUTES,
    *prescriptions.ROUTES,
    *coverage.ROUTES,
    *convenience.ROUTES,
    *places.ROUTES,
    *designation.ROUTES,
)
"""Handlers of all parts."""
