"""What people do with goods: order, confirm, ship, accept, invoice."""

import re
from datetime import timedelta

from tests.journeys.present import Market, today

PRODUCT = "缬沙坦"


def order(market: Market, packs: int) -> str:
    """The hospital orders packs; returns the address of the order."""
    hospital = market.hospital
    hospital.go("/orders/new")
    row = hospital.page.locator("main tr", has_text=PRODUCT).first
    row.locator("input").fill(str(packs))
    hospital.photograph("order-new")
    hospital.press("下一步：核对")
    hospital.sees(PRODUCT)
    hospital.press("提交订单")
    found = re.search(r"/orders/\d+", hospital.page.url)
    assert found, hospital.text()
    return found.group()


def confirm(market: Market, place: str) -> None:
    """The maker confirms."""
    market.maker.go(place)
    market.maker.press("确认订单")


def ship(market: Market, place: str, packs: int, note: str, *codes: str) -> None:
    """The distributor ships packs with one note."""
    distributor = market.distributor
    distributor.go(f"{place}/deliveries/new")
    line = distributor.page.locator("main [name^='packs-']").first.get_attribute("name")
    assert line is not None
    key = line.removeprefix("packs-")
    distributor.fill(
        {
            "note_number": note,
            line: str(packs),
            f"batch-{key}": "B240101",
            f"expires-{key}": (today() + timedelta(days=500)).isoformat(),
            f"codes-{key}": "\n".join(codes),
        }
    )
    distributor.photograph("ship")
    distributor.press("登记配送")


def accept(market: Market, place: str, accepted: int, refused: int = 0, why: str = "") -> None:
    """The hospital accepts what came last, or refuses a part of it."""
    hospital = market.hospital
    hospital.go(place)
    hospital.page.locator("main a.button", has_text="验收").first.click()
    hospital.page.wait_for_url("**/receipt")
    name = hospital.page.locator("main [name^='accepted-']").first.get_attribute("name")
    assert name is not None
    line = name.removeprefix("accepted-")
    hospital.fill({name: str(accepted), f"refused-{line}": str(refused), f"reason-{line}": why})
    hospital.photograph("receipt")
    hospital.press("确认验收入库")


def invoice(market: Market, number: str) -> str:
    """The distributor invoices all that the hospital accepted; returns the invoice's address."""
    distributor = market.distributor
    distributor.go(f"/orders/invoices/new?hospital={market.world.hospital.id}")
    distributor.fill({"number": number, "issued_on": today().isoformat()})
    distributor.photograph("invoice-new")
    distributor.press("提交发票")
    found = re.search(r"/orders/invoices/\d+", distributor.page.url)
    assert found, distributor.text()
    return found.group()
