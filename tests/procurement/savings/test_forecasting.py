"""During the year: what is kept at today's pace, what completes it, and the one line."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.savings.forecasts.forecasting import forecast_of
from procurement.savings.one_line.reading import one_line_of
from procurement.savings.rules.exact import cents, total
from procurement.savings.settlements.drafting import change_settlement
from procurement.savings.statements.content import statement_of
from tests.procurement.savings.world import PARAMETERS

HALF = date(2027, 7, 2)
"""The 183rd day of 365."""


def forecast(world, hospital, day=HALF, **given):
    with transaction(world.engine) as session:
        return forecast_of(session, hospital_id=hospital.id, day=day, **given)


def one_line(world, hospital, day=HALF, **given):
    with transaction(world.engine) as session:
        return one_line_of(session, hospital_id=hospital.id, day=day, **given)


def test_without_rules_and_factors_only_volumes_are_told(world):
    hospital = world.hospitals[0]
    found = forecast(world, hospital)
    (term,) = found.terms
    assert (term.basis, term.at_pace, found.at_pace) == (None, None, None)
    assert (term.days_elapsed, term.days) == (183, 365)
    for line in term.lines:
        assert line.missing == line.agreed_volume
        assert line.lacking
        assert "即完成约定采购量" in line.zh


def test_at_todays_pace_and_what_completes_it(world):
    hospital = world.hospitals[0]
    world.buy_agreed(lambda one, supply: Decimal("0.4"))
    world.draft().factors()
    (term,) = forecast(world, hospital, expected_score=Decimal(85)).terms
    assert (term.basis, term.assessed.grade) == ("anhui-2027", "优秀")
    for line in term.lines:
        bought = int(line.agreed_volume * Decimal("0.4"))
        assert line.use.winning_volume == bought
        assert line.projected == bought * 365 // 183
        assert line.missing == line.agreed_volume - bought
        assert not line.completes
        assert line.at_pace == 0
        assert line.if_completed > 0
        assert f"buying {line.missing:,}" in line.en
    assert term.at_pace == 0
    assert term.if_completed == cents(total([line.if_completed for line in term.lines]))
    (later,) = forecast(world, hospital, day=date(2027, 12, 31)).terms
    assert later.at_pace is None  # nobody said which points are expected
    world.buy_agreed(lambda one, supply: Decimal("0.3"))
    (faster,) = forecast(world, hospital, expected_score=Decimal(85)).terms
    assert all(line.completes and line.at_pace > 0 for line in faster.lines)
    assert faster.at_pace == faster.if_completed


def test_the_points_of_the_last_assessment_are_expected(world):
    world.buy_agreed()
    world.draft().factors().extract().assess_all(("50", "15"))
    (term,) = forecast(world, world.hospitals[0]).terms
    assert term.assessed.score == 65
    assert term.assessed.ratio == Decimal("0.40")
    assert term.at_pace > 0


def test_points_that_are_none_are_refused(world):
    with pytest.raises(InvalidInputError):
        forecast(world, world.hospitals[0], expected_score=Decimal(101))


def test_a_member_is_forecast_with_its_group(world):
    share = {world.members[0].id: Decimal("0.3"), world.lead.id: Decimal("1.5")}
    world.buy_agreed(lambda one, supply: share.get(one, Decimal("0.6")))
    world.draft(parameters={**PARAMETERS, "completion_unit": "group"}).factors()
    (term,) = forecast(world, world.members[0], expected_score=Decimal(90)).terms
    assert all(line.completes for line in term.lines)
    assert all(line.projected < line.agreed_volume for line in term.lines)


def test_a_base_far_above_use_is_warned_of_where_the_settlement_says_from_where(world):
    world.buy_agreed(lambda one, supply: Decimal("0.1"))
    world.draft().factors()
    (term,) = forecast(world, world.hospitals[0], expected_score=Decimal(90)).terms
    assert any(line.base_to_use and line.base_to_use > 3 for line in term.lines)
    assert not any(line.warned for line in term.lines)
    world.do(
        change_settlement,
        draft=world.drafted(parameters={**PARAMETERS, "base_to_use_warning": "3"}),
        version=world.read(lambda session, settlement: settlement.version),
    )
    (term,) = forecast(world, world.hospitals[0], expected_score=Decimal(90)).terms
    assert all(line.warned for line in term.lines)


def test_one_line_from_need_to_what_is_kept(world):
    hospital = world.hospitals[0]
    world.buy_agreed()
    found = one_line(world, hospital, day=date(2028, 1, 10))
    assert found.kept is None
    for line in found.lines:
        assert line.reported >= line.base_volume > 0
        assert line.counted == line.agreed_volume
        assert line.completed
        assert line.kept is None
        assert "采购年度已满，尚未清算" in line.why_zh
    assert found.mismatches
    world.computed()
    assert one_line(world, hospital, day=date(2028, 1, 10)).kept is None
    world.send()
    found = one_line(world, hospital, day=date(2028, 1, 10))
    statement = world.read(statement_of, hospital_id=hospital.id)
    assert found.kept == statement.retained_exact
    assert all(line.is_settled and line.statement == "anhui-2027" for line in found.lines)


def test_one_line_follows_orders_on_the_day_that_is_asked_for(world):
    orders = world.orders
    hospital = orders.hospital
    orders.moment = datetime(2027, 3, 1, 4, tzinfo=UTC)
    orders.buy(2, "阿莫西林")
    open_order = orders.place(3, "阿莫西林")
    assert open_order
    before = one_line(world, hospital, day=date(2027, 2, 28))
    assert all(line.ordered == 0 and line.counted == 0 for line in before.lines)
    found = one_line(world, hospital, day=date(2027, 3, 1))
    (line,) = [one for one in found.lines if one.ordered]
    assert (line.ordered, line.accepted, line.open) == (50, 20, 30)
    assert line.counted == 20
    assert line.missing == line.agreed_volume - 20
    assert any("are ordered and not accepted" in one for one in line.why_en)
