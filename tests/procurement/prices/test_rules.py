"""Conversion of packs, and which price holds on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bidding.comparable_price import dose_price_ratio
from procurement.prices.rules import converted_price, pack_factor, valid_on

BASES = {"pack_base": Decimal("1.95"), "strength_base": Decimal("1.7")}
START = date(2026, 1, 1)


@dataclass(frozen=True)
class Version:
    version: int
    starts_on: date
    ends_on: date | None


def days(low=0, high=40):
    return st.integers(low, high).map(lambda count: START + timedelta(count))


@st.composite
def series(draw):
    count = draw(st.integers(0, 5))
    versions = []
    for number in range(1, count + 1):
        starts_on = draw(days())
        ends_on = draw(st.none() | days().map(lambda day, begun=starts_on: max(day, begun)))
        versions.append(Version(number, starts_on, ends_on))
    return versions


@given(series(), days(), st.randoms())
def test_the_newest_version_that_has_begun_holds_unless_it_has_ended(versions, day, dice):
    shuffled = list(versions)
    dice.shuffle(shuffled)
    expected = None
    for one in versions:  # oldest first: each later one that has begun takes over
        if one.starts_on <= day:
            expected = one if one.ends_on is None or day <= one.ends_on else None
    assert valid_on(shuffled, day) == expected


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 50), st.integers(1, 50))
def test_a_factor_is_the_product_of_the_two_ratios(units, other_units, content, other_content):
    packs, contents = Decimal(units) / other_units, Decimal(content) / other_content
    factor = pack_factor(pack_ratio=packs, content_ratio=contents, **BASES)
    expected = dose_price_ratio(packs, BASES["pack_base"]) * dose_price_ratio(
        contents, BASES["strength_base"]
    )
    assert abs(factor - expected) <= expected * Decimal("1e-26")


def test_the_published_comparison_of_glucosamine_is_reproduced():
    # 0.75 g at 0.7507 yuan compares at 0.32374 per 0.25 g: the published table of the fourth round.
    factor = pack_factor(pack_ratio=Decimal(1), content_ratio=Decimal(3), **BASES)
    assert round(Decimal("0.7507") / factor, 5) == Decimal("0.32375")
    assert converted_price(Decimal("0.32374"), factor) == Decimal("0.75")


def test_half_a_cent_is_rounded_up():
    assert converted_price(Decimal("0.10"), Decimal("1.05")) == Decimal("0.11")
