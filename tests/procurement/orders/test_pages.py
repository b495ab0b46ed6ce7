"""Pages of orders: each side does its part, keeps what it typed, and sees no other's."""

from datetime import timedelta

from sqlalchemy import select

from procurement.orders.states import DeliveryStatus, OrderStatus
from procurement.orders.tables import Delivery, GoodsReturn, PurchaseOrder, Receipt


def offers_of(world, *products):
    with world.read() as session:
        return [world.offer(session, product) for product in products]


def orders_of(world):
    with world.read() as session:
        return session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id)).all()


def order_of(world, order_id):
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
        return order, list(order.lines)


def basket(*pairs, **more):
    packs = {f"packs-{offer.key}": str(number) for offer, number in pairs}
    return {**packs, "urgency": "ordinary", **more}


def sellers(page, world, *, name="seller-"):
    """The hidden or chosen distributor of every group of the page."""
    parts = page.split(f'name="{name}')[1:]
    return {f"{name}{part.split(chr(34))[0]}": str(world.distributor.id) for part in parts}


def test_a_hospital_fills_a_basket_checks_it_and_places_one_order_for_each_maker(desks, world):
    desk = desks.hospital
    page = desk.get("/orders/new").text
    assert "约定采购量" in page and "缬沙坦" in page
    valsartan, other = offers_of(world, "缬沙坦", "阿那曲唑")
    typed = basket((valsartan, 12), (other, 3), **sellers(page, world))
    check = desk.post("/orders/new", data=typed)
    assert check.status_code == 200 and "将提交 2 张订单" in check.text
    assert orders_of(world) == []
    changed = desk.post("/orders/new", data={**typed, "step": "change"})
    assert changed.status_code == 200 and 'value="12"' in changed.text
    placed = desk.post("/orders/new", data={**typed, "step": "place"})
    assert placed.status_code == 303 and placed.headers["location"] == "/orders?new=1"
    assert [one.status for one in orders_of(world)] == [OrderStatus.PLACED] * 2
    assert "订单已提交" in desk.get("/orders?new=1").text


def test_a_basket_keeps_what_was_typed_with_each_fault_beside_its_field(desks, world):
    desk = desks.hospital
    valsartan, other = offers_of(world, "缬沙坦", "阿那曲唑")
    typed = basket((valsartan, "many"), (other, 10**15 - 1), **{"packs-agreed-0": "1"})
    typed |= sellers(desk.get("/orders/new").text, world)
    page = desk.post("/orders/new", data=typed)
    assert page.status_code == 422
    assert f'href="#field-packs-{valsartan.key}"' in page.text and 'value="many"' in page.text
    assert f'id="fault-packs-{other.key}"' in page.text
    assert "没有可供本机构订购" in page.text
    empty = desk.post("/orders/new", data={"urgency": "ordinary"})
    assert empty.status_code == 422 and "至少填写一种药品" in empty.text
    nobody = desk.post("/orders/new", data=basket((valsartan, 1)))
    assert nobody.status_code == 422 and "选择配送企业" in nobody.text
    assert orders_of(world) == []


def test_a_price_that_changed_since_the_check_places_nothing(desks, world):
    desk = desks.hospital
    (valsartan,) = offers_of(world, "缬沙坦")
    typed = basket((valsartan, 2), **sellers(desk.get("/orders/new").text, world))
    stale = {**typed, f"price-{valsartan.key}": "31.00", "step": "place"}
    refused = desk.post("/orders/new", data=stale)
    assert refused.status_code == 422 and "价格应为每包装 30 元" in refused.text
    assert orders_of(world) == []


