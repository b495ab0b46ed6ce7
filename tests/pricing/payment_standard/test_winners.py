"""Winners are paid at the winning price, and so are negotiated drugs that win."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.faults import ModelFaultsError
from pricing.payment_standard import convergence, negotiated_standard, winner_standard
from pricing.stated_rules import RuleNotStatedError, StatedRules

SINCE_2021 = StatedRules.of("standard-national-2021")
TRANSITIONAL = StatedRules.of("standard-national-2019")


def test_a_winner_s_price_is_its_standard():
    assert winner_standard(Decimal("1.23"), SINCE_2021) == Decimal("1.23")
    with pytest.raises(RuleNotStatedError, match=r"winner\.standard"):
        winner_standard(Decimal(1), StatedRules.of("standard-heilongjiang-2020"))


def test_a_negotiated_drug_keeps_its_price_until_it_wins():
    assert negotiated_standard(Decimal(20), SINCE_2021, winning_price=None) == 20
    assert negotiated_standard(Decimal(20), SINCE_2021, winning_price=Decimal(6)) == 6
    assert negotiated_standard(Decimal(20), TRANSITIONAL, winning_price=None) == 20
    with pytest.raises(RuleNotStatedError, match=r"negotiated\.takes"):
        negotiated_standard(Decimal(20), TRANSITIONAL, winning_price=Decimal(6))


def test_transitional_standards_converge_within_two_to_three_years():
    days = convergence(date(2019, 4, 1), TRANSITIONAL)
    assert (days.earliest, days.latest) == (date(2021, 3, 31), date(2022, 3, 31))
    with pytest.raises(RuleNotStatedError, match=r"transition\.years"):
        convergence(date(2019, 4, 1), SINCE_2021)


@pytest.mark.parametrize("price", ["0", "-1", "NaN"])
def test_a_price_that_cannot_be_is_refused(price):
    bad = Decimal(price)
    for ask in (
        lambda: winner_standard(bad, SINCE_2021),
        lambda: negotiated_standard(bad, SINCE_2021, winning_price=None),
        lambda: negotiated_standard(Decimal(1), SINCE_2021, winning_price=bad),
    ):
        with pytest.raises(ModelFaultsError, match="price"):
            ask()
