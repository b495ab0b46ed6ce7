"""Public pages: notices, publications of a round, lots, manufacturers, open data, verifier."""

from procurement.publication.pages import firms, lots, notices, open_data, verifier

ROUTES = (*notices.ROUTES, *lots.ROUTES, *firms.ROUTES, *open_data.ROUTES, *verifier.ROUTES)
"""All of them."""
