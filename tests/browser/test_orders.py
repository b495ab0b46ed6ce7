"""The pages of orders, papers and fulfilment in a real browser: every width, both languages."""

import shutil
from datetime import date

import pytest
from sqlalchemy import select

from procurement.accounts.tables import OrganisationKind
from procurement.database import make_engine, transaction
from procurement.orders.tables import Delivery, OrderLine, PurchaseOrder
from procurement.permissions import Role
from tests.browser.in_process import seen_by
from tests.browser.looking import look
from tests.procurement.orders.desks import Desks
from tests.procurement.orders.test_paper_pages import STOCK_HEADING, STOCK_ROW, upload
from tests.procurement.orders.world import running_round
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import REGIONS, new_organisation, new_person


@pytest.fixture(scope="module")
def shown(sqlite_template, tmp_path_factory):
    """A running round with orders in every state, and its people."""
    folder = tmp_path_factory.mktemp("orders")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'jicai.sqlite3')}")
    world = running_round(engine)
    with running_platform(engine, folder, clock=lambda: world.moment) as platform:
        yield Desks(platform, world)
    engine.dispose()


@pytest.fixture(scope="module")
def places(shown):
    """Addresses of things in several states."""
    world = shown.world
    bought = world.buy(60)
    part = world.ship(world.confirm(world.place(8, "阿那曲唑")), 5, trace_codes=("81-1", "81-2"))
    world.later(days=1)
    world.accept(part, accepted=5)
    waiting = world.ship(world.confirm(world.place(20, "达格列净")), expires_on=date(2028, 6, 30))
    world.send_back(bought, 3)
    placed = world.place(7)
    invoice(shown)
    notice = warn(shown)
    supply = take_over(shown)
    confirmed = world.confirm(world.place(9, urgency="emergency", is_cold_chain=True))
    with world.read() as session:
        delivered = session.get_one(Delivery, part)
        first = session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id)).first()
        receipt = session.scalars(select(Delivery).where(Delivery.order_id == first.id)).one()
        late = session.get_one(Delivery, waiting)
        assert session.scalars(select(OrderLine.id)).first()
        return {
            "hospital": f"/fulfilment/hospitals/{world.hospital.id}",
            "notice": f"/fulfilment/notices/{notice}",
            "take-over": f"/fulfilment/replacements/new?supply={supply}",
            "invoice": "/orders/invoices/1",
            "movements": "/orders/movements/1",
            "buyer": str(world.hospital.id),
            "first": f"/orders/{first.id}",
            "partly": f"/orders/{delivered.order_id}",
            "placed": f"/orders/{placed}",
            "confirmed": f"/orders/{confirmed}",
            "arriving": f"/orders/{late.order_id}",
            "accepting": f"/orders/{late.order_id}/deliveries/{late.id}/receipt",
            "receipt": f"/orders/{first.id}/deliveries/{receipt.id}/receipt",
        }


def invoice(shown):
    """An invoice with a price that is not the order's, and stock that the hospital sent."""
    key = 1
    typed = {
        "hospital": str(shown.world.hospital.id),
        "number": "25117000000000000001",
        "issued_on": shown.world.day.isoformat(),
        f"product-{key}": "缬沙坦口服常释剂型 80mg",
        f"packs-{key}": "57",
        f"price-{key}": "31.00",
        f"amount-{key}": "1767.00",
        "amount": "1767.00",
    }
    assert shown.distributor.post("/orders/invoices/new", data=typed).status_code == 303
    sent = upload(shown.hospital, f"{STOCK_HEADING}\n{STOCK_ROW}\n", kind="3503")
    assert sent.status_code == 303, sent.text


