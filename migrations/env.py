"""How Alembic reaches the database: by the connection of `upgrade`, or by the settings."""

import os

from alembic import context
from sqlalchemy import Connection, text

import procurement.accounts.tables
import procurement.agreements.tables
import procurement.audit.tables
import procurement.awards.regions.tables
import procurement.awards.tables
import procurement.bids.tables
import procurement.catalogue.tables
import procurement.credit_rating.tables
import procurement.database.tables
import procurement.jobs.tables
import procurement.monitoring.tables
import procurement.negotiations.groups.tables
import procurement.negotiations.renewals.tables
import procurement.negotiations.sessions.tables
import procurement.negotiations.tables
import procurement.notices.tables
import procurement.orders.fulfilment.tables
import procurement.orders.invoices.tables
import procurement.orders.movements.tables
import procurement.orders.partitions.tables
import procurement.orders.tables
import procurement.payments.bank_file.tables
import procurement.payments.ledger_tables
import procurement.payments.paying_tables
import procurement.payments.prepaying_tables
import procurement.payments.settling_tables
import procurement.pharmacies.complaints.tables
import procurement.pharmacies.convenience.tables
import procurement.pharmacies.coverage.tables
import procurement.pharmacies.designation.tables
import procurement.pharmacies.finder.tables
import procurement.pharmacies.listed.tables
import procurement.pharmacies.patients.tables
import procurement.pharmacies.places.tables
import procurement.prices.tables
import procurement.publication.ocds.tables
import procurement.rounds.document.tables
import procurement.rounds.tables
import procurement.savings.settling_tables
import procurement.savings.statement_tables
import procurement.timetable.tables
import procurement.volumes.quarterly.tables
import procurement.volumes.tables
import procurement.web.tables  # noqa: F401 - each import puts a stage's tables into the metadata
from procurement.database import make_engine, metadata
from procurement.settings import read_settings

# Any number that no other user of the same PostgreSQL database takes.
MIGRATION_LOCK = 20_261_122


def migrate(connection: Connection) -> None:
    """Run the migrations that the command asks for on an open transaction."""
    if connection.dialect.name == "postgresql":
        # Two processes that start at once must not both migrate; SQLite's writer lock does the
        # same. A migration that cannot get its table soon fails, instead of stopping all others.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    context.configure(connection=connection, target_metadata=metadata)
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with make_engine(read_settings(os.environ).database_url).begin() as opened:
        migrate(opened)
