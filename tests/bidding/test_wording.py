"""Every step can be said in Chinese and in English, with its figures as people write them."""

import re
from decimal import Decimal
from string import Formatter

import pytest

from bidding.errors import BiddingError
from bidding.evaluate import evaluate
from bidding.report import Step
from bidding.wording import WORDING, exact, sentence, shown
from rulebooks import load_rulebook
from tests.bidding.random_lots import random_answers, random_round, seeded
from tests.bidding.settings import SETTINGS

FOREIGN = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("code", WORDING)
def test_both_languages_name_the_same_figures(code):
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in WORDING[code]]
    assert fields[1] <= fields[0] | fields[1]
    assert fields[0] == fields[1] or fields[0] ^ fields[1]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_step_of_random_rounds_has_its_sentence(name):
    rulebook = load_rulebook(SETTINGS[name].rulebook)
    for seed in range(25):
        pick = seeded(seed)
        round_ = random_round(pick, SETTINGS[name])
        try:
            report = evaluate(round_, rulebook, random_answers(pick, round_))
        except BiddingError:
            continue
        for step in (step for lot in report.lots for step in lot.steps):
            for language in ("zh", "en"):
                said = sentence(step, language)
                assert said and "{" not in said


def test_the_english_sentences_hold_no_chinese():
    assert [code for code, (_, en) in WORDING.items() if FOREIGN.search(en)] == []


def test_figures_are_put_into_the_sentence():
    step = Step("places", "places.by_bidders", None, {"places": 3, "bidders": 4})
    assert sentence(step, "en") == "3 places for 4 bidders"
    assert "4" in sentence(step, "zh") and "3" in sentence(step, "zh")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("1.50", 6, "1.5"),
        ("100", 6, "100"),
        ("0.000049", 6, "0.000049"),
        ("0.3333333333", 6, "0.333333"),
        ("1E+3", 2, "1000"),
    ],
)
def test_figures_are_shown_without_trailing_zeros(value, decimals, text):
    assert shown(Decimal(value), decimals) == text


def test_in_files_figures_are_exact():
    assert exact(Decimal("1.5000")) == "1.5000"
    assert exact(Decimal("1E+3")) == "1000"
    assert exact(7) == 7
