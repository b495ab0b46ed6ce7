"""The API of sealed bids: the same services as the pages, with tokens in place of cookies."""

from procurement.bids.api import answers, keys, log, opening, papers, submission

ROUTES = (
    *keys.ROUTES,
    *papers.ROUTES,
    *submission.ROUTES,
    *answers.ROUTES,
    *log.ROUTES,
    *opening.ROUTES,
)

__all__ = ["ROUTES"]
