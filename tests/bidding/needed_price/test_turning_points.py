"""The prices that a search tries are the bid's own grid, highest first, and miss no turn."""

from dataclasses import replace

import pytest

from bidding.competition import compete
from bidding.needed_price.trial import PriceTrial
from bidding.needed_price.turning_points import turning_points
from bidding.rules import RoundRules
from rulebooks import load_rulebook
from tests.bidding.random_lots import random_round, seeded
from tests.bidding.settings import SETTINGS


@pytest.mark.parametrize("name", ["national-9", "national-12", "devices-7"])
def test_the_prices_tried_fall_and_are_valid(name):
    for seed in range(40):
        round_ = replace(random_round(seeded(seed), SETTINGS[name]), volumes=())
        rules = RoundRules(load_rulebook(round_.rulebook), round_.options)
        field = compete(round_.lots[0], round_.bids, None, rules)
        for contender in field.contenders:
            points = list(turning_points(PriceTrial(contender, field)))
            prices = [point.pack_price for point in points]
            highest = contender.highest_valid
            assert prices == sorted(prices, reverse=True)
            assert all(price > 0 and price % points[0].step == 0 for price in prices)
            if highest is not None and prices:
                assert prices[0] <= highest.pack_price