def warn(shown):
    """A notice to a maker that has answered it."""
    world = shown.world
    with transaction(world.engine) as session:
        bureau = new_organisation(session, OrganisationKind.BUREAU, "局", region=REGIONS[0])
        shown.regional_id = new_person(session, bureau, Role.OFFICER).id
    typed = {
        "organisation": str(world.maker.id),
        "region": REGIONS[0],
        "kind": "remind",
        "finding": "三家医疗机构反映缬沙坦多次缺货，最长 9 天。",
        "basis": "2027 年 2 月供应情况通报",
        "demand": "说明原因和恢复供应的日期",
        "due_on": "2027-03-20",
    }
    sent = shown.regional.post("/fulfilment/notices/new", data=typed)
    assert sent.status_code == 303
    place = sent.headers["location"]
    said = {"text": "原料短缺，3 月底恢复。", "document": "情况说明 2 号", "version": "2"}
    assert shown.maker.post(f"{place}/answer", data=said).status_code == 303
    return int(place.rsplit("/", 1)[1])


def take_over(shown):
    """A supply that another winner took over."""
    world = shown.world
    with world.read() as session:
        supply = world.supply(session, "L01", "1mg")
    place = f"/fulfilment/replacements/new?supply={supply.id}"
    offer = shown.officer.get(place).text.split('name="offer" value="')[1].split('"')[0]
    typed = {
        "supply": str(supply.id),
        "offer": offer,
        "distributor_id": str(world.distributor.id),
        "starts_on": world.day.isoformat(),
        "reason": "生产线停产检修",
        "document": "停产报告 1 号",
    }
    assert shown.officer.post("/fulfilment/replacements/new", data=typed).status_code == 303
    return supply.id


ORDERS = [
    ("hospital", "orders", "/orders"),
    ("hospital", "order-form", "/orders/new"),
    ("hospital", "order-upload", "/orders/upload"),
    ("hospital", "order-placed", "{placed}"),
    ("hospital", "order-arriving", "{arriving}"),
    ("hospital", "order-accepting", "{accepting}"),
    ("hospital", "order-receipt", "{receipt}"),
    ("hospital", "order-invoices", "/orders/invoices"),
    ("hospital", "order-movements", "/orders/movements"),
    ("maker", "order-to-confirm", "{placed}"),
    ("distributor", "orders-to-ship", "/orders"),
    ("distributor", "order-shipping", "{confirmed}/deliveries/new"),
    ("distributor", "order-partly", "{partly}"),
    ("distributor", "invoice-for-whom", "/orders/invoices/new"),
    ("officer", "orders-of-region", "/orders"),
    ("officer", "order-read", "{first}"),
    ("distributor", "invoice-form", "/orders/invoices/new?hospital={buyer}"),
    ("distributor", "invoice-differs", "{invoice}"),
    ("hospital", "order-movement-lines", "{movements}"),
    ("hospital", "order-mismatches", "/orders/mismatches"),
    ("hospital", "fulfilment-own", "/fulfilment"),
    ("hospital", "fulfilment-hospital", "{hospital}"),
    ("hospital", "fulfilment-replacements", "/fulfilment/replacements"),
    ("maker", "fulfilment-of-maker", "/fulfilment"),
    ("maker", "fulfilment-notice-of-maker", "{notice}"),
    ("distributor", "fulfilment-distributor", "/fulfilment/suppliers"),
    ("officer", "fulfilment-hospitals", "/fulfilment"),
    ("officer", "fulfilment-products", "/fulfilment?by=product"),
    ("officer", "fulfilment-provinces", "/fulfilment?by=province"),
    ("officer", "fulfilment-take-over", "{take-over}"),
    ("regional", "fulfilment-suppliers", "/fulfilment/suppliers"),
    ("regional", "fulfilment-notices", "/fulfilment/notices"),
    ("regional", "fulfilment-notice", "{notice}"),
    ("regional", "fulfilment-credit", "{notice}/credit"),
    ("regional", "fulfilment-rules", "/fulfilment/rules"),
]


@pytest.mark.parametrize(("who", "title", "path"), ORDERS, ids=[one[1] for one in ORDERS])
def test_a_page_of_orders_reads_well(shown, places, chromium, pictures, who, title, path):
    with seen_by(chromium, getattr(shown, who)) as page:
        look(page, path.format(**places), pictures / f"{title}.png")
