"""The quarterly report over millions of purchase lines, beside the same query by hand in SQL.

``python -m benchmarks.monitoring [LINES …]``: from partitions to the content, its digest and a PDF
in both languages. The floor is one statement in DuckDB that sums the lines by drug, month and price
and computes Fisher's index of the quarter, with nothing else around it.
"""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.monitoring_world import make_partitions
from procurement.china_days import Quarter
from procurement.monitoring.analytics.engine import MEMORY_LIMIT, quarter_sums
from procurement.monitoring.analytics.source import files_below
from procurement.monitoring.report.content import Facts, canonical, digest_of, make_content
from procurement.monitoring.report.gathering import Gathered
from procurement.monitoring.report.printed import LANGUAGES, print_report
from procurement.monitoring.rules.parameters import Given, Name, Thresholds

SCALES = (1_000_000, 10_000_000)
LIMIT_SECONDS = 30
QUARTER = Quarter(2027, 2)
MOMENT = datetime(2027, 7, 5, tzinfo=UTC)

_BY_HAND = """
WITH sums AS (
    SELECT generic, strength, maker, month(received_on) AS month,
        CAST(unit_price * 10000 AS BIGINT) AS price, SUM(quantity) AS quantity,
        COUNT(DISTINCT hospital) FILTER (WHERE quantity > 0) AS hospitals
    FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = false)
    WHERE received_on BETWEEN DATE '2027-01-01' AND DATE '2027-06-30'
    GROUP BY ALL
), quarters AS (
    SELECT generic, strength, maker, month > 3 AS later,
        SUM(quantity) AS q, SUM(quantity * price) AS v
    FROM sums GROUP BY ALL
), pairs AS (
    SELECT one.q AS q0, one.v AS v0, other.q AS q1, other.v AS v1
    FROM quarters AS one JOIN quarters AS other USING (generic, strength, maker)
    WHERE NOT one.later AND other.later AND one.q > 0 AND other.q > 0
)
SELECT SQRT(SUM(v1::DOUBLE / q1 * q0) / SUM(v0) * SUM(v1) / SUM(v0::DOUBLE / q0 * q1)) FROM pairs
"""


def main(scales: Sequence[int] = SCALES) -> None:
    """Print seconds of the report's steps and of the floor."""
    print("Quarterly report: purchase lines in Parquet, 3,000 drugs, 1,000 hospitals, 16 cities")
    print(f"{'lines':>12} {'sums':>8} {'content':>8} {'2 PDFs':>8} {'report':>8} {'by hand':>8}")
    with TemporaryDirectory(prefix="jicai-bench-monitoring-") as work:
        # Imports and fonts are loaded once in a worker's life.
        _report(make_partitions(Path(work) / "warm-up", 1_000))
        for lines in scales:
            _one_scale(Path(work) / f"lines-{lines}", lines)
    print()


def _one_scale(folder: Path, lines: int) -> None:
    make_partitions(folder, lines)
    begun, cpu = time.perf_counter(), time.process_time()
    by_hand = _by_hand(folder)
    floor, floor_cpu = time.perf_counter() - begun, time.process_time() - cpu
    cpu = time.process_time()
    steps, index = _report(folder)
    total, total_cpu = sum(steps), time.process_time() - cpu
    print(
        f"{lines:>12,} "
        + " ".join(f"{one:>6.2f} s" for one in (*steps, total, floor))
        + f"  x {total / floor:.2f}"
    )
    print(f"{lines:>12,} processor time: report {total_cpu:.2f} s, by hand {floor_cpu:.2f} s")
    agree = "the same index" if abs(by_hand * 100 - index) < Decimal("0.01") else "INDEX DIFFERS"
    kept = "kept" if total <= LIMIT_SECONDS else "BROKEN"
    print(f"{lines:>12,} {agree} ({index}); limit of {LIMIT_SECONDS} s {kept}", flush=True)


def _by_hand(folder: Path) -> Decimal:
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        (row,) = connection.execute(_BY_HAND.format(folder=folder)).fetchall()
        return Decimal(row[0])


def _report(folder: Path) -> tuple[list[float], Decimal]:
    marks = [time.perf_counter()]
    sums = quarter_sums(files_below(folder), QUARTER)
    marks.append(time.perf_counter())
    facts = Facts(
        bureau="采购办",
        region="340000",
        region_names=("安徽", "Anhui"),
        quarter=QUARTER,
        asked_at=MOMENT.isoformat(),
        measures=("", ""),
        thresholds=Thresholds({Name.SOURCES_MIN: Given(Decimal(3), "benchmark")}),
        sums=sums,
        gathered=Gathered((), (), (), {}, {}, (), (), (), {}),
        makers={},
        partitions=(),
        undisclosed=(),
    )
    content = make_content(facts)
    digest = digest_of(canonical(content))
    marks.append(time.perf_counter())
    for language in LANGUAGES:
        print_report(content, digest=digest, language=language, moment=MOMENT)
    marks.append(time.perf_counter())
    quarter = content["index"]["quarter"]
    steps = [after - before for before, after in pairwise(marks)]
    return steps, Decimal(0) if quarter is None else Decimal(quarter["fisher"])


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or SCALES)
