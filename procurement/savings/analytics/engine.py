"""Which engine sums the purchase lines; ``JICAI_ANALYTICS`` chooses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from procurement.errors import JicaiError
from procurement.savings.analytics.duckdb_engine import duckdb_totals
from procurement.savings.analytics.errors import AnalyticsError
from procurement.savings.analytics.expression import Totals
from procurement.savings.analytics.postgres_engine import postgres_totals
from procurement.savings.analytics.source import PurchaseFiles
from procurement.savings.analytics.spark_engine import spark_totals

ENGINE_VARIABLE = "JICAI_ANALYTICS"

Engine = Callable[[PurchaseFiles, Sequence[date]], Iterator[Totals]]
"""Sums the lines of the files by period."""

ENGINES: Mapping[str, Engine] = MappingProxyType(
    {"duckdb": duckdb_totals, "spark": spark_totals, "postgres": postgres_totals}
)

__all__ = ["ENGINES", "ENGINE_VARIABLE", "AnalyticsError", "Engine", "chosen_engine"]


class UnknownEngineError(JicaiError):
    """``JICAI_ANALYTICS`` names no engine."""


def chosen_engine(environment: Mapping[str, str]) -> Engine:
    """The engine that the environment chooses; DuckDB unless it says otherwise.

    Raises:
        UnknownEngineError: It names another one.

    Examples:
        >>> chosen_engine({}) is duckdb_totals
        True
        >>> chosen_engine({"JICAI_ANALYTICS": "excel"})
        Traceback (most recent call last):
        procurement.savings.analytics.engine.UnknownEngineError: JICAI_ANALYTICS: 'excel' is no \
engine: expected one of duckdb, spark, postgres
    """
    name = environment.get(ENGINE_VARIABLE) or "duckdb"
    if name not in ENGINES:
        expected = ", ".join(ENGINES)
        raise UnknownEngineError(
            f"{ENGINE_VARIABLE}: {name!r} is no engine: expected one of {expected}"
        )
    return ENGINES[name]
