"""The pages of monitoring, one module for each task."""

from procurement.monitoring.pages import (
    answers,
    comparison,
    hub,
    reports,
    shortages,
    surveys,
)

ROUTES = (
    *hub.ROUTES,
    *reports.ROUTES,
    *surveys.ROUTES,
    *answers.ROUTES,
    *shortages.ROUTES,
    *comparison.ROUTES,
)
"""All of them."""
