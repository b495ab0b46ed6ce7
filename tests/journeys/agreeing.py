"""What people do after the award: distributors, agreements, signatures."""

import time

from tests.journeys.bureau import day_from_now
from tests.journeys.deciding import STARTS_IN_DAYS
from tests.journeys.people import Somebody
from tests.journeys.preparing import Cast
from tests.journeys.story import Story


def name_distributor(winner: Somebody, distributor: Somebody, story: Story) -> None:
    """A winner nominates the distributor for all its regions, who confirms."""
    page = winner.page
    winner.go(story.at("/distributors"))
    winner.fill({"distributor_id": distributor.organisation.rsplit("/", 1)[1]})
    for box in page.locator("main [name=region]").all():
        box.check()
    winner.press("提名")
    for _ in range(20):
        distributor.go(story.at("/distributors"))
        waiting = distributor.page.get_by_role("button", name="确认", exact=True)
        if not waiting.count():
            break
        with distributor.page.expect_navigation():
            waiting.first.click()
    distributor.photograph("distributors")


def make_agreements(cast: Cast, story: Story) -> None:
    """The bureau has the agreements of the first year made."""
    officer = cast.officer
    officer.go(story.at("/agreements"))
    officer.fill_days(
        starts_on=day_from_now(STARTS_IN_DAYS), ends_on=day_from_now(STARTS_IN_DAYS + 200)
    )
    officer.press("生成协议")
    for _ in range(120):
        officer.go(story.at("/agreements"))
        if officer.page.locator("main .dense tbody tr").count():
            break
        time.sleep(1)
    officer.photograph("agreements")


def choose_distributors(hospital: Somebody, story: Story) -> None:
    """A hospital takes the only distributor wherever one alone has confirmed."""
    hospital.go(story.at("/agreements"))
    hospital.page.locator("main .dense tbody a").first.click()
    hospital.page.wait_for_url("**/agreements/*")
    hospital.press("选定全部唯一的配送企业")


def sign_all(party: Somebody, story: Story) -> int:
    """Sign every agreement one by one; returns how many."""
    signed = 0
    for _ in range(40):
        party.go(story.at("/agreements"))
        boxes = party.page.locator("main .dense input[type=checkbox]")
        links = party.page.locator("main .dense tbody a")
        if not links.count() or signed >= links.count() or not boxes.count():
            break
        links.nth(signed).click()
        party.page.wait_for_url("**/agreements/*")
        if party.page.get_by_role("button", name="签署本协议").count():
            party.press("签署本协议")
        signed += 1
    party.photograph(f"signed-{party.user.split('@')[0]}")
    return signed


def start_cycle(cast: Cast, story: Story, why: str) -> None:
    """The bureau begins the cycle though some have not signed, and says why."""
    officer = cast.officer
    officer.go(story.at("/agreements"))
    officer.fill({"reason": why})
    officer.press("开始执行中选结果")
    officer.photograph("cycle-running")
