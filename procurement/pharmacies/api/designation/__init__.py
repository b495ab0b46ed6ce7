"""Interface of designation, one module for each task."""

from procurement.pharmacies.api.designation import applications, calls, duties, holding

ROUTES = (*calls.ROUTES, *applications.ROUTES, *holding.ROUTES, *duties.ROUTES)
"""Handlers of all parts."""
