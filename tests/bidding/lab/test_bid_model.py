"""The bid model: its formulas on a small round, and what it draws."""

from dataclasses import replace
from math import log, pi, sqrt

import numpy as np
import pytest

from bidding.lab.bench import bench_of
from bidding.lab.bid_model import BidModel, Tail, fit, simulate, width_for
from bidding.lab.goodness import spread_figures
from bidding.lab.simulated_fields import fields_of, rank_bids
from tests.bidding.lab.engine import bid, document, one_lot

UNLIMITED = document({"places.unlimited": True, "bidders.above_ceiling_count": True})


def fitted(prices: dict[str, str], ceiling: str | None, originator: str | None = None) -> BidModel:
    round_ = one_lot(prices, ceiling=ceiling)
    bids = tuple(replace(one, is_originator=one.bid == originator) for one in round_.bids)
    bench = bench_of(replace(round_, bids=bids), UNLIMITED, {})
    return fit(bench.competitions, bench.terms.lots)


def a_model(**changes: object) -> BidModel:
    model = BidModel(
        scale=np.array([10.0, 10.0]),
        level=np.array([-1.0, -1.0]),
        level_deviation=np.array([0.1, 0.1]),
        has_ceiling=np.array([True, True]),
        highest=np.zeros(2),
        generics=np.array([5, 3]),
        originators=np.array([0, 1]),
        spread=0.3,
        low=Tail(0.1, 0.5),
        high=Tail(0.05, 0.2),
        above=Tail(0.02, 1.0),
        premium=1.0,
        premium_deviation=1.0,
        prior_mean=-1.0,
        prior_deviation=0.5,
    )
    return replace(model, **changes)  # type: ignore[arg-type]


def test_level_and_residuals_follow_their_formulas():
    model = fitted({"甲": "3", "乙": "4", "丙": "5"}, "10")
    residuals = np.log([3 / 4, 1, 5 / 4]) * sqrt(3 / 2)
    assert model.spread == pytest.approx(sqrt(np.mean(residuals**2)))
    assert model.prior_mean == pytest.approx(log(0.4))
    assert model.level == pytest.approx([log(0.4)])
    assert (model.low.share, model.high.share, model.above.share) == (0, 0, 0)


def test_the_level_of_a_lot_without_ceiling_keeps_its_sampling_error():
    model = fitted({"甲": "3", "乙": "4", "丙": "5"}, None)
    assert model.scale == pytest.approx([4])
    assert model.level == pytest.approx([0])
    assert model.level_deviation == pytest.approx([sqrt(pi / 2 * model.spread**2 / 3)])
    assert model.highest == pytest.approx([log(5 / 4)])


def test_extreme_residuals_make_the_tails():
    model = fitted({"甲": "1", "乙": "4", "丙": "9"}, "10")
    stretched = sqrt(3 / 2)
    assert model.low.share == model.high.share == pytest.approx(1 / 3)
    assert model.low.depth == pytest.approx(log(4) * stretched - log(2))
    assert model.high.depth == pytest.approx(log(9 / 4) * stretched - log(2))


def test_a_generic_bid_above_its_ceiling_has_its_own_share():
    model = fitted({"甲": "3", "乙": "4", "丙": "5", "丁": "20"}, "10")
    assert (model.above.share, model.above.depth) == pytest.approx((0.25, log(2)))
    assert model.level == pytest.approx([log(0.4)])
    assert model.generics.tolist() == [4]


def test_the_premium_is_that_of_the_originator_over_the_level():
    model = fitted({"甲": "3", "乙": "4", "丙": "5", "原研": "9"}, "10", "原研")
    assert model.premium == pytest.approx(log(9 / 4))
    assert (model.generics.tolist(), model.originators.tolist()) == ([3], [1])


def test_one_bid_is_enough_for_a_model():
    model = fitted({"甲": "3"}, "10")
    drawn = simulate(model, 10, np.random.default_rng(0))
    assert np.all(drawn.competing == 1)
    assert drawn.price[..., 0] == pytest.approx(3)


def test_the_same_seed_draws_the_same_bids():
    first, second = (simulate(a_model(), 5, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first.price, second.price)
    assert np.array_equal(first.competing, second.competing)


def test_the_draws_have_the_parameters_of_the_model():
    drawn = simulate(a_model(), 20_000, np.random.default_rng(1))
    assert drawn.competing.mean(axis=0) == pytest.approx([5, 4], rel=0.02)
    assert drawn.competing.min(axis=0).tolist() == [1, 2]
    assert drawn.originator[:, 0].any() == False  # noqa: E712 - a numpy bool
    logs = np.log(drawn.price / 10)
    bidding = np.arange(logs.shape[-1]) < drawn.competing[..., None]
    generic = logs[bidding & ~drawn.originator]
    assert np.mean(generic > 0) == pytest.approx(0.02, rel=0.1)
    assert np.median(generic) == pytest.approx(-1.0, abs=0.05)
    originator = logs[bidding & drawn.originator]
    assert originator.mean() == pytest.approx(0.0, abs=0.02)


def test_nobody_is_above_the_highest_real_price_where_there_is_no_ceiling():
    model = a_model(has_ceiling=np.array([False, False]), highest=np.array([0.2, 0.4]))
    drawn = simulate(model, 500, np.random.default_rng(1))
    index = np.arange(drawn.price.shape[-1])
    for lot, most in enumerate([0.2, 0.4]):
        bids = drawn.price[:, lot][index < drawn.competing[:, lot, None]]
        assert bids.max() <= 10 * np.exp(most) * (1 + 1e-12)


def test_the_arrays_are_wide_enough_for_the_largest_lot():
    assert a_model().width == width_for(5) == 11
    assert width_for(0) == 1


def test_spread_figures_follow_their_definitions():
    round_ = one_lot({"甲": "1", "乙": "4", "丙": "4", "丁": "20"}, ceiling="10")
    figures = spread_figures(bench_of(round_, UNLIMITED, {}).observed.fields)
    prices = np.array([1.0, 4.0, 4.0])
    assert figures["median_cv"].item() == pytest.approx(prices.std(ddof=1) / prices.mean())
    assert figures["invalid_share"].item() == pytest.approx(1 / 4)
    assert figures["extreme_share"].item() == pytest.approx(1 / 3)


def test_simulated_fields_of_a_round_resemble_it():
    generator = np.random.default_rng(3)
    lots, bids = [], []
    for number in range(40):
        one = one_lot({}, ceiling="100")
        lots.append(replace(one.lots[0], lot=f"L{number:02}"))
        level = generator.normal(-1.2, 0.5)
        for firm in range(6):
            price = 100 * np.exp(min(level + generator.normal(0, 0.3), 0))
            bids.append(bid(f"L{number:02}", f"F{firm}", f"{price:.4f}"))
    round_ = replace(one, lots=tuple(lots), bids=tuple(bids))
    bench = bench_of(round_, UNLIMITED, {})
    model = fit(bench.competitions, bench.terms.lots)
    assert model.spread == pytest.approx(0.3, rel=0.15)
    assert model.prior_mean == pytest.approx(-1.2, abs=0.2)
    assert model.prior_deviation == pytest.approx(0.5, rel=0.4)
    drawn = rank_bids(simulate(model, 200, np.random.default_rng(1)), 4)
    simulated = spread_figures(fields_of(drawn, bench.terms))
    observed = spread_figures(bench.observed.fields)
    assert simulated["median_cv"].mean() == pytest.approx(observed["median_cv"].item(), rel=0.15)
