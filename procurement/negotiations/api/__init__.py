"""Negotiations by machine: campaigns, dossiers, sessions."""

from procurement.negotiations.api import campaigns, dossiers, sessions

ROUTES = (*campaigns.ROUTES, *dossiers.ROUTES, *sessions.ROUTES)
"""Handlers of this stage's interface."""
