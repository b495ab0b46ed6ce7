"""Agreements by machine: terms, agreements, distributors, signatures, changes."""

from procurement.agreements.api import agreements, changes, distributors, terms

ROUTES = (*terms.ROUTES, *agreements.ROUTES, *distributors.ROUTES, *changes.ROUTES)
"""Handlers of this stage's interface."""
