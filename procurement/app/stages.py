"""What each stage brings to the application, in the order of the process."""

from collections.abc import Mapping

from procurement.accounts import api as accounts_api
from procurement.accounts import jobs as accounts_jobs
from procurement.accounts import pages as accounts_pages
from procurement.agreements import api as agreements_api
from procurement.agreements import jobs as agreements_jobs
from procurement.agreements import links as agreements_links
from procurement.agreements import pages as agreements_pages
from procurement.app import health, interface
from procurement.awards import api as awards_api
from procurement.awards import deciding as awards_deciding
from procurement.awards import fixing as awards_fixing
from procurement.awards import jobs as awards_jobs
from procurement.awards import links as awards_links
from procurement.awards import pages as awards_pages
from procurement.awards.regions import api as regions_api
from procurement.awards.regions import jobs as regions_jobs
from procurement.awards.regions import links as regions_links
from procurement.awards.regions import pages as regions_pages
from procurement.bids import api as bids_api
from procurement.bids import jobs as bids_jobs
from procurement.bids import links as bids_links
from procurement.bids import pages as bids_pages
from procurement.bids import steps as bids_steps
from procurement.bids.keyholders import checks as bids_checks
from procurement.catalogue import api as catalogue_api
from procurement.catalogue import pages as catalogue_pages
from procurement.credit_rating import api as credit_api
from procurement.credit_rating import application_api as credit_application_api
from procurement.credit_rating import pages as credit_pages
from procurement.home import pages as home_pages
from procurement.jobs import Handler
from procurement.monitoring import api as monitoring_api
from procurement.monitoring import jobs as monitoring_jobs
from procurement.monitoring import pages as monitoring_pages
from procurement.negotiations import api as negotiations_api
from procurement.negotiations import pages as negotiations_pages
from procurement.orders import api as orders_api
from procurement.orders import pages as orders_pages
from procurement.orders.fulfilment import jobs as fulfilment_jobs
from procurement.orders.fulfilment.hooks import install_paid_on
from procurement.orders.offers.buyers import install_may_buy
from procurement.orders.partitions import jobs as partitions_jobs
from procurement.payments import api as payments_api
from procurement.payments import jobs as payments_jobs
from procurement.payments import pages as payments_pages
from procurement.payments.facts import paid_on
from procurement.pharmacies import api as pharmacies_api
from procurement.pharmacies import pages as pharmacies_pages
from procurement.pharmacies.complaints import jobs as complaints_jobs
from procurement.pharmacies.convenience.orders import may_buy
from procurement.pharmacies.coverage import jobs as coverage_jobs
from procurement.pharmacies.designation import jobs as designation_jobs
from procurement.pharmacies.patients import jobs as patients_jobs
from procurement.prices import api as prices_api
from procurement.publication import api as publication_api
from procurement.publication import links as publication_links
from procurement.publication import pages as publication_pages
from procurement.publication.ocds import jobs as ocds_jobs
from procurement.rounds import api as rounds_api
from procurement.rounds import jobs as rounds_jobs
from procurement.rounds import pages as rounds_pages
from procurement.rounds.document import api as document_api
from procurement.rounds.document import pages as document_pages
from procurement.rounds.document import steps as document_steps
from procurement.rounds.hooks import make_hooks
from procurement.savings import api as savings_api
from procurement.savings import jobs as savings_jobs
from procurement.savings import pages as savings_pages
from procurement.volumes import api as volumes_api
from procurement.volumes import jobs as volumes_jobs
from procurement.volumes import pages as volumes_pages
from procurement.volumes import steps as volumes_steps

ROUTES = (
    *health.ROUTES,
    *interface.ROUTES,
    *home_pages.ROUTES,
    *accounts_pages.ROUTES,
    *accounts_api.ROUTES,
    *catalogue_pages.ROUTES,
    *catalogue_api.ROUTES,
    *prices_api.ROUTES,
    *credit_pages.ROUTES,
    *credit_api.ROUTES,
    *credit_application_api.ROUTES,
    *rounds_pages.ROUTES,
    *rounds_api.ROUTES,
    *document_pages.ROUTES,
    *document_api.ROUTES,
    *volumes_pages.ROUTES,
    *volumes_api.ROUTES,
    *bids_pages.ROUTES,
    *bids_api.ROUTES,
    *awards_pages.ROUTES,
    *awards_api.ROUTES,
    *regions_pages.ROUTES,
    *regions_api.ROUTES,
    *agreements_pages.ROUTES,
    *agreements_api.ROUTES,
    *orders_pages.ROUTES,
    *orders_api.ROUTES,
    *payments_pages.ROUTES,
    *savings_pages.ROUTES,
    *savings_api.ROUTES,
    *payments_api.ROUTES,
    *negotiations_pages.ROUTES,
    *negotiations_api.ROUTES,
    *pharmacies_pages.ROUTES,
    *pharmacies_api.ROUTES,
    *monitoring_pages.ROUTES,
    *monitoring_api.ROUTES,
    *publication_pages.ROUTES,
    *publication_api.ROUTES,
)
"""Handlers of pages and of the API."""

JOBS: Mapping[str, Handler] = {
    **accounts_jobs.HANDLERS,
    **rounds_jobs.HANDLERS,
    **volumes_jobs.HANDLERS,
    **bids_jobs.HANDLERS,
    **awards_jobs.HANDLERS,
    **regions_jobs.HANDLERS,
    **agreements_jobs.HANDLERS,
    **payments_jobs.HANDLERS,
    **savings_jobs.HANDLERS,
    **fulfilment_jobs.HANDLERS,
    **partitions_jobs.HANDLERS,
    **coverage_jobs.HANDLERS,
    **designation_jobs.HANDLERS,
    **patients_jobs.HANDLERS,
    **complaints_jobs.HANDLERS,
    **monitoring_jobs.HANDLERS,
    **ocds_jobs.HANDLERS,
}
"""Who carries out which kind of job."""

PUNCTUAL_JOBS = frozenset(bids_jobs.HANDLERS)
"""Kinds that wait for no other work: closings, openings, and rows that hide when bids come."""

HOOKS = make_hooks(
    publication=(
        document_steps.publication_part(),
        volumes_steps.PUBLICATION,
        bids_checks.PUBLICATION,
    ),
    comments=(document_steps.comment_checks,),
    steps=(
        bids_steps.with_new_manifest(document_steps.amend_step()),
        bids_steps.OPEN_BIDS,
        awards_deciding.ANSWER_QUESTION,
        awards_fixing.FIX_AWARD,
    ),
    links=(
        *volumes_steps.LINKS,
        *bids_links.LINKS,
        *awards_links.LINKS,
        *regions_links.LINKS,
        *agreements_links.LINKS,
        *publication_links.LINKS,
    ),
)
"""What documents, volumes and bids add to the steps of a round."""

# Payments stand above fulfilment: they tell it when goods were paid.
install_paid_on(paid_on)
# Pharmacies tell orders which of them buy what hospitals buy.
install_may_buy(may_buy)
