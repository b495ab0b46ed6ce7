"""Retained savings by machine: settlements, assessments, statements, publication, forecasts."""

from procurement.savings.api import (
    assessments,
    corrections,
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
    *corrections.ROUTES,
    *publications.ROUTES,
    *forecasts.ROUTES,
)
"""Handlers of this stage's interface."""
