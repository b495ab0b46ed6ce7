"""Publications by machine."""

from procurement.publication.api import publications

ROUTES = (*publications.ROUTES,)
"""All of them."""
