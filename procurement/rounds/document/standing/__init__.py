"""Clauses that are no rule of the rulebook: facts of the round, and how the platform works."""

from procurement.rounds.document.standing import forms, general, outcome, sealing
from procurement.rounds.document.standing.ground import Ground, Standing

STANDING: tuple[Standing, ...] = (
    *general.STANDING,
    *sealing.STANDING,
    *outcome.STANDING,
    *forms.STANDING,
)
"""All of them, in the order in which they are printed within their sections."""

__all__ = ["STANDING", "Ground", "Standing"]
