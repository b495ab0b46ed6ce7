"""Negotiations by machine: campaigns, dossiers, groups, chair, sessions, table."""

from procurement.negotiations.api import campaigns, chair, dossiers, groups, sessions, table

ROUTES = (
    *campaigns.ROUTES,
    *dossiers.ROUTES,
    *groups.ROUTES,
    *chair.ROUTES,
    *sessions.ROUTES,
    *table.ROUTES,
)
"""Handlers of this stage's interface."""
