"""Savings of a lot: agreed volume times ceiling less price, between two bounds."""

from decimal import Decimal

import pytest

from bidding.bid_sheet import Strength
from bidding.savings import Savings, savings_of
from tests.bidding.sheets import bid, bids, evaluated, lot, volume

BASE = Decimal("1.7")


def strength(label, ratio, ceiling):
    limit = None if ceiling is None else Decimal(ceiling)
    return Strength(label, Decimal(ratio), limit)


def saved(sheet, entered, volumes):
    return savings_of(sheet, evaluated("national-4", entered, lots=[sheet], volumes=volumes), BASE)


def test_a_single_winner_saves_one_amount():
    found = saved(lot("10"), bids(A="4"), [volume("京", 100)])
    assert found == Savings(Decimal("500.00"), Decimal("300.00"), Decimal("300.00"))


def test_while_regions_are_open_savings_lie_between_the_dearest_and_the_cheapest_winner():
    found = saved(lot("10"), bids(A="4", B="5"), [volume("京", 100)])
    assert found == Savings(Decimal("600.00"), Decimal("300.00"), Decimal("360.00"))


def test_other_strengths_are_priced_by_the_ratio():
    sheet = lot(strengths={"s": strength("s", "1", "10"), "d": strength("d", "2", "17")})
    volumes = [volume("京", 100, strength="d", ratio="2")]
    found = saved(sheet, [bid("A", "4", strength="s")], volumes)
    # 50 units at 17, bought at 4 x 1.7 = 6.8
    assert found == Savings(Decimal("850.00"), Decimal("510.00"), Decimal("510.00"))


@pytest.mark.parametrize(
    ("sheet", "entered", "volumes"),
    [
        (lot(), bids(A="4"), [volume("京", 100)]),
        (lot("10"), bids(A="11"), [volume("京", 100)]),
        (lot("10"), bids(A="4"), []),
        (lot("10"), bids(A="4"), [volume("京", 100, strength="其他", ratio="3")]),
    ],
    ids=["no ceiling", "no winner", "no volume", "a strength without ceiling"],
)
def test_without_a_ceiling_a_winner_or_a_volume_there_is_nothing_to_compare(
    sheet, entered, volumes
):
    assert saved(sheet, entered, volumes) is None
