"""Files that a hospital sends at the same moment: each is compared with what the other stored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from procurement.errors import RefusedError
from procurement.orders.invoices.errors import InvoiceTwiceError
from procurement.orders.movements.errors import FileTwiceError
from procurement.orders.movements.kinds import MovementKind, MovementStatus
from tests.procurement.orders.invoices.selling import line, sent, submit
from tests.procurement.orders.movements.stock import (
    PURCHASE,
    RETURN,
    furnish,
    off_platform,
    records,
    send,
)

TOGETHER = 4
DELETION = {"fixmedins_bchno": "B-1", "inv_data_type": "3"}


@pytest.fixture
def stock(world):
    """A running round whose products are in the catalogue."""
    return furnish(world)


def together(acts):
    """Do several things at once; return what each was refused for, None where it was not."""
    start = Barrier(len(acts))

    def one(act):
        start.wait()
        try:
            act()
        except RefusedError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_the_same_file_at_once_is_taken_once_and_refused_in_words(stock):
    refusals = together([lambda: send(stock, PURCHASE)] * TOGETHER)
    assert sum(one is None for one in refusals) == 1
    assert {type(one) for one in refusals} == {type(None), FileTwiceError}
    assert len(off_platform(stock)) == 1


def test_returns_at_once_take_back_no_more_than_was_bought(stock):
    send(stock, PURCHASE)

    def back(number):
        record = RETURN | {"fixmedins_bchno": f"R-{number}", "purc_retn_cnt": "4"}
        return lambda: send(stock, record, kind=MovementKind.PURCHASE_RETURN)

    together([back(number) for number in range(TOGETHER)])
    statuses = [one.status for one in records(stock)]
    assert statuses.count(MovementStatus.UNCLEAR) == 2
    assert sum(one[0] for one in off_platform(stock)) == 20


def test_a_return_and_the_deletion_of_its_purchase_at_once_leave_nothing_below_zero(stock):
    send(stock, PURCHASE)
    together(
        [
            lambda: send(stock, RETURN, kind=MovementKind.PURCHASE_RETURN),
            lambda: send(stock, DELETION, kind=MovementKind.DELETION),
        ]
    )
    assert sum(one[0] for one in off_platform(stock)) == 0


def test_the_same_invoice_at_once_is_taken_once_and_refused_in_words(stock):
    invoice = sent(line(stock, stock.buy(10), 4))
    refusals = together([lambda: submit(stock, invoice)] * TOGETHER)
    assert [type(one) for one in refusals].count(InvoiceTwiceError) == TOGETHER - 1
