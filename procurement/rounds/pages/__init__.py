"""The pages of rounds, one module for each group of questions."""

from procurement.rounds.pages import (
    basics,
    keyholders,
    lot_files,
    lots,
    open_rules,
    overview,
    proposals,
    simulations,
    steps,
    timetable,
)

ROUTES = (
    *overview.ROUTES,
    *basics.ROUTES,
    *timetable.ROUTES,
    *lots.ROUTES,
    *lot_files.ROUTES,
    *keyholders.ROUTES,
    *open_rules.ROUTES,
    *steps.ROUTES,
    *proposals.ROUTES,
    *simulations.ROUTES,
)
"""All of them."""
