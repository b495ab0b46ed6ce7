"""Retained savings of millions of purchase lines, beside SQL written by hand, and pandas.

``python -m benchmarks.savings [LINES …]``; each contender runs in a process of its own, so that
its memory is its own.
"""

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from benchmarks.savings_world import make_folder
from procurement.savings.analytics import ENGINES
from procurement.savings.analytics.duckdb_engine import MEMORY_LIMIT
from procurement.savings.run import settle_folder

SCALES = (1_000_000, 10_000_000, 100_000_000)
PANDAS_LINES_MAX = 10_000_000
"""Pandas holds all lines in memory."""

RUNS = 3

_BY_HAND = """
CREATE OR REPLACE TEMP TABLE sums AS
    SELECT hospital, product,
        received_on BETWEEN DATE '2024-01-01' AND DATE '2024-12-31' AS in_year,
        COUNT(*) AS number,
        COUNT(*) FILTER (WHERE is_winning NOT IN (0, 1) OR unit_price <= 0
            OR quantity IS NULL OR received_on IS NULL) AS bad,
        SUM(quantity * CAST(unit_price * 10000 AS BIGINT)) AS amount,
        SUM(quantity) FILTER (WHERE is_winning = 1) AS winning_volume,
        COALESCE(SUM(quantity * CAST(unit_price * 10000 AS BIGINT))
            FILTER (WHERE is_winning = 0), 0) AS non_winning,
        MIN(unit_price) FILTER (WHERE is_winning = 1) AS lowest,
        MAX(unit_price) FILTER (WHERE is_winning = 1) AS highest
    FROM read_parquet('{folder}/purchases/*.parquet')
    GROUP BY ALL
"""
_LEFT_BY_HAND = """
SELECT SUM(number), SUM(amount), SUM(bad) FROM sums
    LEFT JOIN read_csv('{folder}/contracts.csv') AS contracts USING (hospital, product)
    WHERE NOT in_year OR contracts.hospital IS NULL
"""
_KEPT_BY_HAND = """
WITH contracts AS (
    SELECT * FROM read_csv('{folder}/contracts.csv', types = {{
        'price_before': 'DECIMAL(18,4)', 'winning_price': 'DECIMAL(18,4)'}})
), scores AS (SELECT * FROM read_csv('{folder}/assessments.csv'))
SELECT hospital, ROUND(SUM(CASE WHEN winning_volume >= agreed_volume AND base > 0
        THEN base * share ELSE 0 END) * 0.000001, 2) AS retained,
    COUNT(*) FILTER (WHERE lowest <> winning_price OR highest <> winning_price OR bad > 0)
FROM (
    SELECT hospital, agreed_volume, winning_volume, winning_price, lowest, highest, bad,
        CAST(base_volume AS HUGEINT) * CAST(price_before * 10000 AS BIGINT) * 54
        - (CAST(agreed_volume AS HUGEINT) * CAST(winning_price * 10000 AS BIGINT)
           + non_winning) * 54 AS wide, CAST(wide AS DECIMAL(24, 0)) AS base,
        CASE WHEN score >= 80 THEN 0.50 WHEN score >= 60 THEN 0.40 ELSE 0.00 END AS share
    FROM contracts JOIN sums USING (hospital, product) JOIN scores USING (hospital)
    WHERE in_year
)
GROUP BY hospital ORDER BY hospital
"""


def main(scales: Sequence[int] = SCALES) -> None:
    """Print seconds, memory and seconds per million lines of each contender."""
    print("Retained savings: purchase lines in Parquet, 6,000 agreements, one settlement")
    print(
        f"{'lines':>13} {'contender':<22} {'start-up':>9} {'settled':>9} {'CPU':>9} "
        f"{'MiB':>7} {'us/line':>8}"
    )
    with TemporaryDirectory(prefix="jicai-bench-savings-") as work:
        measured = {lines: _one_scale(Path(work), lines) for lines in scales}
    _print_marginal(measured)
    print()


def _print_marginal(measured: Mapping[int, Mapping[str, float]]) -> None:
    """Print what each further line costs from one scale to the next: flat if nothing grows."""
    for fewer, more in pairwise(measured):
        for name in ("jicai settle", "DuckDB SQL by hand"):
            further = measured[more][name] - measured[fewer][name]
            print(
                f"{fewer:>13,} to {more:,} lines: {name} {further / (more - fewer) * 1e6:.3f} us "
                "for each further line"
            )


