"""A whole round: every screen answers, in a stable order, and honest rounds stay quiet."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.screens import SCREENS, Answer, screen_round
from bidding.screens.competitive_null import Spread
from bidding.screens.same_price import Limits, assess_same_price
from bidding.screens.screened_lot import ScreenedRound
from tests.bidding.screens.rounds import answer_of, bid, competitive_round, lot_of

HONEST = competitive_round(np.random.default_rng(1), lots=12, spread=Spread(0.4, 0.3))


def run(screened_round, *, seed=5, draws=400, rate=0.1):
    generator = np.random.default_rng(seed)
    return screen_round(screened_round, generator=generator, draws=draws, rate=rate)


def test_every_screen_answers_in_the_order_of_the_registry():
    screens = [result.screen for result in run(HONEST)]
    assert list(dict.fromkeys(screens)) == list(SCREENS)


def test_within_a_screen_subjects_come_by_name():
    results = run(HONEST)
    for screen in ("cv", "same_price", "links"):
        names = [result.subject.name for result in results if result.screen == screen]
        assert names == sorted(names) == [lot.lot for lot in HONEST.lots]


def test_every_answer_is_one_of_three_with_a_reason_in_both_languages():
    for result in run(HONEST):
        assert result.answer in Answer
        assert result.reason.zh.endswith("。")
        assert result.reason.en.endswith(".")
        assert result.n >= 0
        assessed = result.answer is not Answer.NOT_ASSESSABLE
        assert not assessed or result.figure is not None


def test_one_seed_gives_one_result():
    assert run(HONEST) == run(HONEST)
    assert run(HONEST, seed=6) != run(HONEST)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_lots_and_bids_does_not_matter(rng):
    lots = [replace(lot, bids=tuple(rng.sample(lot.bids, len(lot.bids)))) for lot in HONEST.lots]
    rng.shuffle(lots)
    shuffled = ScreenedRound(HONEST.name, tuple(lots))
    assert run(shuffled, draws=50) == run(HONEST, draws=50)


def test_a_rigged_lot_among_honest_ones_is_flagged():
    """Five bids within 1 % of each other, but for the agreed winner 12 % below."""
    rigged = lot_of("L99", [8.80, 10.00, 10.02, 10.05, 10.07, 10.10], winners=1, ceiling="12")
    results = run(ScreenedRound("round", (*HONEST.lots, rigged)), draws=5000)
    flagged = [one for one in results if one.answer is Answer.FLAGGED]
    rigged_screens = {one.screen for one in flagged if one.subject.name == "L99"}
    assert {"rd", "altrd", "skewness", "subgroups"} <= rigged_screens
    assert len(flagged) - len(rigged_screens) <= 0.2 * len(flagged)


def test_honest_rounds_seldom_show_a_prompt():
    """With nothing to find, the share of rounds with any simulated flag is about the rate."""
    generator = np.random.default_rng(20)
    with_prompts = 0
    for _ in range(30):
        honest = competitive_round(generator, lots=12, spread=Spread(0.4, 0.3))
        results = screen_round(honest, generator=generator, draws=2000, rate=0.1)
        with_prompts += any(
            one.answer is Answer.FLAGGED for one in results if one.chance is not None
        )
    # 30 rounds at 10 %: more than 8 would come by chance in 1 of 500 runs.
    assert with_prompts <= 8


def test_too_few_draws_are_said_not_hidden():
    rigged = lot_of("L99", [8.80, 10.00, 10.02, 10.05, 10.07, 10.10], winners=1, ceiling="12")
    results = run(ScreenedRound("round", (*HONEST.lots, rigged)), draws=100)
    result = answer_of(results, "rd", "L99")
    assert result.answer is Answer.NOT_ASSESSABLE
    assert "simulate more" in result.reason.en


def test_a_stricter_rate_flags_no_more():
    rigged = lot_of("L99", [8.80, 10.00, 10.02, 10.05, 10.07, 10.10], winners=1, ceiling="12")
    with_rigged = ScreenedRound("round", (*HONEST.lots, rigged))
    strict, loose = (
        {
            (one.screen, one.subject.name)
            for one in run(with_rigged, draws=2000, rate=rate)
            if one.answer is Answer.FLAGGED
        }
        for rate in (0.01, 0.25)
    )
    assert strict <= loose


def test_other_limits_come_with_another_registry():
    lot = lot_of("L", [1, 1, 2], winners=1)
    strict = replace(
        SCREENS["same_price"],
        assess=partial(assess_same_price, limits=Limits(bidders_sharing_min=3)),
    )
    (result,) = screen_round(
        ScreenedRound("round", (lot,)),
        generator=np.random.default_rng(1),
        draws=1,
        rate=0.1,
        screens={"same_price": strict},
    )
    assert result.answer is Answer.NOT_FLAGGED


def test_an_empty_round_is_not_an_error():
    results = run(ScreenedRound("empty", ()))
    assert {one.answer for one in results} == {Answer.NOT_ASSESSABLE}


def test_lots_without_bids_or_prices_are_not_an_error():
    unknown = replace(lot_of("L", [], winners=0), bids=(bid("A", None), bid("B", None)))
    results = run(ScreenedRound("round", (unknown, lot_of("M", [], winners=0))))
    assert Answer.FLAGGED not in {one.answer for one in results}


@pytest.mark.parametrize(("draws", "rate"), [(0, 0.1), (10, 0.0), (10, 1.0)])
def test_senseless_settings_are_refused(draws, rate):
    with pytest.raises(ValueError, match=r"at least one|not between"):
        run(HONEST, draws=draws, rate=rate)
