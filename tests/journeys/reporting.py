"""How the volumes of a journey come together."""

import time
from pathlib import Path

from tests.journeys.bureau import SOON, advance, set_dates
from tests.journeys.hospitals import fill_grid, hand_in, start, upload_form
from tests.journeys.people import Somebody
from tests.journeys.story import Story


def report(officer: Somebody, hospitals: dict[str, Somebody], story: Story, folder: Path) -> None:
    """Two hospitals and a group's lead report; one is sent back; all is added up.

    The second hospital uploads the Excel form, with a fault that it mends; the third is the lead.
    """
    advance(officer, story, "volume-reporting")
    time.sleep(SOON)
    first, second, lead = hospitals.values()
    by_grid = start(first, story.name)
    fill_grid(first, by_grid, *story.demands[0])
    hand_in(first, by_grid, folder)
    by_excel = start(second, story.name)
    faulty = [int(one) for one in story.demands[1]]
    upload_form(second, by_excel, folder, faulty[0], "约两千", *faulty[2:])
    second.sees("两千")
    second.photograph("report-mend")
    second.page.locator("main [name^='cell-'][value='约两千']").fill(story.demands[1][1])
    second.press("保存改正的行")
    hand_in(second, by_excel, folder)
    of_group = start(lead, story.name)
    fill_grid(lead, of_group, *story.demands[2])
    lead.go(f"{of_group}/split")
    lead.photograph("report-split")
    lead.press("保存分解")
    hand_in(lead, of_group, folder)
    officer.go(by_grid)
    officer.page.locator("summary", has_text="退回修改").click()
    officer.fill({"reason": "请核对 1mg 的用量"})
    officer.press("退回")
    first.go(f"{by_grid}/grid")
    first.sees("请核对 1mg 的用量")
    fill_grid(first, by_grid, "11000", *story.demands[0][1:])
    hand_in(first, by_grid, folder)
    for address in (by_grid, by_excel, of_group):
        officer.go(address)
        officer.press("审核通过")
    officer.go(story.at("/volumes"))
    officer.photograph("volumes-progress")
    set_dates(officer, story, volume_closes_at=SOON)
    time.sleep(SOON)
    officer.go(story.at("/volumes/base"))
    officer.press("汇总")
    officer.photograph("volumes-base")
    officer.sees(story.total)
