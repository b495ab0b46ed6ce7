"""Money and moments come back from both databases as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, literal_column, select
from sqlalchemy.exc import IntegrityError, StatementError

from procurement.database import (
    MONEY_MAX,
    InexactMoneyError,
    Moment,
    Money,
    NaiveMomentError,
    metadata,
    money_range,
    transaction,
)

SAMPLE = Table(
    "sample",
    MetaData(naming_convention=metadata.naming_convention),
    Column("id", Integer, primary_key=True),
    Column("price", Money, money_range("price")),
    Column("moment", Moment),
)


@pytest.fixture
def sample(empty_engine):
    SAMPLE.create(empty_engine)
    return empty_engine


def round_trip(engine, **values):
    with transaction(engine) as session:
        session.execute(insert(SAMPLE), values)
        (column,) = (SAMPLE.c[name] for name in values)
        return session.scalar(select(column))


def cause_of(raised):
    return raised.value.orig if isinstance(raised.value, StatementError) else raised.value


@pytest.mark.parametrize("yuan", ["0", "0.0001", "0.0912", "12345678901.0001", str(MONEY_MAX)])
def test_money_comes_back_exactly(sample, yuan):
    assert round_trip(sample, price=Decimal(yuan)) == Decimal(yuan)


def test_missing_money_stays_missing(sample):
    assert round_trip(sample, price=None) is None


def test_money_is_stored_as_a_count_of_ten_thousandths(sample):
    round_trip(sample, price=Decimal("1.5"))
    with sample.connect() as connection:
        assert connection.scalar(select(literal_column("price")).select_from(SAMPLE)) == 15_000


def test_sums_of_money_are_exact(sample):
    # Ten such floats would add up to 123456789010.00098.
    with transaction(sample) as session:
        session.execute(insert(SAMPLE), [{"price": Decimal("12345678901.0001")}] * 10)
        total = session.scalar(select(func.sum(SAMPLE.c.price)))
    assert total == Decimal("123456789010.0010")


@pytest.mark.parametrize("yuan", [Decimal("-0.0001"), MONEY_MAX + Decimal("0.0001")])
def test_money_outside_its_range_is_refused_by_the_database(sample, yuan):
    with pytest.raises(IntegrityError, match="ck_sample_price_range"):
        round_trip(sample, price=yuan)


@pytest.mark.parametrize(
    "amount",
    [0.0912, 1, True, "1.5", *map(Decimal, ("0.00001", "NaN", "Infinity", "1E+15", "1E+999999"))],
)
def test_an_amount_that_cannot_be_kept_exactly_is_refused(sample, amount):
    with pytest.raises((StatementError, InexactMoneyError)) as raised:
        round_trip(sample, price=amount)
    assert isinstance(cause_of(raised), InexactMoneyError)


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_every_count_survives_the_way_to_yuan_and_back(count):
    # A caller may work with few digits; storing must not round for them.
    with localcontext(prec=3):
        yuan = Money().process_result_value(count, None)
        assert Money().process_bind_param(yuan, None) == count


@pytest.mark.parametrize("hours", [0, 8, -5])
def test_a_moment_comes_back_in_utc(sample, hours):
    moment = datetime(2026, 11, 22, 1, 30, 15, 250, tzinfo=timezone(timedelta(hours=hours)))
    stored = round_trip(sample, moment=moment)
    assert stored == moment
    assert stored.tzinfo is UTC


def test_missing_moments_stay_missing(sample):
    assert round_trip(sample, moment=None) is None


def test_a_moment_without_time_zone_is_refused(sample):
    with pytest.raises((StatementError, NaiveMomentError)) as raised:
        round_trip(sample, moment=datetime(2026, 11, 22))  # noqa: DTZ001 - that is the case
    assert isinstance(cause_of(raised), NaiveMomentError)
