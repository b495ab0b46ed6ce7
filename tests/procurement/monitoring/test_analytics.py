"""The sums of a quarter beside a brute-force twin in Python."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random  # noqa: TID251 - seeded

import pytest

from procurement.china_days import Quarter
from procurement.monitoring.analytics.engine import Drug, quarter_sums
from procurement.monitoring.analytics.source import MonitoringAnalyticsError, files_below
from procurement.monitoring.rules.gaps import PriceRange
from procurement.monitoring.rules.index import Bought
from tests.procurement.monitoring.lines import Line, write_lines

QUARTER = Quarter(2027, 2)


def some_lines(seed: int, number: int = 800) -> list[Line]:
    random = Random(seed)  # noqa: S311 - not for secrets
    return [
        Line(
            hospital=f"医院{random.randint(1, 9)}",
            generic=random.choice(["缬沙坦 · 口服常释剂型", "阿那曲唑 · 口服常释剂型"]),
            strength=random.choice(["80mg", "1mg", None]),
            maker=random.choice(["甲", "乙", None]),
            received_on=date(2026, 12, 20) + timedelta(days=random.randint(0, 220)),
            is_winning=random.random() < 0.5,
            quantity=random.choice([1, 14, 10**6, -14]),
            unit_price=Decimal(random.choice([5000, 5001, 9999, 1])).scaleb(-4),
        )
        for _ in range(number)
    ]


def brute(lines: list[Line]):
    """Months, prices and shares, line by line."""
    months: dict[date, dict[Drug, Bought]] = {}
    taken: dict[Drug, Counter[int]] = {}
    hospitals: dict[Drug, set[str]] = {}
    shares: Counter[tuple[date, bool, bool]] = Counter()
    for line in lines:
        if not QUARTER.before.first_day <= line.received_on <= QUARTER.last_day:
            continue
        steps, month = int(line.unit_price * 10_000), line.received_on.replace(day=1)
        is_known = line.strength is not None and line.maker is not None
        shares[month, line.is_winning, is_known] += steps * line.quantity
        if line.strength is None or line.maker is None:
            continue
        drug = Drug(line.generic, line.strength, line.maker)
        known = months.setdefault(month, {})
        before = known.get(drug, Bought(0, 0))
        known[drug] = Bought(before.quantity + line.quantity, before.amount + steps * line.quantity)
        if line.received_on >= QUARTER.first_day and line.quantity > 0:
            taken.setdefault(drug, Counter())[steps] += 1
            hospitals.setdefault(drug, set()).add(line.hospital)
    prices = {
        drug: PriceRange(
            min(counts),
            max(counts),
            min(zip((-count for count in counts.values()), counts, strict=True))[1],
            len(counts),
            len(hospitals[drug]),
        )
        for drug, counts in taken.items()
    }
    return months, prices, shares


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_those_of_a_loop_over_all_lines(tmp_path, seed):
    lines = some_lines(seed)
    found = quarter_sums(files_below(write_lines(tmp_path, lines, files=3)), QUARTER)
    months, prices, shares = brute(lines)
    assert found.months == months
    assert found.prices == prices
    assert {(one.month, one.is_winning, one.is_known): one.amount for one in found.shares} == shares


def test_the_order_of_rows_and_the_number_of_files_change_nothing(tmp_path):
    lines = some_lines(7)
    mixed = sorted(lines, key=lambda line: (line.unit_price, line.hospital, line.quantity))
    one, other = (
        quarter_sums(files_below(write_lines(tmp_path / name, some, files=files)), QUARTER)
        for name, some, files in (("one", lines, 1), ("other", mixed, 4))
    )
    assert one == other


def test_a_quarter_is_the_sum_of_its_months(tmp_path):
    found = quarter_sums(files_below(write_lines(tmp_path, some_lines(3))), QUARTER)
    whole = found.bought_in(QUARTER)
    for drug, one in whole.items():
        parts = [found.months[month].get(drug, Bought(0, 0)) for month in QUARTER.months]
        assert one == Bought(sum(p.quantity for p in parts), sum(p.amount for p in parts))


def test_no_lines_at_all_are_refused_in_words(tmp_path):
    with pytest.raises(MonitoringAnalyticsError, match="no purchase line"):
        files_below(tmp_path)


def test_a_sum_beyond_64_bits_fails_instead_of_being_wrapped(tmp_path):
    line = Line("院", "药", "1mg", "甲", date(2027, 4, 1), True, 2**62, Decimal("99999.9999"))
    with pytest.raises(MonitoringAnalyticsError, match="DuckDB"):
        quarter_sums(files_below(write_lines(tmp_path, [line] * 3)), QUARTER)
