"""What the bureau does: accounts, draft, dates, steps of two officers."""

import json
import re
import subprocess
import sys
import time
from datetime import datetime, timedelta

import httpx

from procurement.china_days import CHINA
from tests.journeys.people import Somebody, Town, invite, register
from tests.journeys.story import CLINICS, Story
from tests.procurement.world import credit_code

SOON = 15
"""Seconds in which a form is filled in and sent even on a busy machine."""


def jicai(town: Town, *words: str) -> str:
    """Run the command on the same database."""
    command = [sys.executable, "-m", "procurement.cli", *words]
    done = subprocess.run(command, env=town.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def found_bureau(town: Town, region: str) -> tuple[Somebody, Somebody, Somebody]:
    """The first officer comes by the command line, a second and an evaluator by invitation."""
    said = json.loads(
        jicai(
            town,
            *("invite", "--json", "--name", "药品集中采购办公室", "--region", region),
            *("--credit-code", credit_code(1), "--person", "经办人甲", "--user", "jia@bureau.test"),
        )
    )
    officer = town.join(said["link"], "经办人甲", "jia@bureau.test")
    officer.go("/account")
    officer.photograph("account")
    officer.go("/organisations")
    officer.page.locator("main").get_by_role("link", name="药品集中采购办公室").first.click()
    officer.page.wait_for_url("**/organisations/*")
    officer.organisation = path_of(officer)
    link = invite(officer, officer.organisation, "经办人乙", "yi@bureau.test", "officer")
    second = town.join(link, "经办人乙", "yi@bureau.test")
    link = invite(officer, officer.organisation, "评审人", "ping@bureau.test", "evaluator")
    return officer, second, town.join(link, "评审人", "ping@bureau.test")


def organisations(
    town: Town, officer: Somebody, kind: str, names: dict[str, str], *, start: int
) -> dict[str, Somebody]:
    """Register organisations, each in its division, and let the first person of each join."""
    joined = {}
    for number, (name, region) in enumerate(names.items(), start=start):
        address = register(officer, kind, name, credit_code(number), region)
        user = f"{kind}{number}@example.test"
        link = invite(officer, address, name + "经办", user, kind, "administrator")
        joined[name] = town.join(link, name + "经办", user)
        joined[name].organisation = address
    return joined


def form_group(officer: Somebody, region: str, lead_code: str) -> None:
    """Two clinics join the group that a hospital leads and reports for."""
    for number, name in enumerate(CLINICS, start=150):
        address = register(officer, "hospital", name, credit_code(number), region)
        officer.go(f"{address}/relations/new")
        officer.fill({"kind": "member-of-group", "related": lead_code})
        officer.page.locator("main [name=since_date]").fill("2020-01-01")
        officer.press("登记")


def draft(officer: Somebody, story: Story, holders: dict[str, Somebody]) -> None:
    """Draft the round with its lots, seven keyholders and its dates."""
    officer.go("/rounds/new")
    officer.photograph("round-new")
    officer.fill({"name": story.name, "title": "药品集中带量采购文件", "rulebook": story.rulebook})
    officer.tick("regions", *story.regions)
    officer.press("保存")
    officer.sees("起草与检查")
    for code, product, unit, strengths in story.lots:
        officer.go(story.at("/lots/new"))
        officer.fill({"code": code, "product": product, "unit": unit, "dosage_form": "oral-solid"})
        for place, (strength, ratio, ceiling) in enumerate(strengths, start=1):
            officer.fill({f"strength-{place}": strength, f"ratio-{place}": ratio})
            officer.fill({f"ceiling-{place}": ceiling})
        officer.press("保存")
    officer.go(story.at("/keyholders"))
    officer.fill({"quorum": "4"})
    for seat, holder in enumerate(holders.values(), start=1):
        officer.fill({f"seat-{seat}": holder.organisation.rsplit("/", 1)[1]})
    officer.press("保存")
    for rule, choice, value in story.rules:
        officer.go(story.at(f"/rules/{rule}"))
        officer.tick("choice", choice)
        if value:
            officer.fill({"value": value})
        officer.press("保存")
    set_dates(
        officer,
        story,
        volume_opens_at=SOON,
        volume_closes_at=3600,
        comments_close_at=7200,
        bidding_opens_at=7300,
        closes_at=7400,
        opens_at=7500,
    )
    officer.go(story.at("/draft"))
    officer.photograph("round-draft")


def set_dates(officer: Somebody, story: Story, **seconds: int) -> None:
    """Set dates, so many seconds from now."""
    officer.go(story.at("/timetable"))
    for name, ahead in seconds.items():
        fill_moment(officer, name, ahead)
    officer.press("保存")
    officer.page.wait_for_url("**/draft")


def day_from_now(days: int) -> str:
    """Return the day so many days from now, as a field takes it."""
    day = datetime.now(CHINA) + timedelta(days=days)  # noqa: TID251 - the machine's clock
    return f"{day:%Y-%m-%d}"


def fill_moment(officer: Somebody, name: str, ahead: int) -> None:
    """Type a moment so many seconds from now."""
    moment = datetime.now(CHINA) + timedelta(seconds=ahead)  # noqa: TID251 - the machine's clock
    field = officer.page.locator(f"main [name='{name}']")
    field.evaluate("one => { one.step = 1 }")
    field.fill(f"{moment:%Y-%m-%dT%H:%M:%S}")


def advance(officer: Somebody, story: Story, status: str) -> None:
    """Bring the round on, as one officer may."""
    officer.go(story.at(f"/advance/{status}"))
    officer.press("确认")


def publish(officer: Somebody, second: Somebody, story: Story) -> None:
    """Open the document for comments, then publish it by two officers."""
    officer.go(story.at("/document"))
    officer.press("生成征求意见稿")
    officer.photograph("document")
    advance(officer, story, "comments")
    set_dates(
        officer,
        story,
        comments_close_at=SOON,
        bidding_opens_at=40,
        closes_at=story.bidding_seconds,
        opens_at=story.bidding_seconds + 5,
    )
    time.sleep(SOON)
    officer.go(story.at("/proposals/new/publish"))
    officer.photograph("propose")
    officer.press("提议")
    second.go("/")
    second.photograph("home-second-officer")
    confirm(second, path_of(officer), "confirm")
    officer.go(story.at())
    officer.photograph("round-published")


def confirm(second: Somebody, proposal: str, picture: str) -> None:
    """Let the second officer read a proposal over and carry it out."""
    assert re.search(r"/proposals/\d+$", proposal), proposal
    second.go(proposal)
    second.page.locator("main .confirm input[type=checkbox]").check()
    second.photograph(picture)
    second.press("复核并执行")


def path_of(somebody: Somebody) -> str:
    """Return the path of the page that somebody looks at."""
    return "/" + somebody.page.url.split("/", 3)[3]


def wait_for(town: Town, story: Story, status: str, seconds: int = 300) -> None:
    """Wait until clock or job has brought the round there."""
    for _ in range(seconds):
        answer = httpx.get(f"{town.address}/api/v1/rounds/{story.name}", timeout=30)
        if answer.is_success and answer.json()["status"] == status:
            return
        time.sleep(1)
    raise AssertionError(f"{story.name} is not {status}: {answer.text}")
