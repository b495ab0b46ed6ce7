"""Cut-off lines follow from the prices of the places: lowest, mean, deviation, anchor."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bidding.conditions import conditions_of
from bidding.cut_off_lines import Spread, draw_lines
from tests.bidding.sheets import lot, rules_of

PRICES = st.lists(st.decimals("0.0001", 100, places=4), min_size=1, max_size=8)

ELEVEN = conditions_of(lot(), rules_of("national-11"))
TWELVE = conditions_of(
    lot(),
    rules_of(
        "national-12", selection__ratio_to_anchor="1.8", selection__absolute_low={"any": "0.1"}
    ),
)
SIX = conditions_of(
    lot(),
    rules_of("devices-6-2026", selection__ratio_to_anchor="1.5", anchor__extreme_below="0.6"),
)
SEVEN = conditions_of(lot(), rules_of("devices-7-2026", band__prices="valid"))


def numbers(*texts):
    return [Decimal(text) for text in texts]


def lines(conditions, *texts):
    prices = numbers(*texts)
    return draw_lines(conditions, prices, prices)


@given(prices=PRICES, deviations=st.sampled_from(["0", "1", "2", "-1"]))
def test_a_limit_of_deviations_is_what_the_population_gives(prices, deviations):
    """Checked without a root: the square of the distance from the mean."""
    limit = Spread.of(prices).at(Decimal(deviations))
    exact = [Fraction(price) for price in prices]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((price - mean) ** 2 for price in exact), Fraction(0)) / len(exact)
    distance = Fraction(limit.numerator) / Fraction(limit.denominator) - mean
    assert abs(distance**2 - Fraction(deviations) ** 2 * variance) < Fraction(1, 10**40)
    assert distance == 0 or (distance > 0) == (Decimal(deviations) > 0)


def test_the_line_of_the_early_rounds_is_a_multiple_of_the_lowest_price():
    found = lines(conditions_of(lot(), rules_of("national-4")), "0.5", "2", "9")
    assert (found.lowest, found.anchor) == (Decimal("0.5"), None)
    assert found.line is not None
    assert found.line.allows(Decimal("0.9"))
    assert not found.line.allows(Decimal("0.9001"))


def test_the_anchor_is_half_of_the_mean_where_the_lowest_is_under_it():
    found = lines(ELEVEN, "0.1", "0.3", "0.6")
    assert found.anchor is not None
    assert Fraction(found.anchor.numerator) / Fraction(found.anchor.denominator) == Fraction(1, 6)


def test_a_price_exactly_on_the_line_of_an_endless_mean_is_within_it():
    found = lines(ELEVEN, "0.1", "0.3", "0.6")
    assert found.line is not None
    assert found.line.allows(Decimal("0.3"))


def test_the_anchor_is_the_lowest_price_where_that_is_higher():
    found = lines(ELEVEN, "0.5", "0.6", "0.7")
    assert found.anchor is not None
    assert found.anchor.shown == Decimal("0.5")


def test_the_anchor_of_the_twelfth_round_is_the_mean_less_one_deviation():
    found = lines(TWELVE, "1", "5", "9", "9")
    # mean 6, squares 25 + 1 + 9 + 9 = 44, variance 11
    assert found.anchor is not None
    assert abs(found.anchor.shown - (6 - Decimal(11).sqrt())) < Decimal("1e-25")


def test_the_anchor_of_devices_applies_where_the_lowest_is_extreme_only():
    extreme, usual = lines(SIX, "3", "10", "11"), lines(SIX, "9", "10", "11")
    assert extreme.anchor is not None
    assert usual.anchor is None
    assert extreme.line is not None
    assert extreme.line.allows(Decimal("7.8"))  # 1.5 x 0.65 x 8
    assert not extreme.line.allows(Decimal("7.8001"))
    assert usual.line is not None
    assert usual.line.allows(Decimal("13.5"))


def test_the_lowest_exactly_at_the_extreme_share_is_not_extreme():
    assert lines(SIX, "6", "12", "12").anchor is None


def test_the_band_is_open_at_its_ends():
    """9 x 1 and one 11: mean 2, deviation 3, band from -4 to 8."""
    found = lines(SEVEN, *["1"] * 9, "11")
    assert found.out_above is not None
    assert found.zero_volume_below is not None
    assert found.out_above.allows(Decimal(8))
    assert not found.out_above.allows(Decimal("8.0001"))
    assert not found.zero_volume_below.is_above(Decimal("0.0001"))


def test_a_band_of_all_valid_prices_looks_beyond_the_places():
    everyone = numbers(*["1"] * 9, "11")
    found = draw_lines(SEVEN, everyone[:3], everyone)
    assert found.lowest == 1
    assert found.out_above is not None
    assert found.out_above.allows(Decimal(8))
