"""Purchase lines of two quarters as partitions, as `procurement.orders.partitions` writes them."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from procurement.orders.partitions.columns import SCHEMA
from procurement.orders.partitions.sums import price_array

HOSPITALS = 1_000
DRUGS = 3_000
MAKERS = 300
CITIES = 16
PRICES = 3
"""Different prices of a drug."""
SEED = 2027
FIRST_DAY = date(2027, 1, 1)
DAYS = 181
_LINES_AT_ONCE = 1_000_000


def make_partitions(folder: Path, lines: int) -> Path:
    """Write so many purchase lines of the first half of 2027, the same on every call."""
    generator = np.random.default_rng(SEED)
    base = generator.integers(1_000, 500_000, DRUGS)
    for city in range(CITIES):
        place = folder / "year=2027" / f"region=34{city + 1:02}00"
        place.mkdir(parents=True)
        size = lines // CITIES + (city < lines % CITIES)
        with pq.ParquetWriter(place / "part-00000.parquet", SCHEMA, compression="zstd") as writer:
            for start in range(0, size, _LINES_AT_ONCE):
                writer.write_table(_lines(generator, base, min(_LINES_AT_ONCE, size - start), city))
    return folder


def _lines(generator: np.random.Generator, base: np.ndarray, size: int, city: int) -> pa.Table:
    drugs = generator.integers(0, DRUGS, size)
    days = generator.integers(0, DAYS, size)
    # Prices drift by the month, and hospitals pay one of a few.
    drift = 1_000 + days // 30 * 3 + generator.integers(0, PRICES, size) * 20
    prices = base[drugs] * drift // 1_000
    hospitals = pa.array([f"H34{city + 1:02}{number:07}" for number in range(HOSPITALS // CITIES)])
    names = pa.array([f"药品{number:04} · 口服常释剂型" for number in range(DRUGS)])
    makers = pa.array([f"91340000MA{number:08}" for number in range(MAKERS)])
    products = pa.array([f"L{number:04} · 药品 · 10mg" for number in range(DRUGS)])
    first = FIRST_DAY.toordinal() - date(1970, 1, 1).toordinal()
    arrays = [
        hospitals.take(pa.array(generator.integers(0, len(hospitals), size))),
        products.take(pa.array(drugs)),
        pa.nulls(size, pa.string()),
        pa.array((first + days).astype("int32"), pa.int32()).cast(pa.date32()),
        pa.array(generator.random(size) < 0.7),
        pa.array(generator.integers(-10, 200, size)),
        price_array(prices),
        names.take(pa.array(drugs)),
        pa.array(["10mg"]).take(pa.array(np.zeros(size, dtype=np.int64))),
        makers.take(pa.array(drugs % MAKERS)),
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
