"""Rounds by machine."""

from procurement.rounds.api import drafts, lots, rounds, simulations, steps

ROUTES = (
    *rounds.ROUTES,
    *drafts.ROUTES,
    *lots.ROUTES,
    *steps.ROUTES,
    *simulations.ROUTES,
)
"""Handlers of the interface."""
