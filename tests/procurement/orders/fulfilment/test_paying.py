"""Which hospitals pay in time: national and local rules, asked of whoever knows of payments."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from procurement.database import transaction
from procurement.orders.fulfilment.parameters import ParameterGiven, give_parameter
from procurement.orders.fulfilment.paying import Received, paid_in_time, received_lines
from procurement.orders.fulfilment.rules.payment_time import Paid
from procurement.permissions import Actor

MARCH = (date(2027, 3, 1), date(2027, 3, 31))


def received(day, **wanted):
    known = {"since": MARCH[0], "until": MARCH[1], "day": day, "region": "000000"}
    return Received(**{**known, **wanted})


def states(world, day, paid_on, **wanted):
    with transaction(world.engine) as session:
        looked = received(day, **wanted)
        lines = received_lines(session, received=looked)
        known = {line: paid for line, paid in zip(lines, paid_on, strict=True) if paid}
        rows = paid_in_time(session, received=looked, paid_on=known)
        return {row.hospital_id: row for row in rows}


def test_goods_of_march_are_paid_until_the_end_of_april(world):
    world.buy(1)
    world.buy(2)
    world.buy(3)
    paid = [date(2027, 4, 30), date(2027, 5, 1), None]
    row = states(world, date(2027, 5, 1), paid)[world.hospital.id]
    assert (row.lines[Paid.IN_TIME], row.lines[Paid.LATE], row.overdue) == (1, 1, 1)
    assert row.share_in_time == Fraction(1, 3)
    assert row.amounts[Paid.OVERDUE] == Decimal(90)
    (rule,) = row.rules.values()
    assert rule.rule.rulebook == "fulfilment-national-2021"
    early = states(world, date(2027, 4, 30), [date(2027, 4, 30), None, None])
    assert early[world.hospital.id].lines[Paid.NOT_DUE] == 2


def test_a_region_with_thirty_days_counts_thirty(world):
    world.buy(1)
    region = world.hospital.organisation.region
    with transaction(world.engine) as session:
        give_parameter(
            session,
            given=ParameterGiven(
                region=region,
                key="paid.days",
                value="30",
                basis="本地文件",
                in_force_from=date(2027, 1, 1),
            ),
            actor=Actor(),
            moment=world.moment,
        )
    assert states(world, date(2027, 3, 31), [None])[world.hospital.id].overdue == 0
    assert states(world, date(2027, 4, 1), [None])[world.hospital.id].overdue == 1


def test_only_what_is_looked_at_is_counted(world):
    world.buy(1)
    assert states(world, date(2027, 5, 1), [], hospital_ids=[world.outsider.id]) == {}
    assert states(world, date(2027, 5, 1), [], seller_id=world.maker.id) == {}
    assert states(world, date(2027, 5, 1), [], region="650000") == {}
    assert states(world, date(2027, 5, 1), [None], seller_id=world.distributor.id)


def test_nothing_is_owed_for_goods_that_went_back_altogether(world):
    world.send_back(world.buy(2), 2)
    partly = world.buy(3)
    world.send_back(partly, 1)
    row = states(world, date(2027, 5, 1), [None])[world.hospital.id]
    assert row.overdue == 1
    assert row.amounts[Paid.OVERDUE] == Decimal(90)


def test_goods_of_another_round_are_no_matter_of_a_term(world):
    world.buy(1)
    world.buy(1, "达格列净", distributor_id=world.distributors[1].id)
    everything = states(world, date(2027, 5, 1), [None, None])[world.hospital.id]
    assert everything.overdue == 2
    own = states(world, date(2027, 5, 1), [None], term_id=world.term_id)[world.hospital.id]
    assert own.overdue == 1
    assert states(world, date(2027, 5, 1), [], term_id=world.term_id + 1) == {}
