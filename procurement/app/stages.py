"""What each stage brings to the application, in the order of the process."""

from collections.abc import Mapping

from procurement.accounts import api as accounts_api
from procurement.accounts import pages as accounts_pages
from procurement.app import health, interface
from procurement.bids import api as bids_api
from procurement.bids import jobs as bids_jobs
from procurement.bids import pages as bids_pages
from procurement.catalogue import api as catalogue_api
from procurement.catalogue import pages as catalogue_pages
from procurement.credit_rating import api as credit_api
from procurement.credit_rating import pages as credit_pages
from procurement.home import pages as home_pages
from procurement.jobs import Handler

ROUTES = (
    *health.ROUTES,
    *interface.ROUTES,
    *home_pages.ROUTES,
    *accounts_pages.ROUTES,
    *accounts_api.ROUTES,
    *catalogue_pages.ROUTES,
    *catalogue_api.ROUTES,
    *credit_pages.ROUTES,
    *credit_api.ROUTES,
    *bids_pages.ROUTES,
    *bids_api.ROUTES,
)
"""Handlers of pages and of the API."""

JOBS: Mapping[str, Handler] = {**bids_jobs.HANDLERS}
"""Who carries out which kind of job."""
