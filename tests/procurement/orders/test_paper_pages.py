"""Pages of invoices, stock movements and mismatches: what differs is said where it differs."""

from datetime import date

from sqlalchemy import select

from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.orders.tables import Delivery, ReceiptLine

STOCK_HEADING = (
    "med_list_codg,fixmedins_hilist_id,fixmedins_hilist_name,fixmedins_bchno,dynt_no,"
    "spler_name,manu_lotnum,prodentp_name,aprvno,manu_date,expy_end,finl_trns_pric,"
    "purc_retn_cnt,purc_invo_codg,purc_invo_no,rx_flag,purc_retn_stoin_time,"
    "purc_retn_opter_name,prod_geay_flag"
)
STOCK_ROW = (
    "XC09CAX001A001010104201,V80,缬沙坦,B-1,SH000001,配送,20270101,药业,国药准字H1,2027-01-01,"
    "2029-12-31,30.00,60,,,1,2027-03-01 12:00:00,张三,0"
)


def line_of(world):
    with world.read() as session:
        return session.scalars(select(ReceiptLine.id)).first()


def invoice_of(world, **changes):
    key = line_of(world)
    typed = {
        "hospital": str(world.hospital.id),
        "number": "25117000000000000001",
        "issued_on": world.day.isoformat(),
        f"product-{key}": "缬沙坦口服常释剂型 80mg",
        f"packs-{key}": "60",
        f"price-{key}": "30.00",
        f"amount-{key}": "1800.00",
        "amount": "1800.00",
    }
    return {**typed, **{name.replace("KEY", str(key)): text for name, text in changes.items()}}


def test_a_seller_invoices_what_was_accepted_and_everybody_concerned_sees_it_matched(desks, world):
    world.buy(60)
    seller = desks.distributor
    assert world.hospital.organisation.name in seller.get("/orders/invoices/new").text
    form = seller.get(f"/orders/invoices/new?hospital={world.hospital.id}").text
    assert 'value="60"' in form and 'value="1800.00"' in form
    sent = seller.post("/orders/invoices/new", data=invoice_of(world))
    assert sent.status_code == 303
    with world.read() as session:
        invoice = session.scalars(select(Invoice)).one()
    assert invoice.status == InvoiceStatus.MATCHED
    place = f"/orders/invoices/{invoice.id}"
    for desk in (seller, desks.hospital, desks.maker, desks.of(world.agency)):
        page = desk.get(place)
        assert page.status_code == 200 and "三单相符" in page.text
        assert invoice.number in desk.get("/orders/invoices").text
    assert desks.of(world.outsider).get(place).status_code == 404
    assert desks.hospital.get("/orders/invoices/new").status_code == 403
    again = seller.post("/orders/invoices/new", data=invoice_of(world))
    assert again.status_code == 409 and "不能重复提交" in again.text
    rows = desks.hospital.get("/orders/invoices/invoices.csv?status=matched")
    assert invoice.number in rows.content.decode("utf-8-sig")
    assert desks.hospital.get("/orders/invoices/invoices.xlsx").content.startswith(b"PK")


def test_an_invoice_keeps_what_was_typed_with_faults_beside_the_fields(desks, world):
    world.buy(60)
    key = line_of(world)
    wrong = invoice_of(world, **{"packs-KEY": "x", "price-KEY": "", "issued_on": "", "amount": "?"})
    page = desks.distributor.post("/orders/invoices/new", data=wrong)
    assert page.status_code == 422
    for field in (f"packs-{key}", f"price-{key}", "issued_on", "amount"):
        assert f'id="fault-{field}"' in page.text, field
    later = invoice_of(world, **{"number": "号", "product-KEY": "", "issued_on": "2028-01-01"})
    page = desks.distributor.post("/orders/invoices/new", data=later)
    for field in ("number", f"product-{key}", "issued_on"):
        assert f'id="fault-{field}"' in page.text, field
    none = {name: text for name, text in invoice_of(world).items() if "packs" not in name}
    page = desks.distributor.post("/orders/invoices/new", data=none)
    assert page.status_code == 422 and 'id="fault-lines"' in page.text


def test_a_line_that_names_no_receipt_of_the_seller_is_a_fault(desks, world):
    world.buy(60)
    own = str(line_of(world))
    for key in ("", "x", "0", "99999"):
        wrong = {name.replace(own, key): text for name, text in invoice_of(world).items()}
        wrong["hospital"] = str(world.hospital.id)
        page = desks.distributor.post("/orders/invoices/new", data=wrong)
        assert page.status_code == 422, key
    with world.read() as session:
        assert session.scalars(select(Invoice)).all() == []


