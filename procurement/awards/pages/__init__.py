"""The pages from the evaluation to the award, one module for each group of tasks."""

from procurement.awards.pages import (
    announcement,
    award,
    day,
    letters,
    objections,
    questions,
    report,
    screens,
)

ROUTES = (
    *day.ROUTES,
    *report.ROUTES,
    *screens.ROUTES,
    *questions.ROUTES,
    *letters.ROUTES,
    *announcement.ROUTES,
    *objections.ROUTES,
    *award.ROUTES,
)
"""All of them."""
