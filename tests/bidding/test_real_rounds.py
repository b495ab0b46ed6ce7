"""Two real rounds: what the engine decides beside what was published."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from bidding.evaluate import evaluate
from bidding.report import EvaluationReport
from procurement.rounds.folder import RoundFolder, read_folder
from rulebooks import load_rulebook
from tests.bidding.test_twin import by_twin
from tests.bidding.twin_evaluate import view

ROUNDS = {"alliance-2019": (25, 25, 102, 102), "national-3-2020": (52, 56, 295, 299)}
"""Lots matched, lots, bids matched, bids: a bid is one manufacturer in one lot."""

TURNS = {"alliance-2019": 25, "national-3-2020": 52}
"""Matched lots in which every winner has the published number of regions."""


@cache
def read(folder: Path) -> RoundFolder:
    return read_folder(folder)


@cache
def report(folder: Path) -> EvaluationReport:
    round_ = read(folder).round
    return evaluate(round_, load_rulebook(round_.rulebook), volumes=False)


def decided(folder: Path) -> Mapping[tuple[str, str], bool]:
    """Whether each manufacturer won in each lot, as the engine decides."""
    won: dict[tuple[str, str], bool] = defaultdict(bool)
    for lot in report(folder).lots:
        for outcome in lot.outcomes:
            won[lot.lot, outcome.manufacturer] |= outcome.status.is_selected
    return won


@pytest.mark.parametrize("name", ROUNDS)
def test_winners_are_those_that_were_published_in_so_many_lots(shared, name):
    folder = shared / "rounds" / name
    won, lots = decided(folder), defaultdict(list)
    for published in read(folder).expected:
        lots[published.lot].append(won[published.lot, published.manufacturer] == published.selected)
    bids = [match for matches in lots.values() for match in matches]
    matched = sum(all(matches) for matches in lots.values())
    assert (matched, len(lots), sum(bids), len(bids)) == ROUNDS[name]


@pytest.mark.parametrize("name", ROUNDS)
def test_winners_have_the_published_number_of_regions_in_so_many_lots(shared, name):
    folder = shared / "rounds" / name
    won, reports = decided(folder), {lot.lot: lot for lot in report(folder).lots}
    by_lot = defaultdict(list)
    for published in read(folder).expected:
        by_lot[published.lot].append(published)
    agree = 0
    for lot, entries in by_lot.items():
        if any(won[lot, one.manufacturer] != one.selected for one in entries):
            continue
        regions = {one.manufacturer: one.regions or 0 for one in reports[lot].outcomes}
        agree += all(regions[one.manufacturer] == len(one.regions) for one in entries)
    assert agree == TURNS[name]


@pytest.mark.parametrize("name", ROUNDS)
def test_the_twin_decides_every_lot_alike(shared, name):
    round_ = read(shared / "rounds" / name).round
    whole = evaluate(round_, load_rulebook(round_.rulebook))
    assert {lot.lot: view(lot) for lot in whole.lots} == by_twin(round_, ())
