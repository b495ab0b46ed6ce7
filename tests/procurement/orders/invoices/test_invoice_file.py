"""Many invoices in one file: all are stored, or none with every fault."""

import pytest
from sqlalchemy import func, select, update

from procurement.accounts.tables import Organisation
from procurement.catalogue.spreadsheets import as_csv
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.invoices.invoice_file import (
    COLUMNS,
    invoice_template,
    submit_invoice_file,
)
from procurement.orders.invoices.invoiceable import invoiceable_lines
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice
from tests.procurement.orders.invoices.selling import numbers_of

HEADING = [column.key for column in COLUMNS]
HOSPITAL = "12340000000000001A"


@pytest.fixture
def order(world):
    """A receipt of ten packs, and the number of its order."""
    with transaction(world.engine) as session:
        session.execute(
            update(Organisation)
            .where(Organisation.id == world.hospital.id)
            .values(credit_code=HOSPITAL)
        )
    return numbers_of(world, world.buy(10))[0]


def row(order, number, packs, *, price="30.00", amount=None, total="300.00", **more):
    cells = {
        "hospital": HOSPITAL,
        "number": number,
        "issued_on": "2027-03-01",
        "invoice_amount": total,
        "order_number": order,
        "product": "缬沙坦胶囊",
        "packs": str(packs),
        "pack_price": price,
        "amount": str(packs * 30) if amount is None else amount,
        **more,
    }
    return [cells.get(name, "") for name in HEADING]


def send(world, *rows, heading=HEADING):
    with transaction(world.engine) as session:
        return submit_invoice_file(
            session,
            seller_id=world.distributor.id,
            content=as_csv([heading, *rows]),
            actor=world.distributor.actor,
            moment=world.moment,
        )


def stored(world):
    with world.read() as session:
        return session.scalar(select(func.count()).select_from(Invoice))


def test_lines_of_the_same_number_are_one_invoice(world, order):
    found = send(
        world,
        row(order, "1", 4, total="180.00"),
        row(order, "2", 4, total="120.00"),
        row(order, "1", 2, total="180.00"),
    )
    assert [(one.number, one.status) for one in found] == [
        ("1", InvoiceStatus.MATCHED),
        ("2", InvoiceStatus.MATCHED),
    ]


def test_one_bad_line_stores_nothing_and_every_fault_is_listed(world, order):
    with pytest.raises(InvalidInputError) as refused:
        send(
            world,
            row(order, "1", 4, total="120.00"),
            row(order, "2", "vier", price="1,5x", amount="1", issued_on="2027-02-30"),
            row(order, "3", 1, hospital="nobody", total="30.00"),
            row(order, "1", 2, total="60.00"),
        )
    assert sorted(fault.field for fault in refused.value.faults) == [
        "第 3 行，单价 pack_price",
        "第 3 行，开票日期 issued_on",
        "第 3 行，数量（盒） packs",
        "第 4 行，医疗机构代码 hospital",
        "第 5 行，价税合计 invoice_amount",
    ]
    assert stored(world) == 0


def test_a_fault_of_the_invoice_itself_names_its_line(world, order):
    with pytest.raises(InvalidInputError) as refused:
        send(
            world,
            row(order, "1", 4, total="120.00"),
            row(order, "2", 0, amount="0", total="0"),
            row("", "3", 1, total="30.00"),
        )
    assert [fault.field for fault in refused.value.faults] == [
        "第 3 行，数量（盒） packs",
        "第 4 行，订单号 order_number",
    ]
    assert stored(world) == 0


def test_an_invoice_that_is_there_already_keeps_the_whole_file_out(world, order):
    send(world, row(order, "1", 4, total="120.00"))
    with pytest.raises(InvalidInputError, match="cannot be submitted twice"):
        send(world, row(order, "2", 4, total="120.00"), row(order, "1", 1, total="30.00"))
    assert stored(world) == 1


def test_the_template_has_what_may_be_invoiced(world, order):
    with world.read() as session:
        lines = invoiceable_lines(session, seller_id=world.distributor.id)
        text = invoice_template(lines, {world.hospital.id: HOSPITAL}).decode("utf-8-sig")
    heading, first, *_ = text.splitlines()
    assert heading.startswith("医疗机构代码,发票代码")
    assert first.startswith(f"{HOSPITAL},,,,,{order},") and first.endswith(",10,30.0000,300.0000")
