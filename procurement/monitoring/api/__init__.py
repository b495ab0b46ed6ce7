"""The interface of monitoring."""

from procurement.monitoring.api import comparison, reports, surveys

ROUTES = (*reports.ROUTES, *surveys.ROUTES, *comparison.ROUTES)
"""All handlers."""
