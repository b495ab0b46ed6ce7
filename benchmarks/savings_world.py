"""A settlement folder of any size: a city's hospitals, and purchase lines as Parquet partitions."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HOSPITALS = 100
PRODUCTS = 60
PARTITIONS = 8
LINES_AT_ONCE = 1_000_000
SEED = 2024

_SCHEME = """\
title = "benchmark"
rulebook = "savings-national-2020"
procurement_year = 2024
payment_ratio = "0.6"
insured_share = "0.9"
negative_base = "floor_each"
completion_unit = "product"
rounding = "half_up_cent"
follow_on = "earns"
bands = { "80" = "0.50", "60" = "0.40", "0" = "0" }
"""
_FIRST_DAY = date(2023, 10, 1).toordinal() - date(1970, 1, 1).toordinal()
_DAYS = 500


def make_folder(folder: Path, lines: int) -> Path:
    """Write a settlement folder with so many purchase lines, the same on every call."""
    generator = np.random.default_rng(SEED)
    folder.mkdir(parents=True)
    (folder / "scheme.toml").write_text(_SCHEME, encoding="utf-8")
    hospitals = [f"医院{number:04}" for number in range(HOSPITALS)]
    products = [f"药品{number:04}" for number in range(PRODUCTS)]
    winning = generator.integers(100, 50_000, PRODUCTS)
    scores = "".join(f"{name},{50 + place % 50}\n" for place, name in enumerate(hospitals))
    (folder / "assessments.csv").write_text("hospital,score\n" + scores, encoding="utf-8")
    head = "hospital,product,base_volume,agreed_volume,price_before,winning_price\n"
    expected = lines * 60 // (HOSPITALS * PRODUCTS)
    rows = [
        f"{hospital},{product},{expected * 2},{expected},"
        f"{_yuan(int(price) * 4)},{_yuan(int(price))}\n"
        for hospital in hospitals
        for product, price in zip(products, winning, strict=True)
    ]
    (folder / "contracts.csv").write_text(head + "".join(rows), encoding="utf-8")
    (folder / "purchases").mkdir()
    names = (pa.array(hospitals), pa.array(products))
    for number in range(PARTITIONS):
        size = lines // PARTITIONS + (number < lines % PARTITIONS)
        path = folder / "purchases" / f"part-{number:02}.parquet"
        _write_partition(path, size, winning, names, generator)
    return folder


def _write_partition(
    path: Path,
    lines: int,
    winning: np.ndarray,
    names: tuple[pa.Array, pa.Array],
    generator: np.random.Generator,
) -> None:
    schema = pa.schema(
        {
            "hospital": pa.string(),
            "product": pa.string(),
            "received_on": pa.date32(),
            "is_winning": pa.int8(),
            "quantity": pa.int64(),
            "unit_price": pa.decimal128(18, 4),
        }
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, lines, LINES_AT_ONCE):
            size = min(LINES_AT_ONCE, lines - start)
            products = generator.integers(0, PRODUCTS, size)
            wins = generator.random(size) < 0.8
            other = generator.integers(100, 200_000, size)
            prices = np.where(wins, winning[products], other)
            table = {
                "hospital": names[0].take(pa.array(generator.integers(0, HOSPITALS, size))),
                "product": names[1].take(pa.array(products)),
                "received_on": pa.array(
                    (_FIRST_DAY + generator.integers(0, _DAYS, size)).astype("int32"), pa.int32()
                ).cast(pa.date32()),
                "is_winning": pa.array(wins.astype("int8")),
                "quantity": pa.array(generator.integers(-10, 200, size)),
                "unit_price": _decimals(prices),
            }
            writer.write_table(pa.table(table, schema=schema))


def _decimals(steps: np.ndarray) -> pa.Array:
    """Whole numbers of 1/10,000 yuan as decimals of 18 digits, 4 of them decimals."""
    words = np.zeros((len(steps), 2), dtype="<i8")
    words[:, 0] = steps
    buffers = [None, pa.py_buffer(words.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(steps), buffers)


def _yuan(steps: int) -> str:
    return f"{steps // 10_000}.{steps % 10_000:04}"
