"""Parquet partitions of purchase lines, as monitoring reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis

from procurement.errors import JicaiError

TABLE = "purchases"

SCHEMA = ibis.schema(
    {
        "hospital": "string",
        "generic": "string",
        "strength": "string",
        "maker": "string",
        "batch": "string",
        "received_on": "date",
        "is_winning": "boolean",
        "quantity": "int64",
        "unit_price": "decimal(18, 4)",
    }
)
"""The columns that are read; `procurement.orders.partitions.columns` says what they hold."""

STEPS_A_YUAN = 10_000


class MonitoringAnalyticsError(JicaiError):
    """The lines could not be summed: an amount beyond 64 bits, or a file that is not there."""


@dataclass(frozen=True, slots=True)
class PurchasePaths:
    """Parquet files of purchase lines.

    Attributes:
        paths: At least one, in the order of their names.
    """

    paths: Sequence[Path]


def files_below(folder: Path) -> PurchasePaths:
    """Return the Parquet files below a folder.

    Raises:
        MonitoringAnalyticsError: There is none.
    """
    paths = sorted(folder.rglob("*.parquet"))
    if not paths:
        raise MonitoringAnalyticsError("there is no purchase line in the quarters compared")
    return PurchasePaths(paths)
