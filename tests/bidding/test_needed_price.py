"""A needed price holds when it is put back, and no higher price does."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from bidding.bid_sheet import Bid, Lot, Round
from bidding.evaluate import evaluate
from bidding.report import LotReport, Outcome
from pricing.money import UnitPrice
from rulebooks import load_rulebook
from tests.bidding.put_back import (
    every_price,
    find,
    grid_prices,
    put_back,
    standing_price,
)
from tests.bidding.random_lots import Setting, random_round, seeded
from tests.bidding.settings import SETTINGS
from tests.bidding.twin_evaluate import selected_bids

COARSE_LEVELS = ("0.05", "0.06", "0.09", "0.10", "0.11", "0.18", "0.20", "0.36", "0.40")

Prices = Callable[[Lot, LotReport, Outcome, UnitPrice], Iterable[Decimal]]


def small_round(setting: Setting, seed: int) -> Round:
    """A random round without volumes, unless they make the groups."""
    round_ = random_round(seeded(seed), setting)
    by_volume = setting.rulebook == "joints-2021" and not setting.groups
    return replace(round_, volumes=round_.volumes if by_volume else (), choices=())


def needed_pack_price(outcome: Outcome) -> Decimal | None:
    return outcome.needed_pack_price or outcome.needed_price


def losers(round_: Round) -> Iterator[tuple[LotReport, Outcome, Bid]]:
    report = evaluate(round_, load_rulebook(round_.rulebook), volumes=False)
    for lot_report in report.lots:
        for outcome in lot_report.outcomes:
            if not outcome.status.is_selected:
                yield lot_report, outcome, find(round_, lot_report.lot, outcome.bid)


def faults(round_: Round, prices: Prices) -> Iterator[str]:
    """What is wrong with the needed prices of a round, by putting prices back."""
    rulebook = load_rulebook(round_.rulebook)
    for report, outcome, loser in losers(round_):
        pack, place = standing_price(loser, outcome), f"{report.lot} {outcome.bid}"
        sheet = next(lot for lot in round_.lots if lot.lot == report.lot)
        ceiling = sheet.strengths[outcome.strength].price_ceiling
        needed = needed_pack_price(outcome)
        tried = list(prices(sheet, report, outcome, pack))
        if needed is not None:
            tried += [needed, needed + pack.step]
        selected = [
            price
            for price in sorted(set(tried))
            if ceiling is None or price <= ceiling * pack.pack_units
            if (report.lot, outcome.bid)
            in selected_bids(
                put_back(round_, loser, outcome.strength, pack.with_pack_price(price)), rulebook
            )
        ]
        if needed is None and selected and (ceiling is not None or selected[-1] != max(tried)):
            yield f"{place}: none is needed, yet it is selected at {selected[-1]}"
        if needed is not None and selected[-1:] != [needed]:
            yield f"{place}: {needed} is needed, the highest selected is {selected[-1:]}"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_bid_is_selected_at_the_needed_price_and_at_no_higher_one_that_matters(name):
    for seed in range(900, 903):
        pick = seeded(seed)

        def prices(sheet, report, outcome, pack, pick=pick):
            return grid_prices(sheet, report, outcome, pack, pick)

        assert list(faults(small_round(SETTINGS[name], seed), prices)) == [], f"seed {seed}"


@pytest.mark.parametrize("name", SETTINGS)
def test_no_price_of_a_coarse_grid_above_the_needed_one_is_selected(name):
    coarse = replace(
        SETTINGS[name],
        levels=COARSE_LEVELS,
        units=(2,),
        strengths=("m",),
        ceilings=True,
        lots=1,
        most_bids=6,
    )
    for seed in range(300, 304):
        scan = small_round(coarse, seed)
        assert list(faults(scan, lambda sheet, _, o, p: every_price(sheet, o, p))) == [], seed
