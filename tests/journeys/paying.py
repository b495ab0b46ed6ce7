"""What people do with money: claim, check, set off, instruct, confirm, report the bank's answer."""

import re
from datetime import date, timedelta
from pathlib import Path

from procurement.accounts.tables import Organisation
from procurement.database import transaction
from procurement.payments.bank_accounts import AccountDetails, confirm_account, propose_account
from procurement.permissions import Actor
from tests.journeys.people import Somebody
from tests.journeys.present import Market, today
from tests.server import KEY

RULES = "direct-heilongjiang-2025"


def last_month() -> date:
    """The last day of the month before this one."""
    return today().replace(day=1) - timedelta(days=1)


def open_accounts(market: Market) -> None:
    """The hospital's and the agency's bank accounts stand; the distributor names its own."""
    for somebody in (market.world.hospital, market.world.agency):
        _account(market, somebody.id)
    distributor = market.distributor
    distributor.go("/payments/accounts")
    with transaction(market.world.engine) as session:
        name = session.get_one(Organisation, market.world.distributor.id).name
    distributor.fill({"holder": "别的公司", "bank": "某银行某支行", "number": "6222000000000001"})
    distributor.press("登记")
    distributor.sees("户名")
    distributor.fill({"holder": name, "bank": "某银行某支行", "number": "6222000000000001"})
    distributor.press("登记")
    distributor.photograph("account")
    market.clerk.go("/payments/accounts")
    market.clerk.press("确认")


def _account(market: Market, organisation_id: int) -> None:
    with transaction(market.world.engine) as session:
        organisation = session.get_one(Organisation, organisation_id)
        account = propose_account(
            session,
            organisation_id=organisation_id,
            details=AccountDetails(organisation.name, "某银行", f"622200{organisation_id:010}"),
            secret_key=KEY,
            actor=Actor(),
            moment=market.world.moment,
        )
        account.proposed_by = market.world.officers[0].id
        confirm_account(
            session,
            account=account,
            actor=Actor(person_id=market.world.officers[1].id),
            moment=market.world.moment,
        )


def open_month(market: Market) -> str:
    """The agency opens last month by its rules, and says what they leave open."""
    agency = market.agency
    agency.go(f"/payments/months/new?rulebook={RULES}")
    agency.fill(
        {
            "month": last_month().strftime("%Y-%m"),
            "direct.fund_order": "employee resident",
            "direct.refill": "after-goods",
            "direct.reserve": "bridges-shortfall",
        }
    )
    agency.photograph("month-new")
    agency.press("开办")
    found = re.search(r"/payments/months/\d+", agency.page.url)
    assert found, agency.text()
    place = found.group()
    agency.page.locator("summary", has_text="登记一家医疗机构").click()
    agency.fill(
        {
            "hospital_id": str(market.world.hospital.id),
            "fund": "employee",
            "amount": "500.00",
            "document": "月度结算单",
        }
    )
    agency.press("登记")
    return place


def settle_month(market: Market, place: str) -> str:
    """Claim, check, check, reconcile, set off, instruct; returns the address of the claim."""
    distributor = market.distributor
    distributor.go(place)
    distributor.photograph("claimable")
    distributor.press("申请全部")
    found = re.search(r"/payments/claims/\d+", distributor.page.url)
    assert found, distributor.text()
    claim = found.group()
    for somebody in (market.hospital, market.agency, distributor):
        somebody.go(claim)
        somebody.page.locator("main section.card button").first.click()
        somebody.page.wait_for_load_state()
        assert "系统出错" not in somebody.text()
    agency = market.agency
    agency.go(f"{place}/offsets/{market.world.hospital.id}")
    agency.photograph("offset")
    agency.press("冲抵并生成指令")
    agency.go(place)
    agency.photograph("month")
    return claim


def pay(market: Market, folder: Path) -> None:
    """Another person confirms; the file goes to the bank, which answers that all is paid."""
    second, agency = market.second, market.agency
    second.go("/payments/instructions")
    for box in second.page.locator("main input[name=instruction]").all():
        box.check()
    second.photograph("instructions")
    second.press("复核所选指令")
    agency.go("/payments/bank-files")
    agency.fill({"pay_on": today().isoformat()})
    agency.page.locator("main input[name=format]").first.check()
    agency.photograph("bank-file-new")
    agency.press("导出文件")
    agency.photograph("bank-file")
    numbers = instructions(agency)
    answer = folder / f"answer-{len(numbers)}-{numbers[-1]}.csv"
    lines = [f"{number},成功,{today().isoformat()}" for number in numbers]
    answer.write_text("\n".join(["指令编号,结果,日期", *lines]), encoding="utf-8")
    agency.go("/payments/bank-files")
    agency.page.set_input_files("main [name=file]", answer)
    agency.press("登记结果")
    agency.go("/payments/instructions")
    agency.photograph("paid")
    assert not instructions(agency, "exported")


def instructions(somebody: Somebody, status: str = "exported") -> list[str]:
    """Numbers of the instructions that stand so."""
    somebody.go(f"/payments/instructions?status={status}")
    cells = somebody.page.locator("main table tbody th").all()
    return [cell.inner_text().split()[0] for cell in cells]
