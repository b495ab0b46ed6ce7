"""Prices of other strengths and packs compare by the price ratio, rounded as the document says."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.bid_sheet import DosageForm, Strength
from bidding.comparable_price import Scales, dose_price_ratio
from bidding.errors import MissingFactError, UnknownRuleError
from bidding.limit import Limit
from tests.bidding.sheets import bid, lot, rules_of, strengths

BASE = Decimal("1.7")
WIDE = Context(prec=80)
TWO_STRENGTHS = lot(strengths=strengths(**{"5mg": "1", "10mg": "2"}))


def scale(rulebook="national-4", sheet=None, entered=None, **options):
    entered = entered or bid("A", "1")
    scales = Scales(sheet or lot(), rules_of(rulebook, **options))
    return scales.of(entered, entered.quotes[0])


@pytest.mark.parametrize("power", range(-6, 7))
def test_k_of_a_power_of_two_is_that_power_of_the_base(power):
    exact = Fraction(17, 10) ** power
    ratio = dose_price_ratio(Decimal(2) ** power, BASE)
    assert abs(Fraction(ratio) - exact) <= exact / 10**27


@pytest.mark.parametrize("ratio", ["0.1", "0.25", "0.3333", "1.5", "2.5", "3", "10", "123.456"])
@pytest.mark.parametrize("base", ["1.7", "1.95"])
def test_k_is_the_base_to_the_binary_logarithm_rounded_to_28_digits(ratio, base):
    exponent = WIDE.divide(WIDE.ln(Decimal(ratio)), WIDE.ln(Decimal(2)))
    exact = WIDE.exp(WIDE.multiply(WIDE.ln(Decimal(base)), exponent))
    rounded = Context(prec=28).plus(exact)
    assert dose_price_ratio(Decimal(ratio), Decimal(base)) == rounded


def test_k_of_the_main_strength_is_one():
    assert dose_price_ratio(Decimal("1.000"), BASE) == 1


@given(first=st.decimals("0.01", 100, places=2), second=st.decimals("0.01", 100, places=2))
def test_k_multiplies_as_contents_do(first, second):
    product = dose_price_ratio(first, BASE) * dose_price_ratio(second, BASE)
    assert abs(dose_price_ratio(first * second, BASE) / product - 1) < Decimal("1e-24")


def test_the_main_strength_compares_at_its_own_price():
    assert scale().comparable(Decimal("1.23456")) == Decimal("1.2346")


def test_a_double_strength_is_divided_by_the_base():
    double = scale(sheet=TWO_STRENGTHS, entered=bid("A", "1", strength="10mg"))
    assert double.comparable(Decimal("1.7")) == 1


def test_a_pack_is_divided_by_its_units_before_rounding():
    assert scale(entered=bid("A", "6.97", units=7)).comparable(Decimal("6.97")) == Decimal("0.9957")


def test_without_decimals_28_digits_are_kept():
    price = scale("stents-2020", entered=bid("A", "1", units=7)).comparable(Decimal(1))
    assert price == Decimal("0.1428571428571428571428571429")


def test_a_larger_pack_than_the_main_one_is_dearer_by_its_own_ratio():
    """14 tablets may cost 1.95 times the main pack of 7: the same comparable price."""
    packs = {"conversion__main_pack": {"L1": 7}}
    seven = scale(entered=bid("A", "10", units=7), **packs)
    fourteen = scale(entered=bid("A", "19.50", units=14), **packs)
    assert seven.comparable(Decimal(10)) == fourteen.comparable(Decimal("19.50"))


def test_a_lot_without_a_main_pack_converts_no_packs():
    other = scale(entered=bid("A", "10", units=14), conversion__main_pack={"L9": 7})
    assert other.factor == 1


def test_a_fixed_factor_stands_instead_of_k():
    label = "1.5ml:450u"
    sheet = lot(strengths={label: Strength(label, Decimal("1.5"))})
    fixed = scale("insulin-renewal-2024", sheet, bid("A", "13", strength=label))
    assert fixed.comparable(Decimal(13)) == 10


def test_a_coefficient_of_a_product_divides_its_price():
    options = {"conversion__product_factors": {"L1/A": "1.25"}}
    assert scale("devices-6-2026", **options).comparable(Decimal(5)) == 4


def test_daily_cost_multiplies_by_the_dose():
    sheet = lot(daily_dose=Decimal(3))
    options = {"composite__weights": {"cut": "1"}}
    daily = scale("tcm-alliance-2023", sheet, **options)
    assert daily.comparable(Decimal("1.1")) == Decimal("3.3")


def test_daily_cost_needs_the_dose():
    with pytest.raises(MissingFactError, match=r"daily_dose is not given: comparable\.basis"):
        scale("tcm-alliance-2023")


def test_a_price_cut_compares_the_price_with_its_ceiling():
    options = {"comparable__basis": "price-cut"}
    cut = scale("tcm-alliance-2023", lot("4"), bid("A", "1"), **options)
    assert cut.comparable(Decimal(1)) == Decimal("0.25")


def test_a_price_cut_needs_the_ceiling():
    with pytest.raises(MissingFactError, match="price_ceiling"):
        scale("tcm-alliance-2023", comparable__basis="price-cut")


def test_a_document_that_names_no_conversion_compares_prices_as_they_are():
    sheet = lot(strengths=strengths(a="1", b="2"), dosage_form=DosageForm.OTHER)
    assert scale("stents-2020", sheet, bid("A", "5", strength="b")).factor == 1


def test_an_unknown_conversion_is_refused_by_name():
    with pytest.raises(UnknownRuleError, match=r"conversion\.product_factors"):
        scale("devices-6-2026")


PRICES = st.decimals("0.0001", 50, places=4)


@given(
    limit=PRICES,
    units=st.sampled_from([1, 7, 10]),
    ratio=st.sampled_from(["0.5", "1", "2", "3"]),
    decimals=st.sampled_from([2, 4]),
)
def test_the_highest_price_within_a_limit_is_within_and_one_step_more_is_not(
    limit, units, ratio, decimals
):
    sheet = lot(strengths={"s": Strength("s", Decimal(ratio))})
    found = scale(
        sheet=sheet,
        entered=bid("A", "1", units=units, strength="s"),
        comparable__decimals=decimals,
    )
    step = Decimal("0.01") if units > 1 else Decimal("0.000001")
    highest = found.highest_price(Limit(limit), step)
    assert highest.quantize(step, ROUND_FLOOR) == highest
    if highest > 0:
        assert found.comparable(highest) <= limit
    assert found.comparable(highest + step) > limit


@given(price=PRICES, units=st.sampled_from([1, 7, 30]))
def test_without_decimals_a_rivals_price_in_the_same_pack_is_within_its_own_limit(price, units):
    found = scale("stents-2020", entered=bid("A", "1", units=units))
    step = Decimal("0.01") if units > 1 else Decimal("0.000001")
    pack_price = (price * units).quantize(step, ROUND_HALF_UP) + step
    limit = Limit(found.comparable(pack_price))
    assert found.highest_price(limit, step) == pack_price


def test_a_price_of_twelve_decimals_costs_no_more_than_any_other():
    found = scale(entered=bid("A", "3.123456789012"))
    limit = Limit(Decimal("1.77768"))
    assert found.highest_price(limit, Decimal("1e-12")) == Decimal("1.777649999999")
