"""Tables that only grow: triggers refuse to change, delete or replace a row.

A correction is a new row that names the corrected one (docs/decisions/0004-append-only.md).
"""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

# TRUNCATE knows no rows, so it needs a trigger of its own.
_POSTGRESQL_TRIGGERS = (
    """
    CREATE TRIGGER tr_{table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER tr_{table}_refuse_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)

# INSERT OR REPLACE deletes the old row without firing a delete trigger, unless the connection
# asked for recursive triggers; the third trigger holds on every connection.
_SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER tr_{table}_refuse_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    """
    CREATE TRIGGER tr_{table}_refuse_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    """
    CREATE TRIGGER tr_{table}_refuse_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
)


def append_only_ddl(table: str, *, dialect: str) -> tuple[str, ...]:
    """Return the statements that make a table append-only, for a migration to execute.

    Both databases then answer a forbidden change with an integrity error, which SQLAlchemy
    raises as ``IntegrityError``. Dropping the table drops its triggers.

    Args:
        table: Name of the table; its primary key is called ``id``.
        dialect: ``sqlite`` or ``postgresql``.

    Returns:
        Statements in the order in which to execute them.

    Raises:
        ValueError: The table's name is not a plain identifier, or the dialect is unknown.

    Examples:
        >>> len(append_only_ddl("ledger_entry", dialect="sqlite"))
        3
    """
    if not table.isidentifier():
        raise ValueError(f"{table!r} is not the name of a table")
    if dialect == "sqlite":
        return tuple(trigger.format(table=table) for trigger in _SQLITE_TRIGGERS)
    if dialect == "postgresql":
        triggers = (trigger.format(table=table) for trigger in _POSTGRESQL_TRIGGERS)
        return (_POSTGRESQL_FUNCTION, *triggers)
    raise ValueError(f"no append-only triggers are known for {dialect!r}")
