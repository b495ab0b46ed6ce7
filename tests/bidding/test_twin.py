"""The engine agrees with its slow twin, field by field, on random small rounds."""

from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bidding.bid_sheet import Answer, Round
from bidding.errors import BadAnswerError, UnknownRuleError
from bidding.evaluate import evaluate
from rulebooks import load_rulebook
from tests.bidding.random_lots import Pick, Setting, random_answers, random_round, seeded
from tests.bidding.settings import SETTINGS
from tests.bidding.twin import MissingRuleError, PriceTooHighError, TooManyPreferredError
from tests.bidding.twin_evaluate import LotView, twin_evaluate, view

LOTS = 10_000
SHARE = {"pilot": 950, "national-7": 350, "national-9": 350, "stents-2020": 350, "devices-6": 350}
"""Random lots of each setting; the others share what is left equally."""


def lots_for(name: str) -> int:
    others = [setting for setting in SETTINGS if setting not in SHARE]
    return SHARE.get(name) or -(-(LOTS - sum(SHARE.values())) // len(others))


def by_engine(round_: Round, answers: Sequence[Answer]) -> dict[str, LotView] | str:
    """What the engine decides, or which refusal it answers with."""
    try:
        report = evaluate(round_, load_rulebook(round_.rulebook), answers)
    except BadAnswerError:
        return "an answer contradicts the rules"
    except UnknownRuleError:
        return "a rule is not known"
    return {lot.lot: view(lot) for lot in report.lots}


def by_twin(round_: Round, answers: Sequence[Answer]) -> dict[str, LotView] | str:
    try:
        return twin_evaluate(round_, load_rulebook(round_.rulebook), answers)
    except (TooManyPreferredError, PriceTooHighError):
        return "an answer contradicts the rules"
    except MissingRuleError:
        return "a rule is not known"


def drawn(pick: Pick, setting: Setting) -> tuple[Round, list[Answer]]:
    round_ = random_round(pick, setting)
    return round_, random_answers(pick, round_)


@pytest.mark.parametrize("name", SETTINGS)
def test_ten_thousand_random_small_lots_agree_with_the_twin(name):
    setting, seed, compared = SETTINGS[name], 0, 0
    while compared < lots_for(name):
        round_, answers = drawn(seeded(seed), setting)
        assert by_engine(round_, answers) == by_twin(round_, answers), f"seed {seed}"
        compared += len(round_.lots)
        seed += 1


def test_the_random_lots_are_ten_thousand():
    assert sum(map(lots_for, SETTINGS)) >= LOTS


@pytest.mark.parametrize("name", SETTINGS)
def test_a_lot_that_hypothesis_draws_agrees_with_the_twin(name):
    # Without the phase that explains: a round is made of hundreds of draws.
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(data=st.data())
    def agrees(data):
        round_, answers = drawn(lambda low, high: data.draw(st.integers(low, high)), SETTINGS[name])
        assert by_engine(round_, answers) == by_twin(round_, answers)

    agrees()


@pytest.mark.parametrize("name", SETTINGS)
def test_random_lots_of_every_rulebook_have_winners_and_losers(name):
    """A comparison of lots in which nothing happens would prove nothing."""
    seen: set[str] = set()
    for seed in range(60):
        lots = by_twin(*drawn(seeded(seed), SETTINGS[name]))
        if not isinstance(lots, str):
            seen |= {bid.status for lot in lots.values() for bid in lot.bids.values()}
    assert {"selected", "invalid"} <= seen
    assert seen & {"rejected", "revival-offered", "tied"}
