"""Publications by machine."""

from procurement.publication.api import open_data, publications

ROUTES = (*publications.ROUTES, *open_data.ROUTES)
"""All of them."""
