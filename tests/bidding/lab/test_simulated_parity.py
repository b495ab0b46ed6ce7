"""Each simulated field is decided and measured as if its bids had been made in a real round."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from bidding.bid_sheet import Lot, Round, Strength, Volume
from bidding.lab.bench import Bench, bench_of
from bidding.lab.bid_model import fit, simulate
from bidding.lab.measures import MEASURES, measure
from bidding.lab.run import evaluate_bids
from bidding.lab.simulated_fields import SimulatedBids, fields_of, rank_bids
from bidding.lab.vectorised import select
from rulebooks import load_rulebook
from tests.bidding.lab.engine import bid

LOTS = 12
REGIONS = 7


@pytest.fixture(scope="module")
def sheet() -> Round:
    """Lots of one strength, dear enough that rounding makes no two bids equal."""
    generator = np.random.default_rng(5)
    lots, bids, volumes = [], [], []
    for number in range(LOTS):
        name, ceiling = f"L{number:02}", Decimal(100 + 100 * number)
        lots.append(Lot(name, "某某片", {"1mg": Strength("1mg", Decimal(1), ceiling)}))
        for firm in range(2 + number):
            price = round(float(ceiling) * float(generator.uniform(0.05, 1.1)), 4)
            bids.append(bid(name, f"F{firm:02}", str(price), is_originator=firm == 0))
        volumes += [
            Volume(f"R{region}", name, "1mg", Decimal(1), 1000 * (region + 1))
            for region in range(REGIONS)
        ]
    return Round("invented", "national-3", None, tuple(lots), tuple(bids), tuple(volumes))


def as_round(sheet: Round, drawn: SimulatedBids, draw: int) -> Round:
    """A draw as a round; bids at the ceiling are equal, and the tie-breaks separate them."""
    bids = []
    for number, lot in enumerate(sheet.lots):
        for firm in range(int(drawn.competing[draw, number])):
            price = f"{drawn.price[draw, number, firm]:.4f}"
            originator = bool(drawn.originator[draw, number, firm])
            bids.append(
                bid(
                    lot.lot,
                    f"F{firm:02}",
                    price,
                    is_originator=originator,
                    prior_supply=1000 - firm,
                    quality_score=Decimal(100 - firm),
                )
            )
    return replace(sheet, bids=tuple(bids))


def simulated(bench: Bench, draws: int) -> SimulatedBids:
    model = fit(bench.competitions, bench.terms.lots)
    drawn = simulate(model, draws, np.random.default_rng(11))
    # Not every document rounds; a declared price has four decimals here.
    return replace(drawn, price=np.where(drawn.price < 1e100, drawn.price.round(4), drawn.price))


@pytest.mark.parametrize(
    "rulebook",
    [
        *("national-3", "national-7", "national-10", "national-11", "national-12"),
        *("national-pilot-expansion-2019", "follow-on-inquiry-2026"),
    ],
)
def test_a_simulated_field_is_measured_like_a_real_one(rulebook, sheet):
    bench = bench_of(sheet, load_rulebook(rulebook), {})
    drawn = simulated(bench, 4)
    measures = evaluate_bids(drawn, bench.terms)
    assert set(measures) == set(MEASURES)
    for draw in range(4):
        real = bench_of(as_round(sheet, drawn, draw), load_rulebook(rulebook), {})
        of_real = measure(real.observed.fields, real.decision, real.terms)
        for name, values in measures.items():
            assert values[draw] == pytest.approx(of_real[name].item(), rel=1e-9, nan_ok=True), name


def test_a_simulated_field_has_the_winners_of_a_real_one_in_every_lot(sheet):
    bench = bench_of(sheet, load_rulebook("national-12"), {})
    drawn = simulated(bench, 4)
    ranked = rank_bids(drawn, bench.terms.decimals)
    decision = select(fields_of(ranked, bench.terms), bench.terms)
    for draw in range(4):
        real = bench_of(as_round(sheet, drawn, draw), load_rulebook("national-12"), {})
        for mask, of_real in (
            (decision.selected, real.decision.selected),
            (decision.without_volume, real.decision.without_volume),
            (decision.offered["revival.reference"], real.decision.offered["revival.reference"]),
        ):
            expected = of_real[:, 0].sum(axis=0).tolist()
            assert mask[:, draw].sum(axis=0).tolist() == expected


def test_ranking_keeps_the_originator_with_its_price(sheet):
    bench = bench_of(sheet, load_rulebook("national-3"), {})
    drawn = simulated(bench, 3)
    ranked = rank_bids(drawn, None)
    order = np.argsort(drawn.price, axis=-1)
    flags = np.moveaxis(np.take_along_axis(drawn.originator, order, axis=-1), -1, 0)
    real = ranked.price < 1e100
    assert np.array_equal(ranked.originator[real], flags[real])
    assert np.allclose(np.sort(drawn.price, axis=-1), np.moveaxis(ranked.price, 0, -1), rtol=1e-15)


def test_a_price_is_rounded_to_one_step_at_least():
    drawn = SimulatedBids(
        np.array([[[0.00001, 1.23456]]]), np.zeros((1, 1, 2), np.bool_), np.array([[2]])
    )
    assert rank_bids(drawn, 4).price.ravel() == pytest.approx([0.0001, 1.2346])
