"""Sums of purchase lines: one Ibis expression, compiled for DuckDB, Spark or PostgreSQL."""

from procurement.savings.analytics.engine import (
    ENGINE_VARIABLE,
    ENGINES,
    AnalyticsError,
    Engine,
    chosen_engine,
)
from procurement.savings.analytics.expression import Totals, totals_expression
from procurement.savings.analytics.source import PurchaseFiles

__all__ = [
    "ENGINES",
    "ENGINE_VARIABLE",
    "AnalyticsError",
    "Engine",
    "PurchaseFiles",
    "Totals",
    "chosen_engine",
    "totals_expression",
]
