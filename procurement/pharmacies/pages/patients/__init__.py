"""Pages of a patient's way: registrations, prescriptions, and what agencies give."""

from procurement.pharmacies.pages.patients import (
    bills,
    changes,
    deciding,
    entering,
    given,
    papers,
    prescriptions,
    registrations,
    reports,
    reviews,
)

ROUTES = (
    *registrations.ROUTES,
    *entering.ROUTES,
    *given.ROUTES,
    *papers.ROUTES,
    *deciding.ROUTES,
    *reviews.ROUTES,
    *changes.ROUTES,
    *bills.ROUTES,
    *prescriptions.ROUTES,
    *reports.ROUTES,
)
"""Handlers of these pages."""
