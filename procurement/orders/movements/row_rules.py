"""What the fields of one stock movement must be to each other; pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from pricing.money import EXACT
from procurement.database import MONEY_MAX
from procurement.orders.movements.cells import Value, day_of
from procurement.orders.movements.kinds import DELETES, MovementKind

QUANTITY_FIELDS: Mapping[MovementKind, str] = {
    MovementKind.COUNT: "inv_cnt",
    MovementKind.CHANGE: "cnt",
    MovementKind.PURCHASE: "purc_retn_cnt",
    MovementKind.PURCHASE_RETURN: "purc_retn_cnt",
    MovementKind.SALE: "sel_retn_cnt",
    MovementKind.SALE_RETURN: "sel_retn_cnt",
}
"""Which field says how much."""

PRICE_FIELDS: Mapping[MovementKind, str] = {
    MovementKind.CHANGE: "pric",
    MovementKind.PURCHASE: "finl_trns_pric",
    MovementKind.PURCHASE_RETURN: "finl_trns_pric",
    MovementKind.SALE: "finl_trns_pric",
    MovementKind.SALE_RETURN: "finl_trns_pric",
}
"""Which field says at which price."""

MOMENT_FIELDS: Mapping[MovementKind, str] = {
    MovementKind.COUNT: "invdate",
    MovementKind.CHANGE: "inv_chg_time",
    MovementKind.PURCHASE: "purc_retn_stoin_time",
    MovementKind.PURCHASE_RETURN: "purc_retn_stoin_time",
    MovementKind.SALE: "sel_retn_time",
    MovementKind.SALE_RETURN: "sel_retn_time",
}
"""Which field says when."""

_ABOVE_ZERO = (
    MovementKind.PURCHASE,
    MovementKind.PURCHASE_RETURN,
    MovementKind.SALE,
    MovementKind.SALE_RETURN,
)

Wrong = tuple[str, str, str]
"""Field, and what is wrong with it in Chinese and in English."""


def row_faults(kind: MovementKind, values: Mapping[str, Value]) -> Iterator[Wrong]:
    """Say what is wrong with a record whose fields are sound each by itself.

    Examples:
        >>> values = {"fixmedins_bchno": "A-1", "inv_data_type": "3"}
        >>> list(row_faults(MovementKind.DELETION, values))
        []
        >>> values = {"purc_retn_cnt": Decimal(0), "manu_date": date(2026, 2, 1),
        ...           "expy_end": date(2026, 1, 1)}
        >>> [field for field, _zh, _en in row_faults(MovementKind.PURCHASE, values)]
        ['purc_retn_cnt', 'expy_end']
    """
    if kind is MovementKind.DELETION:
        meant = str(values["inv_data_type"])
        if meant not in DELETES:
            known = ", ".join(DELETES)
            yield (
                "inv_data_type",
                f"“{meant}”不是 {known} 之一。",
                f"“{meant}” is none of {known}.",
            )
        return
    yield from _quantity(kind, values)
    made, expires = values.get("manu_date"), values.get("expy_end")
    if isinstance(made, date) and isinstance(expires, date) and expires < made:
        yield "expy_end", "早于生产日期。", "Lies before the day of manufacture."


def record_key(kind: MovementKind, values: Mapping[str, Value]) -> str:
    """Return what makes two records the same one.

    A record of a purchase, a sale or a return is known by kind and serial, as deletions name it;
    counts and changes also by their moment, since the same batch is counted again and again.

    Examples:
        >>> record_key(MovementKind.PURCHASE, {"fixmedins_bchno": "A-1"})
        '3503:A-1'
        >>> values = {"fixmedins_bchno": "A-1", "invdate": date(2026, 3, 1)}
        >>> record_key(MovementKind.COUNT, values)
        '3501:A-1:2026-03-01'
    """
    key = f"{kind.value}:{values['fixmedins_bchno']}"
    if kind in (MovementKind.COUNT, MovementKind.CHANGE):
        return f"{key}:{values[MOMENT_FIELDS[kind]]}"
    return key


def happened_on(kind: MovementKind, values: Mapping[str, Value]) -> date | None:
    """Return the day in China on which it happened; None for a deletion, which has none."""
    name = MOMENT_FIELDS.get(kind)
    return None if name is None else day_of(values[name])


def _quantity(kind: MovementKind, values: Mapping[str, Value]) -> Iterator[Wrong]:
    name = QUANTITY_FIELDS[kind]
    quantity = values.get(name)
    if not isinstance(quantity, Decimal):
        return
    if kind in _ABOVE_ZERO and quantity <= 0:
        yield name, "须大于 0。", "Expected more than 0."
    if kind is MovementKind.COUNT and quantity < 0:
        yield name, "不能小于 0。", "Expected 0 or more."
    price = values.get(PRICE_FIELDS.get(kind, ""))
    if not isinstance(price, Decimal):
        return
    if price < 0:
        yield PRICE_FIELDS[kind], "不能小于 0。", "Expected 0 or more."
    if abs(EXACT.multiply(quantity, price)) > MONEY_MAX:
        yield name, "数量与单价之积过大。", "Quantity times price is too large."
