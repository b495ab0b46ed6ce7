"""What is suggested to a follow-on round: prices that exclude no winner, needs that add up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from procurement.agreements.follow_on.rules import (
    NamedStrength,
    highest_unit_price,
    need_of,
    predecessors,
)

packs = st.lists(
    st.tuples(st.decimals("0.01", "9999", places=2), st.integers(1, 500)), min_size=1, max_size=6
)


@given(packs)
def test_the_highest_price_is_the_least_step_that_no_pack_exceeds(given_packs):
    highest = highest_unit_price(given_packs)
    assert highest is not None
    exact = max(Fraction(price) / units for price, units in given_packs)
    assert Fraction(highest) >= exact > Fraction(highest) - Fraction(1, 10_000)
    assert highest == highest.quantize(Decimal("0.0001")) > Decimal(0)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_need_is_whole_and_covers_what_is_agreed(base, volume, brand):
    by_brand = min(brand, volume)
    need = need_of(base_volume=base, volume=volume, by_brand=by_brand)
    assert need.generic >= 0 and need.by_brand >= 0
    assert need.generic + need.by_brand == max(base, volume)
    assert bool(by_brand) or not need.by_brand
    assert by_brand < volume or not need.generic or not volume


def strength(number, lot, product="缬沙坦胶囊", generic=None, label="80mg"):
    return NamedStrength(number, lot, product, generic, label)


def test_a_strength_is_found_by_catalogue_or_name_and_by_its_label():
    old = [strength(1, "L01", generic=5), strength(2, "L02", "阿托伐他汀片", label="10mg")]
    new = [
        strength(11, "F01", "缬沙坦片（改名）", generic=5),
        strength(12, "F02", "阿托伐他汀片", label="10mg"),
        strength(13, "F03", "阿托伐他汀片", label="20mg"),
        strength(14, "F04", "缬沙坦胶囊", generic=6),
    ]
    found = predecessors(new, old)
    assert {new_id: one.id for new_id, one in found.items()} == {11: 1, 12: 2}


def test_of_two_lots_with_the_same_medicine_the_code_decides_or_nothing_does():
    old = [strength(1, "L01"), strength(2, "L02")]
    found = predecessors([strength(11, "L02"), strength(12, "L09")], old)
    assert {new_id: one.id for new_id, one in found.items()} == {11: 2}
