"""The collusion screens of a round: the report and the sheet as `bidding.screens` looks at them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import numpy as np

from bidding.bid_sheet import Bid, Lot
from bidding.bid_sheet import Round as Sheet
from bidding.report import Status
from bidding.screens import ScreenedRound, ScreenResult, screen_round
from bidding.screens.screened_lot import ScreenedBid, ScreenedLot, WonRegions
from procurement.awards.pages.kept import Given
from procurement.awards.report_view import Fields, ReportView
from procurement.rounds.folder.stored import read_facts

RATE = 0.1
"""Highest expected share of false flags among the flags of simulated screens."""

SCREENS_OF_A_LOT = 9
"""Simulated ones; a single flag among m looks needs a chance of rate / m."""

DRAWS_MOST = 20_000
"""What a page can wait for; more are drawn by ``jicai`` off line."""


def screen(report: ReportView) -> tuple[tuple[ScreenResult, ...], int, int]:
    """Run all screens on an evaluated round.

    The same report gives the same results: its digest is the seed.

    Args:
        report: A report with its sheet.

    Returns:
        The results, how many fields were drawn, and the seed.
    """
    if report.evaluated is None:
        return (), 0, 0
    lots = len(report.lots)
    draws = min(DRAWS_MOST, max(1000, round(10 / RATE) * lots * SCREENS_OF_A_LOT))
    seed = int(report.row.report_digest[:8], 16)
    return _screened(report.row.report_digest, Given(report), draws, seed), draws, seed


@lru_cache(maxsize=32)
def _screened(
    digest: str, report: Given[ReportView], draws: int, seed: int
) -> tuple[ScreenResult, ...]:
    return screen_round(
        screened_round(report.value), generator=np.random.default_rng(seed), draws=draws, rate=RATE
    )


def screened_round(report: ReportView) -> ScreenedRound:
    """Return a round as the screens look at it."""
    if report.evaluated is None:
        return ScreenedRound(report.document["title"], ())
    sheet: Sheet = read_facts(report.evaluated.facts).round
    bids = {(bid.lot, bid.bid): bid for bid in sheet.bids}
    lots = {lot.lot: lot for lot in sheet.lots}
    return ScreenedRound(
        name=sheet.title,
        lots=tuple(_lot(one, lots[one["lot"]], bids) for one in report.lots),
        won_regions=tuple(
            WonRegions(one["lot"], outcome["bid"], tuple(outcome["region_names"]))
            for one in report.lots
            for outcome in one["outcomes"]
            if outcome["region_names"]
        ),
    )


def _lot(lot: Fields, known: Lot, bids: Mapping[tuple[str, str], Bid]) -> ScreenedLot:
    selected = [one for one in lot["outcomes"] if one["selected"]]
    return ScreenedLot(
        lot=lot["lot"],
        bids=tuple(_bid(one, known, bids[lot["lot"], one["bid"]]) for one in lot["outcomes"]),
        winners=len(selected),
    )


def _bid(outcome: Fields, lot: Lot, bid: Bid) -> ScreenedBid:
    price = outcome["comparable_price"]
    return ScreenedBid(
        bid=outcome["bid"],
        manufacturer=outcome["manufacturer"],
        control_group=bid.control_group,
        comparable_price=None if price is None else Decimal(price),
        price_ceiling=_ceiling(outcome, lot),
        selected=outcome["selected"],
        valid=outcome["status"] != Status.INVALID,
        originator=bid.is_originator,
    )


def _ceiling(outcome: Fields, lot: Lot) -> Decimal | None:
    """The ceiling of the strength whose price stands, converted as that price was."""
    strength = lot.strengths.get(outcome["strength"])
    declared, comparable = outcome["declared_price"], outcome["comparable_price"]
    if strength is None or strength.price_ceiling is None or not declared or not comparable:
        return None
    if strength.ratio == 1:
        return strength.price_ceiling
    return strength.price_ceiling * Decimal(comparable) / Decimal(declared)
