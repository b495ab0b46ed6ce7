"""Agreements by machine: terms, agreements, distributors, signatures, changes, follow-on rounds."""

from procurement.agreements.api import agreements, changes, distributors, follow_on, terms

ROUTES = (
    *terms.ROUTES,
    *agreements.ROUTES,
    *distributors.ROUTES,
    *changes.ROUTES,
    *follow_on.ROUTES,
)
"""Handlers of this stage's interface."""
