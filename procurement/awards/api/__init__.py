"""Evaluation, notices, objections, letters and awards by machine."""

from procurement.awards.api import letters, objections, results

ROUTES = (*results.ROUTES, *objections.ROUTES, *letters.ROUTES)
"""Handlers of this stage's interface."""
