"""The pages of negotiations."""

from procurement.negotiations.pages import (
    bidding,
    campaigns,
    dossiers,
    groups,
    outputs,
    people,
    price_path,
    renewals,
    review,
    sessions,
    table,
)

ROUTES = (
    *campaigns.ROUTES,
    *people.ROUTES,
    *dossiers.ROUTES,
    *review.ROUTES,
    *groups.ROUTES,
    *outputs.ROUTES,
    *sessions.ROUTES,
    *table.ROUTES,
    *renewals.ROUTES,
    *price_path.ROUTES,
    *bidding.ROUTES,
)
"""Handlers of this stage's pages."""
