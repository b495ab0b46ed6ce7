"""Setting off: every yuan is somewhere, borders, and a slow twin that pays yuan by yuan."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings, strategies

from procurement.payments.account_kinds import Fund
from procurement.payments.rules.offset import (
    AFTER_GOODS,
    BEFORE_GOODS,
    DueClaim,
    OffsetTerms,
    Position,
    offset_sums,
    plan_offset,
)

E, R = Fund.EMPLOYEE, Fund.RESIDENT
NEVER = "not-by-offset"
AMOUNTS = strategies.integers(0, 60)


def slow(position, claims, terms):
    """Pay coin by coin, from a row of coins in the order in which they are spent."""
    reserve = ["reserve"] * int(position.reserve)
    funds = [one for one in terms.fund_order for _ in range(int(position.fund_payable[one]))]
    debt, refilled = int(position.reserve_debt), []
    if terms.refill == BEFORE_GOODS:
        refilled, funds = funds[:debt], funds[debt:]
        reserve += ["reserve"] * len(refilled)
    coins = reserve + funds if terms.reserve_first else funds + reserve
    paid = {}
    for claim in claims:
        if claim.amount <= len(coins):
            paid[claim.key], coins = coins[: int(claim.amount)], coins[int(claim.amount) :]
    waiting = sum(claim.amount for claim in claims if claim.key not in paid)
    held = [coin for coin in coins if coin != "reserve"][: int(waiting + position.pending)]
    for coin in held:
        coins.remove(coin)
    if terms.refill == AFTER_GOODS:
        refilled = [coin for coin in coins if coin != "reserve"][:debt]
        for coin in refilled:
            coins.remove(coin)
    return paid, refilled, held, coins


@settings(max_examples=300, derandomize=True)
@given(
    funds=strategies.tuples(AMOUNTS, AMOUNTS),
    reserve=AMOUNTS,
    debt=AMOUNTS,
    pending=AMOUNTS,
    due=strategies.lists(strategies.integers(1, 50), max_size=5),
    terms=strategies.builds(
        OffsetTerms,
        strategies.sampled_from([(E, R), (R, E), (E,)]),
        strategies.sampled_from([BEFORE_GOODS, AFTER_GOODS, NEVER]),
        strategies.booleans(),
    ),
)
def test_the_plan_is_what_paying_coin_by_coin_gives(funds, reserve, debt, pending, due, terms):
    order = terms.fund_order
    position = Position(
        dict(zip((E, R), map(Decimal, funds), strict=True)),
        Decimal(reserve),
        Decimal(debt),
        Decimal(pending),
    )
    claims = [DueClaim(number, Decimal(amount)) for number, amount in enumerate(due)]
    plan = plan_offset(position, claims, terms)
    paid, refilled, held, coins = slow(position, claims, terms)
    assert {one.key for one in plan.paid} == paid.keys()
    for one in plan.paid:
        taken = paid[one.key]
        assert one.sources.employee == taken.count(E)
        assert one.sources.resident == taken.count(R)
        assert one.sources.reserve == taken.count("reserve")
    assert plan.refilled.employee == refilled.count(E)
    assert plan.refilled.resident == refilled.count(R)
    assert (plan.held.employee, plan.held.resident) == (held.count(E), held.count(R))
    left = {fund: coins.count(fund) if fund in order else funds[n] for n, fund in enumerate((E, R))}
    assert (plan.to_hospital.employee, plan.to_hospital.resident) == (left[E], left[R])
    owed = sum(funds)
    used = plan.sources.employee + plan.sources.resident
    assert owed == used + plan.refilled.amount + plan.held.amount + plan.to_hospital.amount
    assert plan.sources.reserve <= reserve + plan.refilled.amount


@pytest.mark.parametrize(
    ("fund", "reserve", "expected"),
    [
        (800_000, 150_000, (950_000, 0, 150_000, 0)),
        (800_000, 149_999, (949_999, 0, 149_999, 1)),
        (950_000, 0, (950_000, 0, 0, 0)),
        (950_001, 0, (950_000, 1, 0, 0)),
        (0, 0, (0, 0, 0, 950_000)),
    ],
)
def test_the_borders_of_an_offset(fund, reserve, expected):
    sums = offset_sums(
        fund_payable=Decimal(fund), goods_due=Decimal(950_000), reserve=Decimal(reserve)
    )
    found = (sums.to_companies, sums.to_hospital, sums.reserve_used, sums.unpaid)
    assert found == tuple(map(Decimal, expected))


def test_a_smaller_claim_behind_one_that_waits_is_paid():
    terms = OffsetTerms((E,), AFTER_GOODS)
    claims = [DueClaim(1, Decimal(11)), DueClaim(2, Decimal(10))]
    plan = plan_offset(Position({E: Decimal(10)}), claims, terms)
    assert [one.key for one in plan.paid] == [2]
    assert [one.key for one in plan.waiting] == [1]


def test_a_fund_that_is_not_in_the_order_is_left_alone():
    owed = {E: Decimal(5), R: Decimal(100)}
    plan = plan_offset(Position(owed), [DueClaim(1, Decimal(50))], OffsetTerms((E,), AFTER_GOODS))
    assert (plan.paid, plan.to_hospital.resident) == ((), Decimal(100))


@settings(max_examples=300, derandomize=True)
@given(
    funds=strategies.tuples(AMOUNTS, AMOUNTS),
    reserve=AMOUNTS,
    pending=AMOUNTS,
    due=strategies.lists(strategies.integers(1, 50), max_size=5),
    order=strategies.sampled_from([(E, R), (R, E)]),
)
def test_the_hospital_gets_what_the_sums_leave_it_also_where_something_is_unpaid(
    funds, reserve, pending, due, order
):
    plan = plan_offset(
        Position(
            dict(zip((E, R), map(Decimal, funds), strict=True)),
            Decimal(reserve),
            pending=Decimal(pending),
        ),
        [DueClaim(number, Decimal(amount)) for number, amount in enumerate(due)],
        OffsetTerms(order, NEVER),
    )
    sums = offset_sums(
        fund_payable=Decimal(sum(funds)),
        goods_due=Decimal(sum(due) + pending),
        reserve=Decimal(reserve),
    )
    assert plan.to_hospital.amount == sums.to_hospital
    assert plan.unpaid + pending >= sums.unpaid
    assert not (plan.unpaid and plan.to_hospital.amount)


def test_one_claim_agrees_with_the_sums():
    for fund, reserve, goods in product((0, 3, 7), (0, 4), (1, 7, 11)):
        sums = offset_sums(
            fund_payable=Decimal(fund), goods_due=Decimal(goods), reserve=Decimal(reserve)
        )
        plan = plan_offset(
            Position({E: Decimal(fund)}, Decimal(reserve)),
            [DueClaim(1, Decimal(goods))],
            OffsetTerms((E, R), AFTER_GOODS),
        )
        if not sums.unpaid:
            assert plan.sources.amount == sums.to_companies
            assert plan.to_hospital.amount == sums.to_hospital
            assert plan.reserve_debt == sums.hospital_owes_reserve
        else:
            assert plan.unpaid == goods
            assert plan.to_hospital.amount == sums.to_hospital
            assert plan.held.amount == Decimal(fund)
