"""Volume reporting by machine."""

from procurement.volumes.api import base, decisions, overview, reports, splits, uploads

ROUTES = (
    *reports.ROUTES,
    *decisions.ROUTES,
    *splits.ROUTES,
    *uploads.ROUTES,
    *base.ROUTES,
    *overview.ROUTES,
)
"""Handlers of the interface."""
