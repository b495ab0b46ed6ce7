"""The pages of sealed bids, one module for each group of people's tasks."""

from procurement.bids.pages import (
    answers,
    bid,
    keys,
    log,
    opening,
    papers,
    receipts,
    rehearsal,
    reveal,
)

ROUTES = (
    *keys.ROUTES,
    *rehearsal.ROUTES,
    *papers.ROUTES,
    *bid.ROUTES,
    *answers.ROUTES,
    *receipts.ROUTES,
    *log.ROUTES,
    *opening.ROUTES,
    *reveal.ROUTES,
)
"""All of them."""
