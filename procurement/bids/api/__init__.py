"""The API of sealed bids: the same services as the pages, with tokens in place of cookies."""

from procurement.bids.api import keys, log, opening, papers, submission

ROUTES = (
    *keys.ROUTES,
    *papers.ROUTES,
    *submission.ROUTES,
    *log.ROUTES,
    *opening.ROUTES,
)

__all__ = ["ROUTES"]
