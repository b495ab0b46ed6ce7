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
from procurement.database.moments import clock_speed, database_moment, is_sandbox, shown_moment
from procurement.database.opening import DatabaseUnreachableError, open_database
from procurement.database.sandbox import (
    BadSpeedError,
    OtherInstallationError,
    SandboxClock,
    check_installation,
    mark_installation,
    set_pace,
)
from procurement.database.schema import upgrade

__all__ = [
    "MONEY_MAX",
    "BadSpeedError",
    "Base",
    "DatabaseUnreachableError",
    "DecimalText",
    "InexactMoneyError",
    "Moment",
    "Money",
    "NaiveMomentError",
    "OtherInstallationError",
    "SandboxClock",
    "append_only_ddl",
    "check_installation",
    "clock_speed",
    "database_moment",
    "is_sandbox",
    "make_engine",
    "mark_installation",
    "metadata",
    "money_range",
    "open_database",
    "set_pace",
    "shown_moment",
    "snapshot",
    "text_digest",
    "transaction",
    "upgrade",
]
