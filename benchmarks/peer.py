"""The nearest peer, `bid-evaluation` from PyPI, for the plain ranking that both can do."""

from functools import partial

import numpy as np
import pandas as pd
from bid_evaluation import Evaluator

from benchmarks.rounds import make_round
from benchmarks.timing import measure
from bidding.competition import compete
from bidding.rules import RoundRules
from rulebooks import load_rulebook

SIZES = (13, 1_000, 100_000)


def main() -> None:
    """Print how long both take to rank one lot by price."""
    print("Ranking one lot by price, beside `bid-evaluation` (ours: exact, ceilings, conversion)")
    rules = RoundRules(load_rulebook("national-3"))
    peer = Evaluator.from_config({"price": {"type": "min_ratio", "weight": 1.0}})
    for size in SIZES:
        round_ = make_round(lots=1, bids=size)
        lot, bids = round_.lots[0], round_.bids
        prices = np.array(
            [float(price.shown) for bid in bids if (price := bid.quotes[0].declared_price)]
        )
        frame = pd.DataFrame({"price": prices})
        ours = measure(partial(compete, lot, bids, None, rules), runs=5)
        theirs = measure(partial(peer.evaluate, frame), runs=5)
        ratio = ours.median / theirs.median
        print(f"  {size:>8,} bids: ours {ours.milliseconds}  peer {theirs.milliseconds}", end="")
        print(f"  x {ratio:.2f}")
    print()
