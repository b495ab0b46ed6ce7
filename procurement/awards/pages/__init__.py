"""The pages from the evaluation to the award, one module for each group of tasks."""

from procurement.awards.pages import report

ROUTES = (*report.ROUTES,)
"""All of them."""
