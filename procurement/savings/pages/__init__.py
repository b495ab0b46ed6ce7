"""The pages of retained savings, one module for each task."""

from procurement.savings.pages import (
    assessments,
    drafting,
    factors,
    hub,
    line,
    paying,
    publication,
    statements,
    steps,
)

ROUTES = (
    *drafting.ROUTES,
    *factors.ROUTES,
    *assessments.ROUTES,
    *statements.ROUTES,
    *publication.ROUTES,
    *line.ROUTES,
    *paying.ROUTES,
    *hub.ROUTES,
    *steps.ROUTES,
)
"""All of them."""
