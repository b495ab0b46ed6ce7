"""Pages of the dual channel, one module per part."""

from procurement.pharmacies.pages import (
    complaints,
    convenience,
    convenience_needs,
    convenience_years,
    coverage,
    designation,
    finder,
    finder_files,
    listed,
    listed_decisions,
    listed_import,
    patients,
    places,
    stock,
)

ROUTES = (
    *listed.ROUTES,
    *listed_decisions.ROUTES,
    *listed_import.ROUTES,
    *complaints.ROUTES,
    *finder.ROUTES,
    *finder_files.ROUTES,
    *stock.ROUTES,
    *patients.ROUTES,
    *places.ROUTES,
    *designation.ROUTES,
    *coverage.ROUTES,
    *convenience_needs.ROUTES,
    *convenience.ROUTES,
    *convenience_years.ROUTES,
)
"""Handlers of all parts."""
