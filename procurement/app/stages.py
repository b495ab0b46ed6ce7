"""What each stage brings to the application, in the order of the process."""

from collections.abc import Mapping

from procurement.accounts import api as accounts_api
from procurement.accounts import pages as accounts_pages
from procurement.app import health, interface
from procurement.home import pages as home_pages
from procurement.jobs import Handler

ROUTES = (
    *health.ROUTES,
    *interface.ROUTES,
    *home_pages.ROUTES,
    *accounts_pages.ROUTES,
    *accounts_api.ROUTES,
)
"""Handlers of pages and of the API."""

JOBS: Mapping[str, Handler] = {}
"""Who carries out which kind of job."""
