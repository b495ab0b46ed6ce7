"""The one expression: purchase lines summed by hospital, product, batch and period."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import ibis
from ibis.expr.types import Table

from procurement.savings.analytics.source import IBIS_SCHEMA, TABLE
from procurement.savings.rules.exact import STEPS_A_YUAN


class Totals(NamedTuple):
    """Sums of one hospital, product, batch and period; amounts in 1/10,000 yuan.

    ``period`` says how many of the days in ``breaks`` are not after the day of receipt.
    ``bad_lines`` counts lines with an empty cell, a flag that is none or a price of zero or less.
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


def totals_expression(breaks: Sequence[date]) -> Table:
    """The sums of all purchase lines, exact, in whole numbers.

    An amount beyond 64 bits makes the engine fail; it is never wrapped.

    Args:
        breaks: Days, rising, on which a period begins: the first days of agreement years, and
            the days after their last.
    """
    lines = ibis.table(IBIS_SCHEMA, name=TABLE)
    price = (lines.unit_price * STEPS_A_YUAN).cast("int64")
    periods = [(lines.received_on < day, place) for place, day in enumerate(breaks)]
    lines = lines.mutate(
        price=price,
        amount=lines.quantity * price,
        period=ibis.cases(*periods, else_=len(breaks)),
        wins=lines.is_winning == 1,
    )
    sound = (
        lines.hospital.notnull()
        & lines.product.notnull()
        & lines.received_on.notnull()
        & lines.is_winning.isin((0, 1))
        & lines.quantity.notnull()
        & (lines.price > 0)
    ).fill_null(False)
    other = lines.is_winning == 0
    return lines.group_by("hospital", "product", "batch", "period").aggregate(
        lines=lines.count(),
        bad_lines=lines.count(where=~sound),
        amount=lines.amount.sum().fill_null(0),
        winning_volume=lines.quantity.sum(where=lines.wins).fill_null(0),
        non_winning_volume=lines.quantity.sum(where=other).fill_null(0),
        non_winning_amount=lines.amount.sum(where=other).fill_null(0),
        winning_price_min=lines.price.min(where=lines.wins).fill_null(0),
        winning_price_max=lines.price.max(where=lines.wins).fill_null(0),
    )
