"""The pages of volume reporting, one module for each task."""

from procurement.volumes.pages import (
    base,
    calendar,
    form,
    grid,
    history,
    hub,
    papers,
    report,
    review,
    send,
    split,
    uploads,
)

ROUTES = (
    *calendar.ROUTES,
    *hub.ROUTES,
    *report.ROUTES,
    *grid.ROUTES,
    *form.ROUTES,
    *papers.ROUTES,
    *send.ROUTES,
    *split.ROUTES,
    *review.ROUTES,
    *uploads.ROUTES,
    *history.ROUTES,
    *base.ROUTES,
)
"""All of them."""