def test_an_invoice_that_differs_says_where_and_is_withdrawn_with_a_reason(desks, world):
    world.buy(60)
    file = {"file": ("invoice.pdf", b"%PDF-1.7", "application/pdf")}
    wrong = invoice_of(world, **{"price-KEY": "31.00", "amount-KEY": "1860.00", "amount": "1860"})
    assert desks.distributor.post("/orders/invoices/new", data=wrong, files=file).status_code == 303
    with world.read() as session:
        invoice = session.scalars(select(Invoice)).one()
    assert (invoice.status, invoice.file_name) == (InvoiceStatus.MISMATCHED, "invoice.pdf")
    place = f"/orders/invoices/{invoice.id}"
    assert "不符" in desks.hospital.get(place).text
    assert desks.hospital.post(f"{place}/withdraw", data={"reason": "x"}).status_code == 403
    silent = desks.distributor.post(f"{place}/withdraw", data={"reason": ""})
    assert silent.status_code == 422 and 'id="fault-reason"' in silent.text
    done = desks.distributor.post(f"{place}/withdraw", data={"reason": "单价写错"})
    assert done.status_code == 303
    assert "单价写错" in desks.distributor.get(place).text


def upload(desk, text, **fields):
    file = {"file": ("stock.csv", text.encode(), "text/csv")}
    typed = {"kind": "3507", "counted_in": "packs", "encoding": "utf-8", **fields}
    return desk.post("/orders/movements", data=typed, files=file)


def test_a_file_of_movements_is_taken_whole_or_not_at_all(desks, world):
    desk = desks.hospital
    assert "上传文件" in desk.get("/orders/movements").text
    unsaid = upload(desk, "a\n", kind="", counted_in="")
    assert unsaid.status_code == 422 and 'id="fault-counted_in"' in unsaid.text
    wrong = upload(desk, "fixmedins_bchno,inv_data_type\nA-1,9\n,3\n")
    assert wrong.status_code == 422 and "line 2, inv_data_type" in wrong.text
    assert "没有保存任何内容" in wrong.text
    with world.read() as session:
        assert session.scalars(select(MovementFile)).all() == []


def test_what_became_of_each_line_is_shown_to_the_hospital_and_its_region(desks, world):
    world.buy(60)
    with world.read() as session:
        note = session.scalars(select(Delivery.note_number)).one()
    heading, row = STOCK_HEADING, STOCK_ROW.replace("SH000001", note)
    sent = upload(desks.hospital, f"{heading}\n{row}\n", kind="3503")
    assert sent.status_code == 303, sent.text[-3000:]
    assert "已收下" in desks.hospital.get(sent.headers["location"]).text
    with world.read() as session:
        file = session.scalars(select(MovementFile)).one()
        assert session.scalars(select(StockMovement.note_number)).one() == note
    place = f"/orders/movements/{file.id}"
    for desk in (desks.hospital, desks.of(world.agency)):
        assert "缬沙坦" in desk.get(f"{place}?status={'matched' if file.matched else ''}").text
    assert desks.of(world.outsider).get(place).status_code == 404
    assert "B-1" not in desks.of(world.outsider).get("/orders/movements").text
    rows = desks.hospital.get(f"{place}/lines.csv").content.decode("utf-8-sig")
    assert len(rows.splitlines()) == 2
    twice = upload(desks.hospital, f"{heading}\n{row}\n", kind="3503")
    assert twice.status_code == 409 and "不能重复上传" in twice.text


def test_mismatches_are_listed_for_the_days_that_are_asked_for(desks, world):
    world.buy(60)
    page = desks.hospital.get("/orders/mismatches")
    assert page.status_code == 200 and "未开票" in page.text
    wrong = desks.hospital.get("/orders/mismatches?since=2027-03-01&until=2027-02-01")
    assert wrong.status_code == 422 and 'id="fault-since"' in wrong.text
    assert desks.hospital.get("/orders/mismatches?since=soon").status_code == 422
    past = desks.hospital.get(f"/orders/mismatches?since=2026-01-01&until={date(2026, 12, 31)}")
    assert past.status_code == 200 and "已验收，未开票" not in past.text
    assert "请选择医疗机构" in desks.of(world.agency).get("/orders/mismatches").text
    own = f"/orders/mismatches?hospital={world.hospital.id}"
    assert "未开票" in desks.of(world.agency).get(own).text
    assert desks.of(world.outsider).get(own).status_code == 404
    rows = desks.hospital.get("/orders/mismatches.csv").content.decode("utf-8-sig")
    assert "已验收，未开票" in rows
