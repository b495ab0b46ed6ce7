"""What is asked of the purchase lines, in Ibis: sums in whole numbers, so nothing is rounded.

The lines are read once: `sums_expression` sums them by drug, month, price and hospital's flag; all
others but the count of hospitals work on those sums.
"""

from datetime import date

import ibis
from ibis.expr.types import Table

from procurement.monitoring.analytics.source import SCHEMA, STEPS_A_YUAN, TABLE

SUMS = "sums"
DRUG = ("generic", "strength", "maker")

SUMS_SCHEMA = ibis.schema(
    {
        "generic": "string",
        "strength": "string",
        "maker": "string",
        "is_winning": "boolean",
        "month": "int64",
        "price": "int64",
        "quantity": "int64",
        "taken": "int64",
        "lines": "int64",
    }
)


def sums_expression(since: date, until: date) -> Table:
    """Sum the lines of some days by drug, month, whether it won, and unit price.

    Args:
        since: First day.
        until: Last day.

    Returns:
        ``quantity`` has returns deducted; ``taken`` are the lines that took something in.
    """
    lines = ibis.table(SCHEMA, name=TABLE)
    day = lines.received_on
    within = lines.filter(day >= since, day <= until)
    named = within.mutate(
        month=(within.received_on.year() * 12 + within.received_on.month() - 1).cast("int64"),
        price=(within.unit_price * STEPS_A_YUAN).cast("int64"),
    )
    sums = named.group_by([*DRUG, "is_winning", "month", "price"]).aggregate(
        quantity=named.quantity.sum(),
        taken=(named.quantity > 0).sum(),
        lines=named.count(),
    )
    return sums.select(*SUMS_SCHEMA)


def months_expression() -> Table:
    """Sum by drug and month: quantity, and amount in 1/10,000 yuan; drugs that are fully known."""
    sums = _known(ibis.table(SUMS_SCHEMA, name=SUMS))
    found = sums.group_by([*DRUG, "month"]).aggregate(
        quantity=sums.quantity.sum(),
        amount=(sums.quantity * sums.price).sum(),
    )
    return found.select(*DRUG, "month", "quantity", "amount")


def prices_expression(first_month: int, last_month: int) -> Table:
    """Say of each drug in some months its lowest, highest and most usual price, and how many."""
    sums = _known(ibis.table(SUMS_SCHEMA, name=SUMS))
    taken = sums.filter(
        sums.month >= first_month, sums.month <= last_month, sums.taken > 0, sums.price > 0
    )
    by_price = taken.group_by([*DRUG, "price"]).aggregate(taken=taken.taken.sum())
    window = ibis.window(
        group_by=DRUG, order_by=[ibis.desc(by_price.taken), ibis.asc(by_price.price)]
    )
    ranked = by_price.mutate(place=ibis.row_number().over(window))
    found = ranked.group_by(DRUG).aggregate(
        lowest=ranked.price.min(),
        highest=ranked.price.max(),
        mode=ranked.price.min(where=ranked.place == 0),
        prices=ranked.count(),
    )
    return found.select(*DRUG, "lowest", "highest", "mode", "prices")


def hospitals_expression(since: date, until: date) -> Table:
    """Count the hospitals that took in each drug on some days."""
    lines = ibis.table(SCHEMA, name=TABLE)
    day = lines.received_on
    taken = _known(lines.filter(day >= since, day <= until, lines.quantity > 0))
    found = taken.group_by(DRUG).aggregate(hospitals=taken.hospital.nunique())
    return found.select(*DRUG, "hospitals")


def shares_expression() -> Table:
    """Sum by month and by whether it won; apart what has no known strength or maker."""
    sums = ibis.table(SUMS_SCHEMA, name=SUMS)
    named = sums.mutate(is_known=sums.strength.notnull() & sums.maker.notnull())
    found = named.group_by(["month", "is_winning", "is_known"]).aggregate(
        lines=named.lines.sum(),
        amount=(named.quantity * named.price).sum(),
    )
    return found.select("month", "is_winning", "is_known", "lines", "amount")


def _known(table: Table) -> Table:
    return table.filter(table.strength.notnull(), table.maker.notnull())
