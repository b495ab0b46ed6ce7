"""Rules that texts leave open: given by bureaus, with every fault told, and never over a text."""

from datetime import UTC, date, datetime

import pytest

from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.fulfilment.limits import delivery_due
from procurement.orders.fulfilment.parameters import (
    ParameterGiven,
    give_parameter,
    parameters_of,
    rules_of,
)
from procurement.permissions import Actor

MOMENT = datetime(2027, 2, 28, 1, tzinfo=UTC)
DAY = date(2027, 2, 28)


def give(session, key, value, *, region="430000", basis="湘文件", since=date(2027, 1, 1)):
    given = ParameterGiven(region=region, key=key, value=value, basis=basis, in_force_from=since)
    return give_parameter(session, given=given, actor=Actor(), moment=MOMENT)


def due(session, **order):
    flags = {"is_emergency": False, "is_remote": False, "is_cold_chain": False, **order}
    return delivery_due(session, region="430102", confirmed_at=MOMENT, **flags)


def test_days_off_that_somebody_gives_make_the_limit_of_ordinary_orders(engine):
    with transaction(engine) as session:
        assert due(session).due_at is None
        assert due(session, is_emergency=True).due_at.isoformat() == "2027-02-28T13:00:00+00:00"
        give(session, "delivery.days_off", '{"2027": ["2027-03-01"]}')
        limit = due(session)
        assert limit.due_at.isoformat() == "2027-03-03T01:00:00+00:00"
        assert limit.rule == "fulfilment-hunan-2025 · ordinary"


def test_the_newest_of_the_same_region_counts_and_all_stay_on_record(engine):
    with transaction(engine) as session:
        give(session, "paid.days", "30")
        give(session, "paid.days", "45")
        assert rules_of(session, region="430102", day=DAY).count("paid.days") == 45
        assert [row.value for row in parameters_of(session, region="430102")] == ["45", "30"]
        assert not parameters_of(session, region="440000")


@pytest.mark.parametrize(
    ("key", "typed", "read"),
    [
        ("non_winning.share_max", "0.3", '"0.3"'),
        ("progress.behind_interview", "20", '"20"'),
        ("paid.days", "45", "45"),
        ("use.measure", "units", '"units"'),
        ("breach.ladder", '["remind", "warn"]', '["remind", "warn"]'),
    ],
)
def test_what_is_typed_is_kept_as_the_vocabulary_reads_it(engine, key, typed, read):
    with transaction(engine) as session:
        assert give(session, key, typed).value == read


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"region": "99"}, {"region"}),
        ({"key": "scope.region", "value": "430000"}, {"key"}),
        ({"key": "nothing.at_all"}, {"key"}),
        ({"value": "much"}, {"value"}),
        ({"value": "-3"}, {"value"}),
        ({"basis": " "}, {"basis"}),
        ({"value": "x", "basis": "", "region": "1"}, {"value", "basis", "region"}),
        # Qinghai's document states it, surely.
        ({"key": "supplier.rate_min", "value": "0.5", "region": "630000"}, {"key"}),
    ],
)
def test_every_fault_is_told_and_nothing_stored(engine, wrong, fields):
    given = {"key": "paid.days", "value": "30", **wrong}
    with transaction(engine) as session:
        with pytest.raises(InvalidInputError) as refusal:
            give(session, **given)
        assert {fault.field for fault in refusal.value.faults} == fields
        assert not parameters_of(session, region="000000")
