"""Volume reporting by machine."""

from procurement.volumes.api import base, decisions, reports, splits, uploads

ROUTES = (
    *reports.ROUTES,
    *decisions.ROUTES,
    *splits.ROUTES,
    *uploads.ROUTES,
    *base.ROUTES,
)
"""Handlers of the interface."""
