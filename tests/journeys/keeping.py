"""What people do at the year's end: assess, compute, object, report, publish, share out."""

import time
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import update

from procurement.database import transaction
from procurement.savings.tables import SavingsPublication
from tests.journeys.people import Somebody
from tests.journeys.present import Market, seat, today
from tests.procurement.rounds.world import REGIONS

RULES, NAME = "savings-national-2020", "journey"
HERE = f"/savings/{NAME}"
BANDS = (("80", "0.50", "优秀"), ("60", "0.40", "合格"), ("0", "0", "不合格"))
WAITING_SECONDS = 120

CHOICES = {
    "negative_base": "floor_each",
    "completion_unit": "product",
    "rounding": "half_up_cent",
    "follow_on": "earns",
}


def draft(market: Market) -> None:
    """The bureau drafts a settlement, says what texts leave open, and gives the factors."""
    county = market.county
    county.go(f"/savings/new?region={REGIONS[0]}&rulebook={RULES}")
    county.page.locator("main [name=term_ids]").first.check()
    county.fill({"name": NAME, "title": "某市 2026 年度结余留用"})
    for number, (edge, ratio, grade) in enumerate(BANDS, start=1):
        fields = {"edge": edge, "ratio": ratio, "grade": grade}
        county.fill({f"band_{name}_{number}": value for name, value in fields.items()})
    for name, value in CHOICES.items():
        for field in county.page.locator(f"main select[name='{name}']").all():
            field.select_option(value)
    county.page.locator("main [name^='indicator_']").first.fill("100")
    county.fill({"agency_id": str(market.world.agency.id)})
    county.photograph("savings-draft")
    county.press("保存")
    _give_factors(county)


def _give_factors(county: Somebody) -> None:
    county.go(f"{HERE}/factors")
    options = county.page.locator("main select[name=strength] option").all()
    strengths = [one.get_attribute("value") for one in options]
    for strength in filter(None, strengths):
        county.go(f"{HERE}/factors")
        county.fill({"strength": strength, "price_before": "8.00"})
        county.press("保存")
    county.go(f"{HERE}/factors")
    county.fill(
        {"payment_ratio": "0.60", "insured_share": "0.90", "fund_share_employee": "2.89/16.09"}
    )
    county.press("保存")
    county.go(f"{HERE}/factors")
    county.photograph("savings-factors")


def assess(market: Market) -> None:
    """Purchases are summed; the hospital assesses itself, the bureau comes to look."""
    county, hospital = market.county, market.hospital
    county.go(HERE)
    county.press("提取采购数据")
    wait_for(county, "下一步：完成考核")
    place = f"{HERE}/assessments/{market.world.hospital.id}"
    for somebody, points, button in (
        (hospital, "95", "保存自评"),
        (county, "90", "保存核查结果"),
    ):
        somebody.go(place)
        somebody.page.locator("main [name^='points:']").first.fill(points)
        somebody.page.locator("main [name^='note:']").first.fill("按平台数据核对")
        somebody.press(button)
        somebody.photograph(f"assessment-{points}")
    for one in market.world.hospitals[REGIONS[0]][1:]:
        county.go(f"{HERE}/assessments/{one.id}")
        county.page.locator("main [name^='points:']").first.fill("70")
        county.press("保存核查结果")
    county.go(HERE)
    county.press("结束考核")
    county.sees("下一步：测算")


def compute(market: Market) -> None:
    """Everything is computed, and the statements go to the hospitals."""
    county = market.county
    county.go(HERE)
    county.press("测算")
    wait_for(county, "下一步：送医疗机构确认")
    county.photograph("savings-computed")
    county.fill({"answer_by": today().isoformat()})
    county.press("送医疗机构确认")


def object_and_decide(market: Market) -> Decimal:
    """The hospital objects, the bureau explains; returns what the hospital keeps."""
    hospital, county = market.hospital, market.county
    place = f"{HERE}/statements/{market.world.hospital.id}"
    hospital.go(place)
    hospital.photograph("statement")
    for name in ("statement.xlsx", "statement.pdf"):
        assert hospital.page.request.get(f"{hospital.address}{place}/{name}").ok
    hospital.fill({"reason": "本院约定采购量应按调整后的数量计算"})
    hospital.press("提出异议")
    county.go(place)
    county.tick("verdict", "rejected")
    county.fill({"decision": "约定采购量未经批准调整，维持原测算"})
    county.press("处理异议")
    hospital.go(place)
    hospital.sees("维持原测算")
    hospital.photograph("statement-decided")
    return Decimal(hospital.page.locator("main .figure").first.inner_text().replace(",", ""))


def report_and_publish(market: Market) -> None:
    """The others confirm, the amounts go up, the table is checked and published; days go by."""
    county = market.county
    for one in market.world.hospitals[REGIONS[0]][1:]:
        other = seat(market.town, market.world.engine, one.person.id)
        other.go(f"{HERE}/statements/{one.id}")
        with other.page.expect_navigation():
            other.page.locator("main button.button-primary").first.click()
        other.sees("已确认")
        other.page.context.close()
    county.go(HERE)
    if county.page.locator("main [name=to_bureau_id]").count():
        county.page.locator("main [name=to_bureau_id]").select_option(index=1)
    county.press("上报")
    county.sees("下一步：公示")
    county.go(f"{HERE}/publication")
    county.fill({"until": today().isoformat(), "basis": "结余留用公示办法"})
    county.photograph("publication-check")
    county.press("公示")
    anybody = market.town.newcomer()
    anybody.go(f"{HERE}/publication")
    anybody.photograph("publication")
    with transaction(market.world.engine) as session:
        session.execute(update(SavingsPublication).values(until=today() - timedelta(days=1)))


def instruct(market: Market) -> None:
    """The agency instructs the payments of what is kept."""
    market.agency.go(f"{HERE}/payments")
    market.agency.press("下达付款指令")
    wait_for(market.agency, "待复核", place=f"{HERE}/payments")
    market.agency.photograph("savings-payments")


def share_out(market: Market) -> None:
    """The hospital plans how it shares out what it keeps, and sees the whole line."""
    hospital = market.hospital
    place = f"{HERE}/statements/{market.world.hospital.id}/distribution"
    hospital.go(place)
    hospital.fill(
        {
            "basis": "本院结余留用分配办法",
            "part_name_1": "药剂科",
            "part_weight_1": "1",
            "part_name_2": "心内科",
            "part_weight_2": "2",
        }
    )
    hospital.press("保存方案")
    hospital.photograph("distribution")
    hospital.go(f"/savings/line/{market.world.hospital.id}")
    hospital.photograph("one-line")


def wait_for(somebody: Somebody, text: str, *, place: str = HERE) -> None:
    """Look at a page again and again until it says something: a worker is at it."""
    for _ in range(WAITING_SECONDS):
        somebody.go(place)
        if text in somebody.text():
            return
        time.sleep(1)
    raise AssertionError(f"{text!r} did not come: {somebody.text()}")
