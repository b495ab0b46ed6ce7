"""A winner's prices: the exact pack again from the report, and other strengths by the ratios."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bidding.bid_sheet import Bid, Lot, Quote, Strength
from bidding.comparable_price import Scales
from bidding.rules import RoundRules
from pricing.money import UnitPrice
from procurement.awards.figures import trimmed
from procurement.awards.states import PriceSource
from procurement.awards.winning import exact_text, standing_price, stored_pack, winning_prices
from rulebooks import load_rulebook

LOT = Lot(
    "L01",
    "阿莫西林",
    {
        "250mg": Strength("250mg", Decimal(1)),
        "500mg": Strength("500mg", Decimal(2)),
        "125mg": Strength("125mg", Decimal("0.5")),
    },
)
TENTH = RoundRules(load_rulebook("national-10"), {})

cents = st.integers(1, 10**8).map(lambda number: Decimal(number).scaleb(-2))
units = st.integers(1, 1000)


@given(cents, units)
def test_the_pack_that_was_accepted_is_found_again_from_the_quotient(price, pack_units):
    pack = UnitPrice(price, pack_units)
    bid = Bid("L01", "甲", "甲", (Quote("250mg", UnitPrice(price + 1, pack_units)),))
    outcome = {"strength": "250mg", "offer_price": f"{pack.shown:f}"}
    found = standing_price(outcome, bid)
    assert found.price == pack
    assert found.source == PriceSource.ACCEPTED


@given(st.decimals(min_value="0.000001", max_value="99999", places=6), units)
def test_what_is_stored_has_four_decimals_and_the_same_unit_price(price, pack_units):
    stored = stored_pack(UnitPrice(price, pack_units))
    assert stored.exact == UnitPrice(price, pack_units).exact
    assert stored.pack_price == stored.pack_price.quantize(Decimal("0.0001"))


@given(cents, units, st.sampled_from(sorted(LOT.strengths)))
def test_other_strengths_compare_like_the_one_that_stands(price, pack_units, strength):
    bid = Bid("L01", "甲", "甲", (Quote(strength, UnitPrice(price, pack_units)),))
    outcome = {"strength": strength, "offer_price": None}
    standing, *others = winning_prices(outcome, bid, LOT, TENTH)
    assert {one.strength for one in others} == set(LOT.strengths) - {strength}
    scales = Scales(LOT, TENTH)
    own = scales.of(bid, Quote(strength, standing.price))
    for other in others:
        assert other.source == PriceSource.CONVERTED
        scale = scales.of(bid, Quote(other.strength, other.price))
        step = Decimal("0.0001") if pack_units == 1 else Decimal("0.01")
        difference = abs(
            other.price.pack_price / scale.divisor - standing.price.pack_price / own.divisor
        )
        # Half a step of the pack, and what 28 digits round away.
        assert difference <= step / 2 / scale.divisor + Decimal("1e-20")


def test_without_a_ratio_a_strength_keeps_its_own_price_or_has_none():
    silent = RoundRules(load_rulebook("stents-2020"), {})
    quotes = (
        Quote("250mg", UnitPrice(Decimal("2.00"), 10)),
        Quote("500mg", UnitPrice(Decimal("3.90"), 10)),
    )
    bid = Bid("L01", "甲", "甲", quotes)
    assert not silent.knows("conversion.strength_base")
    found = winning_prices({"strength": "250mg", "offer_price": None}, bid, LOT, silent)
    assert [(one.strength, one.source) for one in found] == [
        ("250mg", PriceSource.DECLARED),
        ("500mg", PriceSource.DECLARED),
    ]


def test_a_strength_that_the_firm_does_not_supply_has_no_price():
    quotes = (Quote("250mg", UnitPrice(Decimal("2.00"), 10)),)
    bid = Bid("L01", "甲", "甲", quotes, supplies=frozenset({"250mg", "500mg"}))
    found = winning_prices({"strength": "250mg", "offer_price": None}, bid, LOT, TENTH)
    assert [one.strength for one in found] == ["250mg", "500mg"]


@given(st.integers(1, 10**9), st.integers(1, 10**4))
def test_the_text_of_a_unit_price_is_exact(price, pack_units):
    pack = UnitPrice(Decimal(price).scaleb(-2), pack_units)
    text = exact_text(pack)
    if "/" in text:
        numerator, denominator = map(int, text.split("/"))
        assert pack.exact * denominator == numerator
    else:
        assert pack.exact == UnitPrice(Decimal(text)).exact


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=4))
def test_trimming_changes_nothing_but_the_zeros(value):
    assert trimmed(value) == value
    text = f"{trimmed(value):f}"
    assert "." not in text or not text.endswith("0")
