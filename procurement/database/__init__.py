"""The database: engine and transactions, column types, append-only tables, migrations.

Stages import from here and not from the modules within.
"""

from procurement.database.append_only import append_only_ddl
from procurement.database.columns import (
    MONEY_MAX,
    Base,
    DecimalText,
    InexactMoneyError,
    Moment,
    Money,
    NaiveMomentError,
    metadata,
    money_range,
    text_digest,
)
from procurement.database.engine import make_engine, snapshot, transaction
from procurement.database.moments import database_moment
from procurement.database.opening import DatabaseUnreachableError, open_database
from procurement.database.schema import upgrade

__all__ = [
    "MONEY_MAX",
    "Base",
    "DatabaseUnreachableError",
    "DecimalText",
    "InexactMoneyError",
    "Moment",
    "Money",
    "NaiveMomentError",
    "append_only_ddl",
    "database_moment",
    "make_engine",
    "metadata",
    "money_range",
    "open_database",
    "snapshot",
    "text_digest",
    "transaction",
    "upgrade",
]
