"""Renewal of negotiated drugs by the rulebooks ``nrdl-renewal-…``, and the price that follows.

`renew` decides one renewal; `price_path` repeats it over the agreements of a forecast.
"""

from pricing.renewal.cases import answer_renewal_case
from pricing.renewal.cut_table import Cell, CutTable, combine, halve
from pricing.renewal.document import path_document, renewal_document
from pricing.renewal.facts import RenewalFacts
from pricing.renewal.outcome import ROUTE_WORDS, Renewal, RenewalStep, Route
from pricing.renewal.path import Agreement, PathStep, PricePath, Prospects, price_path
from pricing.renewal.path_draws import PathDraws, path_draws
from pricing.renewal.renew import after_failed_class_1, after_failed_scope_change, renew

__all__ = [
    "ROUTE_WORDS",
    "Agreement",
    "Cell",
    "CutTable",
    "PathDraws",
    "PathStep",
    "PricePath",
    "Prospects",
    "Renewal",
    "RenewalFacts",
    "RenewalStep",
    "Route",
    "after_failed_class_1",
    "after_failed_scope_change",
    "answer_renewal_case",
    "combine",
    "halve",
    "path_document",
    "path_draws",
    "price_path",
    "renew",
    "renewal_document",
]
