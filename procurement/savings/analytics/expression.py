"""The one expression: purchase lines summed by hospital, product, batch and period."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import ibis
from ibis.expr.types import Table, Value

from procurement.savings.analytics.source import IBIS_SCHEMA, TABLE
from procurement.savings.rules.exact import STEPS_A_YUAN


class Totals(NamedTuple):
    """Sums of one hospital, product, batch and period; amounts in 1/10,000 yuan.

    ``period`` says how many of the days in ``breaks`` are not after the day of receipt.
    ``bad_lines`` is above zero where a line has an empty cell, a flag that is none, or a price of
    zero or less: how many lines share its flag.
    """

    hospital: str | None
    product: str | None
    batch: str | None
    period: int
    lines: int
    bad_lines: int
    amount: int
    winning_volume: int
    non_winning_volume: int
    non_winning_amount: int
    winning_price_min: int
    winning_price_max: int


def totals_expression(breaks: Sequence[date], *, with_batch: bool = True) -> Table:
    """The sums of all purchase lines, exact, in whole numbers.

    An amount or a sum beyond 64 bits makes the engine fail; it is never wrapped.

    Args:
        breaks: Days, rising, on which a period begins: the first days of agreement years, and
            the days after their last.
        with_batch: Whether any line names a batch; where none does, grouping by it is spared.
    """
    keys = ["hospital", "product", *(["batch"] if with_batch else []), "period"]
    by_flag = _by_flag(breaks, keys)
    sums = by_flag.group_by(keys).aggregate(**_by_key(by_flag))
    if not with_batch:
        sums = sums.mutate(batch=ibis.null("string"))
    return sums.select(*Totals._fields)


def _by_flag(breaks: Sequence[date], keys: Sequence[str]) -> Table:
    """Sum winning and other lines apart: per line nothing but plain sums is done."""
    lines = ibis.table(IBIS_SCHEMA, name=TABLE)
    price = (lines.unit_price * STEPS_A_YUAN).cast("int64")
    periods = [(lines.received_on < day, place) for place, day in enumerate(breaks)]
    lines = lines.mutate(
        price=price,
        amount=lines.quantity * price,
        period=ibis.cases(*periods, else_=len(breaks)),
    )
    return lines.group_by([*keys, "is_winning"]).aggregate(
        lines=lines.count(),
        days=lines.received_on.count(),
        quantities=lines.quantity.count(),
        prices=lines.price.count(),
        amount=lines.amount.sum(),
        volume=lines.quantity.sum(),
        price_min=lines.price.min(),
        price_max=lines.price.max(),
    )


def _by_key(sums: Table) -> dict[str, Value]:
    """Put winning and other lines of a key beside each other, and judge them."""
    wins, other = sums.is_winning == 1, sums.is_winning == 0
    sound = (
        sums.is_winning.isin((0, 1))
        & (sums.days == sums.lines)
        & (sums.quantities == sums.lines)
        & (sums.prices == sums.lines)
        & (sums.price_min > 0)
    ).fill_null(False)
    found = {
        "lines": sums.lines.sum(),
        "bad_lines": sums.lines.sum(where=~sound),
        "amount": sums.amount.sum(),
        "winning_volume": sums.volume.sum(where=wins),
        "non_winning_volume": sums.volume.sum(where=other),
        "non_winning_amount": sums.amount.sum(where=other),
        "winning_price_min": sums.price_min.min(where=wins),
        "winning_price_max": sums.price_max.max(where=wins),
    }
    return {name: value.fill_null(0).cast("int64") for name, value in found.items()}
