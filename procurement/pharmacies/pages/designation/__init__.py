"""Pages of designation, one module for each task."""

from procurement.pharmacies.pages.designation import (
    applications,
    calls,
    checking,
    duties,
    holding,
    hub,
    lists,
    notices,
)

ROUTES = (
    *hub.ROUTES,
    *calls.ROUTES,
    *applications.ROUTES,
    *checking.ROUTES,
    *notices.ROUTES,
    *holding.ROUTES,
    *lists.ROUTES,
    *duties.ROUTES,
)
"""Handlers of these pages."""
