"""The lab: lot evaluations a second without explanation, beside one sort of the same bids."""

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.rounds import SEED
from benchmarks.timing import measure
from bidding.bid_sheet import Round
from bidding.lab.run import evaluate_bids, prepare_bids
from procurement.rounds.folder import read_folder
from rulebooks import load_rulebook

EXAMPLE = Path(__file__).parent.parent / "examples" / "national-3-eight-lots"
RULEBOOKS = ("national-3", "national-10", "national-11", "national-12")
DRAWS = 2_000
AIM = 100_000


def main() -> None:
    """Print how many lots a second the lab evaluates."""
    print(f"The lab: lot evaluations a second, all measures, one core (aim: {AIM:,})")
    round_: Round = read_folder(EXAMPLE).round
    for name in RULEBOOKS:
        bids, terms = prepare_bids(round_, load_rulebook(name), DRAWS, np.random.default_rng(SEED))
        evaluations = DRAWS * len(round_.lots)
        lab = measure(partial(evaluate_bids, bids, terms))
        floor = measure(partial(np.sort, bids.price, axis=-1))
        print(f"  {name:12} {evaluations / lab.median:12,.0f} a second", end="")
        print(f"  floor {evaluations / floor.median:12,.0f}  x {lab.median / floor.median:.1f}")
    print("  floor: one numpy sort of the same simulated bids, lot by lot\n")