def _one_scale(work: Path, lines: int) -> Mapping[str, float]:
    """Print a scale, and return the seconds of each contender."""
    folder = make_folder(work / f"lines-{lines}", lines)
    seconds: dict[str, float] = {}
    worked: dict[str, float] = {}
    totals = set()
    for name in CONTENDERS:
        if name == "pandas" and lines > PANDAS_LINES_MAX:
            continue
        command = [sys.executable, "-m", "benchmarks.savings", "--contender", name, str(folder)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        startup, settled, cpu, memory, total = said.split()
        seconds[name], worked[name] = float(settled), float(cpu)
        totals.add(Decimal(total))
        per_line = seconds[name] / lines * 1e6
        print(
            f"{lines:>13,} {name:<22} {float(startup):>7.2f} s {seconds[name]:>7.2f} s "
            f"{worked[name]:>7.2f} s {int(memory):>7,} {per_line:>8.3f}",
            flush=True,
        )
    ours, by_hand = "jicai settle", "DuckDB SQL by hand"
    ratio, of_cpu = seconds[ours] / seconds[by_hand], worked[ours] / worked[by_hand]
    agree = "all totals equal" if len(totals) == 1 else f"TOTALS DIFFER: {sorted(totals)}"
    print(f"{lines:>13,} x {ratio:.2f} of the SQL by hand, x {of_cpu:.2f} of its processor time")
    print(f"{lines:>13,} {agree}", flush=True)
    return seconds


def _contend(name: str, folder: Path) -> None:
    """Run one contender: start-up, the least seconds of some runs, memory, and the total."""
    started = time.perf_counter()
    warm_up, work = CONTENDERS[name](folder)
    warm_up()
    # As the command does: what imports left is not searched for garbage again.
    gc.collect()
    gc.freeze()
    startup = time.perf_counter() - started
    took, worked, total = [], [], Decimal(0)
    for _ in range(RUNS):
        begun, cpu = time.perf_counter(), time.process_time()
        total = work()
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - cpu)
    gc.unfreeze()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(startup, min(took), min(worked), memory, total)


_Contender = tuple[Callable[[], object], Callable[[], Decimal]]


def _ours(folder: Path) -> _Contender:
    small = make_folder(folder.parent / f"{folder.name}-warm-up", 1_000)

    def settle(path: Path) -> Decimal:
        return settle_folder(path, engine=ENGINES["duckdb"]).settlement.total

    return lambda: settle(small), lambda: settle(folder)


def _by_hand(folder: Path) -> _Contender:
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    connection.execute("SET preserve_insertion_order = false")

    def settle() -> Decimal:
        connection.execute(_BY_HAND.format(folder=folder))
        connection.execute(_LEFT_BY_HAND.format(folder=folder)).fetchall()
        rows = connection.execute(_KEPT_BY_HAND.format(folder=folder)).fetchall()
        return sum((Decimal(retained) for _, retained, _ in rows), Decimal(0))

    one_file = f"SELECT COUNT(*) FROM read_parquet('{folder}/purchases/part-00.parquet')"  # noqa: S608
    return lambda: connection.execute(one_file).fetchall(), settle


def _pandas(folder: Path) -> _Contender:
    def settle() -> Decimal:
        frame = pd.read_parquet(folder / "purchases", dtype_backend="pyarrow")
        days = pd.to_datetime(frame["received_on"])
        frame = frame[(days >= "2024-01-01") & (days <= "2024-12-31")]
        frame = frame.assign(price=(frame["unit_price"] * 10_000).astype("int64[pyarrow]"))
        frame = frame.assign(amount=frame["quantity"] * frame["price"])
        keys = ["hospital", "product"]
        wins = frame["is_winning"] == 1
        volumes = frame[wins].groupby(keys)["quantity"].sum()
        others = frame[~wins].groupby(keys)["amount"].sum()
        contracts = pd.read_csv(
            folder / "contracts.csv", dtype={"price_before": str, "winning_price": str}
        )
        scores = pd.read_csv(folder / "assessments.csv").set_index("hospital")["score"]
        return _settle_in_pandas(contracts, volumes.to_dict(), others.to_dict(), scores.to_dict())

    return lambda: pd.read_parquet(folder / "purchases" / "part-00.parquet").head(), settle


def _settle_in_pandas(
    contracts: pd.DataFrame,
    volumes: Mapping[tuple[str, str], int],
    others: Mapping[tuple[str, str], int],
    scores: Mapping[str, int],
) -> Decimal:
    kept: dict[str, Decimal] = {}
    factor = Decimal("0.54")
    for row in contracts.itertuples():
        key = (row.hospital, row.product)
        spent = row.agreed_volume * Decimal(row.winning_price)
        spent += Decimal(int(others.get(key, 0))) / 10_000
        base = (row.base_volume * Decimal(row.price_before) - spent) * factor
        score = scores[row.hospital]
        share = Decimal("0.5" if score >= 80 else "0.4" if score >= 60 else "0")
        if volumes.get(key, 0) >= row.agreed_volume and base > 0:
            kept[row.hospital] = kept.get(row.hospital, Decimal(0)) + base * share
    cent = Decimal("0.01")
    return sum((amount.quantize(cent, "ROUND_HALF_UP") for amount in kept.values()), Decimal(0))


CONTENDERS: Mapping[str, Callable[[Path], _Contender]] = {
    "jicai settle": _ours,
    "DuckDB SQL by hand": _by_hand,
    "pandas": _pandas,
}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contender"]:
        _contend(sys.argv[2], Path(sys.argv[3]))
    else:
        main([int(number) for number in sys.argv[1:]] or SCALES)