def test_a_maker_confirms_and_a_distributor_ships_what_a_hospital_accepts_and_returns(desks, world):
    order_id = world.place(10)
    place = f"/orders/{order_id}"
    assert "确认订单" in desks.maker.get(place).text
    assert "确认订单" not in desks.hospital.get(place).text
    assert desks.maker.post(f"{place}/confirm", data={"version": "1"}).status_code == 303
    again = desks.maker.post(f"{place}/confirm", data={"version": "1"})
    assert again.status_code == 409 and "已被他人修改" in again.text
    _, (line,) = order_of(world, order_id)
    form = f"{place}/deliveries/new"
    batch = {
        f"packs-{line.id}-1": "6",
        f"batch-{line.id}-1": "20270101",
        f"expires-{line.id}-1": "2029-12-31",
        f"codes-{line.id}-1": "8100001\n8100002",
        "note_number": "SH-1",
        "version": "2",
    }
    more = desks.distributor.post(form, data={**batch, "add": str(line.id)})
    assert more.status_code == 200 and f'name="packs-{line.id}-2"' in more.text
    assert 'value="20270101"' in more.text and "8100002" in more.text
    assert desks.distributor.post(form, data=batch).status_code == 303
    assert "8100001" in desks.hospital.get(place).text
    with world.read() as session:
        delivery = session.scalars(select(Delivery)).one()
        sent = delivery.lines[0]
    world.later(days=1)
    receipt = f"{place}/deliveries/{delivery.id}/receipt"
    assert desks.distributor.get(receipt).status_code == 404
    assert f'name="accepted-{sent.id}" type="text" value="6"' in desks.hospital.get(receipt).text
    given = {"received_on": world.day.isoformat(), f"accepted-{sent.id}": "5"}
    given |= {f"refused-{sent.id}": "1", f"reason-{sent.id}": "包装破损"}
    assert desks.hospital.post(receipt, data=given).status_code == 303
    assert "验收单" in desks.maker.get(receipt).text
    with world.read() as session:
        received = session.scalars(select(Receipt)).one().lines[0]
        assert session.scalars(select(Delivery.status)).one() == DeliveryStatus.PARTLY_ACCEPTED
    world.later(days=1)
    back = {"line": str(received.id), "packs": "2", "reason": "质量问题"}
    returns = f"{place}/deliveries/{delivery.id}/returns"
    wrong = desks.hospital.post(returns, data={**back, "packs": "6", "returned_on": "2027-03-03"})
    assert wrong.status_code == 422 and 'id="fault-packs"' in wrong.text
    done = desks.hospital.post(returns, data={**back, "returned_on": world.day.isoformat()})
    assert done.status_code == 303
    assert "质量问题" in desks.hospital.get(receipt).text
    with world.read() as session:
        assert session.scalars(select(GoodsReturn.packs)).one() == 2


def test_a_shipment_beyond_the_order_says_so_beside_each_batch_and_keeps_it(desks, world):
    order_id = world.confirm(world.place(10))
    _, (line,) = order_of(world, order_id)
    form = f"/orders/{order_id}/deliveries/new"
    wrong = {
        "note_number": "",
        "version": "2",
        f"packs-{line.id}-1": "11",
        f"batch-{line.id}-1": "A1",
        f"expires-{line.id}-1": "2026-01-01",
        f"codes-{line.id}-1": "1 1",
    }
    page = desks.distributor.post(form, data=wrong)
    assert page.status_code == 422
    for name in ("packs", "expires", "codes"):
        assert f'id="fault-{name}-{line.id}-1"' in page.text
    assert 'id="fault-note_number"' in page.text and 'value="11"' in page.text
    undated = desks.distributor.post(form, data={**wrong, f"expires-{line.id}-1": "soon"})
    assert undated.status_code == 422 and f'id="fault-expires-{line.id}-1"' in undated.text
    nothing = desks.distributor.post(form, data={"note_number": "SH-9", "version": "2"})
    assert nothing.status_code == 422


def test_an_acceptance_that_does_not_add_up_stays_on_the_page(desks, world):
    delivery_id = world.ship(world.confirm(world.place(10)))
    with world.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        line, order_id = delivery.lines[0], delivery.order_id
    receipt = f"/orders/{order_id}/deliveries/{delivery_id}/receipt"
    given = {"received_on": world.day.isoformat(), f"accepted-{line.id}": "9"}
    wrong = desks.hospital.post(receipt, data=given)
    assert wrong.status_code == 422 and f'id="fault-accepted-{line.id}"' in wrong.text
    late = (world.day + timedelta(days=1)).isoformat()
    wrong = desks.hospital.post(receipt, data={**given, "received_on": late})
    assert wrong.status_code == 422 and 'id="fault-received_on"' in wrong.text
    assert 'value="9"' in wrong.text


