"""The step-up rule against a slow twin, and the sentences that come of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.screens.answer import Answer, Subject, SubjectKind, Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.false_discovery import benjamini_hochberg, decide
from bidding.screens.measurement import Measurement

CHANCES = st.lists(st.integers(1, 1000).map(lambda k: k / 1000), min_size=1, max_size=30)
RATES = st.sampled_from([0.01, 0.05, 0.1, 0.25])


def largest_allowed_set(chances, rate):
    """The largest of the sets {p <= t}, over every t, whose estimated share of errors fits."""
    best: set[int] = set()
    for t in chances:
        flagged = {index for index, chance in enumerate(chances) if chance <= t}
        if t * len(chances) / len(flagged) <= rate * (1 + 1e-12) and len(flagged) > len(best):
            best = flagged
    return best


@given(CHANCES, RATES)
def test_it_flags_what_trying_every_limit_flags(chances, rate):
    flagged = benjamini_hochberg(chances, rate=rate).flagged
    found = {index for index, one in enumerate(flagged) if one}
    slow = largest_allowed_set(chances, rate)
    # Where p * m / k equals the rate up to rounding, either side is right.
    edge = {i for i, p in enumerate(chances) if _on_the_edge(p, chances, rate)}
    assert found - edge == slow - edge


def _on_the_edge(chance, chances, rate):
    steps = [rate * k / len(chances) for k in range(1, len(chances) + 1)]
    return any(abs(other - step) < 1e-12 for other in chances for step in steps)


@given(CHANCES, RATES)
def test_flags_are_the_chances_up_to_the_limit(chances, rate):
    discovery = benjamini_hochberg(chances, rate=rate)
    assert discovery.flagged == tuple(chance <= discovery.limit for chance in chances)


@given(CHANCES, RATES)
def test_more_is_flagged_than_bonferroni_and_less_than_without_correction(chances, rate):
    flagged = benjamini_hochberg(chances, rate=rate).flagged
    for chance, one in zip(chances, flagged, strict=True):
        assert one or chance > rate / len(chances)
        assert chance <= rate or not one


@given(CHANCES, RATES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(chances, rate, rng):
    order = list(range(len(chances)))
    rng.shuffle(order)
    before = benjamini_hochberg(chances, rate=rate).flagged
    after = benjamini_hochberg([chances[index] for index in order], rate=rate).flagged
    assert [before[index] for index in order] == list(after)


def test_without_chances_nothing_is_flagged():
    assert benjamini_hochberg([], rate=0.1).flagged == ()


@pytest.mark.parametrize("rate", [0, 1, -0.1, 2])
def test_a_rate_lies_between_0_and_1(rate):
    with pytest.raises(ValueError, match="not between 0 and 1"):
        benjamini_hochberg([0.5], rate=rate)


def measurement(chance, *, chance_min=0.0001):
    return Measurement(
        screen="cv",
        subject=Subject(SubjectKind.LOT, "L01"),
        name=Wording("变异系数", "coefficient of variation"),
        tail=Tail.LOW,
        figure=0.0502,
        n=6,
        chance=chance,
        chance_min=chance_min,
    )


def test_a_flag_says_that_it_is_a_prompt_in_both_languages():
    (result,) = decide([measurement(0.001)], rate=0.1)
    assert result.answer is Answer.FLAGGED
    assert (result.figure, result.n, result.chance, result.threshold) == (0.0502, 6, 0.001, 0.1)
    assert result.reason.en == (
        "The coefficient of variation 0.0502 (n = 6) is unusually low: its chance in simulated "
        "competition is 0.001, not above the limit 0.1; a prompt to look, not a finding."
    )
    assert result.reason.zh == (
        "变异系数为0.0502(n=6),异常偏低:模拟竞争下的概率为0.001,不高于界限0.1;仅提示复核,不作认定。"
    )


def test_an_ordinary_figure_is_not_flagged():
    (result,) = decide([measurement(0.6)], rate=0.1)
    assert result.answer is Answer.NOT_FLAGGED
    assert result.reason.en.endswith("above the limit 0.1.")


def test_a_figure_beyond_all_draws_that_misses_the_limit_asks_for_more_draws():
    many = [measurement(0.01, chance_min=0.01), *[measurement(0.5) for _ in range(19)]]
    results = decide(many, rate=0.1)
    assert results[0].answer is Answer.NOT_ASSESSABLE
    assert "simulate more" in results[0].reason.en
    assert "增加模拟次数" in results[0].reason.zh
    assert {result.answer for result in results[1:]} == {Answer.NOT_FLAGGED}
