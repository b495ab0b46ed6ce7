"""Two real rounds: the known baseline, and what the screens say about them."""

import numpy as np
import pytest

from bidding.screens import Answer, screen_round
from bidding.screens.cv import coefficient_of_variation
from bidding.screens.standing_bids import field_prices, standing_bids
from tests.bidding.screens.rounds import answer_of, read_round


def figures(screened_round, bids_min):
    fields = [field_prices(standing_bids(lot)) for lot in screened_round.lots]
    return [float(coefficient_of_variation(field)) for field in fields if field.size >= bids_min]


@pytest.fixture(scope="module")
def third_round(shared):
    return read_round(shared / "rounds" / "national-3-2020")


@pytest.fixture(scope="module")
def expansion(shared):
    return read_round(shared / "rounds" / "alliance-2019")


@pytest.fixture(scope="module")
def third_results(third_round):
    return screen_round(third_round, generator=np.random.default_rng(1), draws=20_000, rate=0.1)


def test_the_baseline_of_the_third_round_is_0_43(third_round):
    assert len(third_round.lots) == 56
    of_three = figures(third_round, 3)
    assert (len(of_three), round(float(np.median(of_three)), 2)) == (47, 0.43)
    of_four = figures(third_round, 4)
    assert (len(of_four), round(float(np.median(of_four)), 2)) == (32, 0.41)


def test_the_screen_quotes_the_same_figures_from_four_prices_on(third_round, third_results):
    quoted = [one.figure for one in third_results if one.screen == "cv" and one.figure is not None]
    assert sorted(quoted) == pytest.approx(sorted(figures(third_round, 4)))
    refused = [one for one in third_results if one.screen == "cv" and one.figure is None]
    assert {one.answer for one in refused} == {Answer.NOT_ASSESSABLE}
    assert max(one.n for one in refused) == 3


def test_simulated_prompts_of_the_third_round_lie_on_two_lots(third_results):
    flagged = {
        (one.screen, one.subject.name)
        for one in third_results
        if one.answer is Answer.FLAGGED and one.chance is not None
    }
    tight = {("cv", "L39"), ("spd", "L39")}
    gap = {("diffp", "L26"), ("rd", "L26"), ("altrd", "L26"), ("skewness", "L26")}
    assert flagged == tight | gap


def test_chances_of_the_third_round_are_spread_out_as_in_competition(third_results):
    for screen in ("cv", "spd", "diffp", "kurtosis", "skewness", "ks", "subgroups"):
        chances = [
            one.chance for one in third_results if one.screen == screen and one.chance is not None
        ]
        assert len(chances) >= 24
        assert 0.2 < float(np.median(chances)) < 0.7


def test_equal_prices_of_the_third_round(third_results):
    flagged = [
        one.subject.name
        for one in third_results
        if one.screen == "same_price" and one.answer is Answer.FLAGGED
    ]
    assert flagged == ["L12", "L13", "L41"]


def test_related_firms_at_one_price_are_no_prompt(third_results):
    """In lot L02 two firms of one group opened 3.54 yuan."""
    result = answer_of(third_results, "same_price", "L02")
    assert (result.answer, result.n) == (Answer.NOT_FLAGGED, 6)


def test_where_not_the_price_decided_there_is_no_gap(third_results):
    for lot in ("L07", "L41"):
        assert "not the price alone" in answer_of(third_results, "diffp", lot).reason.en


def test_one_round_tells_nothing_about_history(third_results):
    for screen in ("win_rate", "rotation", "digital_traces", "links"):
        answers = {one.answer for one in third_results if one.screen == screen}
        assert answers == {Answer.NOT_ASSESSABLE}


def test_originators_far_above_generics_raise_no_prompt(expansion):
    results = screen_round(expansion, generator=np.random.default_rng(1), draws=20_000, rate=0.1)
    flagged = [one for one in results if one.answer is Answer.FLAGGED]
    assert {one.screen for one in flagged} <= {"same_price"}
