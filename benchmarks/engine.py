"""The engine: a whole national round with explanation, beside its floor, and how it grows."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from benchmarks.rounds import make_round
from benchmarks.timing import measure, once
from bidding.bid_sheet import Round
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from rulebooks import load_rulebook

LOTS, BIDS = 60, 800
LIMIT_MS = 50
OPTIONS: dict[str, dict[str, object]] = {
    "national-3": {},
    "national-10": {},
    "national-11": {},
    # What no source states of the twelfth round, supplied as a round would.
    "national-12": {
        "places.by_bidders": {"as_in": "national-10"},
        "selection.ratio_to_anchor": "1.8",
        "selection.absolute_low": "none",
        "revival.shortlisted": "none",
    },
}
"""Rulebooks to measure, with the options that they need."""

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BIDS_A_LOT = 13


def whole_round() -> None:
    """A round of 60 lots and 800 bids, evaluated with every step, needed prices and volumes."""
    print(f"A national round of {LOTS} lots, {BIDS} bids, 31 regions (aim: {LIMIT_MS} ms)")
    for name, options in OPTIONS.items():
        round_ = replace(make_round(lots=LOTS, bids=BIDS, rulebook=name), options=options)
        rulebook = load_rulebook(name)
        evaluated = measure(partial(evaluate, round_, rulebook))
        floor = measure(partial(sort_bids, round_))
        ratio = evaluated.median / floor.median
        print(f"  {name:12} evaluate {evaluated.milliseconds}  floor {floor.milliseconds}", end="")
        print(f"  x {ratio:.0f}")
    report = evaluate(round_, rulebook)
    written = measure(lambda: dumps(report_document(report)))
    print(f"  writing the report as JSON in both languages {written.milliseconds}")
    print("  floor: the same bids divided and sorted lot by lot as exact decimals, nothing else\n")


def sort_bids(round_: Round) -> list[list[Decimal]]:
    """The floor: unit prices of each lot, sorted."""
    prices: dict[str, list[Decimal]] = {}
    for bid in round_.bids:
        price = bid.quotes[0].declared_price
        if price is not None:
            prices.setdefault(bid.lot, []).append(price.pack_price / price.pack_units)
    return [sorted(lot) for lot in prices.values()]


def growth() -> None:
    """Seconds as bids grow, in many lots and in one."""
    print("Growth with the number of bids (processor seconds; microseconds a bid)")
    print(f"  {'bids':>10}  {'lots of 13':>22}  {'one lot':>22}")
    rulebook = load_rulebook("national-3")
    for size in SIZES:
        many = make_round(lots=size // BIDS_A_LOT, bids=size, regions=3)
        seconds = once(partial(evaluate, many, rulebook))
        one = make_round(lots=1, bids=size, regions=3)
        single = once(partial(evaluate, one, rulebook))
        print(f"  {size:>10,}  {_cell(seconds, size)}  {_cell(single, size)}")
        del many, one
    print()


def _cell(seconds: float, size: int) -> str:
    return f"{seconds:9.2f} s {seconds / size * 1e6:7.1f} us"


def main() -> None:
    """Print the figures of the engine."""
    whole_round()
    growth()
