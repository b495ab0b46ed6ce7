"""Purchases that hospitals report are matched with deliveries, counted, or listed as unclear."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.catalogue.tables import Product
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.movements.errors import FileTwiceError
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.settling import settle_again
from procurement.orders.tables import PurchaseLine
from tests.procurement.orders.movements.stock import (
    AMOUNT,
    DAY,
    OTHER,
    PURCHASE,
    RETURN,
    WINNER,
    furnish,
    of_delivery,
    off_platform,
    records,
    send,
)


@pytest.fixture
def stock(world):
    """A running round whose products are in the catalogue."""
    return furnish(world)


def test_goods_of_the_platform_are_matched_and_never_counted_twice(stock):
    receipt = stock.buy(10)
    record = of_delivery(stock, receipt)
    found = records(stock, send(stock, record))[0]
    assert (found.status, found.units) == (MovementStatus.MATCHED, 100)
    assert found.delivery_line_id is not None
    assert off_platform(stock) == []


def test_without_a_note_batch_and_quantity_find_the_delivery(stock):
    receipt = stock.buy(10)
    record = of_delivery(stock, receipt)
    del record["dynt_no"]
    first, second = records(stock, send(stock, record, record | {"fixmedins_bchno": "B-2"}))
    assert (first.status, first.reason_en) == (
        MovementStatus.MATCHED,
        "No delivery note was sent: found by batch and quantity.",
    )
    # The batch is taken: the same goods again are bought elsewhere, at another seller.
    assert second.status == MovementStatus.COUNTED


def test_what_may_be_a_delivery_is_unclear_and_not_counted(stock):
    receipt = stock.buy(10)
    record = of_delivery(stock, receipt, purc_retn_cnt="9")
    del record["dynt_no"]
    found = records(stock, send(stock, record))[0]
    assert found.status == MovementStatus.UNCLEAR
    assert "SH000001" in found.reason_zh
    other = of_delivery(stock, receipt, manu_lotnum="other", fixmedins_bchno="B-2")
    found = records(stock, send(stock, other))[0]
    assert "without this batch" in found.reason_en
    assert off_platform(stock) == []


def test_a_product_that_did_not_win_counts_against_the_lot_in_force(stock):
    found = records(stock, send(stock, PURCHASE))[0]
    assert found.status == MovementStatus.COUNTED
    assert off_platform(stock) == [(100, AMOUNT, DAY, False)]
    with stock.read() as session:
        line = session.scalars(select(PurchaseLine).filter_by(source="movement")).one()
        assert (line.term_id, line.round_id) == (stock.term_id, stock.round_id)
        assert (line.unit_price, line.supply_id) == (Decimal("1.99"), None)
        assert (line.lot_id is not None, line.lot_strength_id is not None) == (True, True)
        assert line.organisation_id == stock.other_maker.id


def test_a_winner_that_is_bought_elsewhere_counts_as_winning(stock):
    record = PURCHASE | {"med_list_codg": WINNER, "aprvno": "", "finl_trns_pric": "3.00"}
    record["aprvno"] = "无"
    send(stock, record | {"purc_retn_cnt": "5"}, counted_in=CountedIn.UNITS)
    assert off_platform(stock) == [(5, Decimal("15.00"), DAY, True)]


def test_a_product_without_a_lot_in_force_is_kept_and_not_counted(stock):
    before = PURCHASE | {"purc_retn_stoin_time": "2026-12-31 23:59:59"}
    assert records(stock, send(stock, before))[0].status == MovementStatus.OUTSIDE
    assert off_platform(stock) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"med_list_codg": "XX", "aprvno": "无"}, "neither this code nor this approval number"),
        ({"aprvno": "国药准字H20019999"}, "approval number is 国药准字H20010002"),
        ({"finl_trns_pric": ""}, "No price was sent."),
        ({"prod_geay_flag": "1"}, "no rule says whether it counts"),
        ({"purc_retn_cnt": "0.25"}, "2.5 is no whole number of minimal units"),
    ],
)
def test_what_no_field_says_is_not_guessed(stock, change, reason):
    found = records(stock, send(stock, PURCHASE | change))[0]
    assert found.status == MovementStatus.UNCLEAR
    assert reason in found.reason_en
    assert off_platform(stock) == []


def test_a_return_takes_back_its_part_and_a_whole_return_leaves_nothing(stock):
    send(stock, PURCHASE | {"purc_retn_cnt": "3", "finl_trns_pric": "0.000333"})
    bought = off_platform(stock)[0]
    assert bought == (30, Decimal("0.0010"), DAY, False)
    for number in (1, 2, 3):
        back = RETURN | {"fixmedins_bchno": f"R-{number}", "purc_retn_cnt": "1"}
        found = records(stock, send(stock, back, kind=MovementKind.PURCHASE_RETURN))[0]
        assert found.status == MovementStatus.COUNTED
    lines = off_platform(stock)
    assert (sum(one[0] for one in lines), sum(one[1] for one in lines)) == (0, 0)
    more = RETURN | {"fixmedins_bchno": "R-4", "purc_retn_cnt": "1"}
    found = records(stock, send(stock, more, kind=MovementKind.PURCHASE_RETURN))[0]
    assert (found.status, len(off_platform(stock))) == (MovementStatus.UNCLEAR, 4)
    assert "More went back" in found.reason_en


def test_a_return_of_goods_of_the_platform_is_matched_too(stock):
    receipt = stock.buy(10)
    send(stock, of_delivery(stock, receipt))
    back = RETURN | {"med_list_codg": WINNER, "purc_retn_cnt": "2"}
    found = records(stock, send(stock, back, kind=MovementKind.PURCHASE_RETURN))[0]
    assert (found.status, found.units) == (MovementStatus.MATCHED, 20)
    assert off_platform(stock) == []


def test_a_return_without_its_purchase_is_unclear(stock):
    found = records(stock, send(stock, RETURN, kind=MovementKind.PURCHASE_RETURN))[0]
    assert "No purchase fits" in found.reason_en


def test_a_deletion_takes_back_what_was_counted_and_lets_the_file_come_again(stock):
    first = send(stock, PURCHASE)
    with pytest.raises(FileTwiceError, match="cannot be sent twice"):
        send(stock, PURCHASE)
    deletion = {"fixmedins_bchno": "B-1", "inv_data_type": "3"}
    send(stock, deletion, kind=MovementKind.DELETION)
    assert records(stock, first)[0].status == MovementStatus.DELETED
    assert [one[:2] for one in off_platform(stock)] == [(100, AMOUNT), (-100, -AMOUNT)]
    send(stock, PURCHASE)
    assert sum(one[1] for one in off_platform(stock)) == AMOUNT
    stock.later(days=1)
    with pytest.raises(InvalidInputError, match="No such record was sent"):
        send(stock, deletion | {"fixmedins_bchno": "B-9"}, kind=MovementKind.DELETION)


def test_a_purchase_with_a_return_cannot_be_deleted_before_it(stock):
    send(stock, PURCHASE)
    send(stock, RETURN | {"purc_retn_cnt": "1"}, kind=MovementKind.PURCHASE_RETURN)
    deletion = {"fixmedins_bchno": "B-1", "inv_data_type": "3"}
    with pytest.raises(InvalidInputError, match="delete that first"):
        send(stock, deletion, kind=MovementKind.DELETION)
    send(stock, deletion | {"fixmedins_bchno": "R-1"}, kind=MovementKind.DELETION)
    send(stock, deletion, kind=MovementKind.DELETION)
    lines = off_platform(stock)
    assert (sum(one[0] for one in lines), sum(one[1] for one in lines)) == (0, 0)


def test_what_was_unclear_is_looked_at_again_when_the_catalogue_knows_it(stock):
    unknown = PURCHASE | {"med_list_codg": "XC09CAX111A001010300003", "aprvno": "无"}
    send(stock, unknown)
    with transaction(stock.engine) as session:
        product = session.scalars(select(Product).filter_by(drug_code=OTHER)).one()
        product.drug_code = unknown["med_list_codg"]
    with transaction(stock.engine) as session:
        hospital_id = stock.hospital.id
        assert settle_again(session, hospital_id=hospital_id, moment=stock.moment) == 1
    assert off_platform(stock) == [(100, AMOUNT, DAY, False)]
