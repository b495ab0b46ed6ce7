"""One expression, the same sums in every engine: DuckDB, PostgreSQL, Spark, and plain Python."""

import importlib.util
import shutil
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from procurement.savings.analytics import ENGINES, AnalyticsError, PurchaseFiles, Totals
from procurement.savings.analytics.spark_engine import spark_totals
from tests.procurement.savings.settlements import SCHEMA

BREAKS = [date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)]
LARGE = 2**63 - 1


def some_lines(number, seed=3):
    generator = np.random.default_rng(seed)
    days = generator.integers(0, 900, number)
    prices = generator.integers(1, 10**7, number)
    quantities = generator.integers(-(10**6), 10**9, number)
    return [
        {
            "hospital": f"医院{generator.integers(5)}",
            "product": f"P{generator.integers(7)}",
            "batch": [None, "b4y2", "b7y1"][generator.integers(3)],
            "received_on": date(2023, 6, 1) + timedelta(days=int(days[place])),
            "is_winning": int(generator.integers(2)),
            "quantity": int(quantities[place]),
            "unit_price": Decimal(int(prices[place])).scaleb(-4),
        }
        for place in range(number)
    ]


def by_hand(rows):
    """The same sums, line by line."""
    found: dict[tuple[str, str, str | None, int], list[Any]] = {}
    for row in rows:
        period = sum(row["received_on"] >= day for day in BREAKS)
        key = (row["hospital"], row["product"], row["batch"], period)
        sums = found.setdefault(key, [0, 0, 0, 0, 0, 0, []])
        price = int(row["unit_price"] * 10_000)
        sums[0] += 1
        sums[2] += row["quantity"] * price
        if row["is_winning"]:
            sums[3] += row["quantity"]
            sums[6].append(price)
        else:
            sums[4] += row["quantity"]
            sums[5] += row["quantity"] * price
    return {
        Totals._make([*key, *sums[:6], min(sums[6], default=0), max(sums[6], default=0)])
        for key, sums in found.items()
    }


def files_of(tmp_path, *parts, schema=SCHEMA):
    schema = schema.append(pa.field("batch", pa.string()))
    paths = []
    for number, rows in enumerate(parts):
        path = tmp_path / f"part-{number}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
        paths.append(path)
    return PurchaseFiles(tuple(paths), frozenset(paths))


@pytest.fixture(params=["duckdb", "postgres", "spark"])
def engine(request, monkeypatch):
    """Each engine; Spark where pyspark and Java are."""
    if request.param == "spark":
        if importlib.util.find_spec("pyspark") is None:
            pytest.skip("Spark parity: pyspark is not installed (pip install pyspark)")
        if shutil.which("java") is None:
            pytest.skip("Spark parity: there is no Java (apt-get install default-jre-headless)")
    if request.param == "postgres":
        own = request.getfixturevalue("new_postgresql")("template0")
        monkeypatch.setenv("DATABASE_URL", own.url.render_as_string(hide_password=False))
    return ENGINES[request.param]


def test_every_engine_finds_the_same_sums(engine, tmp_path):
    rows = some_lines(2_000)
    found = list(engine(files_of(tmp_path, rows[:700], rows[700:]), BREAKS))
    assert set(found) == by_hand(rows)
    assert len(found) == len(set(found))


def test_the_largest_line_is_exact(engine, tmp_path):
    row = some_lines(1)[0] | {"quantity": LARGE, "unit_price": Decimal("0.0001"), "is_winning": 0}
    (found,) = engine(files_of(tmp_path, [row]), BREAKS)
    assert found.non_winning_amount == found.amount == LARGE


def test_a_line_beyond_64_bits_is_refused_and_never_wrapped(engine, tmp_path):
    row = some_lines(1)[0] | {"quantity": LARGE, "unit_price": Decimal("0.0002")}
    with pytest.raises(AnalyticsError):
        list(engine(files_of(tmp_path, [row]), BREAKS))


def test_a_sum_beyond_64_bits_is_refused_and_never_wrapped(engine, tmp_path):
    row = some_lines(1)[0] | {"quantity": LARGE, "unit_price": Decimal("0.0001")}
    with pytest.raises(AnalyticsError):
        list(engine(files_of(tmp_path, [row, row]), BREAKS))


def test_a_line_with_an_empty_cell_or_no_flag_is_counted_as_bad(engine, tmp_path):
    rows = some_lines(4)
    rows[0]["received_on"] = None
    rows[1]["is_winning"] = 2
    rows[2]["unit_price"] = Decimal("-1.0000")
    found = list(engine(files_of(tmp_path, rows), BREAKS))
    bad = {(one.hospital, one.product, one.batch) for one in found if one.bad_lines}
    assert bad == {(row["hospital"], row["product"], row["batch"]) for row in rows[:3]}


def test_a_flag_may_be_a_truth_value_and_a_batch_may_be_missing(engine, tmp_path):
    place = SCHEMA.get_field_index("is_winning")
    schema = SCHEMA.set(place, pa.field("is_winning", pa.bool_()))
    rows = [
        {key: bool(value) if key == "is_winning" else value for key, value in row.items()}
        for row in some_lines(50)
    ]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    found = set(engine(PurchaseFiles((path,), frozenset()), BREAKS))
    assert found == by_hand([{**row, "batch": None} for row in rows])


def test_spark_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AnalyticsError, match="pyspark is not installed"):
        list(spark_totals(files_of(tmp_path, some_lines(1)), BREAKS))


def test_postgresql_needs_an_address(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(AnalyticsError, match="names no PostgreSQL"):
        list(ENGINES["postgres"](files_of(tmp_path, some_lines(1)), BREAKS))
