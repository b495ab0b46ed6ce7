"""Retained savings by machine: settlements, assessments, statements, publication, forecasts."""

from procurement.savings.api import (
    assessments,
    factors,
    forecasts,
    publications,
    settlements,
    statements,
)

ROUTES = (
    *settlements.ROUTES,
    *factors.ROUTES,
    *assessments.ROUTES,
    *statements.ROUTES,
    *publications.ROUTES,
    *forecasts.ROUTES,
)
"""Handlers of this stage's interface."""
