"""Purchase lines as Parquet files."""

from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow as pa

HOSPITAL, PRODUCT, BATCH = "hospital", "product", "batch"
RECEIVED_ON, IS_WINNING = "received_on", "is_winning"
QUANTITY, UNIT_PRICE = "quantity", "unit_price"

COLUMNS = (HOSPITAL, PRODUCT, BATCH, RECEIVED_ON, IS_WINNING, QUANTITY, UNIT_PRICE)
"""In the order in which engines take them; ``batch`` may be missing in a file."""

TABLE = "purchases"
"""Name of the table or view in every engine."""

IBIS_SCHEMA = ibis.schema(
    {
        HOSPITAL: "string",
        PRODUCT: "string",
        BATCH: "string",
        RECEIVED_ON: "date",
        IS_WINNING: "int64",
        QUANTITY: "int64",
        UNIT_PRICE: "decimal(18, 4)",
    }
)

PRICE_TYPE = pa.decimal128(18, 4)


@dataclass(frozen=True, slots=True)
class PurchaseFiles:
    """Parquet files whose columns were checked.

    Attributes:
        paths: In the order of their names; at least one.
        with_batch: Those of them that have the column ``batch``.
    """

    paths: tuple[Path, ...]
    with_batch: frozenset[Path]
