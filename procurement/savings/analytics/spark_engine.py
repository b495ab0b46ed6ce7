"""Spark over Parquet, where it is installed; ``JICAI_SPARK_MASTER`` names the cluster."""

import importlib
import importlib.util
import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import ibis

from procurement.savings.analytics.errors import AnalyticsError
from procurement.savings.analytics.expression import Totals, totals_expression
from procurement.savings.analytics.source import BATCH, COLUMNS, IS_WINNING, TABLE, PurchaseFiles

MASTER_VARIABLE = "JICAI_SPARK_MASTER"


def spark_totals(files: PurchaseFiles, breaks: Sequence[date]) -> Iterator[Totals]:
    """Sum the lines of the files.

    Raises:
        AnalyticsError: Spark is not installed, or an amount does not fit into 64 bits.
    """
    session = _session()
    try:
        lines = None
        for has_batch in (True, False):
            paths = [str(path) for path in files.paths if (path in files.with_batch) is has_batch]
            if paths:
                part = _part(session, paths, has_batch=has_batch)
                lines = part if lines is None else lines.unionByName(part)
        assert lines is not None  # noqa: S101 - there is at least one file
        lines.createOrReplaceTempView(TABLE)
        expression = totals_expression(breaks, with_batch=bool(files.with_batch))
        found = session.sql(str(ibis.to_sql(expression, dialect="pyspark")))
        for row in found.toLocalIterator():
            yield _whole(row)
    except AnalyticsError:
        raise
    except Exception as error:  # py4j's errors have no root of their own
        raise AnalyticsError(f"Spark: {str(error).splitlines()[0]}") from None
    finally:
        session.stop()


def _session() -> Any:  # noqa: ANN401 - pyspark is an extra, its types are not here
    if importlib.util.find_spec("pyspark") is None:
        raise AnalyticsError("Spark: pyspark is not installed: expected pip install jicai[spark]")
    sql = importlib.import_module("pyspark.sql")
    builder = sql.SparkSession.builder.appName("jicai-settle")
    builder = builder.master(os.environ.get(MASTER_VARIABLE, "local[*]"))
    # Overflow must fail instead of wrapping.
    return (
        builder.config("spark.sql.ansi.enabled", "true")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


def _part(session: Any, paths: Sequence[str], *, has_batch: bool) -> Any:  # noqa: ANN401
    cells = {
        BATCH: BATCH if has_batch else f"CAST(NULL AS STRING) AS {BATCH}",
        IS_WINNING: f"CAST({IS_WINNING} AS BIGINT) AS {IS_WINNING}",
    }
    return session.read.parquet(*paths).selectExpr(*(cells.get(name, name) for name in COLUMNS))


def _whole(row: Any) -> Totals:  # noqa: ANN401
    names, sums = tuple(row)[:3], tuple(row)[3:]
    return Totals(*names, *map(int, sums))
