"""Public pages: the notice board, a round's publications, manufacturers, the verifier."""

from procurement.publication.pages import firms, notices, verifier

ROUTES = (*notices.ROUTES, *firms.ROUTES, *verifier.ROUTES)
"""All of them."""
