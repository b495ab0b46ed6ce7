"""The pages of agreements, one module for each task."""

from procurement.agreements.pages import (
    agreement,
    changes,
    distributors,
    entrusting,
    follow_on,
    hub,
    signing,
    terms,
)

ROUTES = (
    *hub.ROUTES,
    *terms.ROUTES,
    *signing.ROUTES,
    *entrusting.ROUTES,
    *changes.ROUTES,
    *distributors.ROUTES,
    *agreement.ROUTES,
    *follow_on.ROUTES,
)
"""All of them."""
