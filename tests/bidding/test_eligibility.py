"""Who holds a place, whose price is valid, and how many bidders count."""

from decimal import Decimal

import pytest

from bidding.bid_sheet import Quote, Strength
from pricing.money import UnitPrice
from tests.bidding.sheets import bid, bids, contenders, field_of, lot, price, strengths


def standing(field):
    """The bids that stand for their places."""
    return sorted(one.name for one in field.contenders if one.stands_instead is None)


@pytest.mark.parametrize(("declared", "valid"), [("1", True), ("1.000001", False), (None, False)])
def test_a_price_is_valid_up_to_the_ceiling(declared, valid):
    field = field_of("national-3", [bid("A", declared)], lot("1"))
    assert contenders(field)["A"].valid is valid


def test_the_ceiling_is_compared_with_the_exact_unit_price_of_a_pack():
    at, above = bid("A", "6.99", units=7), bid("B", "7.00", units=7)
    field = field_of("national-3", [at, above], lot("0.9999"))
    assert [contenders(field)[name].valid for name in "AB"] == [True, False]


def test_each_strength_has_its_own_ceiling():
    sheet = lot(
        strengths={
            "5mg": Strength("5mg", Decimal(1), Decimal(1)),
            "10mg": Strength("10mg", Decimal(2), Decimal(2)),
        }
    )
    field = field_of("national-3", [bid("A", "1.9", strength="10mg"), bid("B", "1.9")][:1], sheet)
    assert contenders(field)["A"].valid


def test_a_default_ceiling_stands_where_the_lot_has_none():
    field = field_of("stents-2022", bids(A="798", B="798.01"))
    assert [contenders(field)[name].valid for name in "AB"] == [True, False]


def two_quotes(first, second):
    quotes = (Quote("5mg", price(first)), Quote("10mg", price(second)))
    sheet = lot(strengths=strengths(**{"5mg": "1", "10mg": "2"}))
    return contenders(field_of("national-3", [bid("A", None, quotes=quotes)], sheet))["A"]


def test_of_several_strengths_the_lowest_comparable_price_stands():
    assert two_quotes("1", "1.6").quote.strength == "10mg"
    assert two_quotes("1", "1.8").quote.strength == "5mg"


def test_at_equal_comparable_prices_the_strength_named_first_stands():
    assert two_quotes("1", "1.7").quote.strength == "5mg"


def test_a_known_price_stands_before_one_that_is_not_known():
    assert two_quotes(None, "9").quote.declared_price == UnitPrice(Decimal(9))


def test_a_valid_price_stands_before_a_lower_one_above_its_ceiling():
    sheet = lot(
        strengths={
            "5mg": Strength("5mg", Decimal(1), Decimal(9)),
            "10mg": Strength("10mg", Decimal(2), Decimal(1)),
        }
    )
    quotes = (Quote("5mg", price("2")), Quote("10mg", price("1.5")))
    found = contenders(field_of("national-3", [bid("A", None, quotes=quotes)], sheet))["A"]
    assert (found.quote.strength, found.valid) == ("5mg", True)


def test_a_bid_without_any_quote_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="bid A: has no quote"):
        field_of("national-3", [bid("A", None, quotes=())])


def test_the_lowest_bid_of_a_control_group_stands():
    entered = [bid("A", "2", control_group="G"), bid("B", "1", control_group="G"), bid("C", "3")]
    field = field_of("national-3", entered)
    assert standing(field) == ["B", "C"]
    assert field.bidders == 2


def test_at_equal_prices_the_firm_named_like_its_group_stands():
    entered = [bid("A", "1", control_group="G"), bid("G", "1", control_group="G")]
    assert standing(field_of("national-3", entered)) == ["G"]


def test_a_group_is_joined_by_the_firm_of_its_name_even_if_it_does_not_say_so():
    assert standing(field_of("national-3", [bid("A", "1", control_group="G"), bid("G", "2")])) == [
        "A"
    ]


def test_a_valid_bid_stands_before_a_lower_one_of_unknown_price():
    entered = [bid("A", None, control_group="G"), bid("B", "1", control_group="G")]
    assert standing(field_of("national-3", entered)) == ["B"]


def test_two_bids_of_one_maker_hold_one_place_where_firms_compete():
    entered = [bid("A1", "1", manufacturer="A"), bid("A2", "2", manufacturer="A")]
    assert standing(field_of("national-3", entered)) == ["A1"]


def test_two_products_of_one_maker_hold_two_places_where_products_compete():
    entered = [bid("A1", "1", manufacturer="A"), bid("A2", "2", manufacturer="A")]
    field = field_of("stents-2020", entered)
    assert (standing(field), field.bidders) == (["A1", "A2"], 2)


def test_a_joint_bid_is_one_bidder_and_its_lowest_price_stands():
    entered = [bid("A", "2", joint_bid="联"), bid("B", "1", joint_bid="联"), bid("C", "3")]
    field = field_of("national-10", entered)
    assert (standing(field), field.bidders) == (["B", "C"], 2)


def test_bidders_above_the_ceiling_count_where_the_document_says_so():
    entered = bids(A="1", B="9")
    assert field_of("national-3", entered, lot("2")).bidders == 2
    assert field_of("stents-2020", entered, lot("2")).bidders == 1


def test_a_bidder_of_unknown_price_counts_everywhere():
    entered = bids(A="1", B=None)
    assert field_of("national-3", entered, lot("2")).bidders == 2
    assert field_of("stents-2020", entered, lot("2")).bidders == 2


def test_related_firms_above_the_ceiling_count_once():
    entered = [bid("A", "9", control_group="G"), bid("B", "8", control_group="G")]
    assert field_of("national-3", entered, lot("2")).bidders == 1


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        ([bid("A", None)], "price-unknown"),
        ([bid("A", "3")], "above-ceiling"),
        ([bid("A", "2", control_group="G"), bid("G", "1", control_group="G")], "united"),
        ([bid("A", "2", joint_bid="联"), bid("B", "1", joint_bid="联")], "joint-member"),
    ],
)
def test_why_a_bid_is_not_ranked_is_recorded(entered, code):
    decided_by = contenders(field_of("national-10", entered, lot("2")))["A"].decided_by
    assert decided_by is not None
    assert decided_by.code == code


def test_a_conversion_is_recorded_with_its_factor():
    sheet = lot(strengths=strengths(**{"5mg": "1", "10mg": "2"}))
    field = field_of("national-3", [bid("A", "3.4", strength="10mg")], sheet)
    step = next(step for step in field.steps if step.code == "converted")
    assert (step.clause, step.numbers["factor"]) == ("conversion.strength_base", Decimal("1.7"))
    assert step.numbers["comparable"] == 2


def test_a_strength_that_no_rule_converts_is_compared_as_bid_and_says_so():
    sheet = lot(strengths=strengths(**{"5mg": "1", "10mg": "2"}))
    field = field_of("stents-2020", [bid("A", "3.4", strength="10mg")], sheet)
    step = next(step for step in field.steps if step.code == "not-converted")
    assert step.numbers == {"strength": "10mg", "ratio": Decimal(2)}
    assert contenders(field)["A"].comparable == Decimal("3.4")
