"""The price of the smallest unit is rounded half up, to decimals that somebody must state."""

from decimal import Decimal

import pytest

from pricing.faults import ModelFaultsError
from pricing.payment_standard import unit_price
from pricing.stated_rules import RuleNotStatedError, StatedRules


def rules(decimals=None):
    options = {} if decimals is None else {"unit_price.decimals": decimals}
    return StatedRules.of("standard-fujian-2025", options)


@pytest.mark.parametrize(
    ("pack", "units", "decimals", "price"),
    [("10", 16, 4, "0.6250"), ("10", 16, 2, "0.63"), ("10", 3, 4, "3.3333"), ("7", 1, 2, "7.00")],
)
def test_a_pack_s_price_is_shared_among_its_units(pack, units, decimals, price):
    assert unit_price(Decimal(pack), units, rules(decimals)) == Decimal(price)


def test_to_how_many_decimals_is_unknown():
    with pytest.raises(RuleNotStatedError, match=r"unit_price\.decimals"):
        unit_price(Decimal(10), 3, rules())


def test_a_pack_without_units_is_refused():
    with pytest.raises(ModelFaultsError, match="pack_units"):
        unit_price(Decimal(10), 0, rules(2))