def test_a_maker_declines_with_a_reason_and_a_hospital_cancels_what_is_not_shipped(desks, world):
    place = f"/orders/{world.place(10)}"
    silent = desks.maker.post(f"{place}/decline", data={"version": "1", "reason": ""})
    assert silent.status_code == 422 and 'id="fault-reason"' in silent.text
    said = {"version": "1", "reason": "原料短缺"}
    assert desks.maker.post(f"{place}/decline", data=said).status_code == 303
    assert "原料短缺" in desks.hospital.get(place).text
    other = world.place(10)
    _, (line,) = order_of(world, other)
    cancel = f"/orders/{other}/cancel"
    most = {f"packs-{line.id}": "11", "reason": "重复下单", "version": "1"}
    wrong = desks.hospital.post(cancel, data=most)
    assert wrong.status_code == 422 and f'id="fault-packs-{line.id}"' in wrong.text
    part = {**most, f"packs-{line.id}": "4"}
    assert desks.hospital.post(cancel, data=part).status_code == 303
    assert order_of(world, other)[1][0].cancelled_packs == 4


def test_nobody_reads_or_changes_another_organisations_order(desks, world):
    order_id = world.place(10)
    place = f"/orders/{order_id}"
    for stranger in (desks.of(world.outsider), desks.of(world.distributors[1])):
        assert stranger.get(place).status_code == 404
        assert "缬沙坦" not in stranger.get("/orders").text
    assert desks.of(world.other_maker).post(f"{place}/confirm").status_code == 404
    assert desks.hospital.post(f"{place}/confirm").status_code == 403
    assert desks.distributor.get(f"{place}/deliveries/new").status_code == 200
    assert desks.of(world.distributors[1]).get(f"{place}/deliveries/new").status_code == 404
    assert desks.officer.get(place).status_code == 200
    assert desks.of(world.agency).get(place).status_code == 200
    assert desks.officer.get("/orders/new").status_code == 403
    assert desks.platform.nobody().get("/orders").status_code == 303


def test_the_list_is_filtered_and_given_as_a_file(desks, world):
    world.confirm(world.place(10))
    world.place(3, "阿那曲唑")
    desk = desks.hospital
    assert "阿那曲唑" in desk.get("/orders?q=阿那").text
    assert "缬沙坦" not in desk.get("/orders?q=阿那").text
    assert "缬沙坦" in desk.get("/orders?status=confirmed").text
    assert "没有符合条件" in desk.get("/orders?status=closed").text
    number = orders_of(world)[0].number
    assert number in desk.get(f"/orders?q={number}").text
    listed = desk.get("/orders/orders.csv?q=阿那&lang=en")
    rows = listed.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and rows[0].startswith("order,") and "阿那曲唑" in rows[1]
    sheet = desk.get("/orders/orders.xlsx")
    assert sheet.status_code == 200 and sheet.content.startswith(b"PK")


def test_orders_come_by_file_or_not_at_all(desks, world):
    desk = desks.hospital
    table = desk.get("/orders/upload/template.csv").content.decode("utf-8-sig")
    heading, *lines = table.splitlines()
    (valsartan,) = offers_of(world, "缬沙坦")
    own = next(line for line in lines if line.startswith(valsartan.key))
    key, _empty, *rest = own.split(",")
    good = "\n".join([heading, ",".join([key, "5", *rest])])
    bad = "\n".join([heading, ",".join([key, "five", *rest]), ",".join(["x", "1", *rest])])

    def send(text):
        file = {"file": ("orders.csv", text.encode(), "text/csv")}
        return desk.post("/orders/upload", data={"urgency": "emergency"}, files=file)

    refused = send(bad)
    assert refused.status_code == 422 and "第 2 行" in refused.text and "没有保存" in refused.text
    assert desk.post("/orders/upload", data={"urgency": "ordinary"}).status_code == 422
    assert orders_of(world) == []
    assert send(good).status_code == 303
    assert [one.urgency for one in orders_of(world)] == ["emergency"]
    again = send(good)
    assert again.status_code == 422 and "同一文件" in again.text


def test_the_lead_of_a_group_orders_for_its_members(desks, world):
    desk, member = desks.of(world.lead), world.members[0]
    page = desk.get(f"/orders/new?hospital={member.id}").text
    assert f'<option value="{member.id}" selected>' in page
    assert desk.get(f"/orders/new?hospital={world.hospital.id}").status_code == 404
    with world.read() as session:
        offer = world.offers(session, member)[0]
    typed = basket((offer, 2), hospital=str(member.id), step="place", **sellers(page, world))
    assert desk.post("/orders/new", data=typed).status_code == 303
    assert [one.hospital_id for one in orders_of(world)] == [member.id]
