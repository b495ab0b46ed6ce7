"""A short trial of a price says what deciding the whole field again says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bidding.competition import compete
from bidding.needed_price.trial import PriceTrial, whole_trial
from bidding.rules import RoundRules
from rulebooks import load_rulebook
from tests.bidding.random_lots import random_round, seeded
from tests.bidding.settings import SETTINGS

BY_PRICE = ("national-4", "national-9", "national-11", "national-12", "devices-7")


@pytest.mark.parametrize("name", BY_PRICE)
def test_both_trials_agree_at_every_price_that_is_tried(name):
    setting, tried = SETTINGS[name], 0
    for seed in range(25):
        pick = seeded(seed)
        round_ = replace(random_round(pick, setting), volumes=())
        rules = RoundRules(load_rulebook(round_.rulebook), round_.options)
        bids = sorted(round_.bids, key=lambda bid: bid.bid)
        field = compete(round_.lots[0], bids, None, rules)
        for contender in field.contenders:
            whole, short = whole_trial(contender, field, rules), PriceTrial(contender, field)
            # A bid that stands for others of its place does not ask for more than it declared.
            alone = sum(one.place == contender.place for one in field.contenders) == 1
            for factor in ("0.1", "0.5", "0.9", "1", *(("1.1", "2") if alone else ())):
                pack = contender.pack
                price = (pack.pack_price * Decimal(factor)).quantize(pack.step)
                trial = pack.with_pack_price(max(price, pack.step))
                assert short(trial) == whole(trial), f"seed {seed}, {contender.name}, {trial}"
                tried += 1
    assert tried > 200
